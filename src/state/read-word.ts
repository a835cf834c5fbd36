/** A word of shell text, and where the rest of its line ends. */
export interface ShellWord {
  readonly value: string;
  /** Index of the newline that ends the line, or of the end of the text. */
  readonly end: number;
}

interface Piece {
  readonly value: string;
  /** Index after the piece. */
  readonly next: number;
}

/** What ends a line after its only word: blanks, and perhaps a comment. */
const REST_OF_LINE = /[ \t\r]*(?:[ \t]#[^\n]*)?(?:\n|$)/y;
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const NUMERIC_ESCAPE = /[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}/y;

/**
 * Reads the word at `start` as a shell would quote-wise, expanding nothing. Undefined when the line
 * holds more than one word, or a quote that never ends: it was then not meant for a shell.
 */
export function readWord(text: string, start: number): ShellWord | undefined {
  let value = '';
  let at = start;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    const piece = readPiece(text, at);
    if (piece === undefined) return undefined;
    value += piece.value;
    at = piece.next;
  }
  REST_OF_LINE.lastIndex = at;
  const rest = REST_OF_LINE.exec(text);
  if (rest === null) return undefined;
  const end = at + rest[0].length;
  return { value, end: rest[0].endsWith('\n') ? end - 1 : end };
}

function readPiece(text: string, at: number): Piece | undefined {
  const character = text.charAt(at);
  switch (character) {
    case "'":
      return readSingleQuoted(text, at + 1);
    case '"':
      return readDoubleQuoted(text, at + 1);
    case '\\':
      return text.charAt(at + 1) === '\n'
        ? { value: '', next: at + 2 }
        : { value: text.charAt(at + 1), next: at + 2 };
    case '$':
      return text.charAt(at + 1) === "'"
        ? readAnsiQuoted(text, at + 2)
        : { value: '$', next: at + 1 };
    default:
      return { value: character, next: at + 1 };
  }
}

function readSingleQuoted(text: string, at: number): Piece | undefined {
  const close = text.indexOf("'", at);
  return close < 0 ? undefined : { value: text.slice(at, close), next: close + 1 };
}

function readDoubleQuoted(text: string, start: number): Piece | undefined {
  let value = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return { value, next: at + 1 };
    const next = text.charAt(at + 1);
    if (character === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      if (next !== '\n') value += next;
      at += 1;
    } else value += character;
  }
  return undefined;
}

/** `$'…'`: numbers are bytes, so the value is gathered as bytes and decoded as UTF-8 at its end. */
function readAnsiQuoted(text: string, start: number): Piece | undefined {
  const pieces: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (let at = start; at < text.length;) {
    const special = /['\\]/g;
    special.lastIndex = at;
    const found = special.exec(text);
    if (found === null) return undefined;
    pieces.push(encoder.encode(text.slice(at, found.index)));
    if (found[0] === "'") return { value: decodeBytes(pieces), next: found.index + 1 };
    const escape = readEscape(text, found.index + 1);
    pieces.push(escape.bytes);
    at = escape.next;
  }
  return undefined;
}

function readEscape(
  text: string,
  at: number,
): { readonly bytes: Uint8Array; readonly next: number } {
  const character = text.charAt(at);
  const simple = Object.hasOwn(SIMPLE_ESCAPES, character) ? SIMPLE_ESCAPES[character] : undefined;
  if (simple !== undefined) return { bytes: new TextEncoder().encode(simple), next: at + 1 };
  NUMERIC_ESCAPE.lastIndex = at;
  const number = NUMERIC_ESCAPE.exec(text)?.[0];
  if (number !== undefined) return { bytes: toBytes(number), next: at + number.length };
  // A quote or backslash stands for itself; an unknown escape keeps its backslash, as in bash.
  const kept = `'"\\?`.includes(character) ? character : `\\${character}`;
  return { bytes: new TextEncoder().encode(kept), next: at + character.length };
}

function toBytes(number: string): Uint8Array {
  if (/^[0-7]/.test(number)) return Uint8Array.of(Number.parseInt(number, 8) & 0xff);
  const code = Number.parseInt(number.slice(1), 16);
  if (number.startsWith('x')) return Uint8Array.of(code);
  return new TextEncoder().encode(String.fromCodePoint(Math.min(code, 0x10ffff)));
}

function decodeBytes(pieces: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
