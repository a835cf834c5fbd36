import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { renderSuggestion } from './suggest.ts';

/** Turns an input's text into a value; the error is a sentence without a subject. */
export type Parse<T> = (text: string) => Result<T, string>;

const SHOWN_LENGTH = 60;

/** Text as a person wrote it, cut to what fits in a sentence. */
export function renderText(text: string): string {
  return JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);
}

/** One of some words. */
export function oneOf<T extends string>(words: readonly T[]): Parse<T> {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return success(found);
    const list = words.join(', ');
    return failure(
      `cannot be ${renderText(text)}.${renderSuggestion(text, words)} Allowed: ${list}`,
    );
  };
}

/** A number in figures, whole or not, within bounds. */
export function parseNumber(kind: 'whole' | 'any', least: number, most: number): Parse<number> {
  const pattern = kind === 'whole' ? /^\d+$/u : /^\d+(?:\.\d+)?$/u;
  const wanted = `${kind === 'whole' ? 'a whole number' : 'a number'} from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (pattern.test(text) && value >= least && value <= most) return success(value);
    return failure(`must be ${wanted}, not ${renderText(text)}`);
  };
}

/** A name or path: anything on one line. */
export function parseLine(text: string): Result<string, string> {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\u001f\u007f]/u.test(text)) {
    return failure(`must be one line without control characters, not ${renderText(text)}`);
  }
  return success(text);
}

/** A path from the root: a relative one would lie in the checkout, which is cleaned. */
export function parseAbsolutePath(text: string): Result<string, string> {
  if (!text.startsWith('/')) {
    return failure(`must be an absolute path, one that begins with "/", not ${renderText(text)}`);
  }
  return parseLine(text);
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** Names of environment variables with blanks, commas or newlines between. */
export function parseVariables(text: string): Result<readonly string[], string> {
  const names = text.split(/[\s,]+/u).filter((name) => name !== '');
  const wrong = names.filter((name) => !VARIABLE.test(name));
  if (wrong.length === 0) return success([...new Set(names)]);
  // A value in place of a name may be the very secret: it is not shown.
  const count = wrong.length === 1 ? 'one entry is' : `${wrong.length} entries are`;
  return failure(
    `takes names of environment variables, such as "DATABASE_URL", not values: ${count} no such name`,
  );
}

/** Commands, one a line; blank lines and comments are left out. */
export function toCommands(text: string): readonly string[] {
  const lines = text.split(/\r?\n/u).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * JSON with sorted keys and without blanks, so that equal values give equal text. Empty where there is
 * no matrix: GitHub says `null` then, act says `{}`.
 */
export function parseMatrix(text: string): Result<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return failure(`must be JSON, not ${renderText(text)}`);
  }
  const canonical = JSON.stringify(sortKeys(value));
  return success(canonical === 'null' || canonical === '{}' ? '' : canonical);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
