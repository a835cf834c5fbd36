import { describe, expect, test } from '@jest/globals';
import { changedParts, toFingerprint } from '../../src/plan/fingerprint.ts';
import type { FingerprintedStep, HashedFile } from '../../src/plan/fingerprint.ts';
import { stepOf } from './plan-builder.ts';

const STEP: FingerprintedStep = {
  script: { text: 'make' },
  shell: 'bash',
  env: { A: '1', B: '2' },
};
const FILES: readonly HashedFile[] = [
  { path: 'a', sha256: '00' },
  { path: 'b', sha256: '11' },
];

function changesOf(change: Partial<FingerprintedStep>, files = FILES): readonly string[] {
  return changedParts(toFingerprint(STEP, FILES), toFingerprint({ ...STEP, ...change }, files));
}

describe('a fingerprint', () => {
  test('tells what has changed', () => {
    expect(changesOf({ script: { text: 'make all' } })).toEqual(['run']);
    expect(changesOf({ shell: 'sh' })).toEqual(['shell']);
    expect(changesOf({ workingDirectory: 'app' })).toEqual(['working_directory']);
    expect(changesOf({ env: { A: '1' } })).toEqual(['env']);
    expect(changesOf({}, [{ path: 'a', sha256: '01' }])).toEqual(['files']);
    expect(changesOf({ shell: 'sh', env: {} }, [])).toEqual(['shell', 'env', 'files']);
  });

  test('does not depend on order, or on where the script stands', () => {
    const source = { file: 'x', line: 1, column: 1, linear: true };
    const step = { env: { B: '2', A: '1' }, script: { text: 'make', source } };
    expect(changesOf(step, [...FILES].reverse())).toEqual([]);
  });

  test('keeps names and values apart', () => {
    expect(changesOf({ env: { A: '1B', '': '2' } })).toEqual(['env']);
    expect(
      changesOf({}, [
        { path: 'a0', sha256: '0' },
        { path: 'b', sha256: '11' },
      ]),
    ).toEqual(['files']);
  });

  test('is of what a step does, not of its labels or policy', () => {
    const before = stepOf('name: One\ntimeout: 1m', 'env: { A: b }');
    const now = stepOf(
      'name: Two\ntimeout: 2m\nretry: { max-attempts: 9 }\nenv: { A: b }\nrollback: x\nirreversible: true',
    );
    expect(changedParts(toFingerprint(before, []), toFingerprint(now, []))).toEqual([]);
    expect(Object.values(toFingerprint(now, []))).toEqual(
      Array(5).fill(expect.stringMatching(/^[0-9a-f]{64}$/)),
    );
  });
});
