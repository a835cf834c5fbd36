import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from '@jest/globals';

import { findLiving, readStat } from '../../src/edges/process-tree.ts';
import { splitTemplate } from '../../src/edges/shells.ts';
import { toExit } from '../../src/edges/command-exit.ts';
import { toOomKills } from '../../src/edges/measurements.ts';
import { until } from '../support/commands.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
});

function start(command: string, args: readonly string[], env: Record<string, string> = {}): number {
  const child = spawn(command, args, {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...env },
  });
  started.push(child);
  if (child.pid === undefined) throw new Error('not started');
  return child.pid;
}

function toLeader(pid: number): { pid: number; start_time: string; boot_id: string } {
  return { pid, start_time: readStat(pid)?.startTime ?? '', boot_id: 'this' };
}

describe('reading the kernel’s table', () => {
  test('finds the fields behind a name that looks like fields', () => {
    const directory = mkdtempSync(join(tmpdir(), 'preflight-tree-'));
    const program = join(directory, 'a) Z 1 (b');
    copyFileSync(execFileSync('which', ['sleep'], { encoding: 'utf8' }).trim(), program);
    chmodSync(program, 0o755);
    const pid = start(program, ['10']);
    const stat = readStat(pid);
    expect(stat).toMatchObject({ pid, group: pid, zombie: false, command: 'a) Z 1 (b' });
    expect(Number(stat?.startTime)).toBeGreaterThan(0);
    rmSync(directory, { recursive: true });
  });

  test('knows nothing of a process that is not there', () => {
    expect(readStat(2 ** 30)).toBeUndefined();
  });
});

const commandsOf = (leader: Parameters<typeof findLiving>[0]['leader']): readonly string[] =>
  findLiving({ leader, trackingId: 'mine' }, false).group.map(({ command }) => command);

describe('who belongs to a command', () => {
  test('its group, and who left that but carries the id', async () => {
    const script = 'setsid sleep 10 & sleep 10 & wait';
    const pid = start('bash', ['-c', script], { RUNNER_TRACKING_ID: 'mine' });
    const tree = { leader: toLeader(pid), trackingId: 'mine' };
    const living = await until(() => {
      const found = findLiving(tree, false);
      const settled = found.group.length === 2 && found.strays[0]?.command === 'sleep';
      return settled ? found : undefined;
    });
    expect(living.proven).toBe(true);
    expect(living.strays).toHaveLength(1);
    process.kill(living.strays[0]?.pid ?? 0, 'SIGKILL');
  });

  test('not a group whose number was given to another process', () => {
    const pid = start('sleep', ['10']);
    const leader = { ...toLeader(pid), start_time: '1' };
    expect(findLiving({ leader, trackingId: undefined }, true)).toEqual({
      group: [],
      strays: [],
      proven: false,
    });
  });

  test('a group without its leader is proven by the id of a member alone', async () => {
    const script = '(exec sleep 10) & echo $!';
    const pid = start('bash', ['-c', `${script}; kill -KILL $$`], { RUNNER_TRACKING_ID: 'mine' });
    const leader = toLeader(pid);
    await until(() => (readStat(pid)?.zombie === false ? undefined : true));
    // Until then it is a shell that is about to become another program.
    await until(() => commandsOf(leader).includes('sleep') || undefined);
    expect(findLiving({ leader, trackingId: 'mine' }, false)).toMatchObject({ proven: true });
    expect(findLiving({ leader, trackingId: 'other' }, false)).toMatchObject({
      proven: false,
      group: [{ command: 'sleep' }],
    });
  });
});

describe('a template for a shell', () => {
  test.each([
    ['-x {0}', ['-x', '{0}']],
    ['  -a   -b  ', ['-a', '-b']],
    ['-c "a b" c', ['-c', 'a b', 'c']],
    ['"" x', ['', 'x']],
    ['a"b c"d', ['ab cd']],
    [String.raw`say \"hi\"`, ['say', '"hi"']],
    ["'a b'", ["'a", "b'"]],
    ['"unfinished {0}', ['unfinished {0}']],
  ])('%s', (template, expected) => {
    expect(splitTemplate(template)).toEqual(expected);
  });
});

describe('an exit code above 128', () => {
  test.each([
    [143, true, false, { kind: 'signalled', signal: 'SIGTERM' }],
    [143, false, true, { kind: 'signalled', signal: 'SIGTERM' }],
    [143, false, false, { kind: 'exited', code: 143 }],
    [141, false, true, { kind: 'exited', code: 141 }],
    [141, true, true, { kind: 'signalled', signal: 'SIGPIPE' }],
    [134, false, true, { kind: 'signalled', signal: 'SIGABRT' }],
    [128, true, true, { kind: 'exited', code: 128 }],
    [255, false, true, { kind: 'exited', code: 255 }],
    [0, true, true, { kind: 'exited', code: 0 }],
  ])('%d, said so: %p, reported: %p', (code, died, reportsSignals, expected) => {
    expect(toExit(code, { died, reportsSignals })).toEqual(expected);
  });
});

describe('processes killed for lack of memory', () => {
  test.each([
    [{ group: 1, host: 5 }, { group: 3, host: 5 }, 2],
    [{ group: 1, host: 5 }, { group: 1, host: 6 }, 1],
    [{ host: 5 }, { host: 5 }, 0],
    [{}, { host: 5 }, undefined],
    [{ group: 9 }, { group: 0 }, 0],
  ])('%j then %j', (before, after, expected) => {
    expect(toOomKills(before, after)).toBe(expected);
  });
});
