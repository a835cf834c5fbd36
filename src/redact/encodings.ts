/** A way in which a known value may stand in the output. */
export interface Form {
  /** How it begins there: this is what is looked for; ASCII case does not matter. */
  readonly head: string;
  /** What must stand there in full, once escapes are undone. */
  readonly text: string;
  /** Part of a run of base64 that holds other things too: the whole run is hidden. */
  readonly isBase64: boolean;
}

/** So many characters of the output are looked for; the rest is compared. */
const HEAD = 6;
/** Shorter base64 would be found in unrelated text. */
const MIN_BASE64 = 7;

/** How a character may be written; a word character is escaped only by those that escape everything. */
type Spell = (char: string) => string;

const toHex = (code: number): string => code.toString(16).padStart(2, '0');
const units = (char: string): readonly number[] =>
  Array.from({ length: char.length }, (_, i) => char.charCodeAt(i));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const eachByte =
  (before: string): Spell =>
  (char) =>
    [...bytesOf(char)].map((byte) => before + toHex(byte)).join('');

/** Escapes that tools use for the characters that need it, each tool for others. */
const ESCAPES: readonly Spell[] = [
  (char) => `\\${char}`,
  (char) => `\\\\${char}`,
  (char) => `\\\\\\${char}`,
  (char) => `^${char}`,
  (char) => `\`${char}`,
  (char) => char + char,
  (char) => `'\\${char}'`,
  (char) => `'"${char}"'`,
  (char) => `"'${char}'"`,
  (char) => LETTERS[char] ?? char,
  eachByte('%'),
  eachByte('%25'),
  eachByte('%2525'),
  eachByte('\\x'),
  eachByte('\\\\x'),
  eachByte('='),
  (char) => `\\x${toHex(char.codePointAt(0) ?? 0)}`,
  (char) =>
    units(char)
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  (char) =>
    units(char)
      .map((unit) => `\\\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  (char) => `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  (char) => [...bytesOf(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  (char) => `&#${String(char.codePointAt(0))};`,
  (char) => `&#x${(char.codePointAt(0) ?? 0).toString(16)};`,
  (char) => `&amp;#${String(char.codePointAt(0))};`,
  (char) => `&${ENTITIES[char] ?? '#'};`,
  (char) => `&amp;${ENTITIES[char] ?? '#'};`,
];
const LETTERS: Readonly<Record<string, string>> = { '\t': '\\t', ' ': '+' };
const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** Every way in which programs print `value`: as it is, escaped, in hexadecimal and in base64. */
export function toForms(value: string): readonly Form[] {
  const heads = new Set<string>();
  const start = Array.from(value.slice(0, 2 * HEAD)).slice(0, HEAD);
  for (const spell of ESCAPES) {
    addHeads(heads, start, spell, '');
    heads.add(cutHead(start.map(spell).join('')));
  }
  const forms = [...heads].map((head) => ({ head, text: value, isBase64: false }));
  return [...forms, ...toHexForms(value), ...toBase64Forms(value)];
}

/** The beginnings if `spell` is used for some of the characters that are no word characters, and not for others. */
function addHeads(heads: Set<string>, rest: readonly string[], spell: Spell, head: string): void {
  const [char, ...others] = rest;
  if (char === undefined || head.length >= HEAD) {
    heads.add(cutHead(head));
    return;
  }
  addHeads(heads, others, spell, head + char);
  if (!/[A-Za-z0-9]/.test(char)) addHeads(heads, others, spell, head + spell(char));
}

function cutHead(head: string): string {
  return head.slice(0, HEAD).replace(/[A-Z]/g, (char) => char.toLowerCase());
}

/** Bytes in hexadecimal, as one word or apart as in dumps, fingerprints and source code. */
function toHexForms(value: string): readonly Form[] {
  const pairs = [...bytesOf(value)].map(toHex);
  if (pairs.length < 4) return [];
  return ['', ':', ' ', '-', ', 0x', ',0x', ' 0x'].flatMap((between) => {
    const text = (between.endsWith('0x') ? '0x' : '') + pairs.join(between);
    return [text, text.replace(/(?<!0)[a-f]/g, (digit) => digit.toUpperCase())].map((cased) => ({
      head: cutHead(cased),
      text: cased,
      isBase64: false,
    }));
  });
}

/** base64 of the value and of its UTF-16, and base64 of that again, wherever it begins in the three-byte groups. */
function toBase64Forms(value: string): readonly Form[] {
  const once = slicesOfBase64(bytesOf(value));
  const twice = once.flatMap((text) => slicesOfBase64(bytesOf(text)));
  const texts = new Set([...once, ...twice, ...slicesOfBase64(toUtf16(value))]);
  const urlTexts = [...texts].map((text) => text.replace(/\+/g, '-').replace(/\//g, '_'));
  return [...new Set([...texts, ...urlTexts])].map((text) => ({
    head: cutHead(text),
    text,
    isBase64: true,
  }));
}

/** Without the characters that neighbours share. */
function slicesOfBase64(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2]
    .map((shift) => {
      const padded = new Uint8Array(shift + bytes.length);
      padded.set(bytes, shift);
      const first = shift === 0 ? 0 : shift + 1;
      return toBase64(padded).slice(first, Math.floor((padded.length * 8) / 6));
    })
    .filter((text) => text.length >= MIN_BASE64);
}

function toUtf16(value: string): Uint8Array {
  const bytes = new Uint8Array(2 * value.length);
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    bytes[2 * i] = unit & 0xff;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
