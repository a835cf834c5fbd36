import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSize, SIZE_PATTERN } from '../../src/inputs/size.ts';

describe('parseSize', () => {
  test.each([
    ['512MB', 512e6],
    ['2GB', 2e9],
    ['2GiB', 2 * 2 ** 30],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['10 kB', 10_000],
    ['7B', 7],
  ])('reads %s', (text, bytes) => {
    expect(parseSize(text)).toEqual({ ok: true, value: bytes });
  });

  test.each([
    ['10', 'has no unit'],
    ['2gb', 'Did you mean "2GB"?'],
    ['2G', 'Did you mean "2GB"?'],
    ['2gib', 'Did you mean "2GiB"?'],
    ['lots', 'is not a size'],
    ['', 'is empty'],
    ['5 constructor', 'has an unknown unit'],
    ['-1GB', 'is not a size'],
    ['99999999999TB', 'larger than can be counted'],
  ])('refuses %j with a hint', (text, hint) => {
    const result = parseSize(text);
    expect(!result.ok && result.error).toContain(hint);
  });

  test('never throws, and accepts only what the pattern for editors accepts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,3} ?[kKMGTi]{0,2}B$/)), (text) => {
        expect(parseSize(text).ok).toBe(SIZE_PATTERN.test(text));
      }),
    );
  });
});
