import { describe, expect, test } from '@jest/globals';

import { describeKilledRun } from '../../src/app/killed.ts';
import { parsePlan } from '../../src/plan/load.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { KnownDeployment } from '../../src/ports.ts';
import type { StepRecord } from '../../src/state/record.ts';
import { attemptRecord, deploymentRecord, stepRecord } from '../support/records.ts';

const RUN = { runId: '4711', runAttempt: 2 };
const OURS = { run_id: '4711', run_attempt: 2, host: 'web-1', boot_id: 'boot' };

function planOf(...ids: readonly string[]): Plan {
  const inputs = parseInputs({});
  if (!inputs.ok) throw new Error('the defaults are not valid');
  const text = `steps:\n${ids.map((id) => `  - { id: ${id}, run: x }\n`).join('')}`;
  const plan = parsePlan({ file: { label: 'preflight.yml', text } }, inputs.value);
  if (!plan.ok) throw new Error('the plan is not valid');
  return plan.value;
}

function knownOf(marked: readonly string[], ...records: readonly StepRecord[]): KnownDeployment {
  return {
    record: deploymentRecord(),
    steps: new Map(records.map((record) => [record.step, record])),
    markers: new Map(marked.map((step) => [step, { step, completedAt: '' }])),
    lastError: undefined,
    current: 'd',
    name: 'd',
  };
}

describe('a run that was killed, told from its records', () => {
  const started = attemptRecord({ run: OURS, started_at: 2_000 });
  const { ended_at, exit, ended_by, category, ...underWay } = started;

  test('a step under way is not called unreached: how it ended is not known', () => {
    const known = knownOf(
      ['pull'],
      stepRecord({
        step: 'pull',
        state: 'succeeded',
        attempts: [attemptRecord({ run: OURS, started_at: 1_000, ended_at: 1_500 })],
      }),
      stepRecord({ step: 'migrate', state: 'started', attempts: [underWay] }),
    );
    const told = describeKilledRun(planOf('pull', 'migrate', 'up').steps, known, RUN);
    expect(told.steps.map(({ id, result }) => [id, result])).toEqual([
      ['pull', 'succeeded'],
      ['migrate', 'in-doubt'],
      ['up', 'not-reached'],
    ]);
    expect(told.failedStep).toBe('migrate');
    expect(told.startedAt).toBe(1_000);
    expect(told.steps[0]?.durationMs).toBe(500);
    expect(told.message).toContain('Step migrate is in doubt: it was started');
  });

  test('a step that failed after the run was killed is shown as failed, with its exit code', () => {
    const failed = attemptRecord({ run: OURS, exit: { kind: 'exited', code: 3 } });
    const known = knownOf([], stepRecord({ step: 'migrate', state: 'failed', attempts: [failed] }));
    const told = describeKilledRun(planOf('migrate').steps, known, RUN);
    expect(told.steps[0]).toMatchObject({ result: 'failed', reason: 'failed (exit code: 3)' });
    expect(told.message).toContain('Step migrate failed (exit code: 3)');
  });

  test('a step that must not be repeated and was ended by the cancel is in doubt', () => {
    const ended = attemptRecord({
      run: OURS,
      exit: { kind: 'exited', code: 130 },
      ended_by: 'cancel',
    });
    const known = knownOf([], stepRecord({ step: 'migrate', state: 'failed', attempts: [ended] }));
    const told = describeKilledRun(planOf('migrate, idempotent: false').steps, known, RUN);
    expect(told.steps[0]).toMatchObject({ result: 'in-doubt', reason: 'it was ended by cancel' });
    expect(told.message).toContain('Step migrate is in doubt: it was ended by cancel.');
  });

  test('what an earlier run had completed was skipped by this one', () => {
    const old = attemptRecord({ run: { ...OURS, run_attempt: 1 } });
    const known = knownOf(
      ['pull'],
      stepRecord({ step: 'pull', state: 'succeeded', attempts: [old] }),
    );
    const told = describeKilledRun(planOf('pull').steps, known, RUN);
    expect(told.steps[0]).toMatchObject({ result: 'skipped', attempts: 0 });
    expect(told.failedStep).toBe('');
  });
});
