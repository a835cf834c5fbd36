import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  bootId,
  isAlive,
  isGroupAlive,
  ownProcess,
  pidNamespace,
  processStartTime,
} from '../../src/edges/process-identity.ts';
import { temporaryFolder } from '../support/folders.ts';

describe('a process', () => {
  test('that is this one is alive', () => {
    expect(ownProcess()).toEqual({
      pid: process.pid,
      start_time: expect.stringMatching(/^\S+$/),
      boot_id: bootId(),
    });
    expect(isAlive(ownProcess())).toBe('alive');
  });

  test.each([
    ['a pid that was given to another one', { start_time: '1' }],
    ['an earlier boot', { boot_id: 'another boot' }],
    ['a pid that nobody has', { pid: 2 ** 31 - 1 }],
  ])('is dead when named by %s', (_, overrides) => {
    expect(isAlive({ ...ownProcess(), ...overrides })).toBe('dead');
    expect(isGroupAlive({ ...ownProcess(), ...overrides })).toBe(false);
  });

  test.each([
    ['start time', { start_time: '' }],
    ['boot id', { boot_id: '' }],
  ])('of unknown %s may be alive', (_, overrides) => {
    expect(isAlive({ ...ownProcess(), ...overrides })).toBe('unknown');
  });

  test('is dead once it has ended', async () => {
    const child = spawn('sleep', ['60']);
    const pid = child.pid ?? 0;
    const ref = { pid, start_time: processStartTime(pid) ?? '', boot_id: bootId() };
    expect(isAlive(ref)).toBe('alive');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(ref)).toBe('dead');
    expect(processStartTime(pid)).toBeUndefined();
  });

  test('may have any name without being mistaken for another', async () => {
    const folder = temporaryFolder();
    const program = join(folder.path, 'a) Z 1 (b');
    copyFileSync('/bin/sleep', program);
    const child = spawn(program, ['60']);
    try {
      await once(child, 'spawn');
      const pid = child.pid ?? 0;
      expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain('(a) Z 1 (b)');
      const start_time = processStartTime(pid) ?? '';
      expect(start_time).toMatch(/^\d{3,}$/);
      expect(isAlive({ pid, start_time, boot_id: bootId() })).toBe('alive');
    } finally {
      child.kill('SIGKILL');
      folder.remove();
    }
  });
});

describe('a host', () => {
  test('has one boot id and one pid namespace while it runs', () => {
    expect(bootId()).toMatch(/^[0-9A-Fa-f-]{36}$/);
    expect(bootId()).toBe(bootId());
    expect(pidNamespace()).toMatch(/^\d*$/);
  });
});
