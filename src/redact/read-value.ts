import { isBreak } from './line-cut.ts';

/** A value as it stands in the text, without its quotes. */
export interface ReadValue {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** False for a quoted value whose closing quote is not on its line. */
  readonly closed: boolean;
  /** The closing sequence of a quoted value, such as `"` or `\"`. */
  readonly quote: string;
}

/** Longest value that is read as one. */
export const MAX_VALUE = 4_096;
const OPENING = /(?:[$@]|\b(?:[bBrRuUfF]|rb|br))?(\\{0,7}["'`])/y;

/** Reads the value that begins at `at`, before `limit`; undefined when there is none. */
export function readValue(text: string, at: number, limit: number): ReadValue | undefined {
  const end = Math.min(limit, at + MAX_VALUE);
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening !== null && opening.index + opening[0].length <= end) {
    return readQuoted(text, at + opening[0].length, end, opening[1] ?? '"');
  }
  return readBare(text, at, end);
}

function readQuoted(
  text: string,
  start: number,
  limit: number,
  quote: string,
): ReadValue | undefined {
  const close = findClosing(text, start, limit, quote);
  if (close !== -1) {
    let end = close;
    // 'it'\''s' : the shell's way to have a quote inside quotes.
    while (quote === "'" && text.startsWith("'\\''", end)) {
      const next = findClosing(text, end + 4, limit, quote);
      if (next === -1) break;
      end = next;
    }
    return end > start ? { start, end, quoted: true, closed: true, quote } : undefined;
  }
  let end = start;
  while (end < limit && !isBreak(text.charCodeAt(end))) end++;
  return end > start ? { start, end, quoted: true, closed: false, quote } : undefined;
}

/** Position of the closing quote before the line's end, or -1. A backslash more than the opening has escapes it. */
export function findClosing(text: string, start: number, limit: number, quote: string): number {
  const mark = quote.charCodeAt(quote.length - 1);
  const level = quote.length - 1;
  let slashes = 0;
  for (let i = start; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === mark) {
      if (slashes === level || (level === 0 && slashes % 2 === 0) || slashes < level)
        return i - Math.min(slashes, level);
      slashes = 0;
    } else if (code === 92) slashes++;
    else if (isBreak(code)) return -1;
    else slashes = 0;
  }
  return -1;
}

const BEFORE_NEXT_FIELD = /[,;&][ \t]{0,2}["']?[A-Za-z_][\w .-]{0,40}["']?[=:]/y;
const ESCAPED_END =
  /\\{1,8}(?:["'`]|[nrt](?=[A-Za-z_][\w.-]{0,60}[ \t]{0,2}[=:]|[\s"'`\\#}-]|$)|[\r\n]|$)/y;

function readBare(text: string, start: number, limit: number): ReadValue | undefined {
  let i = start;
  let open = '';
  scan: for (; i < limit; i++) {
    const char = text[i] ?? '';
    switch (char) {
      case ' ':
      case '\t':
      case '\n':
      case '\r':
      case '"':
      case "'":
      case '`':
      case '<':
      case '>':
      case '|':
        break scan;
      case ',':
      case ';':
      case '&':
        if (endsField(text, i, limit)) break scan;
        break;
      case '\\':
        ESCAPED_END.lastIndex = i;
        if (i + 1 >= limit || ESCAPED_END.test(text)) break scan;
        break;
      case '(':
      case '[':
      case '{':
        open += char;
        break;
      case ')':
      case ']':
      case '}':
        if (open === '' && i > start && isClosingContext(text[i + 1])) break scan;
        open = open.slice(0, -1);
        break;
      default:
    }
  }
  let end = i;
  while (end > start && /[.,:;]/.test(text[end - 1] ?? '')) end--;
  return end > start ? { start, end, quoted: false, closed: true, quote: '' } : undefined;
}

function endsField(text: string, at: number, limit: number): boolean {
  if (at + 1 >= limit || /[\s"'`)}\]|&]/.test(text[at + 1] ?? '')) return true;
  BEFORE_NEXT_FIELD.lastIndex = at;
  return BEFORE_NEXT_FIELD.test(text);
}

function isClosingContext(next: string | undefined): boolean {
  return next === undefined || /[\s,;.:)}\]"'`|>]/.test(next);
}
