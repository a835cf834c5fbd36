import { toDelayCeiling } from '../engine/retry.ts';
import { renderDuration } from '../inputs/duration.ts';
import type { RetryPolicy, Step } from '../plan/plan.ts';

/** Waits that are named one by one; more would say nothing new. */
const MOST_WAITS = 6;

/** How often and how patiently the steps would be tried: one line for those that are alike. */
export function renderSchedules(steps: readonly Pick<Step, 'id' | 'retry'>[]): readonly string[] {
  const alike = new Map<string, string[]>();
  for (const { id, retry } of steps) {
    const schedule = renderSchedule(retry);
    const ids = alike.get(schedule);
    if (ids === undefined) alike.set(schedule, [id]);
    else ids.push(id);
  }
  return [...alike].map(([schedule, ids]) => {
    const who = ids.length === steps.length ? 'every step' : ids.join(', ');
    return `[INFO] attempts of ${who}: ${schedule}`;
  });
}

function renderSchedule(retry: RetryPolicy): string {
  const { maxAttempts, budgetMs, on } = retry;
  if (maxAttempts === 1) return 'one';
  const waits = Array.from({ length: maxAttempts - 1 }, (_, index) =>
    renderDuration(toDelayCeiling(retry, index + 1)),
  );
  const shown = [...waits.slice(0, MOST_WAITS), ...(waits.length > MOST_WAITS ? ['…'] : [])];
  const what = on === undefined ? '' : ` after ${on.join(', ')}`;
  return `up to ${maxAttempts}${what}, with random waits below ${shown.join(', ')}, within ${renderDuration(budgetMs)}`;
}
