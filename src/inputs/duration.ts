import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'm', ms: 60_000 },
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 },
] as const;

/** What a duration looks like: each unit at most once, from large to small. The JSON Schema's, too. */
export const DURATION_PATTERN =
  /^\s*(?=\d)(?:\d+\s*d\s*)?(?:\d+\s*h\s*)?(?:\d+\s*m(?!s)\s*)?(?:\d+\s*s\s*)?(?:\d+\s*ms\s*)?$/u;
/** The same, but more than zero. */
export const TIMER_PATTERN = new RegExp(`^(?=.*[1-9])${DURATION_PATTERN.source.slice(1)}`, 'u');
const LOOSE_PATTERN = /^(?:\d+\s*(?:d|h|ms|m|s)\s*)+$/u;
const PART = /(\d+)\s*(d|h|ms|m|s)/gu;
const EXAMPLES = 'write for example "500ms", "90s", "10m" or "1h30m"';

/** A hundred years: nothing here waits or keeps longer, and sums stay exact. */
const LONGEST_MS = 36_500 * 86_400_000;

/** Longer texts are no durations, whatever they are. */
const LONGEST_TEXT = 64;

/** Milliseconds from text such as `500ms`, `90s`, `1h30m`, `30d`; the error is a sentence without a subject. */
export function parseDuration(text: string): Result<number, string> {
  const trimmed = text.trim();
  if (trimmed === '') return failure(`is empty: ${EXAMPLES}`);
  const shown = `"${trimmed.slice(0, LONGEST_TEXT)}"`;
  if (/^\d+(?:\.\d+)?$/u.test(trimmed)) {
    return failure(
      `${shown} has no unit: write "${trimmed}s" for seconds, "${trimmed}m" for minutes`,
    );
  }
  if (trimmed.length > LONGEST_TEXT || !LOOSE_PATTERN.test(trimmed)) {
    return failure(`${shown} is not a duration: ${EXAMPLES}`);
  }
  let total = 0;
  let previous = -1;
  for (const [, digits, name] of trimmed.matchAll(PART)) {
    const index = UNITS.findIndex((unit) => unit.name === name);
    if (index === previous) return failure(`${shown} names a unit twice: ${EXAMPLES}`);
    if (index < previous) return failure(`${shown} has its units out of order: ${EXAMPLES}`);
    previous = index;
    total += Number(digits) * (UNITS[index]?.ms ?? 0);
  }
  if (total > LONGEST_MS) return failure(`${shown} is longer than 100 years (36500d)`);
  return success(total);
}

/** What a timer can count: 24 days. */
const LONGEST_TIMER_MS = 24 * 86_400_000;

/** A time to wait, zero included: no more than a timer can count. */
export function parseDelay(text: string): Result<number, string> {
  const result = parseDuration(text);
  if (!result.ok || result.value <= LONGEST_TIMER_MS) return result;
  return failure(`"${text}" is too long: at most ${renderDuration(LONGEST_TIMER_MS)}`);
}

/** A time limit: more than zero, and no more than a timer can count. */
export function parseTimer(text: string): Result<number, string> {
  const result = parseDelay(text);
  return result.ok && result.value === 0 ? failure(`"${text}" must be more than zero`) : result;
}

/** A duration for people: `340 ms`, `2.4 s`, `45 s`, `1m 12s`, `2d 3h`. */
export function renderDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole} ms`;
  if (whole < 9950) return `${(whole / 1000).toFixed(1).replace(/\.0$/u, '')} s`;
  const seconds = Math.round(whole / 1000);
  if (seconds < 60) return `${seconds} s`;
  let rest = seconds * 1000;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.ms);
    if (count > 0) parts.push(`${count}${unit.name}`);
    rest -= count * unit.ms;
  }
  return parts.join(' ');
}
