/**
 * Which texts a regular expression cannot match without: `/\b(?:too many|no) locks\b/i` needs " locks".
 * Looking for such a text is far cheaper than trying the expression, so it decides what is tried at all.
 */

/** One of these (lower case) is in every text that matches; undefined: nothing can be said. */
export type Needed = readonly string[] | undefined;

const SHORTEST = 3;
const MOST_ALTERNATIVES = 60;

/** Reads the source of an expression that compiles; what it does not understand, it says nothing about. */
export function neededLiterals(source: string): Needed {
  return readAlternatives({ source, at: 0 });
}

interface Cursor {
  readonly source: string;
  at: number;
}

/** One thing in a sequence: a character, or something else with what it needs. */
type Item = { readonly char: string } | { readonly needed: Needed };

function readAlternatives(cursor: Cursor): Needed {
  const all: string[] = [];
  let known = true;
  for (;;) {
    const needed = bestOf(readSequence(cursor));
    if (needed === undefined) known = false;
    else all.push(...needed);
    if (cursor.source[cursor.at] !== '|') break;
    cursor.at++;
  }
  return known && all.length <= MOST_ALTERNATIVES ? all : undefined;
}

function readSequence(cursor: Cursor): readonly Item[] {
  const items: Item[] = [];
  while (cursor.at < cursor.source.length) {
    const next = cursor.source[cursor.at];
    if (next === '|' || next === ')') break;
    const item = readItem(cursor);
    const repeat = readRepeat(cursor);
    if (repeat === 'may-be-absent') items.push({ needed: undefined });
    else if (repeat === 'repeated' && 'char' in item) items.push(item, { needed: undefined });
    else items.push(item);
  }
  return items;
}

function readItem(cursor: Cursor): Item {
  const char = cursor.source[cursor.at++] ?? '';
  if (char === '(') return { needed: readGroup(cursor) };
  if (char === '[') return skipClass(cursor);
  if (char === '\\') return readEscape(cursor);
  if (char === '.' || char === '^' || char === '$') return { needed: undefined };
  return { char };
}

function readGroup(cursor: Cursor): Needed {
  const opening =
    cursor.source[cursor.at] === '?'
      ? /^\?(?::|<(?![=!])[^>]*>|<?[=!])/u.exec(cursor.source.slice(cursor.at, cursor.at + 40))
      : null;
  const looksAround = opening !== null && /[=!]$/u.test(opening[0]);
  if (opening !== null) cursor.at += opening[0].length;
  const needed = readAlternatives(cursor);
  cursor.at++;
  return looksAround ? undefined : needed;
}

function skipClass(cursor: Cursor): Item {
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ']') {
    cursor.at += cursor.source[cursor.at] === '\\' ? 2 : 1;
  }
  cursor.at++;
  return { needed: undefined };
}

/** `\.` is a full stop; `\d`, `\b` and the like are nothing to look for. */
function readEscape(cursor: Cursor): Item {
  const char = cursor.source[cursor.at++] ?? '';
  return /[A-Za-z0-9]/u.test(char) ? { needed: undefined } : { char };
}

function readRepeat(cursor: Cursor): 'once' | 'repeated' | 'may-be-absent' {
  if (!'*+?{'.includes(cursor.source[cursor.at] ?? ' ')) return 'once';
  const found = /^(?:([*?])|\+|\{(\d+)(?:,\d*)?\})\??/u.exec(
    cursor.source.slice(cursor.at, cursor.at + 16),
  );
  if (found === null) return 'once';
  cursor.at += found[0].length;
  return found[1] !== undefined || found[2] === '0' ? 'may-be-absent' : 'repeated';
}

/** Of all that a sequence needs, what is rarest: the longest, when it has no alternatives. */
function bestOf(items: readonly Item[]): Needed {
  const candidates: (readonly string[])[] = [];
  let run = '';
  for (const item of [...items, { needed: undefined }]) {
    if ('char' in item) {
      run += item.char.toLowerCase();
      continue;
    }
    if (run.length >= SHORTEST) candidates.push([run]);
    run = '';
    if (item.needed !== undefined) candidates.push(item.needed);
  }
  return candidates.reduce<Needed>(
    (best, candidate) =>
      best === undefined || rarity(candidate) > rarity(best) ? candidate : best,
    undefined,
  );
}

function rarity(literals: readonly string[]): number {
  return Math.min(...literals.map((literal) => literal.length)) - literals.length / 20;
}
