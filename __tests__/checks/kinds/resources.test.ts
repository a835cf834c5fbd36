import { describe, expect, test } from '@jest/globals';

import { decideCpu } from '../../../src/checks/kinds/cpu.ts';
import { decideRam } from '../../../src/checks/kinds/ram.ts';
import { renderBytes, toByteSystem } from '../../../src/checks/quantity.ts';
import { renderShellWord } from '../../../src/shell-word.ts';

const GIB = 2 ** 30;

describe('memory', () => {
  const host = { totalBytes: 16 * GIB, availableBytes: 12 * GIB, limits: [] };
  const service = { name: 'cgroup /ci.service', limitBytes: 2 * GIB, usedBytes: 0.5 * GIB };

  test('is what the host has available', () => {
    expect(decideRam({ availableBytes: 4 * GIB }, host)).toMatchObject({
      status: 'pass',
      found: '12 GiB available of 16 GiB',
    });
  });

  test('is what the tightest limit leaves, and the limit is named', () => {
    const limits = [{ name: 'cgroup /', limitBytes: 8 * GIB, usedBytes: GIB }, service];
    expect(decideRam({ availableBytes: 4 * GIB }, { ...host, limits })).toMatchObject({
      status: 'fail',
      found: '1.5 GiB available of 2 GiB (cgroup /ci.service)',
      remedy: expect.stringMatching(/^Raise the memory limit of cgroup \/ci\.service, now 2 GiB/u),
    });
  });

  test('is not bounded by a limit that is wider than the host', () => {
    const limits = [{ ...service, limitBytes: 64 * GIB }];
    expect(decideRam({ availableBytes: 4 * GIB }, { ...host, limits }).status).toBe('pass');
  });

  test('is none when a limit is overdrawn', () => {
    const limits = [{ ...service, usedBytes: 3 * GIB }];
    expect(decideRam({ availableBytes: GIB }, { ...host, limits })).toMatchObject({
      found: '0 available of 2 GiB (cgroup /ci.service)',
    });
  });

  test('that the host will never have is not asked to be freed', () => {
    const verdict = decideRam({ availableBytes: 32 * GIB }, host);
    expect(verdict).toMatchObject({ remedy: expect.stringContaining('can never pass') });
  });
});

describe('cores', () => {
  test('by a quota are fewer than the host has', () => {
    const facts = { cores: 8, quotas: [{ name: 'cgroup /ci.service', cores: 1.5 }] };
    expect(decideCpu({ cores: 2 }, facts)).toMatchObject({
      status: 'fail',
      found: '1.5 cores by the quota of cgroup /ci.service, out of 8',
      remedy: expect.stringContaining('CPUQuota=200%'),
    });
    expect(decideCpu({ cores: 1.5 }, facts).status).toBe('pass');
  });

  test('are not more than the host has, whatever the quota', () => {
    const facts = { cores: 1, quotas: [{ name: 'cgroup /', cores: 4 }] };
    expect(decideCpu({ cores: 2 }, facts)).toMatchObject({ status: 'fail', found: '1 core' });
  });
});

describe('a size', () => {
  test.each([
    [0, 'binary', '0'],
    [1, 'binary', '1 B'],
    [1023, 'binary', '1023 B'],
    [14 * GIB, 'binary', '14 GiB'],
    [1.99 * GIB, 'binary', '1.9 GiB'],
    [1.15e9, 'decimal', '1.1 GB'],
    [1.2e9, 'decimal', '1.2 GB'],
    [999_999_999, 'decimal', '999 MB'],
    [-5, 'decimal', '0'],
  ] as const)('%d in %s units is %s', (bytes, system, shown) => {
    expect(renderBytes(bytes, system)).toBe(shown);
  });

  test('is shown in the units that the plan was written in', () => {
    expect(toByteSystem(2e9)).toBe('decimal');
    expect(toByteSystem(2 * GIB)).toBe('binary');
    expect(toByteSystem(512 * 2 ** 20)).toBe('binary');
  });
});

test.each([
  ['/opt/app', '/opt/app'],
  ['/opt/my app', "'/opt/my app'"],
  ["it's", String.raw`'it'\''s'`],
  ['$(rm -rf /)', "'$(rm -rf /)'"],
  ['', "''"],
])('%s is typed as %s', (text, word) => {
  expect(renderShellWord(text)).toBe(word);
});
