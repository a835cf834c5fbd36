import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran, Started } from '../support/action.ts';
import { isRunning, Job } from '../support/action.ts';
import { countRepeats } from '../support/soak.ts';

/** The number of cancels that are tried. */
const CANCELS = countRepeats(4, 50, 'PREFLIGHT_CANCELS');

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++) await sleep(50);
  expect(condition()).toBe(true);
}

/** What the runner does on a cancel: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
async function cancelLikeTheRunner({ child, done }: Started): Promise<Ran> {
  child.kill('SIGINT');
  const term = setTimeout(() => child.kill('SIGTERM'), 7_500);
  const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
  const ran = await done;
  clearTimeout(term);
  clearTimeout(kill);
  return ran;
}

const STUBBORN = `
steps:
  - id: first
    run: echo first >> ran
  - id: stubborn
    run: |
      echo stubborn >> ran
      [ -e easy ] && exit
      trap '' INT TERM
      (trap '' INT TERM; while :; do echo busy; sleep 0.01; done) &
      echo $! > child
      while :; do sleep 1; done
  - id: last
    run: echo last >> ran
`;

describe('a cancel', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job(STUBBORN);
  });
  afterEach(() => {
    job.remove();
  });

  test(
    `ends a stubborn step in time, with record, annotation and summary, ${CANCELS} times of ${CANCELS}; a re-run resumes`,
    async () => {
      for (let n = 0; n < CANCELS; n++) {
        const each = new Job(STUBBORN);
        const started = each.start('main');
        await until(() => existsSync(join(each.workspace, 'child')));
        await sleep(n * 37);
        const before = performance.now();
        const ran = await cancelLikeTheRunner(started);
        expect(ran.signal).toBeNull();
        expect(ran.code).toBe(1);
        expect(performance.now() - before).toBeLessThan(9_000);
        expect(ran.outputs.get('outcome')).toBe('cancelled');
        expect(ran.outputs.get('category')).toBe('fatal:signal');
        expect(ran.log).toContain('::error ');
        expect(ran.summary).toContain('cancelled');
        expect(isRunning(Number(each.read('child')))).toBe(false);
        each.write('easy', '');
        const second = await each.main({ attempt: 2 });
        expect(second.code).toBe(0);
        expect(each.read('ran')).toBe('first\nstubborn\nstubborn\nlast\n');
        each.remove();
      }
    },
    60_000 + CANCELS * 20_000,
  );

  test('while waiting for the lock ends at once, and nothing has run', async () => {
    const first = job.start('main', { runId: '1' });
    await until(() => existsSync(join(job.workspace, 'child')));
    let log = '';
    const second = job.start('main', {
      runId: '2',
      onLog: (text) => {
        log += text;
      },
    });
    await until(() => log.includes('is held by'));
    const before = performance.now();
    const ran = await cancelLikeTheRunner(second);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(ran.outputs.get('outcome')).toBe('cancelled');
    await cancelLikeTheRunner(first);
    expect(job.read('ran')).toBe('first\nstubborn\n');
  }, 60_000);

  test('during a rollback lets the undo run on; post waits for it and finishes the rollback', async () => {
    job.write(
      'preflight.yml',
      `
steps:
  - { id: a, run: 'echo do-a >> ran', rollback: 'echo undo-a >> ran' }
  - id: b
    run: echo do-b >> ran
    rollback: 'touch undoing; while [ ! -e go ]; do sleep 0.05; done; echo undo-b >> ran'
  - { id: c, run: 'exit 9', classify: [{ exit-code: 9, as: 'critical:data' }] }
`,
    );
    const started = job.start('main');
    await until(() => existsSync(join(job.workspace, 'undoing')));
    const main = await cancelLikeTheRunner(started);
    expect(main.outputs.get('outcome')).toBe('cancelled');
    setTimeout(() => {
      job.write('go', '');
    }, 300);
    const post = await job.post({ env: Job.handOver(main), inputs: { 'job-status': 'cancelled' } });
    expect([post.log, post.code]).toEqual([post.log, 0]);
    expect(job.read('ran')).toBe('do-a\ndo-b\nundo-b\nundo-a\n');
  }, 60_000);
});

describe('a worker that is gone', () => {
  test('nobody reads the log any more: the running step is finished and recorded, and nothing more is started', async () => {
    const job = new Job(`
steps:
  - { id: a, run: 'touch started; for i in $(seq 40); do echo line $i; sleep 0.05; done; echo a >> ran' }
  - { id: b, run: 'echo b >> ran' }
`);
    const started = job.start('main');
    await until(() => existsSync(join(job.workspace, 'started')));
    started.child.stdout?.destroy();
    started.child.stderr?.destroy();
    const ran = await started.done;
    expect(ran.code).toBe(1);
    expect(job.read('ran')).toBe('a\n');
    const second = await job.main({ attempt: 2 });
    expect(second.code).toBe(0);
    expect(second.log).toContain('[SKIP] a');
    expect(job.read('ran')).toBe('a\nb\n');
    job.remove();
  }, 60_000);
});

describe('post after main was killed without a word', () => {
  test('ends the step that lives on when the job is cancelled, so that it is in doubt if it must not run twice', async () => {
    const job = new Job(`
steps:
  - { id: a, idempotent: false, run: 'echo a >> ran; touch started; sleep 60; echo a-end >> ran' }
  - { id: b, run: 'echo b >> ran' }
`);
    const started = job.start('main');
    await until(() => existsSync(join(job.workspace, 'started')));
    started.child.kill('SIGKILL');
    const main = await started.done;
    const post = await job.post({ env: Job.handOver(main), inputs: { 'job-status': 'cancelled' } });
    expect(post.log).toContain('[WAIT] a');
    expect(post.outputs.get('outcome')).toBe('cancelled');
    expect(post.log).toContain('Step a is in doubt: it was ended by cancel');
    expect(post.log).toContain('mode: mark-done if it did, mode: forget if it did not');
    const second = await job.main({ attempt: 2 });
    expect(second.outputs.get('outcome')).toBe('in-doubt');
    expect(second.log).toContain('mode: mark-done if it did, mode: forget if it did not');
    expect(job.read('ran')).toBe('a\n');
    job.remove();
  }, 60_000);

  test('waits for the step that lives on, records its end, and says what happened', async () => {
    const job = new Job(`
steps:
  - { id: a, run: 'echo a >> ran; touch started; sleep 1; echo a-end >> ran; echo "x=1" >> "$GITHUB_OUTPUT"' }
  - { id: b, run: 'echo b >> ran' }
`);
    const started = job.start('main');
    await until(() => existsSync(join(job.workspace, 'started')));
    started.child.kill('SIGKILL');
    const main = await started.done;
    const post = await job.post({ env: Job.handOver(main), inputs: { 'job-status': 'failure' } });
    expect(post.log).toContain('The process of this action was ended from outside');
    expect(post.summary).not.toBe('');
    expect(job.read('ran')).toBe('a\na-end\n');
    const second = await job.main({ attempt: 2 });
    expect(second.code).toBe(0);
    expect(job.read('ran')).toBe('a\na-end\nb\n');
    expect(second.outputs.get('x')).toBe('1');
    job.remove();
  }, 60_000);
});
