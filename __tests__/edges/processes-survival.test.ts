import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';

import { endTracked, readStat } from '../../src/edges/process-tree.ts';
import { bootId } from '../../src/edges/process-identity.ts';
import type { Ended } from '../../src/ports.ts';
import { createWorkbench, toSpec, until, untilGone } from '../support/commands.ts';
import type { Workbench } from '../support/commands.ts';
import { createRunDriver, exitOf } from '../support/run-driver.ts';
import type { RunDriver } from '../support/run-driver.ts';
import { canTest, isRoot } from '../support/machine.ts';

jest.setTimeout(30_000);

let driver: RunDriver;
let bench: Workbench;
beforeAll(() => {
  driver = createRunDriver();
});
afterAll(() => {
  driver.dispose();
});
beforeEach(() => {
  bench = createWorkbench();
});
afterEach(async () => {
  await bench.dispose();
});

function lines(name: string): readonly string[] {
  try {
    return readFileSync(join(bench.directory, name), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

function pidIn(name: string): Promise<number> {
  return until(() => {
    const [pid] = lines(name);
    return pid === undefined ? undefined : Number(pid);
  });
}

async function parentPid(): Promise<number> {
  const trace = await bench.processes.inspect('step');
  if (trace.kind !== 'running') throw new Error(`not running: ${trace.kind}`);
  return trace.process.pid;
}

/** Starts a command from another Node process, and kills that as soon as the command runs. */
async function startAndLoseNode(script: string): Promise<number> {
  const child = driver.start(bench, `echo $$ >> pid\n${script}`);
  const pid = await pidIn('pid');
  child.kill('SIGKILL');
  await exitOf(child);
  return pid;
}

function rewriteProcessFile(change: (text: string) => string): void {
  const file = join(bench.runDirectory, 'step', 'process');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('a command whose Node was killed', () => {
  test('runs on, and is adopted with all its output and its exit code', async () => {
    await startAndLoseNode('echo first; sleep 0.7; echo second >&2; exit 42');
    expect(await bench.processes.inspect('step')).toMatchObject({ kind: 'running' });
    const end = await bench.processes.adopt('step', bench.watch());
    expect(end).toMatchObject({
      kind: 'ended',
      endedBy: 'itself',
      exit: { kind: 'exited', code: 42 },
      tail: 'first\nsecond\n',
      survivors: [],
    });
    expect(bench.output()).toBe('first\nsecond\n');
  });

  test('and that ended meanwhile is found ended, with times, output and results', async () => {
    const before = Date.now();
    const pid = await startAndLoseNode('echo "a=1" >> "$GITHUB_OUTPUT"; sleep 0.2; echo done');
    await untilGone(pid);
    await new Promise((resolve) => setTimeout(resolve, 100)); // the parent writes after it
    const trace = await bench.processes.inspect('step');
    expect(trace).toMatchObject({ kind: 'exited', exit: { kind: 'exited', code: 0 } });
    if (trace.kind !== 'exited') return;
    expect(trace.startedAt).toBeGreaterThanOrEqual(before);
    expect(trace.endedAt).toBeGreaterThanOrEqual(trace.startedAt + 150);
    const end = await bench.processes.adopt('step', bench.watch());
    expect(end).toMatchObject({ exit: { kind: 'exited', code: 0 }, endedAt: trace.endedAt });
    expect(bench.output()).toBe('done\n');
    expect(await bench.processes.collect('step')).toMatchObject({
      value: { outputs: [{ name: 'a', value: '1' }] },
    });
  });

  test('is not run over', async () => {
    const pid = await startAndLoseNode('sleep 5');
    const again = await bench.processes.run(toSpec('echo twice'), bench.watch());
    expect(again).toMatchObject({ ok: false, error: { code: 'EBUSY' } });
    expect(readStat(pid)).toBeDefined();
    await bench.processes.clear('step');
    expect(await bench.processes.inspect('step')).toMatchObject({ kind: 'running' });
  });

  test('and that dies by a signal is told from one that exits with 143', async () => {
    const killed = await startAndLoseNode('sleep 0.3; kill -TERM $$');
    await untilGone(killed);
    const end = await bench.processes.adopt('step', bench.watch());
    expect(end).toMatchObject({ exit: { kind: 'signalled', signal: 'SIGTERM' } });
  });

  test('has its timeout counted from its own start', async () => {
    const pid = await startAndLoseNode('trap "" TERM; while :; do sleep 0.2; done');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = performance.now();
    const end = await bench.processes.adopt('step', bench.watch({ timeoutMs: 1_500 }));
    expect(end).toMatchObject({ endedBy: 'timeout', survivors: [] });
    expect(performance.now() - before).toBeLessThan(1_400);
    expect(await untilGone(pid)).toBe(true);
  });

  test('is a failure when its parent is killed while it is adopted', async () => {
    const pid = await startAndLoseNode('sleep 20');
    const adopted = bench.processes.adopt('step', bench.watch());
    process.kill(await parentPid(), 'SIGKILL');
    expect(await adopted).toMatchObject({
      exit: { kind: 'signalled', signal: 'SIGKILL' },
      endedBy: 'itself',
      survivors: [],
    });
    expect(await untilGone(pid)).toBe(true);
  });
});

describe('a command that was being ended when Node was killed', () => {
  test('is no success, though it exits with 0', async () => {
    const script =
      'trap "touch told; sleep 0.5; exit 0" TERM; echo $$ >> pid; while :; do sleep 0.1 || :; done';
    const child = driver.start(bench, script, 600);
    const pid = await pidIn('pid');
    await until(() => (existsSync(join(bench.directory, 'told')) ? true : undefined));
    child.kill('SIGKILL');
    await exitOf(child);
    expect(await untilGone(pid)).toBe(true);
    await until(() => (readProcessFile().includes('exit 0') ? true : undefined));
    expect(await bench.processes.inspect('step')).toMatchObject({
      kind: 'exited',
      exit: { kind: 'signalled', signal: 'SIGTERM' },
    });
    expect(await bench.processes.adopt('step', bench.watch())).toMatchObject({
      endedBy: 'timeout',
    });
  });
});

function readProcessFile(): string {
  return readFileSync(join(bench.runDirectory, 'step', 'process'), 'utf8');
}

describe('when nobody recorded how it ended', () => {
  test('and all are dead, it has vanished; adopting it is a death by signal, and it can be run anew', async () => {
    const pid = await startAndLoseNode('sleep 20');
    const parent = await parentPid();
    process.kill(-parent, 'SIGKILL');
    await untilGone(pid);
    await untilGone(parent);
    expect(await bench.processes.inspect('step')).toMatchObject({ kind: 'vanished' });
    expect(await bench.processes.adopt('step', bench.watch())).toMatchObject({
      exit: { kind: 'signalled', signal: 'SIGKILL' },
    });
    expect((await bench.run('true')).exit).toEqual({ kind: 'exited', code: 0 });
  });

  test('and the command lives on without its parent, that is said, and it is ended first', async () => {
    const pid = await startAndLoseNode('trap "" TERM; while :; do sleep 1; done');
    const parent = await parentPid();
    process.kill(parent, 'SIGKILL');
    await untilGone(parent);
    const trace = await bench.processes.inspect('step');
    expect(trace).toMatchObject({ kind: 'vanished' });
    expect(trace.kind === 'vanished' && trace.reason).toContain(`${pid} (bash)`);
    expect(await bench.processes.endLeftovers('step')).toEqual([]);
    expect(await untilGone(pid)).toBe(true);
    expect(await bench.processes.endLeftovers('step')).toEqual([]);
  });

  test('a new run ends what lives on before it starts', async () => {
    const pid = await startAndLoseNode('sleep 20');
    const parent = await parentPid();
    process.kill(parent, 'SIGKILL');
    await untilGone(parent);
    const state = `$(cut -d" " -f3 /proc/${pid}/stat 2>/dev/null || true)`;
    const end = await bench.run(`case ${state} in "" | Z) echo alone ;; *) echo over ;; esac`);
    expect(end.tail).toBe('alone\n');
  });

  test('because the machine was restarted, it has vanished', async () => {
    await startAndLoseNode('sleep 20');
    rewriteProcessFile((text) => text.replace(bootId(), '00000000-0000-0000-0000-000000000000'));
    expect(await bench.processes.inspect('step')).toEqual({
      kind: 'vanished',
      reason: 'the machine was restarted while it ran',
    });
  });

  test('and its number belongs to somebody else now, that one is left alone', async () => {
    await startAndLoseNode('sleep 20');
    const innocent = spawn('sleep', ['20'], { detached: true, stdio: 'ignore' });
    const { pid = 0 } = innocent;
    rewriteProcessFile((text) => text.replace(/^pid \d+ \d+/, `pid ${pid} 12345`));
    expect(await bench.processes.inspect('step')).toMatchObject({ kind: 'vanished' });
    await bench.processes.run(toSpec('true'), bench.watch());
    expect(readStat(pid)?.zombie).toBe(false);
    innocent.kill('SIGKILL');
  });
});

describe('never twice, never unknown', () => {
  test('at whatever moment Node is killed, `none` means that nothing was or will be started', async () => {
    const kinds = new Set<string>();
    for (let round = 0; round < 24; round += 1) {
      const own = createWorkbench();
      const child = driver.start(own, 'echo x >> started; sleep 0.02; exit 3');
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, (round % 12) * 1.5));
      child.kill('SIGKILL');
      await exitOf(child);
      const trace = await own.processes.inspect('step');
      kinds.add(trace.kind);
      // What an engine would do: take it over, or start it.
      const end =
        trace.kind === 'none'
          ? await own.run('echo x >> started; exit 3')
          : await own.processes.adopt('step', own.watch());
      expect(end).toMatchObject({ exit: { kind: 'exited', code: 3 } });
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(readFileSync(join(own.directory, 'started'), 'utf8')).toBe('x\n');
      await own.dispose();
    }
    expect([...kinds].every((kind) => ['none', 'running', 'exited'].includes(kind))).toBe(true);
  });
});

describe('processes that may not be signalled', () => {
  const NOBODY = 65_534;

  test('are named as survivors, soon after KILL', async () => {
    if (!canTest(isRoot(), 'the right to make a process that cannot be signalled')) return;
    chmodSync(bench.directory, 0o777);
    const perl = join(bench.directory, 'perl');
    copyFileSync(execFileSync('which', ['perl'], { encoding: 'utf8' }).trim(), perl);
    chmodSync(perl, 0o4755);
    const becomeRoot = '$ENV{PATH} = "/bin"; $< = $> = 0; exec "/bin/sleep", "20"';
    const before = performance.now();
    const child = driver.start(bench, `"${perl}" -e '${becomeRoot}'`, 500, NOBODY);
    const said: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
    await exitOf(child);
    expect(performance.now() - before).toBeLessThan(8_500);
    const result = JSON.parse(Buffer.concat(said).toString().replace('ready\n', '')) as {
      value: Ended;
    };
    expect(result.value.endedBy).toBe('timeout');
    expect(result.value.survivors).toEqual([expect.objectContaining({ command: 'sleep' })]);
    expect(await bench.processes.living(result.value.survivors)).toHaveLength(1);
    for (const { pid } of result.value.survivors) process.kill(pid, 'SIGKILL');
  });
});

describe('the loss of the worker', () => {
  test('stdout closed and SIGHUP to Node do not reach the command', async () => {
    const child = driver.start(
      bench,
      'echo $$ >> pid; for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done',
    );
    await pidIn('pid');
    child.stdout?.destroy();
    child.kill('SIGHUP');
    await exitOf(child);
    const end = await bench.processes.adopt('step', bench.watch());
    expect(end).toMatchObject({ exit: { kind: 'exited', code: 0 }, tail: '1\n2\n3\n4\n5\n6\n' });
  });
});

describe('the end of the job', () => {
  const daemon = 'setsid bash -c "echo \\$\\$ >> pid; exec sleep 30" </dev/null >/dev/null 2>&1 &';

  function endJob(): ReturnType<typeof endTracked> {
    return endTracked({ trackingIdPrefix: bench.prefix, bootId: bootId(), graceMs: 500 });
  }

  test('ends what commands have left behind', async () => {
    await bench.run(daemon);
    const pid = await pidIn('pid');
    const { found, survivors } = await endJob();
    expect(found).toEqual([expect.objectContaining({ pid })]);
    expect(survivors).toEqual([]);
    expect(await untilGone(pid)).toBe(true);
  });

  test('not with keep-alive', async () => {
    await bench.run(daemon, { keepAlive: true });
    const pid = await pidIn('pid');
    expect(await endJob()).toEqual({ found: [], survivors: [] });
    expect(readStat(pid)?.zombie).toBe(false);
  });

  test('not what has taken a tracking id of its own, as people know it from the runner', async () => {
    await bench.run(`RUNNER_TRACKING_ID='' ${daemon}`);
    const pid = await pidIn('pid');
    expect(await endJob()).toEqual({ found: [], survivors: [] });
    process.kill(pid, 'SIGKILL');
  });

  test('kills what ignores TERM', async () => {
    await bench.run('setsid bash -c \'trap "" TERM; echo $$ >> pid; while :; do sleep 1; done\' &');
    const pid = await pidIn('pid');
    expect((await endJob()).survivors).toEqual([]);
    expect(await untilGone(pid)).toBe(true);
  });
});
