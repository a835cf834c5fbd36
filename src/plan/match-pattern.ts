import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { countChoices } from './match-cost.ts';

/** In characters. */
export const LONGEST_PATTERN = 500;

/**
 * Compiles a plan's `match`. What a regular expression may cost is bounded here, since the output that
 * it is tried on can be anything: repetition of something that itself varies in length can take
 * exponential time and is refused. The error is a sentence without a subject.
 */
export function compileMatch(pattern: string): Result<RegExp, string> {
  if (pattern === '') return failure('must not be empty: it would match every line');
  if (pattern.length > LONGEST_PATTERN) {
    return failure(`is too long: at most ${LONGEST_PATTERN} characters`);
  }
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2);
    return failure(`is not a regular expression: ${reason}`);
  }
  const risk = findRisk(pattern) ?? findExcess(pattern);
  return risk === undefined ? success(compiled) : failure(risk);
}

/** With more of them, even a short line takes minutes. */
const MOST_OPEN = 4;
const MOST_NARROW = 12;

function findExcess(pattern: string): string | undefined {
  const { open, narrow } = countChoices(pattern);
  if (open <= MOST_OPEN && narrow <= MOST_NARROW) return undefined;
  return (
    'has too many parts of varying length in a row, which can take forever on some output: let a ' +
    'character end each that it cannot contain, such as "[^:]*:", or look for less'
  );
}

/** What is known of a group, or of the whole pattern, while it is read. */
interface Group {
  /** The first token of each alternative; undefined while it has none. */
  readonly firsts: (string | undefined)[];
  /** Something in it repeats a varying number of times. */
  varies: boolean;
  /** A group in it offers alternatives that can begin alike. */
  ambiguous: boolean;
}

const NESTED =
  'repeats something that is itself of varying length, which can take forever on some output: ' +
  'write it without a repetition inside a repetition';
const AMBIGUOUS =
  'repeats alternatives that can begin alike, which can take forever on some output: ' +
  'let each begin with a different character';

/** One token: an escape, a class, the opening of a group, or a single character. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|[\s\S]/y;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
const SPECIAL_FIRST = /^(?:\\.|\[.*|\(.*|[.^$])$/s;

/** More repetitions than this count as any number. */
const FEW = 10;

/** How a quantifier repeats what stands before it. */
function toRepetition(quantifier: RegExpExecArray | null): 'once' | 'fixed' | 'varying' | 'many' {
  if (quantifier === null) return 'once';
  const [text, least, comma, most] = quantifier;
  if (text.startsWith('*') || text.startsWith('+')) return 'many';
  if (least === undefined) return 'varying';
  const highest = comma === '' ? Number(least) : most === '' ? Infinity : Number(most);
  if (highest > FEW) return comma === '' ? 'fixed' : 'many';
  return comma === '' ? 'fixed' : 'varying';
}

function newGroup(): Group {
  return { firsts: [undefined], varies: false, ambiguous: false };
}

/** Alternatives are told apart by their first character, if that is a plain one. */
function canBeginAlike(firsts: Group['firsts']): boolean {
  if (firsts.length === 1) return false;
  const plain = firsts.filter((first) => first !== undefined && !SPECIAL_FIRST.test(first));
  return new Set(plain).size < firsts.length;
}

function execAt(expression: RegExp, text: string, index: number): RegExpExecArray | null {
  expression.lastIndex = index;
  return expression.exec(text);
}

/** Reads a valid pattern once, keeping for each open group what makes repeating it dangerous. */
function findRisk(pattern: string): string | undefined {
  let group = newGroup();
  const outer: Group[] = [];
  let index = 0;
  while (index < pattern.length) {
    const token = execAt(TOKEN, pattern, index)?.[0] ?? '';
    index += Math.max(1, token.length);
    if (token === '|') {
      group.firsts.push(undefined);
      continue;
    }
    if (token !== ')') group.firsts.push(group.firsts.pop() ?? token);
    if (token.startsWith('(')) {
      outer.push(group);
      group = newGroup();
      continue;
    }
    const quantifier = execAt(QUANTIFIER, pattern, index);
    index += quantifier?.[0].length ?? 0;
    const repetition = toRepetition(quantifier);
    if (token === ')') {
      const ambiguous = group.ambiguous || canBeginAlike(group.firsts);
      if (repetition === 'many' && group.varies) return NESTED;
      if (repetition === 'many' && ambiguous) return AMBIGUOUS;
      const parent = outer.pop() ?? newGroup();
      parent.varies ||= group.varies;
      parent.ambiguous ||= ambiguous;
      group = parent;
    }
    group.varies ||= repetition === 'varying' || repetition === 'many';
  }
  return undefined;
}
