import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DURATION_PATTERN,
  parseDelay,
  parseDuration,
  parseTimer,
  renderDuration,
  TIMER_PATTERN,
} from '../../src/inputs/duration.ts';

describe('parseDuration', () => {
  test.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['30d', 30 * 86_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    [' 1h 30m ', 5_400_000],
    ['0s', 0],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });

  test.each([
    ['30', 'has no unit: write "30s" for seconds'],
    ['', 'is empty'],
    ['5x', 'is not a duration'],
    ['-5s', 'is not a duration'],
    ['1.5h', 'is not a duration'],
    ['30m1h', 'out of order'],
    ['5s5s', 'names a unit twice'],
    ['99999999999999999999d', 'longer than 100 years'],
    [`${'9'.repeat(400)}s`, 'is not a duration'],
  ])('refuses %j with a hint', (text, hint) => {
    const result = parseDuration(text);
    expect(result.ok).toBe(false);
    expect(!result.ok && result.error).toContain(hint);
  });

  test('never throws, and agrees with the pattern that editors get', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9]{0,3}(d|h|m|s|ms)[0-9]{1,2}(h|m|s|ms) ?$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const result = parseDuration(text);
        expect(result.ok).toBe(DURATION_PATTERN.test(text) && text.trim().length <= 64);
      }),
      { numRuns: 500 },
    );
  });
});

describe('time limits', () => {
  test('must be more than zero, in the pattern as well', () => {
    expect(parseTimer('0s')).toEqual({ ok: false, error: '"0s" must be more than zero' });
    expect(TIMER_PATTERN.test('0h0s')).toBe(false);
    expect(TIMER_PATTERN.test('0h10s')).toBe(true);
    expect(parseDelay('0s')).toEqual({ ok: true, value: 0 });
  });

  test('are not longer than a timer can count', () => {
    expect(parseTimer('24d').ok).toBe(true);
    expect(parseTimer('25d')).toEqual({ ok: false, error: '"25d" is too long: at most 24d' });
    expect(parseDelay('30d').ok).toBe(false);
  });
});

describe('renderDuration', () => {
  test.each([
    [0, '0 ms'],
    [340.4, '340 ms'],
    [999.6, '1 s'],
    [2400, '2.4 s'],
    [9949, '9.9 s'],
    [9951, '10 s'],
    [59_600, '1m'],
    [72_000, '1m 12s'],
    [3_600_000, '1h'],
    [93_784_005, '1d 2h 3m 4s'],
    [-5, '0 ms'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(renderDuration(ms)).toBe(text);
  });

  test('is read back as the same duration, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000 }), (seconds) => {
        expect(parseDuration(renderDuration(seconds * 1000))).toEqual({
          ok: true,
          value: seconds * 1000,
        });
      }),
    );
  });
});
