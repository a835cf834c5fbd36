import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { NamedValue } from '../state/record.ts';

/** Why an environment file cannot be understood. */
export interface EnvFileProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A line, and where the next one begins. Ends at LF or CRLF, or with the text. */
interface Line {
  readonly text: string;
  readonly next: number;
  /** What ended it; empty when the text did. */
  readonly end: '' | '\n' | '\r\n';
}

/**
 * Reads a GITHUB_OUTPUT or GITHUB_ENV file: `name=value`, or `name<<DELIMITER`, the value's lines, and
 * the delimiter alone on a line; empty lines between are ignored. Like the runner's reader, but CRLF
 * ends a line on every platform and a name is required. Of equal names the last one counts.
 */
export function parseEnvFile(text: string): Result<readonly NamedValue[], EnvFileProblem> {
  const values = new Map<string, string>();
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  let number = 0;
  while (position < text.length) {
    const line = lineAt(text, position);
    number += 1;
    position = line.next;
    if (line.text === '') continue;
    const entry = parseEntry(line.text);
    if (typeof entry === 'string') return failure({ line: number, message: entry });
    if (entry.kind === 'value') {
      values.set(entry.name, entry.value);
      continue;
    }
    const block = blockAt(text, position, entry.delimiter, line.end === '\r\n');
    if (block === undefined) return failure({ line: number, message: unfinished(entry) });
    values.set(entry.name, block.value);
    position = block.next;
    number += block.lines;
  }
  return success([...values].map(([name, value]) => ({ name, value })));
}

interface Heredoc {
  readonly kind: 'heredoc';
  readonly name: string;
  readonly delimiter: string;
}
type Entry = { readonly kind: 'value'; readonly name: string; readonly value: string } | Heredoc;

/** Whichever of `=` and `<<` comes first decides; the message says what is wrong. */
function parseEntry(line: string): Entry | string {
  const equals = line.indexOf('=');
  const heredoc = line.indexOf('<<');
  if (equals < 0 && heredoc < 0) {
    return `Invalid format ${quote(line)}: expected name=value or name<<delimiter`;
  }
  const isHeredoc = heredoc >= 0 && (equals < 0 || heredoc < equals);
  const name = line.slice(0, isHeredoc ? heredoc : equals);
  if (name === '') return `Invalid format ${quote(line)}: the name is empty`;
  // Written out again, such a name would be another one, or swallow all that follows it.
  if ((!isHeredoc && name.endsWith('<')) || name.startsWith('\uFEFF')) {
    return `Invalid format ${quote(line)}: a name cannot begin with a byte order mark or end with <`;
  }
  if (!isHeredoc) return { kind: 'value', name, value: line.slice(equals + 1) };
  const delimiter = line.slice(heredoc + 2);
  if (delimiter === '') return `Invalid format ${quote(line)}: the delimiter is empty`;
  return { kind: 'heredoc', name, delimiter };
}

/**
 * Lines up to the delimiter; line ends inside a value are the value's own. A carriage return at its
 * very end is the value's own too, unless the file's lines end so (`crlf`).
 */
function blockAt(
  text: string,
  start: number,
  delimiter: string,
  crlf: boolean,
): { value: string; next: number; lines: number } | undefined {
  let position = start;
  let end = start;
  for (let lines = 1; position < text.length; lines += 1) {
    const line = lineAt(text, position);
    if (line.text === delimiter) return { value: text.slice(start, end), next: line.next, lines };
    if (line.end === '') return undefined;
    end = crlf ? position + line.text.length : line.next - 1;
    position = line.next;
  }
  return undefined;
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf('\n', start);
  if (newline < 0) return { text: text.slice(start), next: text.length, end: '' };
  const crlf = newline > start && text[newline - 1] === '\r';
  const end = crlf ? newline - 1 : newline;
  return { text: text.slice(start, end), next: newline + 1, end: crlf ? '\r\n' : '\n' };
}

function unfinished({ name, delimiter }: Heredoc): string {
  return `Invalid value: matching delimiter ${quote(delimiter)} of ${quote(name)} not found`;
}

const LONGEST_QUOTE = 80;

function quote(text: string): string {
  return `'${text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text}'`;
}

/** Reads a GITHUB_PATH file: one entry a line; one that comes again counts where it came last. */
export function parsePathFile(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const entries = new Set<string>();
  for (const line of lines) {
    if (line === '') continue;
    entries.delete(line);
    entries.add(line);
  }
  return [...entries];
}

/** Names that the runner does not accept from GITHUB_ENV: they would put code into its own processes. */
export function isRefusedEnvName(name: string): boolean {
  return name.toUpperCase() === 'NODE_OPTIONS';
}

/**
 * One entry for a GITHUB_OUTPUT or GITHUB_ENV file that reads back as exactly this value, whatever is
 * in it. `seed` makes the delimiter hard to guess; it is changed until no line of the value is like it.
 */
export function renderEnvEntry({ name, value }: NamedValue, seed: string): string {
  // A return at the value's very end joins the line feed that follows it.
  const lines = new Set(value.split('\n').map((line) => line.replace(/\r$/, '')));
  let delimiter = `preflight_${seed}`;
  for (let n = 1; lines.has(delimiter); n += 1) delimiter = `preflight_${seed}_${n}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
