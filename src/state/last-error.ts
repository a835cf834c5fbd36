import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { LastError } from './record.ts';
import { renderShellWord } from '../shell-word.ts';
import { readWord } from './read-word.ts';

const KEYS = ['timestamp', 'script', 'line', 'exit_code', 'category'] as const;
type Key = (typeof KEYS)[number];

/** What would break a line, or what some shells mangle between single quotes. */
// eslint-disable-next-line no-control-regex -- control characters are the point
const CONTROL = /[\u0000-\u001f\u007f]/;
// eslint-disable-next-line no-control-regex -- control characters are the point
const ESCAPED = /[\u0000-\u001f\u007f'\\]/g;

/**
 * `.last-error` as five assignments, one a line, that any POSIX shell can source and that run nothing
 * whatever the values are. A NUL, which no shell variable can hold, becomes U+FFFD (as half a surrogate
 * pair does when the text is written).
 */
export function renderLastError(error: LastError): string {
  return KEYS.map((key) => `${key}=${toShellWord(error[key].replaceAll('\0', '\uFFFD'))}\n`).join(
    '',
  );
}

/**
 * The plainest form that is exact: bare, in single quotes, or, since a line break must not make a
 * sixth line, as `$'…'`. That one has octal escapes only: a shell that does not know it (dash) sees a
 * dollar and an ordinary single-quoted text, which is not exact but just as harmless.
 */
function toShellWord(value: string): string {
  return CONTROL.test(value) ? `$'${value.replace(ESCAPED, toOctal)}'` : renderShellWord(value);
}

function toOctal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/**
 * Reads `.last-error`, ours or a shell library's, without executing anything: values may be bare, in
 * single or double quotes, or `$'…'`; `$(…)` and the like are just text. The last assignment of a
 * key counts, as it would for a shell; other lines are passed over; absent keys are empty.
 */
export function parseLastError(content: string): Result<LastError, string> {
  const found = new Map<Key, string>();
  let at = 0;
  while (at < content.length) {
    const { key, valueAt, lineEnd } = readAssignment(content, at);
    if (key === undefined) {
      at = lineEnd + 1;
      continue;
    }
    const word = readWord(content, valueAt);
    found.set(key, word?.value ?? content.slice(valueAt, lineEnd).trimEnd());
    at = (word?.end ?? lineEnd) + 1;
  }
  if (found.size === 0) return failure('has none of the lines timestamp=, script=, line=, …');
  return success({
    timestamp: found.get('timestamp') ?? '',
    script: found.get('script') ?? '',
    line: found.get('line') ?? '',
    exit_code: found.get('exit_code') ?? '',
    category: found.get('category') ?? '',
  });
}

interface Assignment {
  /** Undefined when the line assigns none of the five. */
  readonly key: Key | undefined;
  readonly valueAt: number;
  readonly lineEnd: number;
}

function readAssignment(content: string, at: number): Assignment {
  const newline = content.indexOf('\n', at);
  const lineEnd = newline < 0 ? content.length : newline;
  const head = /^[ \t]*(?:export[ \t]+)?([a-z_]{1,20})=/.exec(content.slice(at, at + 200));
  return {
    key: KEYS.find((key) => key === head?.[1]),
    valueAt: at + (head?.[0].length ?? 0),
    lineEnd,
  };
}
