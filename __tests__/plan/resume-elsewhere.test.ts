import { describe, expect, test } from '@jest/globals';
import type { ResumeFacts } from '../../src/plan/resume.ts';
import { renderReason } from '../../src/plan/decision.ts';
import { decideResume } from '../../src/plan/resume.ts';
import type { StepRecord } from '../../src/state/record.ts';
import { aStep, fingerprintOf, fingerprintsOf } from '../support/engine-plan.ts';
import { attemptRecord, deploymentRecord, stepRecord } from '../support/records.ts';

const steps = [aStep('pull'), aStep('migrate', { idempotent: false }), aStep('up')];
const DOUBT = 'the cache holds nothing';
const DONE_AT = '2026-11-22T10:46:00+00:00';

/** What becomes of each step, on the machine `web-2`. */
function tell(
  recorded: readonly Partial<StepRecord>[],
  overrides: Partial<ResumeFacts> = {},
): readonly string[] {
  const records = recorded.map((record, index) => {
    const step = steps.find(({ id }) => id === record.step);
    const fingerprint = step === undefined ? {} : { fingerprint: fingerprintOf(step) };
    return stepRecord({ sequence: index + 1, ...fingerprint, ...record });
  });
  const marked = records.filter(({ marked: is }) => is).map(({ step }) => step);
  const plan = decideResume({
    steps,
    known: {
      record: records.length === 0 ? undefined : deploymentRecord(),
      steps: new Map(records.map((record) => [record.step, record])),
      markers: new Map(marked.map((step) => [step, { step, completedAt: DONE_AT }])),
      lastError: undefined,
      current: 'mine',
      name: 'mine',
    },
    fingerprints: fingerprintsOf(steps),
    traces: new Map(),
    survivors: new Map(),
    resume: 'auto',
    runAttempt: 2,
    bootId: 'boot-2',
    host: 'web-2',
    ...overrides,
  });
  return plan.steps.map(({ decision }) => `${decision.action}: ${renderReason(decision)}`);
}

const done = (step: string, host: string): Partial<StepRecord> => {
  const run = { ...attemptRecord().run, host };
  return { step, state: 'succeeded', marked: true, attempts: [attemptRecord({ run })] };
};

describe('on another machine', () => {
  test('a checkpoint says where it was made, unless it was here', () => {
    expect(tell([done('pull', 'web-1'), done('migrate', 'web-2')])).toEqual([
      `skip: completed at: ${DONE_AT} on web-1`,
      `skip: completed at: ${DONE_AT}`,
      'run: not done yet',
    ]);
  });

  test('a step that was started elsewhere is in doubt', () => {
    const [, migrate] = tell([done('pull', 'web-1'), { step: 'migrate', idempotent: false }]);
    expect(migrate).toBe('in-doubt: in doubt: the machine went down or is another one');
  });
});

describe('where what is recorded may not be all', () => {
  const unknown = ['run: not done yet', `in-doubt: in doubt: ${DOUBT}`, 'run: not done yet'];

  test('only steps that must not run twice are in doubt', () => {
    expect(tell([], { doubt: DOUBT })).toEqual(unknown);
    const partly = tell([done('pull', 'web-2')], { doubt: DOUBT });
    expect(partly.slice(1)).toEqual(unknown.slice(1));
  });

  test('what is complete stays complete', () => {
    const all = ['pull', 'migrate', 'up'].map((id) => done(id, 'web-2'));
    expect(tell(all, { doubt: DOUBT }).every((line) => line.startsWith('skip'))).toBe(true);
  });

  test('a user who wants to start fresh does so', () => {
    expect(tell([], { doubt: DOUBT, resume: 'never' })).toEqual(
      Array.from({ length: 3 }, () => 'run: not done yet'),
    );
  });
});
