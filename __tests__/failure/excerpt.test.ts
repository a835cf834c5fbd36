import { describe, expect, test } from '@jest/globals';

import { toExcerpt } from '../../src/failure/excerpt.ts';

const TEN = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\n');

describe('the excerpt around a failing line', () => {
  test('has three lines on either side', () => {
    expect(toExcerpt(TEN, 5)).toEqual({
      first: 2,
      lines: ['line 2', 'line 3', 'line 4', 'line 5', 'line 6', 'line 7', 'line 8'],
      failing: 5,
    });
  });

  test.each([
    [1, 1, 4],
    [10, 7, 4],
  ])('of line %i ends where the file does', (line, first, count) => {
    const excerpt = toExcerpt(TEN, line);

    expect(excerpt?.first).toBe(first);
    expect(excerpt?.lines).toHaveLength(count);
  });

  test('does not count the end of the last line as a line', () => {
    expect(toExcerpt('a\nb\n', 2)?.lines).toEqual(['a', 'b']);
    expect(toExcerpt('a\nb\n', 3)).toBeUndefined();
  });

  test.each([0, -1, 1.5, 11, Number.NaN])('of line %d, which is not there, is nothing', (line) => {
    expect(toExcerpt(TEN, line)).toBeUndefined();
  });

  test('is nothing for an empty file', () => {
    expect(toExcerpt('', 1)).toBeUndefined();
  });

  test('cuts long lines between characters and drops carriage returns', () => {
    const [line = ''] = toExcerpt(`${'a'.repeat(238)}😀${'b'.repeat(5000)}\r\n`, 1)?.lines ?? [];

    expect(line).toBe(`${'a'.repeat(238)}…`);
    expect(toExcerpt('a\r\nb\r\n', 1)?.lines).toEqual(['a', 'b']);
  });
});
