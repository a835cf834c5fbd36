import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../src/plan/plan.ts';
import type { Decision } from '../../src/plan/decision.ts';
import type { ResumeFacts, ResumePlan } from '../../src/plan/resume.ts';
import { renderReason } from '../../src/plan/decision.ts';
import { decideResume } from '../../src/plan/resume.ts';
import type { KnownDeployment, Trace } from '../../src/ports.ts';
import type { DeploymentRecord, StepRecord } from '../../src/state/record.ts';
import { aStep, fingerprintOf, fingerprintsOf } from '../support/engine-plan.ts';
import { attemptRecord, deploymentRecord, stepRecord } from '../support/records.ts';

const DONE_AT = '2026-11-22T10:46:00+00:00';
const BOOT = 'boot-1';

interface Given {
  readonly steps: readonly Step[];
  /** By step; `marker: true` is a marker as we make it. */
  readonly recorded?: Readonly<Record<string, Partial<StepRecord> & { readonly marker?: boolean }>>;
  /** Markers of steps without a record. */
  readonly markers?: readonly string[];
  readonly deployment?: Partial<DeploymentRecord> | 'none';
  readonly current?: string;
  readonly traces?: Readonly<Record<string, Trace>>;
  readonly survivors?: ResumeFacts['survivors'];
  readonly resume?: ResumeFacts['resume'];
  readonly runAttempt?: number;
  readonly bootId?: string;
}

function decide(given: Given): ResumePlan {
  const { steps, recorded = {}, markers = [], deployment = {} } = given;
  const records = Object.entries(recorded).map(([step, overrides], index) => {
    const planned = steps.find(({ id }) => id === step);
    const fingerprint = planned === undefined ? {} : { fingerprint: fingerprintOf(planned) };
    const idempotent = planned?.idempotent ?? true;
    return stepRecord({ step, sequence: index + 1, idempotent, ...fingerprint, ...overrides });
  });
  const marked = Object.keys(recorded).filter((id) => recorded[id]?.marker === true);
  const known: KnownDeployment = {
    record: deployment === 'none' ? undefined : deploymentRecord(deployment),
    steps: new Map(records.map((record) => [record.step, record])),
    markers: new Map(
      [...marked, ...markers].map((step) => [step, { step, completedAt: DONE_AT }] as const),
    ),
    lastError: undefined,
    current: given.current ?? 'mine',
    name: 'mine',
  };
  return decideResume({
    steps,
    known,
    fingerprints: fingerprintsOf(steps),
    traces: new Map(Object.entries(given.traces ?? {})),
    survivors: given.survivors ?? new Map(),
    resume: given.resume ?? 'auto',
    runAttempt: given.runAttempt ?? 2,
    bootId: given.bootId ?? BOOT,
  });
}

/** What becomes of each step, as the log prints it. */
function told(plan: ResumePlan): readonly string[] {
  return plan.steps.map(({ decision }) => `${decision.action}: ${renderReason(decision)}`);
}

const done = { state: 'succeeded', marked: true, marker: true } as const;
const ended = (overrides: Parameters<typeof attemptRecord>[0] = {}) =>
  attemptRecord({
    ended_at: 1,
    exit: { kind: 'exited', code: 3 },
    ended_by: 'itself',
    ...overrides,
  });
const failed = { state: 'failed', attempts: [ended()] } as const;

const RUNNING: Trace = {
  kind: 'running',
  process: { pid: 4711, start_time: '9', boot_id: BOOT },
  startedAt: 1,
};
const EXITED: Trace = {
  kind: 'exited',
  exit: { kind: 'signalled', signal: 'SIGTERM' },
  startedAt: 1,
  endedAt: 2,
};
const VANISHED: Trace = { kind: 'vanished', reason: 'its supervisor is gone' };

const one = aStep('migrate');
const once = aStep('migrate', { idempotent: false });
const unmarked = aStep('migrate', { checkpoint: false });
const completed = `skip: completed at: ${DONE_AT}`;

describe('one step', () => {
  const CASES: readonly (readonly [
    string,
    Step,
    Given['recorded'] & object,
    string,
    Partial<Given>?,
  ])[] = [
    ['complete', one, { migrate: done }, completed],
    [
      'complete, and the note that its marker was made is lost',
      one,
      { migrate: { ...done, marked: false } },
      completed,
    ],
    [
      'succeeded, and cut off before its marker was made',
      one,
      { migrate: { state: 'succeeded' } },
      'skip: completed; its checkpoint is made now',
    ],
    [
      'declared done by a probe, and cut off before its marker was made',
      one,
      { migrate: { state: 'declared', declared_by: 'probe' } },
      'skip: completed; its checkpoint is made now',
    ],
    [
      'its marker was removed by hand',
      one,
      { migrate: { state: 'succeeded', marked: true } },
      'run: its checkpoint was removed',
    ],
    [
      'declared done',
      one,
      { migrate: { ...done, state: 'declared', declared_by: 'run 17' } },
      `skip: completed at: ${DONE_AT}, declared done by run 17`,
    ],
    [
      'failed, and its marker was made by hand',
      one,
      { migrate: { ...failed, marker: true } },
      `skip: completed at: ${DONE_AT}, set by hand`,
    ],
    [
      'in doubt, and its marker was made by hand',
      once,
      { migrate: { marker: true } },
      `skip: completed at: ${DONE_AT}, set by hand`,
      { traces: { migrate: VANISHED } },
    ],
    ['failed', one, { migrate: failed }, 'run: failed before (exit code: 3)'],
    [
      'failed by itself, and is not idempotent',
      once,
      { migrate: failed },
      'run: failed before (exit code: 3)',
    ],
    [
      'killed',
      one,
      {
        migrate: {
          state: 'failed',
          attempts: [ended({ exit: { kind: 'signalled', signal: 'SIGKILL' }, ended_by: 'signal' })],
        },
      },
      'run: failed before (exit code: 137)',
    ],
    ...(['signal', 'timeout', 'cancel'] as const).map(
      (ended_by) =>
        [
          `ended by ${ended_by}, and is not idempotent`,
          once,
          { migrate: { state: 'failed', attempts: [ended({ ended_by })] } },
          `in-doubt: in doubt: it was ended by ${ended_by}`,
        ] as const,
    ),
    [
      'exited with 0, counted as failed, and is not idempotent',
      once,
      { migrate: { state: 'failed', attempts: [ended({ exit: { kind: 'exited', code: 0 } })] } },
      'in-doubt: in doubt: it exited with 0, and counted as failed all the same',
    ],
    ['rolled back', one, { migrate: { state: 'undone' } }, 'run: rolled back before'],
    [
      'its undo failed',
      one,
      { migrate: { state: 'undoing' } },
      'in-doubt: in doubt: its rollback did not finish',
    ],
    [
      'started, but nothing was ever begun',
      once,
      { migrate: {} },
      'run: was about to start when the run was cut off',
    ],
    [
      'started, nothing is left of it, and the machine is not up since',
      once,
      { migrate: {} },
      'in-doubt: in doubt: the machine went down or is another one',
      { bootId: 'boot-2' },
    ],
    [
      'started and vanished',
      one,
      { migrate: {} },
      'in-doubt: in doubt: its supervisor is gone',
      { traces: { migrate: VANISHED } },
    ],
    [
      'still running',
      one,
      { migrate: {} },
      'adopt: still running as process 4711: wait for it',
      { traces: { migrate: RUNNING } },
    ],
    [
      'still running, although a marker was made by hand',
      one,
      { migrate: { marker: true } },
      'adopt: still running as process 4711: wait for it',
      { traces: { migrate: RUNNING } },
    ],
    [
      'ended meanwhile',
      once,
      { migrate: {} },
      'adopt: ended meanwhile (exit code: 143): take its result',
      { traces: { migrate: EXITED } },
    ],
    [
      'failed for good, whatever is left of it',
      one,
      { migrate: failed },
      'run: failed before (exit code: 3)',
      { traces: { migrate: EXITED } },
    ],
    [
      'running without a record of a start: its end is nobody’s result',
      one,
      { migrate: { state: 'undone' } },
      'run: rolled back before',
      { traces: { migrate: RUNNING } },
    ],
    [
      'without checkpoint, done',
      unmarked,
      { migrate: { ...done, marker: false } },
      'run: no checkpoint',
    ],
    [
      'without checkpoint, a marker made by hand does not count',
      unmarked,
      { migrate: done },
      'run: no checkpoint',
    ],
    [
      'it handed on a secret',
      one,
      { migrate: { ...done, withheld: ['output token', 'env KEY'] } },
      'run: secret values were not stored: output token, env KEY',
    ],
  ];

  const rows = CASES.map(([name, step, recorded, expected, rest]) => {
    return { name, given: { steps: [step], recorded, ...rest }, expected };
  });

  test.each(rows)('$name', ({ given, expected }) => {
    const plan = decide(given);
    expect({ told: told(plan), obstacles: plan.obstacles, fresh: plan.fresh }).toEqual({
      told: [expected],
      obstacles: [],
      fresh: undefined,
    });
  });

  test('one that is new in the plan runs', () => {
    const plan = decide({ steps: [one, aStep('up')], recorded: { migrate: done } });
    expect(told(plan)).toEqual([completed, 'run: not done yet']);
  });

  test('markers without any record are honoured', () => {
    const plan = decide({ steps: [one], deployment: 'none', markers: ['migrate'] });
    expect(plan.fresh).toBeUndefined();
    expect(told(plan)).toEqual([`skip: completed at: ${DONE_AT}, set by hand`]);
  });
});

describe('E2: a step that changed', () => {
  const before = fingerprintOf(aStep('a'));
  const changed = (overrides: Parameters<typeof aStep>[1] = {}) =>
    aStep('a', { script: 'do a v2', ...overrides });
  const b = aStep('b');
  const c = aStep('c');
  const recorded = { a: { ...done, fingerprint: before }, b: done, c: done };

  test('runs again, and every later step with it', () => {
    const plan = decide({ steps: [changed(), b, c], recorded });
    expect(told(plan)).toEqual([
      'run: changed: run',
      'run: after a, which changed',
      'run: after a, which changed',
    ]);
    expect(plan.obstacles).toEqual([]);
  });

  test('every part that changed is named', () => {
    const step = changed({ shell: 'sh', workingDirectory: 'x', env: { A: '1' }, files: ['*.yml'] });
    const [first] = told(decide({ steps: [step], recorded }));
    expect(first).toBe('run: changed: run, shell, working-directory, env, files');
  });

  test('is kept where its plan says so, and nothing follows', () => {
    const plan = decide({ steps: [changed({ onChange: 'keep' }), b], recorded });
    expect(told(plan)).toEqual([`${completed}; changed: run, kept`, completed]);
  });

  test('stops the run where its plan says so', () => {
    const step = changed({ onChange: 'fail' });
    const { obstacles } = decide({ steps: [step, b], recorded });
    expect(obstacles).toEqual([{ kind: 'changed', step, parts: ['run'] }]);
  });

  test('stops the run in front of a complete step that is not idempotent, and says why', () => {
    const step = aStep('c', { idempotent: false });
    const { obstacles } = decide({ steps: [changed(), b, step], recorded });
    expect(obstacles).toEqual([{ kind: 'cascade', step, because: 'a' }]);
  });

  test('an incomplete step that is not idempotent is no obstacle to it', () => {
    const step = aStep('c', { idempotent: false });
    const rest = { ...recorded, c: failed };
    expect(decide({ steps: [changed(), b, step], recorded: rest }).obstacles).toEqual([]);
  });

  test('one whose marker was made by hand is not compared', () => {
    const rest = { a: { ...failed, marker: true, fingerprint: before } };
    expect(told(decide({ steps: [changed()], recorded: rest }))).toEqual([
      `skip: completed at: ${DONE_AT}, set by hand`,
    ]);
  });

  test('nothing follows from steps that run for another reason', () => {
    const rest = { a: { ...done, marker: false }, b: { ...done, withheld: ['output x'] }, c: done };
    expect(told(decide({ steps: [aStep('a'), b, c], recorded: rest }))[2]).toBe(completed);
  });
});

describe('what stops a run before anything is started', () => {
  test('a withheld value of a step that is not idempotent', () => {
    const recorded = { migrate: { ...done, withheld: ['output token'] } };
    const { obstacles } = decide({ steps: [once], recorded });
    expect(obstacles).toEqual([{ kind: 'withheld', step: once, values: ['output token'] }]);
  });

  test('processes that outlived KILL and are still alive, of any step', () => {
    const processes = [{ pid: 99, start_time: '1', boot_id: BOOT }];
    const survivors = new Map([
      ['gone', processes],
      ['migrate', []],
    ]);
    const plan = decide({ steps: [one], recorded: { migrate: failed }, survivors });
    expect(plan.obstacles).toEqual([{ kind: 'survivors', step: 'gone', processes }]);
  });

  test.each([
    ['nothing is recorded', { deployment: 'none' }, 2, ['nothing-to-resume']],
    ['it is closed', { deployment: { status: 'closed' } }, 2, ['nothing-to-resume']],
    ['it is superseded', { current: 'another' }, 2, ['nothing-to-resume']],
    ['it is the first attempt', { deployment: 'none' }, 1, []],
    ['there is something', {}, 2, []],
    [
      'a rollback is to be finished',
      { deployment: { status: 'rolling-back', rollback_command_started: true } },
      2,
      [],
    ],
  ] as const)('resume: require, and %s', (_, rest, runAttempt, expected) => {
    const isNothing = 'deployment' in rest && rest.deployment === 'none';
    const recorded = isNothing ? {} : { migrate: done };
    const plan = decide({ steps: [one], recorded, resume: 'require', runAttempt, ...rest });
    expect(plan.obstacles.map(({ kind }) => kind)).toEqual(expected);
  });
});

describe('a fresh start', () => {
  test.each([
    ['first-run', { deployment: 'none', recorded: {} }],
    ['first-run', { recorded: {} }],
    ['resume-never', { resume: 'never' }],
    ['resume-never', { resume: 'never', deployment: 'none', recorded: {}, markers: ['migrate'] }],
    ['first-run', { resume: 'never', deployment: 'none', recorded: {} }],
    ['closed', { deployment: { status: 'closed' } }],
    ['superseded', { current: 'another' }],
    ['reset-unfinished', { deployment: { status: 'resetting' } }],
    ['reset-unfinished', { deployment: { status: 'resetting' }, resume: 'never' }],
    ['rollback-command-ran', { deployment: { rollback_command_started: true } }],
  ] as const)('%s', (fresh, rest: Partial<Given>) => {
    const plan = decide({ steps: [one, unmarked], recorded: { migrate: done }, ...rest });
    expect(plan.fresh).toBe(fresh);
    expect(told(plan)).toEqual(['run: not done yet', 'run: no checkpoint']);
  });

  test.each(['open', 'rolling-back', 'rolled-back', 'rollback-incomplete'] as const)(
    'is not made of a deployment that is %s',
    (status) => {
      const plan = decide({ steps: [one], recorded: { migrate: done }, deployment: { status } });
      expect(plan.fresh).toBeUndefined();
    },
  );

  test('a living command of the older life is not taken over', () => {
    const traces = { migrate: RUNNING };
    const plan = decide({ steps: [one], recorded: { migrate: {} }, traces, resume: 'never' });
    expect(plan.steps.map(({ decision }): Decision['action'] => decision.action)).toEqual(['run']);
  });
});

describe('thousands of steps', () => {
  test('are decided in a moment', () => {
    const steps = Array.from({ length: 5_000 }, (_, index) => aStep(`s${index}`));
    const recorded = Object.fromEntries(steps.map(({ id }) => [id, done]));
    expect(told(decide({ steps, recorded })).every((line) => line === completed)).toBe(true);
  });
});
