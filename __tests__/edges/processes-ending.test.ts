import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { createStop } from '../../src/engine/stop.ts';
import { createWorkbench, toSpec, until, untilGone } from '../support/commands.ts';
import type { Workbench } from '../support/commands.ts';

jest.setTimeout(20_000);

let bench: Workbench;
beforeEach(() => {
  bench = createWorkbench();
});
afterEach(async () => {
  await bench.dispose();
});

/** Numbers that the script appended to `pids`, once there are so many. */
function pids(count: number): Promise<readonly number[]> {
  return until(() => {
    const found = read('pids').split('\n').filter(Boolean).map(Number);
    return found.length >= count ? found : undefined;
  });
}

function read(name: string): string {
  try {
    return readFileSync(join(bench.directory, name), 'utf8');
  } catch {
    return '';
  }
}

async function expectGone(numbers: readonly number[]): Promise<void> {
  for (const pid of numbers) expect([pid, await untilGone(pid)]).toEqual([pid, true]);
}

function startAndCancel(script: string, graceMs: number): Promise<unknown> {
  const cancel = createStop();
  const run = bench.run(script, {}, { cancel: cancel.stop, graceMs });
  return Promise.all([run, pids(1).then(cancel.request)]);
}

describe('a timeout', () => {
  test('lets a command clean up that listens to TERM', async () => {
    const script = 'trap "echo cleaned; exit 5" TERM; echo $$ >> pids; sleep 30 & wait';
    const end = await bench.run(script, {}, { timeoutMs: 500, graceMs: 5_000 });
    expect(end).toMatchObject({
      endedBy: 'timeout',
      exit: { kind: 'exited', code: 5 },
      survivors: [],
    });
    expect(bench.output()).toBe('cleaned\n');
    await expectGone(await pids(1));
  });

  test('ends a tree that ignores TERM, after the grace period', async () => {
    const script = `
      trap "" TERM HUP INT
      echo $$ >> pids
      (trap "" TERM; echo $BASHPID >> pids; (echo $BASHPID >> pids; while :; do sleep 1; done) & while :; do sleep 1; done) &
      while :; do sleep 1; done`;
    const before = performance.now();
    const end = await bench.run(script, {}, { timeoutMs: 500, graceMs: 700 });
    const tookMs = performance.now() - before;
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
    expect(end.exit).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
    expect(tookMs).toBeGreaterThanOrEqual(1_190);
    expect(tookMs).toBeLessThan(4_000);
    await expectGone(await pids(3));
  });

  test('ends what has left the process group as well', async () => {
    const script =
      'setsid bash -c \'trap "" TERM; echo $$ >> pids; sleep 30; sleep 30\' & sleep 30';
    const end = await bench.run(script, {}, { timeoutMs: 600, graceMs: 300 });
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
    await expectGone(await pids(1));
  });

  test('ends stopped processes', async () => {
    const script = "bash -c 'echo $$ >> pids; kill -STOP $$' & echo $$ >> pids; kill -STOP $$";
    const end = await bench.run(script, {}, { timeoutMs: 500, graceMs: 3_000 });
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
    await expectGone(await pids(2));
  });

  test('does not end the daemons of other commands', async () => {
    await bench.run('setsid sleep 30 & echo $! >> pids', { unit: 'earlier' });
    const end = await bench.run('sleep 30', {}, { timeoutMs: 300, graceMs: 300 });
    expect(end.endedBy).toBe('timeout');
    const [daemon = 0] = await pids(1);
    expect(await untilGone(daemon, 100)).toBe(false);
  });

  test('of zero ends the command at once', async () => {
    const end = await bench.run('sleep 30', {}, { timeoutMs: 0, graceMs: 0 });
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
  });

  test('longer than a timer can be is no timeout', async () => {
    const end = await bench.run('sleep 0.2', {}, { timeoutMs: 2 ** 40 });
    expect(end).toMatchObject({ endedBy: 'itself', exit: { kind: 'exited', code: 0 } });
  });

  test('is not over before a fork bomb of patience is', async () => {
    const script = 'trap "" TERM; f() { while :; do sleep 0.01 & wait; done; }; f & f & f & f';
    const end = await bench.run(script, {}, { timeoutMs: 500, graceMs: 200 });
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
  });
});

describe('a cancel', () => {
  test('is INT first', async () => {
    const script = 'trap "echo interrupted; exit 130" INT; echo $$ >> pids; sleep 30 & wait';
    const [end] = (await startAndCancel(script, 5_000)) as [unknown];
    expect(end).toMatchObject({
      endedBy: 'cancel',
      exit: { kind: 'signalled', signal: 'SIGINT' },
      survivors: [],
    });
    expect(bench.output()).toContain('interrupted');
  });

  test('then TERM, then KILL, in time even for a long grace period and a flood of output', async () => {
    const script =
      'trap "" INT TERM; echo $$ >> pids; while :; do echo flood flood flood flood; done';
    const before = performance.now();
    const [end] = (await startAndCancel(script, 60_000)) as [unknown];
    expect(performance.now() - before).toBeLessThan(8_500);
    expect(end).toMatchObject({ endedBy: 'cancel', survivors: [] });
    await expectGone(await pids(1));
  });

  test('shortens a grace period that is under way', async () => {
    const cancel = createStop();
    const before = performance.now();
    const run = bench.run(
      'trap "echo $$ >> pids" TERM; while :; do sleep 0.1 || :; done',
      {},
      { timeoutMs: 300, graceMs: 60_000, cancel: cancel.stop },
    );
    await pids(1);
    cancel.request();
    const end = await run;
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
    expect(performance.now() - before).toBeLessThan(8_000);
  });

  test('that came before ends the command at once', async () => {
    const cancel = createStop();
    cancel.request();
    const end = await bench.run('sleep 30', {}, { cancel: cancel.stop, graceMs: 200 });
    expect(end).toMatchObject({ endedBy: 'cancel', survivors: [] });
  });

  test('cuts short the reading of what was written before', async () => {
    const cancel = createStop();
    let chunks = 0;
    const end = await bench.run(
      'head -c 100000000 /dev/zero | tr "\\0" x; echo; echo the end; touch done',
      {},
      {
        cancel: cancel.stop,
        onOutput: () => {
          chunks += 1;
          spinFor(20); // a slow reader: 8 s for all of it
          if (existsSync(join(bench.directory, 'done'))) setTimeout(cancel.request, 200);
        },
      },
    );
    expect(end).toMatchObject({ endedBy: 'itself', exit: { kind: 'exited', code: 0 } });
    expect(end.tail.endsWith('\nthe end\n')).toBe(true);
    expect(chunks).toBeLessThan(200);
  });
});

function spinFor(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('letting go', () => {
  test('leaves the command alone, to be adopted', async () => {
    const release = createStop();
    const run = bench.processes.run(
      toSpec('echo $$ >> pids; sleep 1; echo later; exit 4'),
      bench.watch({ release: release.stop }),
    );
    const [pid = 0] = await pids(1);
    release.request();
    expect(await run).toEqual({ ok: true, value: { kind: 'released' } });
    expect(await untilGone(pid, 50)).toBe(false);
    expect(await bench.processes.inspect('step')).toMatchObject({ kind: 'running' });
    const end = await bench.processes.adopt('step', bench.watch());
    expect(end).toMatchObject({
      kind: 'ended',
      exit: { kind: 'exited', code: 4 },
      endedBy: 'itself',
    });
  });

  test('also in the middle of a grace period', async () => {
    const release = createStop();
    const run = bench.processes.run(
      toSpec('trap "echo $$ >> pids" TERM; while :; do sleep 0.1 || :; done'),
      bench.watch({ release: release.stop, timeoutMs: 300, graceMs: 60_000 }),
    );
    await pids(1);
    release.request();
    expect(await run).toEqual({ ok: true, value: { kind: 'released' } });
    const end = await bench.processes.adopt('step', bench.watch({ timeoutMs: 300 }));
    expect(end).toMatchObject({ kind: 'ended', endedBy: 'timeout', survivors: [] });
  });
});
