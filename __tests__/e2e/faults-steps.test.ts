import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { isRunning, Job } from '../support/action.ts';
import { canTest } from '../support/machine.ts';
import { countRepeats } from '../support/soak.ts';

let job: Job;
beforeEach(() => {
  job = new Job();
});
afterEach(() => {
  job.remove();
});

function step(script: string, keys = ''): string {
  const lines = script.trim().replaceAll('\n', '\n      ');
  return `steps:\n  - id: odd\n    run: |\n      ${lines}\n${keys}  - { id: last, run: 'echo last >> ran' }\n`;
}

async function untilGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200 && isRunning(pid); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return !isRunning(pid);
}

describe('a step that', () => {
  test('leaves a daemon, forked twice, in a session of its own, is not waited for; post ends the daemon', async () => {
    job.write(
      'preflight.yml',
      step(`
(setsid bash -c 'trap "" HUP INT TERM; (echo $BASHPID > daemon; while :; do sleep 1; done) &' > /dev/null 2>&1 < /dev/null)
while [ ! -s daemon ]; do sleep 0.02; done
echo odd >> ran`),
    );
    const main = await job.main();
    expect([main.log, main.code]).toEqual([main.log, 0]);
    const daemon = Number(job.read('daemon'));
    expect(isRunning(daemon)).toBe(true);
    await job.post({ env: Job.handOver(main) });
    expect(await untilGone(daemon)).toBe(true);
  });

  test('closes its output runs on, and its end counts', async () => {
    job.write('preflight.yml', step('echo before; exec >&- 2>&-; sleep 0.5; echo odd >> ran'));
    const ran = await job.main();
    expect([ran.log, ran.code]).toEqual([ran.log, 0]);
    expect(job.read('ran')).toBe('odd\nlast\n');
  });

  test.each([
    [
      'ignores every signal that can be ignored',
      `trap '' HUP INT QUIT TERM; while :; do sleep 1; done`,
    ],
    ['stops itself, and what would have ended it', 'kill -STOP $$'],
    ['forks more than it is waited for', 'for i in $(seq 40); do sleep 300 & done; wait'],
  ])('%s is ended at its timeout, and nothing of it lives', async (_, script) => {
    job.write('preflight.yml', step(`echo $$ > pid\n${script}`, '    timeout: 1s\n'));
    const before = performance.now();
    const ran = await job.main({ inputs: { 'grace-period': '1s', 'on-transient': 'fail' } });
    expect(performance.now() - before).toBeLessThan(20_000);
    expect([ran.log, ran.code]).toEqual([ran.log, 1]);
    expect(ran.outputs.get('failed-step')).toBe('odd');
    expect(ran.log).not.toContain('internal error');
    expect(await untilGone(Number(job.read('pid')))).toBe(true);
    expect(listOwn(job)).toEqual([]);
  });

  const EAT = `python3 -c 'b = [bytearray(1 << 20) for _ in range(400)]; print(len(b))'`;

  test('needs more memory than its limit fails, and the run tells so', async () => {
    job.write('preflight.yml', step(`ulimit -v 200000\n${EAT}`));
    const ran = await job.main();
    expect(ran.code).toBe(1);
    expect(ran.outputs.get('failed-step')).toBe('odd');
    expect(ran.log).not.toContain('internal error');
  });

  test('is killed in a control group for lack of memory is told apart from a failure of its own', async () => {
    const group = `/sys/fs/cgroup/memory/preflight-test-${process.pid}`;
    if (!canTest(makeGroup(group), 'a control group of its own')) return;
    try {
      job.write('preflight.yml', step(`echo $$ > ${group}/cgroup.procs\n${EAT}`));
      const ran = await job.main();
      expect(ran.code).toBe(1);
      expect(ran.outputs.get('failed-step')).toBe('odd');
      expect(ran.outputs.get('exit-code')).toBe('137');
      expect(ran.log).not.toContain('internal error');
    } finally {
      rmdirSync(group);
    }
  });

  const MEGABYTES = countRepeats(60, 2_000);

  test(`prints ${MEGABYTES} MB is shown whole, in bounded memory, and leaves nothing on the disk`, async () => {
    job.write(
      'preflight.yml',
      step(`yes "$(printf %099d 7)" | head -c ${MEGABYTES}000000 || true\necho the end`),
    );
    let shown = 0;
    let last = '';
    let peakKb = 0;
    let diskMb = 0;
    const { child, done } = startQuietly((text) => {
      shown += text.length;
      last = (last + text).slice(-4_000);
    });
    const watch = setInterval(() => {
      peakKb = Math.max(peakKb, readPeakKb(child.pid ?? 0));
      diskMb = Math.max(diskMb, measureOutputMb(job));
    }, 100);
    const code = await done;
    clearInterval(watch);
    process.stderr.write(
      `output of ${MEGABYTES} MB: peak ${Math.round(peakKb / 1024)} MB, on disk ${Math.round(diskMb)} MB\n`,
    );
    expect(code).toBe(0);
    expect(last).toContain('the end');
    expect(shown).toBeGreaterThan(MEGABYTES * 1e6);
    expect(peakKb / 1024).toBeLessThan(250);
    // What is not shown yet lies on the disk, and no more; a step is not held back by a slow reader.
    expect(diskMb).toBeLessThan(MEGABYTES * 1.05);
    expect(readdirSync(join(job.deployment(), 'run'))).toEqual([]);
  }, 600_000);

  /** Without keeping what is shown. */
  function startQuietly(onText: (text: string) => void) {
    const { child } = job.start('main', { under: [] });
    child.stdout?.removeAllListeners('data').on('data', (chunk: Buffer) => {
      onText(chunk.toString('latin1'));
    });
    const done = new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    return { child, done };
  }
});

function makeGroup(path: string): boolean {
  try {
    mkdirSync(path);
    writeFileSync(join(path, 'memory.limit_in_bytes'), '100M');
    return true;
  } catch {
    return false;
  }
}

function readPeakKb(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function measureOutputMb(from: Job): number {
  try {
    return (statSync(join(from.deployment(), 'run', 'odd', 'output')).blocks * 512) / 1e6;
  } catch {
    return 0;
  }
}

/** Processes that were started for the job, and live. */
function listOwn(from: Job): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/u.test(pid) &&
        readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`=${from.workspace}\0`) &&
        isRunning(Number(pid))
      );
    } catch {
      return false;
    }
  });
}
