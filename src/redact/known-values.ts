import { toForms, type Form } from './encodings.ts';
import { classifyName } from './secret-name.ts';
import { isPath, isPlainWord, isReference, looksGenerated } from './secret-value.ts';

/** A value that must never be shown. */
export interface KnownValue {
  /** Where it comes from: an environment variable's name, an input's. */
  readonly name: string;
  readonly value: string;
  /** The user named it as secret: it counts whatever it looks like. */
  readonly explicit?: boolean;
}

/** Shortest value that is taken by its name alone, and shortest one that the user named. */
const MIN_LENGTH = 6;
const MIN_EXPLICIT = 3;
/** Longer values are looked for in pieces. */
const MAX_PIECE = 200;
const MAX_PIECES = 500;

const COMMON = new Set(
  (
    'production staging development testing default localhost postgres postgresql mysql mariadb mongodb redis rabbitmq docker ' +
    'github gitlab ubuntu debian alpine latest master develop release deploy deployer nobody service public private internal ' +
    'secret secrets passwd password token tokens changeme change_me enabled disabled required optional undefined unknown ' +
    'anonymous administrator ignore always never manual custom simple standard example sample localdomain preview sandbox'
  ).split(' '),
);

/** The strings to look for because of one known value: itself, its lines, its pieces, what it holds inside. */
export function toPieces(known: KnownValue): readonly string[] {
  const explicit = known.explicit === true;
  const pieces = new Set<string>();
  const value = known.value.trim() === known.value ? known.value : known.value.trim();
  if (!isWorthKnowing(value, explicit)) return [];
  for (const line of value.split(/[\r\n]+|\\n/)) {
    const text = line.trim();
    const isWhole = text === value;
    if (isWhole || (isWorthKnowing(text, false) && !text.startsWith('-----')))
      addPieces(pieces, text);
  }
  for (const inner of [...insideUrl(value), ...insideJson(value)]) {
    if (isWorthKnowing(inner, false)) addPieces(pieces, inner);
  }
  return [...pieces].slice(0, MAX_PIECES);
}

/** All forms of a piece, each once. */
export function toPieceForms(piece: string): readonly Form[] {
  return toForms(piece);
}

/** From six characters on, and no common word, number or path: hiding those would garble the whole log. */
function isWorthKnowing(value: string, explicit: boolean): boolean {
  if (explicit)
    return (
      value.length > MIN_EXPLICIT || (value.length === MIN_EXPLICIT && !/^[A-Za-z]+$/.test(value))
    );
  if (value.length < MIN_LENGTH || isReference(value)) return false;
  const lower = value.toLowerCase();
  if (COMMON.has(lower) || isPlainWord(lower)) return false;
  return !/^[\d.,:_-]{1,11}$/.test(value) && !isPath(value) && !/^https?:\/\/[^@\s]*$/.test(value);
}

function addPieces(pieces: Set<string>, text: string): void {
  if (text.length <= MAX_PIECE) {
    pieces.add(text);
    return;
  }
  for (let at = 0; at < text.length; at += MAX_PIECE) {
    pieces.add(
      text.slice(Math.min(at, text.length - MAX_PIECE), Math.min(at + MAX_PIECE, text.length)),
    );
  }
}

/** The password of a URL, as it stands there and decoded. */
function insideUrl(value: string): readonly string[] {
  const password = /^[a-z][\w+.-]{0,30}:\/\/[^/?#\s:@]{0,200}:([^\s@]{1,500})@/i.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/** The secret fields of a JSON document such as a service account's key. */
function insideJson(value: string): readonly string[] {
  if (!/^\s*[{[]/.test(value) || value.length > 65_536) return [];
  const found: string[] = [];
  try {
    JSON.parse(value, (key, field: unknown) => {
      if (
        typeof field === 'string' &&
        (classifyName(key) !== 'none' || looksGenerated(field, 20))
      ) {
        found.push(...field.split('\n').filter((line) => !line.startsWith('-----')));
      }
      return field;
    });
  } catch {
    return [];
  }
  return found;
}
