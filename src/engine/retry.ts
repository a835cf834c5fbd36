import type { Category, CategoryPattern } from '../failure/category.ts';
import { familyOf, kindOf, matchesCategory } from '../failure/category.ts';
import type { Failure } from '../failure/failure.ts';
import type { Policy } from '../inputs/inputs.ts';
import type { RetryPolicy, Step } from '../plan/plan.ts';
import type { EndedBy } from '../state/record.ts';
import type { ProbeAnswer } from './events.ts';

/** Failures faster than this that repeat exactly are the same failure, not bad luck. */
const SAME_FAILURE_WITHIN_MS = 10_000;

/** What happens after a failed attempt. */
export type Next =
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Run the remedy, then one more attempt. */
  | { readonly kind: 'remedy'; readonly name: string; readonly command: string }
  | { readonly kind: 'stop'; readonly then: 'fail' | 'rollback'; readonly why: string | undefined };

/** What the attempts of a step have come to so far. */
export interface Attempts {
  /** The number of the attempt that just failed, counted from 1. */
  readonly attempt: number;
  /** Milliseconds since the first attempt of this run began. */
  readonly elapsedMs: number;
  readonly lastDurationMs: number;
  readonly endedBy: EndedBy;
  readonly previous: Failure | undefined;
  /** Names of the remedies already used for this step. */
  readonly remediesUsed: ReadonlySet<string>;
  /** The probe's word after the failure; undefined when the step has none or it was not asked. */
  readonly probe: ProbeAnswer | undefined;
  /** The command itself exited with 0: what made the attempt a failure came after. */
  readonly exitedWell: boolean;
  /** The commands of the last attempt that KILL did not end. */
  readonly hasSurvivors: boolean;
}

/** The policy table: what follows from a failed attempt of a step. */
export function decideNext(
  step: Pick<Step, 'idempotent' | 'hasOwnRetry' | 'retry'>,
  failure: Failure,
  attempts: Attempts,
  policy: Policy,
  random: () => number,
): Next {
  const then = decideThen(failure.category, policy);
  const stop = (why?: string): Next => ({ kind: 'stop', then, why });
  if (familyOf(failure.category) === 'fatal') return stop();
  if (attempts.hasSurvivors) {
    const why = 'processes of the last attempt are still alive';
    return { kind: 'stop', then: 'fail', why }; // no rollback goes over them either
  }
  const unsafe = decideUnsafe(step, attempts);
  if (unsafe !== undefined) return stop(unsafe);
  const remedy = findRemedy(failure.category, policy);
  if (remedy !== undefined && !attempts.remediesUsed.has(remedy.name)) {
    return { kind: 'remedy', ...remedy };
  }
  if (!isRetried(failure.category, step.retry.on, policy)) return stop();
  if (attempts.attempt >= step.retry.maxAttempts) {
    return stop(
      step.retry.maxAttempts > 1 ? `all ${step.retry.maxAttempts} attempts failed` : undefined,
    );
  }
  if (repeatsItself(failure, attempts)) return stop('it failed twice in exactly the same way');
  const delayMs = toDelay(step.retry, attempts.attempt, failure.retryAfterMs, random);
  if (attempts.elapsedMs + delayMs >= step.retry.budgetMs)
    return stop('the retry budget is used up');
  return { kind: 'retry', delayMs };
}

function decideThen(category: Category, policy: Policy): 'fail' | 'rollback' {
  if (familyOf(category) === 'critical') return policy.onCritical;
  if (familyOf(category) === 'unknown')
    return policy.onUnknown === 'rollback' ? 'rollback' : 'fail';
  return 'fail';
}

/** E3: a step that is not idempotent is tried again only when that is known to be safe. */
function decideUnsafe(
  step: Pick<Step, 'idempotent' | 'hasOwnRetry'>,
  attempts: Attempts,
): string | undefined {
  if (step.idempotent || attempts.probe === 'not-done') return undefined;
  const failedByItself = attempts.endedBy === 'itself' && !attempts.exitedWell;
  // The step's own `retry` vouches for that, unless there is a probe, which knows better.
  if (failedByItself && step.hasOwnRetry && attempts.probe === undefined) return undefined;
  return 'the step is not idempotent and may have taken effect';
}

function findRemedy(
  category: Category,
  policy: Policy,
): { readonly name: string; readonly command: string } | undefined {
  const exact = policy.remedies.get(category);
  if (exact !== undefined) return { name: category, command: exact };
  // A kind alone means the recoverable failure of that kind: `timeout` is no licence to touch a
  // target that a critical timeout may have left broken.
  if (familyOf(category) !== 'recoverable') return undefined;
  const kind = kindOf(category);
  const command = policy.remedies.get(kind);
  return command === undefined ? undefined : { name: kind, command };
}

function isRetried(
  category: Category,
  on: readonly CategoryPattern[] | undefined,
  policy: Policy,
): boolean {
  if (on !== undefined) return on.some((pattern) => matchesCategory(pattern, category));
  switch (familyOf(category)) {
    case 'transient':
      return policy.onTransient === 'retry';
    case 'recoverable':
      return policy.onRecoverable === 'retry';
    case 'unknown':
      return policy.onUnknown === 'retry';
    case 'critical':
    case 'fatal':
      return false;
  }
}

function repeatsItself(failure: Failure, attempts: Attempts): boolean {
  if (failure.category === 'transient:network' || failure.category === 'transient:rate-limit') {
    return false;
  }
  return (
    attempts.previous?.category === failure.category &&
    attempts.previous.signature === failure.signature &&
    attempts.lastDurationMs < SAME_FAILURE_WITHIN_MS
  );
}

/** Longest possible wait after attempt `attempt`, in milliseconds: what the plan prints. */
export function toDelayCeiling(retry: RetryPolicy, attempt: number): number {
  return Math.min(retry.maxDelayMs, retry.initialDelayMs * retry.multiplier ** (attempt - 1));
}

/** Full jitter: anything up to the ceiling, but what a server asked for is honoured within `max-delay`. */
function toDelay(
  retry: RetryPolicy,
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const jittered = Math.round(random() * toDelayCeiling(retry, attempt));
  return Math.min(retry.maxDelayMs, Math.max(jittered, retryAfterMs ?? 0));
}
