import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Phase, Ran, Started } from './action.ts';
import { Job } from './action.ts';
import type { Scenario } from './crash-matrix.ts';
import { endAllOf } from './crash-matrix.ts';
import { effectsOf, FORWARD, forward, judgeEffects, judgeRollback } from './crash-scenarios.ts';
import { underStrace } from './strace.ts';

/** What comes before, beside and after a deployment: the lock, the repair modes, the post step. */

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const diesAtFirst = (call: string): readonly string[] =>
  underStrace('/dev/null', `${call}:signal=SIGKILL:when=1`);

/** The first rename of a run makes its first record, under the lock; or succeeds a dead one's lock. */
async function dieUnderLock(job: Job, runId?: string): Promise<void> {
  const ran = await job.main({
    under: diesAtFirst('rename'),
    ...(runId === undefined ? {} : { runId }),
  });
  if (ran.signal !== 'SIGKILL') throw new Error(`not killed: ${ran.log}`);
}

const succession: Scenario = {
  name: 'lock, succession',
  plan: FORWARD,
  before: async (job) => {
    await dieUnderLock(job, '1');
    // Dies between its claim on the dead lock and taking it.
    await dieUnderLock(job, '2');
    return { runId: '3' };
  },
  isPoint: ({ label }) => label.includes('locks') || label.includes(' T'),
  judge: forward.judge,
};

const WAITS = `
steps:
  - id: only
    run: |
      echo "run-$GITHUB_RUN_ID" >> ran
      [ "$GITHUB_RUN_ID" = 1 ] || exit 0
      touch started
      while [ ! -e go ]; do sleep 0.02; done
`;

function createWaiting(): Scenario {
  let holder: Started | undefined;
  return {
    name: 'lock, waiting',
    plan: WAITS,
    isAlive: true,
    before: async (job) => {
      holder = job.start('main', { runId: '1' });
      await until(() => existsSync(join(job.workspace, 'started')));
      return { runId: '2', inputs: { 'lock-timeout': '300ms' } };
    },
    after: async (job, phase) => {
      job.write('go', '');
      const held = await holder?.done;
      if (held?.code !== 0) throw new Error(`the holder was disturbed: ${held?.log ?? ''}`);
      return await job.main(phase);
    },
    victims: ['node'],
    judge: (job) => {
      const effects = effectsOf(job);
      return effects.join(' ') === 'run-1 run-2' ? [] : [`effects: ${effects.join(' ')}`];
    },
  };
}

const DOUBT = `
steps:
  - { id: a, run: 'echo a >> ran' }
  - id: once
    idempotent: false
    run: 'echo once >> ran; [ -e started ] || { touch started; exec sleep 300; }'
  - { id: c, run: 'echo c >> ran' }
`;

async function leaveInDoubt(job: Job): Promise<Phase> {
  const { child, done } = job.start('main');
  await until(() => existsSync(join(job.workspace, 'started')));
  child.kill('SIGKILL');
  await done;
  endAllOf(job);
  return {};
}

function targetOf(job: Job): string {
  return readdirSync(job.stateDir).find((name) => name !== 'locks') ?? '';
}

function repairing(mode: string, inputs: Readonly<Record<string, string>> = {}) {
  return async (job: Job, phase: Phase): Promise<Ran> =>
    await job.main({
      ...phase,
      attempt: 1,
      runId: '99',
      inputs: { mode, target: targetOf(job), ...inputs },
    });
}

async function goOn(job: Job, phase: Phase): Promise<Ran> {
  return await job.main({ ...phase, attempt: 2 });
}

function exactly(...expected: readonly string[]): Scenario['judge'] {
  return (job) => {
    const effects = effectsOf(job).join(' ');
    return effects === expected.join(' ') ? [] : [`effects: ${effects}`];
  };
}

function toRepair(
  mode: string,
  rest: Pick<Scenario, 'plan' | 'before' | 'judge'> & Partial<Scenario>,
  inputs?: Readonly<Record<string, string>>,
): Scenario {
  const run = repairing(mode, inputs);
  return { name: mode, run, again: run, ...rest };
}

const doubted = { plan: DOUBT, before: leaveInDoubt, after: goOn };
const markDone = toRepair(
  'mark-done',
  { ...doubted, judge: exactly('a', 'once', 'c') },
  { step: 'once' },
);
const forget = toRepair(
  'forget',
  { ...doubted, judge: exactly('a', 'once', 'once', 'c') },
  { step: 'once' },
);

const UNDONE = `
steps:
  - { id: a, run: 'echo a >> ran', rollback: 'echo undo-a >> ran' }
  - { id: once-b, idempotent: false, run: 'echo once-b >> ran', rollback: 'echo undo-once-b >> ran' }
  - { id: c, run: 'exit 3' }
`;

const rollBack = toRepair('rollback', {
  name: 'mode: rollback',
  plan: UNDONE,
  before: async (job) => {
    await job.main();
    return {};
  },
  // An undo that is not idempotent and was cut off by everything's death is in doubt, and stays so.
  victims: ['node'],
  judge: judgeRollback,
});

const unlock = toRepair('unlock', {
  plan: FORWARD,
  before: async (job) => {
    await dieUnderLock(job);
    const lock = join(job.stateDir, 'locks', targetOf(job));
    const text = readFileSync(lock, 'utf8');
    writeFileSync(lock, text.replace(/("host": ?)"[^"]*"/u, '$1"gone.example"'));
    return {};
  },
  after: goOn,
  judge: forward.judge,
});

const post = {
  run: async (job: Job, phase: Phase) => await job.post(phase),
  again: async (job: Job, phase: Phase) => await job.post(phase),
};

const closing: Scenario = {
  name: 'post, closing',
  plan: FORWARD,
  ...post,
  before: async (job) => ({ env: Job.handOver(await job.main()) }),
  judge: forward.judge,
};

const SLOW = `
steps:
  - { id: a, run: 'echo a >> ran; touch started; sleep 0.4; echo a-end >> ran' }
  - { id: b, run: 'echo b >> ran' }
`;

const finishing: Scenario = {
  name: 'post, after main was killed',
  plan: SLOW,
  isAlive: true,
  ...post,
  before: async (job) => {
    const { child, done } = job.start('main');
    await until(() => existsSync(join(job.workspace, 'started')));
    child.kill('SIGKILL');
    return { env: Job.handOver(await done), inputs: { 'job-status': 'failure' } };
  },
  after: goOn,
  judge: (job, struck) => judgeEffects(effectsOf(job), ['a', 'a-end', 'b'], struck),
};

/** With a world of its own, each time. */
export function createHandScenarios(): readonly Scenario[] {
  return [succession, createWaiting(), ...[markDone, forget, rollBack, unlock, closing, finishing]];
}
