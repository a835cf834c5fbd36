import { describe, expect, test } from '@jest/globals';
import { findFault, isHopeless, toFault } from '../../src/state/cache-fault.ts';

/** What the client printed when it met each of these, as recorded with version 6.3 of it. */
const RECORDED: readonly (readonly [string, readonly string[], string, 'refused' | 'failed'])[] = [
  [
    'a token that is not accepted',
    [
      '::debug::Failed to reserve cache: Error: Failed to CreateCacheEntry: Received non-retryable error: Failed request: (401) Unauthorized: bad token',
      'Failed to save: Unable to reserve cache with key k, another job may be creating this cache.',
    ],
    "the service does not accept this job's token (401)",
    'refused',
  ],
  [
    'a key that is taken',
    [
      '::debug::Failed to reserve cache: Error: Failed to CreateCacheEntry: Received non-retryable error: Failed request: (409) Conflict: taken',
      'Failed to save: Unable to reserve cache with key k, another job may be creating this cache.',
    ],
    'the name of the entry is taken (409)',
    'failed',
  ],
  [
    'a read-only token',
    [
      '::warning::Failed to save: Unable to reserve cache with key k. More details: cache write denied: policy',
    ],
    "this job's token may not write to the cache",
    'refused',
  ],
  [
    'too many requests',
    [
      "::warning::You've hit a rate limit, your rate limit will reset in 9 seconds",
      '::warning::Failed to restore: Failed to GetCacheEntryDownloadURL: Rate limited: Failed request: (429) Too Many Requests',
    ],
    'the service had too many requests (429)',
    'failed',
  ],
  [
    'a blob that is gone',
    ['Cache hit for: k', '::warning::Failed to restore: Cache service responded with 404'],
    'it is not where the service says it is (404)',
    'failed',
  ],
  [
    'a mode without writes',
    ["Cache save skipped: the effective cache-mode 'read' does not permit writes."],
    "this job's token may not write to the cache",
    'refused',
  ],
  [
    'something new, without the address',
    ['::warning::Failed to save: odd thing at https://blob.example/x?sig=abc happened'],
    'the client said "odd thing at (address) happened"',
    'failed',
  ],
];

describe('what the client prints', () => {
  test.each(RECORDED)('tells of %s', (_, printed, reason, kind) => {
    expect(findFault(printed)).toEqual({ kind, reason });
  });

  test('is no complaint when all went well', () => {
    const printed = [
      '::debug::Reserving Cache',
      '::add-mask::x',
      'Cache hit for: k',
      'Cache Size: ~0 MB (928 B)',
    ];
    expect(findFault(printed)).toBeUndefined();
  });

  test('never quotes a signed address', () => {
    const fault = toFault('', 'x https://h/b?sig=secret y');
    expect(fault.reason).not.toContain('secret');
  });

  test('says when trying again is of no use', () => {
    const line = (attempt: number): string =>
      `Attempt ${attempt} of 5 failed with error: Unexpected token '<', "<html>" is not valid JSON. Retrying request in 3000 ms...`;
    expect(isHopeless(line(1))).toBe(false);
    expect(isHopeless(line(2))).toBe(true);
  });
});
