import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { canTest, isRoot } from '../support/machine.ts';
import { countRepeats } from '../support/soak.ts';

const PLAN = (act: string): string => `
steps:
  - { id: a, run: 'echo a >> ran' }
  - id: b
    run: |
      echo b >> ran
      [ -e acted ] && exit
      touch acted
      ${act}
  - { id: c, run: 'echo c >> ran' }
`;

let job: Job;
beforeEach(() => {
  job = new Job();
});
afterEach(() => {
  job.remove();
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(condition()).toBe(true);
}

/** It failed, and one error says so in words that a person can act on. */
function expectTelling(ran: Ran, telling: RegExp): void {
  expect([ran.log, ran.code]).toEqual([ran.log, 1]);
  expect(ran.log).not.toContain('internal error');
  expect(ran.log.split('\n').filter((line) => line.startsWith('::error'))).toEqual([
    expect.stringMatching(telling),
  ]);
}

describe('the state dir, while a step runs,', () => {
  const state = '"$(dirname "$(dirname "$PREFLIGHT_STATE_DIR")")"';

  test('is removed: the run stops and says where; the next one says that nothing is recorded', async () => {
    job.write('preflight.yml', PLAN(`rm -rf ${state}`));
    expectTelling(await job.main(), /state/u);
    expect(job.read('ran')).toBe('a\nb\n');
    const second = await job.main({ attempt: 2 });
    expect([second.log, second.code]).toEqual([second.log, 0]);
    expect(second.log).toContain('Nothing to resume from');
    expect(job.read('ran')).toBe('a\nb\na\nb\nc\n');
  });

  test('is replaced by a link: nothing is written behind it, and the next run refuses it', async () => {
    const elsewhere = join(job.home, 'elsewhere');
    job.write(
      'preflight.yml',
      PLAN(`mkdir ${elsewhere}; mv ${state} ${state}.moved; ln -s ${elsewhere} ${job.stateDir}`),
    );
    expectTelling(await job.main(), /state/u);
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(job.read('ran')).toBe('a\nb\n');
    expectTelling(await job.main({ attempt: 2 }), /state-dir: .* cannot be used/u);
    spawnSync('sh', ['-c', 'rm "$1" && mv "$1.moved" "$1"', 'sh', job.stateDir]);
    const third = await job.main({ attempt: 3 });
    expect([third.log, third.code]).toEqual([third.log, 0]);
    expect(job.read('ran')).toBe('a\nb\nc\n');
  });

  test('is opened to all: the next run refuses it, with the command that mends it', async () => {
    job.write('preflight.yml', PLAN(`chmod 0777 ${state}; exit 3`));
    await job.main();
    const second = await job.main({ attempt: 2 });
    expectTelling(second, /cannot be used/u);
    expect(second.log).toMatch(/chmod/u);
    spawnSync('chmod', ['700', job.stateDir]);
    const third = await job.main({ attempt: 3 });
    expect(third.code).toBe(0);
    expect(job.read('ran')).toBe('a\nb\nb\nc\n');
  });

  test('is given to another user: the next run refuses it', async () => {
    if (!canTest(isRoot(), 'the right to change owners')) return;
    job.write('preflight.yml', PLAN(`chown 65534 ${state}; exit 3`));
    await job.main();
    expectTelling(await job.main({ attempt: 2 }), /cannot be used/u);
    spawnSync('chown', ['0', job.stateDir]);
    expect((await job.main({ attempt: 3 })).code).toBe(0);
  });
});

describe('a clock', () => {
  test('that jumps back by a day changes neither what is done nor what is left to do', async () => {
    const faked = spawnSync('faketime', ['-f', '-1d', 'node', '-e', 'console.log(Date.now())']);
    if (!canTest(faked.status === 0, 'faketime')) return;
    expect(Date.now() - Number(faked.stdout.toString())).toBeGreaterThan(80_000_000);
    job.write('preflight.yml', PLAN('exit 3'));
    await job.main();
    const second = await job.main({ attempt: 2, under: ['faketime', '-f', '-1d'] });
    expect([second.log, second.code]).toEqual([second.log, 0]);
    const post = await job.post({
      attempt: 2,
      env: Job.handOver(second),
      under: ['faketime', '-f', '-2d'],
    });
    expect([post.log, post.code]).toEqual([post.log, 0]);
    expect(post.log).toContain('is closed');
    expect(job.read('ran')).toBe('a\nb\nb\nc\n');
  });
});

describe('many starts at once on one state dir', () => {
  const STARTS = countRepeats(12, 50);

  test(`${STARTS} of them: one after the other holds the lock, or says who held it`, async () => {
    job.write(
      'preflight.yml',
      `
steps:
  - id: only
    run: |
      mkdir alone || { echo "two at once" >> wrong; exit 1; }
      echo "$GITHUB_RUN_ID" >> ran
      rmdir alone
`,
    );
    const runs = await Promise.all(
      Array.from({ length: STARTS }, (_, index) =>
        job.main({ runId: String(index + 1), inputs: { 'lock-timeout': '50s' } }),
      ),
    );
    expect(job.read('wrong')).toBe('');
    const done = runs.filter(({ code }) => code === 0);
    const late = runs.filter(({ code }) => code !== 0);
    expect(job.read('ran').split('\n').filter(Boolean)).toHaveLength(done.length);
    for (const { log, outputs } of late) {
      expect(outputs.get('category')).toBe('transient:lock');
      expect(log).toMatch(/is still held by run \d+/u);
    }
    expect(done.length).toBeGreaterThan(0);
    expect(readdirSync(join(job.stateDir, 'locks'))).toEqual([]);
  }, 300_000);
});

/** The most memory that the node of a running job has had. */
function findPeakMb(from: Job): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  const peaks = pids.map((pid) => {
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(
        `=${from.workspace}\0`,
      );
      const isMain = /\/node\0.*main\/index\.js\0$/u.test(
        readFileSync(`/proc/${pid}/cmdline`, 'latin1'),
      );
      const status = isOurs && isMain ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
      return Number(/^VmHWM:\s+(\d+)/mu.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0; // it has ended
    }
  });
  return Math.max(...peaks);
}

describe('the log', () => {
  const TWO =
    "steps:\n  - { id: a, run: 'seq 3000; echo a >> ran' }\n  - { id: b, run: 'echo b >> ran' }\n";

  test('whose descriptor is closed from the start is done without', async () => {
    job.write('preflight.yml', TWO);
    const ran = await job.main({ under: ['bash', '-c', 'exec "$@" >&- 2>&-', 'closed'] });
    expect(ran.code).toBe(0);
    expect(ran.outputs.get('outcome')).toBe('succeeded');
    expect(job.read('ran')).toBe('a\nb\n');
  });

  test('whose reader goes after one line ends the run after the step, and the next goes on', async () => {
    job.write('preflight.yml', TWO.replace('seq 3000;', 'seq 3000; sleep 0.5; seq 3000;'));
    const ran = await job.main({
      under: ['bash', '-c', 'set -o pipefail; "$@" | head -n 1', 'head'],
    });
    expect(ran.code).toBe(1);
    expect(job.read('ran')).toBe('a\n');
    const second = await job.main({ attempt: 2 });
    expect(second.code).toBe(0);
    expect(job.read('ran')).toBe('a\nb\n');
  });

  test('whose reader stands still is not kept in memory, and is whole when it goes on', async () => {
    job.write(
      'preflight.yml',
      `steps:\n  - { id: a, run: 'yes "$(printf %099d 7)" | head -c 400000000 || true; echo a >> ran' }\n`,
    );
    const slow = '"$@" | (while [ ! -e go ]; do sleep 0.1; done; wc -c > shown)';
    const { done } = job.start('main', {
      under: ['bash', '-c', `set -o pipefail; ${slow}`, 'slow'],
    });
    await until(() => job.read('ran') !== '');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const peakMb = findPeakMb(job);
    job.write('go', '');
    expect((await done).code).toBe(0);
    expect(Number(job.read('shown'))).toBeGreaterThan(400_000_000);
    expect(peakMb).toBeGreaterThan(30);
    expect(peakMb).toBeLessThan(130);
  }, 120_000);

  test('whose reader pauses is written to the end, and the step does not wait for it', async () => {
    job.write('preflight.yml', TWO.replace('seq 3000', 'seq 300000'));
    const { child, done } = job.start('main');
    child.stdout?.pause();
    await until(() => job.read('ran') !== '');
    expect(job.read('ran')).toContain('a\n');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    child.stdout?.resume();
    const ran = await done;
    expect(ran.code).toBe(0);
    expect(ran.log).toContain('\n300000\n');
    expect(ran.log).toContain('succeeded: 2 run');
    expect(lstatSync(job.deployment()).isDirectory()).toBe(true);
  });
});
