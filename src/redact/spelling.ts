/** Most backslashes before a character: JSON in JSON in JSON has fifteen. */
const MAX_BACKSLASHES = 15;
/** Longest spelling of one character: `&amp;amp;#x0001f511;`, `\\\\\\\u{1f511}`. */
export const MAX_SPELLING = 32;

const BACKSLASH = 92;
const QUOTES = ['"', "'"];
/** What may follow the backslashes. */
const ESCAPED = /u\{([\da-fA-F]{1,6})\}|U([\da-fA-F]{8})|u([\da-fA-F]{4})|x([\da-fA-F]{2})/y;
const OCTAL = /([0-3][0-7]{2})/y;
const MAY_BE_CODE = /[uUx0-3]/;
const PERCENT = /%(?:25){0,3}([\da-fA-F]{2})/y;
const QUOTED_PRINTABLE = /=([\dA-F]{2})/y;
const ENTITY = /&(?:amp;){0,3}(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y;
const NAMED: Readonly<Record<string, number>> = {
  amp: 38,
  lt: 60,
  gt: 62,
  quot: 34,
  apos: 39,
  nbsp: 160,
};
/** Letters that stand for a control character behind a backslash. */
const LETTERS: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\0': '0' };

/** A number that stands for a character, a surrogate half or a byte, and where its spelling ends. */
interface Code {
  readonly code: number;
  readonly end: number;
}

/**
 * The positions behind `char` (one code point, or backslashes in a row) if `text` spells it at `at`: as it is, or escaped as programs
 * do for JSON, URLs, XML, shells, SQL, CSV and in their own debug output, be it several times over.
 */
export function endsOf(char: string, text: string, at: number): readonly number[] {
  const ends: number[] = [];
  if (text.startsWith(char, at)) {
    ends.push(at + char.length);
    if (text.startsWith(char, at + char.length)) addDoubled(ends, char, at);
  }
  const isWord = /[A-Za-z0-9]/.test(char);
  switch (text.charAt(at)) {
    case '\\':
      addBackslashed(ends, char, text, at, isWord);
      break;
    case '^':
    case '`':
      if (!isWord && text.startsWith(char, at + 1)) ends.push(at + 1 + char.length);
      break;
    case "'":
    case '"':
      addRequoted(ends, char, text, at, isWord);
      break;
    case '+':
      if (char === ' ') ends.push(at + 1);
      break;
  }
  if (isLead(text.charCodeAt(at))) {
    for (const units of toUnits(char)) {
      const end = readAll(units, text, at);
      if (end !== undefined) ends.push(end);
    }
  }
  return ends;
}

/** Whether a spelling of more than one character can begin with `code`. */
function isLead(code: number): boolean {
  return code === BACKSLASH || code === 37 || code === 38 || code === 61;
}

/** SQL and CSV double their quotes, `printf` and batch files the percent sign, Compose the dollar. */
function addDoubled(ends: number[], char: string, at: number): void {
  if (/["'$%`]/.test(char)) ends.push(at + 2);
}

function addBackslashed(
  ends: number[],
  char: string,
  text: string,
  at: number,
  isWord: boolean,
): void {
  const count = countBackslashes(text, at);
  if (char.startsWith('\\')) {
    for (let taken = 2 * char.length; taken < count; taken *= 2) ends.push(at + taken);
    if (count > char.length) ends.push(at + count);
  } else if (!isWord && text.startsWith(char, at + count)) {
    ends.push(at + count + char.length);
  } else if (LETTERS[char] !== undefined && text[at + count] === LETTERS[char]) {
    ends.push(at + count + 1);
  }
}

function countBackslashes(text: string, at: number): number {
  let count = 0;
  while (count < MAX_BACKSLASHES && text.charCodeAt(at + count) === BACKSLASH) count++;
  return count;
}

/** A quoted string that is closed for one character and opened again: `'\''`, `'"'"'`, `'\!'`. */
function addRequoted(
  ends: number[],
  char: string,
  text: string,
  at: number,
  isWord: boolean,
): void {
  if (isWord) return;
  const quote = text[at] ?? '';
  const inner = at + 1 + countBackslashes(text, at + 1);
  if (inner > at + 1 && text.startsWith(char + quote, inner)) ends.push(inner + char.length + 1);
  for (const other of QUOTES) {
    const whole = quote + other + char + other + quote;
    if (other !== quote && text.startsWith(whole, at)) ends.push(at + whole.length);
  }
}

/** The numbers that may stand for a character: its code point, its two halves, its bytes in UTF-8. */
function toUnits(char: string): readonly (readonly number[])[] {
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x80) return [Array.from(char, () => point)];
  const bytes = [...new TextEncoder().encode(char)];
  const halves = [char.charCodeAt(0), char.charCodeAt(1)];
  return char.length === 1 ? [[point], bytes] : [[point], halves, bytes];
}

function readAll(units: readonly number[], text: string, from: number): number | undefined {
  let at = from;
  for (const unit of units) {
    const end = readCodes(text, at).find(({ code }) => code === unit)?.end;
    if (end === undefined) return undefined;
    at = end;
  }
  return at;
}

function readCodes(text: string, at: number): readonly Code[] {
  switch (text[at]) {
    case '\\': {
      const after = at + countBackslashes(text, at);
      if (!MAY_BE_CODE.test(text[after] ?? '')) return [];
      return [...readCode(ESCAPED, 16, text, after), ...readCode(OCTAL, 8, text, after)];
    }
    case '%':
      return readCode(PERCENT, 16, text, at);
    case '=':
      return readCode(QUOTED_PRINTABLE, 16, text, at);
    case '&':
      return readEntity(text, at);
    default:
      return [];
  }
}

function readCode(pattern: RegExp, radix: number, text: string, at: number): readonly Code[] {
  pattern.lastIndex = at;
  const digits = pattern
    .exec(text)
    ?.slice(1)
    .find((group: string | undefined) => group !== undefined);
  return digits === undefined
    ? []
    : [{ code: Number.parseInt(digits, radix), end: pattern.lastIndex }];
}

function readEntity(text: string, at: number): readonly Code[] {
  ENTITY.lastIndex = at;
  const match = ENTITY.exec(text);
  if (match === null) return [];
  const [, decimal, hex, name] = match;
  const code =
    decimal !== undefined
      ? Number.parseInt(decimal, 10)
      : hex !== undefined
        ? Number.parseInt(hex, 16)
        : (NAMED[name ?? ''] ?? -1);
  return [{ code, end: ENTITY.lastIndex }];
}
