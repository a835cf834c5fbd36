import type { Phase, Ran } from './action.ts';
import { Job } from './action.ts';
import type { Scenario, Struck } from './crash-matrix.ts';

/** What the steps have done, in order. */
export function effectsOf(job: Job): readonly string[] {
  return job.read('ran').split('\n').filter(Boolean);
}

const count = (lines: readonly string[], line: string): number =>
  lines.filter((each) => each === line).length;

/** Steps that must never be done twice, whoever dies. */
const ONCE = 'once';

/**
 * Every step has taken effect, exactly once; one that was under way when everything died may be done
 * again, by each crash once, unless it is not idempotent. While its processes live, it may not either.
 */
export function judgeEffects(
  effects: readonly string[],
  steps: readonly string[],
  struck: readonly Struck[],
): readonly string[] {
  return steps.flatMap((step) => {
    const times = count(effects, step);
    const mayRepeat = struck.filter(
      ({ victim, finished }) => victim !== 'node' && !finished.includes(step),
    ).length;
    const most = step.startsWith(ONCE) ? 1 : 1 + mayRepeat;
    if (times >= 1 && times <= most) return [];
    return [`${step} was done ${times} times, not 1 to ${most}: ${effects.join(' ')}`];
  });
}

export const FORWARD = `
steps:
  - id: plain
    run: 'echo plain >> ran; echo "o-plain=1" >> "$GITHUB_OUTPUT"; echo /opt/plain >> "$GITHUB_PATH"'
  - id: login
    checkpoint: false
    run: echo login >> always
  - id: once
    idempotent: false
    done-when: grep -qsx once ran || exit 1
    run: 'echo once >> ran; echo "E_ONCE=2" >> "$GITHUB_ENV"; echo done'
  - id: last
    run: 'echo last >> ran; echo "o-last=3" >> "$GITHUB_OUTPUT"'
finally:
  - { id: tidy, run: 'echo tidy >> always' }
`;

export const forward: Scenario = {
  name: 'forward',
  plan: FORWARD,
  judge: (job, struck) => {
    const always = job.read('always');
    const missing = ['login', 'tidy'].filter((line) => !always.includes(line));
    return [
      ...judgeEffects(effectsOf(job), ['plain', 'once', 'last'], struck),
      ...missing.map((line) => `${line} was never done`),
    ];
  },
};

const RETRY = `
steps:
  - { id: first, run: 'echo first >> ran' }
  - id: flaky
    run: |
      echo try >> tries
      [ "$(wc -l < tries)" -ge 3 ] || { echo "curl: (7) Failed to connect to x.example port 443: Connection refused" >&2; exit 7; }
      echo flaky >> ran
  - id: cured
    run: |
      [ -e room ] || { echo "write error: No space left on device" >&2; exit 1; }
      echo cured >> ran
`;

const quick = { 'initial-delay': '1ms', 'max-attempts': '3' };

const retry: Scenario = {
  name: 'retry and remedy',
  plan: RETRY,
  before: () => Promise.resolve({ inputs: { ...quick, remedies: 'resource: touch room' } }),
  // A second crash may leave fewer attempts than the step needs: then people run it again.
  again: untilSucceeded,
  judge: (job, struck) => judgeEffects(effectsOf(job), ['first', 'flaky', 'cured'], struck),
};

async function untilSucceeded(job: Job, phase: Phase): Promise<Ran> {
  const ran = await job.main(phase);
  if (ran.code !== 1 || phase.under !== undefined) return ran;
  return await job.main({ ...phase, attempt: (phase.attempt ?? 1) + 1 });
}

const ROLLBACK = `
steps:
  - { id: a, run: 'echo a >> ran', rollback: 'echo undo-a >> ran' }
  - id: once-b
    idempotent: false
    done-when: test -e in-b
    run: 'echo once-b >> ran; touch in-b'
    rollback: 'echo undo-once-b >> ran; rm in-b'
  - { id: broken, run: 'exit 9', classify: [{ exit-code: 9, as: 'critical:data' }] }
`;

/** Done and undone by turns, undone at the end; out of turn only by what everything's death cut off. */
export function judgeRollback(job: Job, struck: readonly Struck[]): readonly string[] {
  const effects = effectsOf(job);
  const deaths = struck.filter(({ victim }) => victim !== 'node').length;
  const steps = [...new Set(effects.map((line) => line.replace('undo-', '')))];
  return steps.flatMap((step) => {
    const own = effects.filter((line) => line === step || line === `undo-${step}`);
    const repeats = own.filter((line, index) => line === own[index - 1]).length;
    const allowed = step.startsWith(ONCE) ? 0 : deaths;
    return [
      ...(own.at(-1) === `undo-${step}` ? [] : [`${step} is not undone`]),
      ...(repeats <= allowed ? [] : [`${step} repeated ${repeats} times`]),
    ].map((what) => `${what}: ${effects.join(' ')}`);
  });
}

/** Whether an undo that is not idempotent was begun by a machine that is gone, nobody knows: E6 leaves that in doubt. */
export const rollback: Scenario = {
  name: 'rollback',
  plan: ROLLBACK,
  victims: ['node', 'tree'],
  judge: judgeRollback,
};

const rollbackOfAll: Scenario = {
  name: 'rollback, idempotent',
  plan: ROLLBACK.replace('    idempotent: false\n', '').replaceAll('once-b', 'b'),
  victims: ['machine', 'node'],
  judge: judgeRollback,
};

export const RUNS: readonly Scenario[] = [forward, retry, rollback, rollbackOfAll];
