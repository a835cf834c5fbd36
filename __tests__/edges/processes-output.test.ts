import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';

import { PUNCH_BYTES } from '../../src/edges/output-follower.ts';
import { createWorkbench, toSpec, until } from '../support/commands.ts';
import type { Workbench } from '../support/commands.ts';
import { canTest, isRoot } from '../support/machine.ts';

jest.setTimeout(60_000);

let bench: Workbench;
beforeEach(() => {
  bench = createWorkbench();
});
afterEach(async () => {
  await bench.dispose();
});

describe('output', () => {
  test.each([
    ['no last newline', 'printf "a\\nb"', 'a\nb'],
    ['NUL bytes', 'printf "a\\0b\\n"', 'a\0b\n'],
    ['a lone carriage return', 'printf "10%%\\r20%%\\r"', '10%\r20%\r'],
    ['colours', 'printf "\\033[31mred\\033[0m\\n"', '\u001B[31mred\u001B[0m\n'],
    ['many bytes a character', 'printf "\\360\\237\\232\\200é\\n"', '🚀é\n'],
    ['workflow commands', 'echo "::error::x"', '::error::x\n'],
    ['nothing', 'true', ''],
  ])('with %s arrives as it is', async (_what, script, expected) => {
    const end = await bench.run(script);
    expect(bench.output()).toBe(expected);
    expect(end.tail).toBe(expected);
  });

  test('arrives while the command runs', async () => {
    const run = bench.processes.run(toSpec('echo now; sleep 0.6; echo then'), bench.watch());
    expect(await until(() => bench.output() || undefined)).toBe('now\n');
    await run;
    expect(bench.output()).toBe('now\nthen\n');
  });

  test('of both kinds, from many processes, keeps its order and loses no line', async () => {
    const end = await bench.run(
      'for i in $(seq 300); do echo "out $i"; echo "err $i" >&2; done; ' +
        'for p in 1 2 3 4; do (for i in $(seq 200); do echo "line $p.$i"; done) & done; wait',
    );
    expect(end.exit).toEqual({ kind: 'exited', code: 0 });
    const lines = bench.output().trimEnd().split('\n');
    const inTurn = Array.from({ length: 300 }, (_, i) => [`out ${i + 1}`, `err ${i + 1}`]).flat();
    expect(lines.slice(0, 600)).toEqual(inTurn);
    expect(new Set(lines.slice(600)).size).toBe(800);
  });

  test('the tail has at most 64 KiB and no cut character', async () => {
    const end = await bench.run('for i in $(seq 30000); do echo ééé; done; printf x');
    expect(Buffer.byteLength(end.tail)).toBeLessThanOrEqual(64 * 1024);
    expect(end.tail).not.toContain('\uFFFD');
    expect(end.tail.endsWith('ééé\nx')).toBe(true);
  });

  test('of 200 MB comes through whole, with flat memory, and its room on the disk is given back', async () => {
    const megabytes = 200;
    let bytes = 0;
    let newlines = 0;
    let peak = 0;
    const base = process.memoryUsage().rss;
    const output = join(bench.runDirectory, 'step', 'output');
    const end = await bench.run(
      `head -c ${megabytes}000000 /dev/zero | tr "\\\\0" "x" | fold -w 99`,
      {},
      {
        onOutput: (chunk) => {
          bytes += chunk.length;
          for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) newlines += 1;
          peak = Math.max(peak, process.memoryUsage.rss());
        },
      },
    );
    expect(end.exit).toEqual({ kind: 'exited', code: 0 });
    expect(newlines).toBe(Math.ceil((megabytes * 1_000_000) / 99) - 1);
    expect(bytes).toBe(megabytes * 1_000_000 + newlines);
    expect((peak - base) / 1024 / 1024).toBeLessThan(60);
    await until(() => (statSync(output).blocks * 512 < 100_000_000 ? true : undefined));
  });

  test('that was given back is skipped by whoever adopts the command', async () => {
    await bench.run(`head -c 50000000 /dev/zero | tr "\\\\0" "x"; echo; echo the end`);
    const output = join(bench.runDirectory, 'step', 'output');
    execFileSync('fallocate', [
      '--punch-hole',
      '--offset',
      '0',
      '--length',
      String(PUNCH_BYTES),
      output,
    ]);
    let bytes = 0;
    let zeros = 0;
    await bench.processes.adopt(
      'step',
      bench.watch({
        onOutput: (chunk) => {
          bytes += chunk.length;
          if (chunk.includes(0)) zeros += 1;
        },
      }),
    );
    expect(zeros).toBe(0);
    expect(bytes).toBe(50_000_009 - PUNCH_BYTES);
  });

  test('is whole and in order when the command opens /dev/stderr and /dev/stdout itself', async () => {
    const end = await bench.run(
      'ls /nonexistent || echo failed > /dev/stderr; echo a | tee /dev/stderr; echo end > /dev/stdout',
      { env: { LC_ALL: 'C' } },
    );
    expect(bench.output()).toMatch(/^ls: .*No such file or directory\nfailed\na\na\nend\n$/);
    expect(end.tail).toBe(bench.output());
  });

  test('of what stays in the background is not waited for, and never shown late', async () => {
    await bench.run('(while :; do echo endless; sleep 0.01; done) & sleep 0.2');
    const shown = bench.output();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(bench.output()).toBe(shown);
  });
});

/** A file system of one mebibyte; only root can make one. */
function withFullDisk(run: (directory: string) => Promise<void>): Promise<void> {
  if (!canTest(isRoot(), 'the right to mount')) return Promise.resolve();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=0700', 'tmpfs', bench.directory]);
  return run(bench.directory).finally(() => execFileSync('umount', ['-l', bench.directory]));
}

describe('a full disk', () => {
  test('while the command runs does not lose its exit code', async () => {
    await withFullDisk(async () => {
      const end = await bench.run('head -c 3000000 /dev/zero | tr "\\0" x || true; exit 7');
      expect(end).toMatchObject({ exit: { kind: 'exited', code: 7 }, endedBy: 'itself' });
      expect(end.measured.diskFreeBytes).toBe(0);
    });
  });

  test('before it starts means that it is not started', async () => {
    await withFullDisk(async (directory) => {
      execFileSync(
        'sh',
        ['-c', `mkdir -p '${bench.runDirectory}'; cat /dev/zero > '${directory}/fill' || true`],
        {
          stdio: 'ignore',
        },
      );
      const result = await bench.processes.run(toSpec('echo ran > /dev/shm/never'), bench.watch());
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'ENOSPC', category: 'recoverable:resource' },
      });
      expect(() => readFileSync('/dev/shm/never')).toThrow();
    });
  });
});
