import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CacheKey } from '../../src/state/cache-key.ts';
import {
  MOST_KEYS,
  parseCacheKey,
  parseCurrentKey,
  toAttemptPrefix,
  toCacheKey,
  toCurrentKey,
  toDeploymentPrefix,
  toEarlierKeys,
  toFirstQuestion,
  toLaterKeys,
  toRunName,
} from '../../src/state/cache-key.ts';
import { toDeploymentName, toTargetName } from '../../src/state/identity.ts';
import { targetParts } from '../support/records.ts';

const word = fc.string({ unit: 'binary', maxLength: 300 });
const keys: fc.Arbitrary<CacheKey> = fc.record({
  target: fc
    .tuple(word, word, word)
    .map(([repository, job, matrix]) => toTargetName(targetParts({ repository, job, matrix }))),
  deployment: word.map(toDeploymentName),
  run: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }).map(String), word).map(toRunName),
  attempt: fc.integer({ min: 1, max: 999_999_999 }),
  sequence: fc.integer({ min: 1, max: 999_999_999_999_999 }),
});

describe('the key of an entry', () => {
  test('is one that every server takes: short, lower case, no comma, nothing to escape', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const text = toCacheKey(key);
        expect(text.length).toBeLessThanOrEqual(512);
        expect(text).toMatch(/^[a-z0-9._/-]+$/);
      }),
    );
  });

  test('says all that it was made of, in whatever letter case it comes back', () => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(parseCacheKey(toCacheKey(key))).toEqual(key);
        expect(parseCacheKey(toCacheKey(key).toUpperCase())).toEqual(key);
      }),
    );
  });

  test('is never the beginning of another, and no prefix of one deployment fits another', () => {
    const ids = fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(keys, keys, ids, (one, other, [id, more]) => {
        const near = { ...one, deployment: toDeploymentName(id) };
        const nearer = { ...one, deployment: toDeploymentName(id + more) };
        for (const [a, b] of [
          [one, other],
          [near, nearer],
          [one, { ...one, sequence: one.sequence * 10 }],
          [one, { ...one, attempt: one.attempt * 10 }],
        ] as const) {
          const same = toCacheKey(a) === toCacheKey(b);
          expect(toCacheKey(b).startsWith(toCacheKey(a))).toBe(same);
          const sameDeployment = a.target === b.target && a.deployment === b.deployment;
          expect(toCacheKey(b).startsWith(toDeploymentPrefix(a))).toBe(sameDeployment);
          const sameAttempt = sameDeployment && a.run === b.run && a.attempt === b.attempt;
          expect(toCacheKey(b).startsWith(toAttemptPrefix(a))).toBe(sameAttempt);
        }
      }),
    );
  });

  test.each([
    '',
    'preflight-v1/',
    'node-modules-abc',
    'preflight-v1/shop-0123456789/4711-0123456789/r1/a1/s1',
    'preflight-v1/shop-0123456789/4711-0123456789/r1/a1/s1/x/',
    'preflight-v1/../4711-0123456789/r1/a1/s1/',
    'preflight-v1/shop-0123456789/current/4711-0123456789/r1/a1/',
    'preflight-v2/shop-0123456789/4711-0123456789/r1/a1/s1/',
  ])('that is none of ours is not read: %s', (text) => {
    expect(parseCacheKey(text)).toBeUndefined();
  });
});

describe('which deployment is current', () => {
  test('is told by a key that no deployment has', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const text = toCurrentKey(key);
        expect(parseCurrentKey(text, key.target)).toBe(key.deployment);
        expect(parseCacheKey(text)).toBeUndefined();
        expect(text.startsWith(toDeploymentPrefix(key))).toBe(false);
      }),
    );
  });

  test('is not told by the key of another target', () => {
    const key = {
      target: 'a-0123456789',
      deployment: 'b-0123456789',
      run: '1',
      attempt: 1,
      sequence: 1,
    };
    expect(parseCurrentKey(toCurrentKey(key), 'c-0123456789')).toBeUndefined();
  });
});

describe('a question', () => {
  test('is never longer than a client takes', () => {
    fc.assert(
      fc.property(keys, (key) => {
        for (const asked of [toFirstQuestion(key), toLaterKeys(key), toEarlierKeys(key)]) {
          expect(asked.length).toBeLessThanOrEqual(MOST_KEYS);
        }
      }),
    );
  });

  test('asks for the highest attempt first, and for any run last', () => {
    const key = { target: 'a-0123456789', deployment: 'b-0123456789', run: '7', attempt: 3 };
    expect(toFirstQuestion(key).map((text) => text.slice(toDeploymentPrefix(key).length))).toEqual([
      'r7/a3/',
      'r7/a2/',
      'r7/a1/',
      '',
    ]);
  });
});
