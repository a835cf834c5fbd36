import { describe, expect, test } from '@jest/globals';

import { toLines } from '../../src/failure/output.ts';
import { parseRetryAfter } from '../../src/failure/retry-after.ts';

describe('waiting time in the output', () => {
  test.each([
    ['< Retry-After: 30', 30_000],
    ['retry-after: 120', 120_000],
    ['"retry_after": 2.5', 2500],
    ['Error: rate limited, try again in 30s', 30_000],
    ['Please try again in 20 minutes.', 1_200_000],
    ['retry after 12 seconds', 12_000],
    ['You are being rate limited. Retry in 1m30s', 90_000],
    ['try again in 1 hour and 5 minutes', 3_900_000],
    ['rate limit exceeded, wait 500ms', undefined],
    ['please wait for 45 seconds before retrying', 45_000],
    ['x-ratelimit-reset-after: 7', 7000],
  ])('%s', (line, waitMs) => {
    expect(parseRetryAfter(toLines(line))).toBe(waitMs);
  });

  test('a date counts from the Date header of the same answer', () => {
    const tail = [
      '< HTTP/1.1 503 Service Unavailable',
      '< Date: Sun, 22 Nov 2026 10:00:00 GMT',
      '< Retry-After: Sun, 22 Nov 2026 10:02:00 GMT',
    ].join('\n');
    expect(parseRetryAfter(toLines(tail))).toBe(120_000);
    expect(
      parseRetryAfter(toLines('< Retry-After: Sun, 22 Nov 2026 10:02:00 GMT')),
    ).toBeUndefined();
  });

  test('the reset time of a rate limit counts from the Date header too', () => {
    const reset = Date.parse('Sun, 22 Nov 2026 10:05:00 GMT') / 1000;
    const tail = `Date: Sun, 22 Nov 2026 10:00:00 GMT\nX-RateLimit-Reset: ${reset}`;
    expect(parseRetryAfter(toLines(tail))).toBe(300_000);
  });

  test('the last word counts, and what is longer than a day is not meant as a wait', () => {
    expect(parseRetryAfter(toLines('retry after 5s\nretry after 9s'))).toBe(9000);
    expect(parseRetryAfter(toLines('retry after 900 hours'))).toBeUndefined();
    expect(parseRetryAfter(toLines('retry after 0 seconds'))).toBeUndefined();
  });
});
