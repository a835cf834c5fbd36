import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Attempts, Next } from '../../src/engine/retry.ts';
import { decideNext, toDelayCeiling } from '../../src/engine/retry.ts';
import type { Category } from '../../src/failure/category.ts';
import { CATEGORIES, familyOf } from '../../src/failure/category.ts';
import type { Failure } from '../../src/failure/failure.ts';
import type { Policy } from '../../src/inputs/inputs.ts';
import type { Step } from '../../src/plan/plan.ts';
import { toFailure } from '../support/engine-life.ts';
import { aPolicy, aStep, RETRY } from '../support/engine-plan.ts';

function aFailure(category: Category, overrides: Partial<Failure> = {}): Failure {
  const exit = { kind: 'exited', code: 3 } as const;
  return { ...toFailure({ id: 'a', name: 'A' }, category, exit, 'it broke'), ...overrides };
}

const FIRST: Attempts = {
  attempt: 1,
  elapsedMs: 1_000,
  lastDurationMs: 1_000,
  endedBy: 'itself',
  previous: undefined,
  remediesUsed: new Set(),
  probe: undefined,
  exitedWell: false,
  hasSurvivors: false,
};

function next(
  category: Category,
  given: {
    readonly step?: Partial<Step>;
    readonly policy?: Partial<Policy>;
    readonly attempts?: Partial<Attempts>;
    readonly failure?: Partial<Failure>;
    readonly random?: number;
  } = {},
): Next {
  const step = { ...aStep('a'), ...given.step };
  const policy = aPolicy(given.policy);
  const attempts = { ...FIRST, ...given.attempts };
  const random = () => given.random ?? 0.5;
  return decideNext(step, aFailure(category, given.failure), attempts, policy, random);
}

function inShort(decided: Next): string {
  return decided.kind === 'stop' ? decided.then : decided.kind;
}

/** The table of `on-*` inputs: what follows from the first failure, by family. */
const POLICIES = [
  { name: 'the defaults', policy: {}, transient: 'retry', critical: 'rollback' },
  { name: 'on-transient: fail', policy: { onTransient: 'fail' }, critical: 'rollback' },
  {
    name: 'on-recoverable: retry',
    policy: { onRecoverable: 'retry' },
    transient: 'retry',
    recoverable: 'retry',
    critical: 'rollback',
  },
  { name: 'on-critical: fail', policy: { onCritical: 'fail' }, transient: 'retry' },
  {
    name: 'on-unknown: retry',
    policy: { onUnknown: 'retry' },
    transient: 'retry',
    critical: 'rollback',
    unknown: 'retry',
  },
  {
    name: 'on-unknown: rollback',
    policy: { onUnknown: 'rollback' },
    transient: 'retry',
    critical: 'rollback',
    unknown: 'rollback',
  },
] as const;

describe('what follows from a category', () => {
  test.each(POLICIES)('with $name', ({ policy, ...expected }) => {
    const wanted: Partial<Record<string, string>> = expected;
    for (const category of CATEGORIES) {
      const decided = `${category}: ${inShort(next(category, { policy }))}`;
      expect(decided).toBe(`${category}: ${wanted[familyOf(category)] ?? 'fail'}`);
    }
  });

  test.each(CATEGORIES)(
    '%s: retry.on of the step overrides the inputs, but not fatal',
    (category) => {
      const step = { retry: { ...RETRY, on: [category] } };
      const policy = { onTransient: 'fail' } as const;
      const wanted = familyOf(category) === 'fatal' ? 'fail' : 'retry';
      expect(inShort(next(category, { step, policy }))).toBe(wanted);
    },
  );

  test('a retry.on that names something else ends the retries of a transient failure', () => {
    const step = { retry: { ...RETRY, on: ['transient:lock'] as const } };
    expect(inShort(next('transient:network', { step }))).toBe('fail');
  });

  test('the last attempt is followed by what the category says, and no wait', () => {
    const attempts = { attempt: 3 };
    expect(next('transient:network', { attempts })).toEqual({
      kind: 'stop',
      then: 'fail',
      why: 'all 3 attempts failed',
    });
    const step = { retry: { ...RETRY, on: ['critical'] as const } };
    expect(inShort(next('critical:health', { step, attempts }))).toBe('rollback');
  });

  test('nothing is retried or rolled back over processes that KILL did not end', () => {
    const attempts = { hasSurvivors: true };
    expect(inShort(next('transient:network', { attempts }))).toBe('fail');
    expect(inShort(next('critical:timeout', { attempts }))).toBe('fail');
  });
});

describe('remedies', () => {
  const policy = {
    remedies: new Map([
      ['resource', 'docker image prune -f'],
      ['transient:lock', 'unlock'],
      ['timeout', 'restart'],
    ]),
  };

  test('a kind is the recoverable failure of that kind, and no other', () => {
    expect(inShort(next('recoverable:resource', { policy }))).toBe('remedy');
    expect(inShort(next('critical:timeout', { policy }))).toBe('rollback');
    expect(inShort(next('transient:timeout', { policy }))).toBe('retry');
  });

  test('a full category is exactly that one', () => {
    expect(next('transient:lock', { policy })).toEqual({
      kind: 'remedy',
      name: 'transient:lock',
      command: 'unlock',
    });
  });

  test('the exact category is preferred to the kind', () => {
    const both = new Map([
      ['resource', 'the kind'],
      ['recoverable:resource', 'exactly'],
    ]);
    const decided = next('recoverable:resource', { policy: { remedies: both } });
    expect(decided).toMatchObject({ command: 'exactly' });
  });

  test('each is used once', () => {
    const attempts = { attempt: 2, remediesUsed: new Set(['resource']) };
    expect(inShort(next('recoverable:resource', { policy, attempts }))).toBe('fail');
  });

  test('its one more attempt comes even when all attempts are used up', () => {
    const attempts = { attempt: 3 };
    expect(inShort(next('recoverable:resource', { policy, attempts }))).toBe('remedy');
  });

  test('a step that may have taken effect gets none', () => {
    const step = { idempotent: false };
    expect(inShort(next('recoverable:resource', { policy, step }))).toBe('fail');
  });

  test('fatal has none', () => {
    const fatal = { remedies: new Map([['fatal:signal', 'never']]) };
    expect(inShort(next('fatal:signal', { policy: fatal }))).toBe('fail');
  });
});

describe('E3: a step that is not idempotent is retried only when that is known to be safe', () => {
  const CASES: readonly (Partial<Attempts> & {
    readonly why: string;
    readonly wanted: string;
    readonly hasOwnRetry?: boolean;
  })[] = [
    { why: 'it failed by itself, and nothing vouches for it', wanted: 'fail' },
    { why: 'it failed by itself, and has its own retry', hasOwnRetry: true, wanted: 'retry' },
    { why: 'its probe says not done', probe: 'not-done', wanted: 'retry' },
    { why: 'its probe says done', probe: 'done', hasOwnRetry: true, wanted: 'fail' },
    { why: 'its probe cannot tell', probe: 'unknown', hasOwnRetry: true, wanted: 'fail' },
    { why: 'it timed out', endedBy: 'timeout', hasOwnRetry: true, wanted: 'fail' },
    { why: 'it was killed', endedBy: 'signal', hasOwnRetry: true, wanted: 'fail' },
    {
      why: 'it timed out, but is not done',
      endedBy: 'timeout',
      probe: 'not-done',
      wanted: 'retry',
    },
    { why: 'it exited with 0 all the same', exitedWell: true, hasOwnRetry: true, wanted: 'fail' },
  ];

  test.each(CASES)('$why: $wanted', ({ wanted, ...given }) => {
    const { hasOwnRetry, ...attempts } = { hasOwnRetry: false, ...given };
    const step = { idempotent: false, hasOwnRetry };
    expect(inShort(next('transient:network', { step, attempts }))).toBe(wanted);
  });

  test('an idempotent one is retried after a timeout, if it is to be retried', () => {
    const step = { retry: { ...RETRY, on: ['critical:timeout'] as const } };
    expect(inShort(next('critical:timeout', { step, attempts: { endedBy: 'timeout' } }))).toBe(
      'retry',
    );
  });
});

describe('a failure that repeats itself exactly', () => {
  const again = (category: Category, given: Partial<Attempts> & { signature?: string } = {}) => {
    const { signature = 'it broke', ...rest } = given;
    const previous = aFailure(category, { signature });
    return inShort(next(category, { attempts: { attempt: 2, previous, ...rest } }));
  };

  test.each([
    'transient:lock',
    'transient:service',
    'transient:conflict',
    'transient:timeout',
  ] as const)('%s is not tried a third time', (category) => {
    expect(again(category)).toBe('fail');
  });

  test.each(['transient:network', 'transient:rate-limit'] as const)(
    '%s still gets its attempts',
    (category) => {
      expect(again(category)).toBe('retry');
    },
  );

  test('another error, or one that took its time, is tried again', () => {
    expect(again('transient:lock', { signature: 'something else' })).toBe('retry');
    expect(again('transient:lock', { lastDurationMs: 10_000 })).toBe('retry');
  });
});

describe('the wait before a retry', () => {
  const delay = (given: Parameters<typeof next>[1]): number => {
    const decided = next('transient:network', given);
    return decided.kind === 'retry' ? decided.delayMs : Number.NaN;
  };

  test('its ceiling grows with each attempt up to max-delay', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7].map((attempt) => toDelayCeiling(RETRY, attempt));
    expect(ceilings).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('full jitter stays between nothing and the ceiling, for any policy', () => {
    fc.assert(
      fc.property(
        fc.record({
          initialDelayMs: fc.nat(100_000),
          multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
          maxDelayMs: fc.nat(200_000),
        }),
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (delays, attempt, random) => {
          const retry = { ...RETRY, ...delays, maxAttempts: 50, budgetMs: Infinity };
          const waited = delay({ step: { retry }, attempts: { attempt }, random });
          expect(waited).toBeGreaterThanOrEqual(0);
          expect(waited).toBeLessThanOrEqual(Math.round(toDelayCeiling(retry, attempt)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what a server asks for is honoured within max-delay', () => {
    expect(delay({ failure: { retryAfterMs: 30_000 } })).toBe(30_000);
    expect(delay({ failure: { retryAfterMs: 600_000 } })).toBe(60_000);
    expect(delay({ failure: { retryAfterMs: 0 }, random: 0.5 })).toBe(1_000);
  });

  test('the budget covers attempts and waits together', () => {
    const step = { retry: { ...RETRY, budgetMs: 10_000 } };
    expect(delay({ step, attempts: { elapsedMs: 8_999 } })).toBe(1_000);
    expect(next('transient:network', { step, attempts: { elapsedMs: 9_000 } })).toEqual({
      kind: 'stop',
      then: 'fail',
      why: 'the retry budget is used up',
    });
  });
});
