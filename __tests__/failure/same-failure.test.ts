import { describe, expect, test } from '@jest/globals';

import { normaliseError } from '../../src/failure/same-failure.ts';

describe('whether two failures are the same', () => {
  test('times, durations, process ids, hashes and temporary files do not count', () => {
    const first =
      '2026-11-22T10:46:00.123Z worker[4711] failed after 350ms (0x7f3bf3edd476)\nsee /tmp/tmp.Xa81/log 65b52c6f0d at 10:46:00';
    const second =
      '2026-11-22T10:46:05.991Z worker[4802] failed after 1.2s (0x7f00000000aa)\nsee /tmp/tmp.Qq00/log f8e97ca012 at 10:46:05';
    expect(normaliseError(first)).toBe(normaliseError(second));
  });

  test('another error is another failure', () => {
    expect(normaliseError('Error: schema is locked')).not.toBe(
      normaliseError('Error: schema is missing'),
    );
  });

  test('retries in between do not count', () => {
    expect(normaliseError('boom, retrying in 1s\nboom')).toBe(
      normaliseError('boom, retrying in 1s\nboom, retrying in 3s\nboom'),
    );
  });

  test('silence is the empty text', () => {
    expect(normaliseError('')).toBe('');
  });
});
