import { countChoices } from '../plan/match-cost.ts';
import type { ClassifyRule } from '../plan/plan.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { SIGNAL_NUMBERS } from '../state/record.ts';
import type { Exit } from '../state/record.ts';
import { toExitCode } from '../state/record.ts';

/** How the plan's rules decided. */
export interface OwnVerdict {
  /** Counted from 1, as people count. */
  readonly position: number;
  readonly rule: ClassifyRule;
  /** The line that matched; undefined for rules without `match`. */
  readonly line?: string;
}

const MAX_PATTERN_CHARS = 1000;
const MAX_MATCHED_LINES = 500;
const MAX_MATCHED_LINE_CHARS = 2000;
/** A pattern with several open repeats may take a power of the line's length: by their number, it sees less of it. */
const MOST_CHARS = [MAX_MATCHED_LINE_CHARS, MAX_MATCHED_LINE_CHARS, 300, 100];
const FEWEST_CHARS = 50;

/**
 * Makes the expression of a rule, unless it could run for ever: a repeat inside a repeat, `(a+)+`, takes
 * exponential time on a line made for it, and no bound on the line helps. The error is a sentence.
 */
export function parsePattern(source: string): Result<RegExp, string> {
  if (source.length > MAX_PATTERN_CHARS) {
    return failure(`is longer than ${MAX_PATTERN_CHARS} characters`);
  }
  if (hasNestedRepeat(source)) {
    return failure(
      'repeats a group that itself repeats, which can take for ever: write it without the inner repeat',
    );
  }
  try {
    return success(new RegExp(source, 'u'));
  } catch {
    try {
      return success(new RegExp(source));
    } catch (error) {
      if (error instanceof SyntaxError)
        return failure(`is not a regular expression: ${error.message}`);
      throw error;
    }
  }
}

/** The first rule of the plan all of whose conditions hold. */
export function decideByOwnRules(
  rules: readonly ClassifyRule[],
  exit: Exit,
  lines: readonly string[],
): { readonly verdict: OwnVerdict | undefined; readonly notes: readonly string[] } {
  const notes: string[] = [];
  for (const [index, rule] of rules.entries()) {
    if (rule.exitCode === undefined && rule.signal === undefined && rule.match === undefined)
      continue;
    if (rule.exitCode !== undefined && rule.exitCode !== toExitCode(exit)) continue;
    if (rule.signal !== undefined && !diedOf(exit, rule.signal)) continue;
    if (rule.match === undefined) return { verdict: { position: index + 1, rule }, notes };
    const pattern = parsePattern(rule.match);
    if (!pattern.ok) {
      notes.push(`rule ${index + 1} of classify was left out: match ${pattern.error}`);
      continue;
    }
    const line = findLine(pattern.value, lines);
    if (line !== undefined) return { verdict: { position: index + 1, rule, line }, notes };
  }
  return { verdict: undefined, notes };
}

function findLine(pattern: RegExp, lines: readonly string[]): string | undefined {
  const most = MOST_CHARS[countChoices(pattern.source).open] ?? FEWEST_CHARS;
  return lines
    .slice(-MAX_MATCHED_LINES)
    .reverse()
    .find((line) => pattern.test(line.slice(0, most)));
}

/** `SIGTERM` and `TERM` are the same; a shell that reports 128+n reports a signal. */
function diedOf(exit: Exit, signal: string): boolean {
  const name = signal.toUpperCase().startsWith('SIG')
    ? signal.toUpperCase()
    : `SIG${signal.toUpperCase()}`;
  if (exit.kind === 'signalled') return exit.signal === name;
  const number = SIGNAL_NUMBERS[name];
  return number !== undefined && exit.code === 128 + number;
}

/** One pass over the pattern, with the groups that are open: does a repeated one hold a repeat? */
function hasNestedRepeat(source: string): boolean {
  const open: { repeats: boolean }[] = [{ repeats: false }];
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') open.push({ repeats: false });
    else if (char === ')') {
      const closed = open.pop() ?? { repeats: false };
      const around = open.at(-1) ?? { repeats: false };
      if (open.length === 0) open.push(around);
      const repeated = isRepeat(source, at + 1);
      if (repeated && closed.repeats) return true;
      if (repeated || closed.repeats) around.repeats = true;
    } else if (isRepeat(source, at)) {
      const around = open.at(-1);
      if (around !== undefined) around.repeats = true;
    }
  }
  return false;
}

/** A repeat without a small upper bound. */
function isRepeat(source: string, at: number): boolean {
  const char = source[at];
  if (char === '*' || char === '+') return true;
  const bounds = /^\{\d*,(\d*)\}/u.exec(source.slice(at, at + 12));
  return bounds !== null && (bounds[1] === '' || Number(bounds[1]) > 10);
}

function endOfClass(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === ']') return at;
  }
  return source.length;
}
