import { buildAutomaton, type Automaton } from './automaton.ts';
import { isBreak } from './line-cut.ts';
import { endsOf, MAX_SPELLING } from './spelling.ts';
import type { Form } from './encodings.ts';
import type { Rule } from './page.ts';

/** What a comparison may find besides an end position. */
export const MISMATCH = -1;
export const RAN_OUT = -2;
const MAX_RUN = 8_192;
/** Most line breaks and unseen characters in a row. */
const MAX_UNSEEN = 4;
/** Most ways in which the text so far can be read that are gone after. */
const MAX_READINGS = 8;
const FEW = 2;
/** Nothing but signs for so long: with all readings this would be slow, and is no secret that anybody has. */
const SIGNS_ONLY = /[^A-Za-z0-9\\]{8}/;
const BACKSLASH = 92;
const CUT =
  /^(?:\\+(?:[uUx][\da-fA-F{]*|[0-7]{0,2}|r\\*)?|%[\da-fA-F]*|&[\w#;&]*|=[\dA-F]?|[\^`]|['"][\\'"]*.?)$/;
const WRITTEN_BREAK = /\\{1,8}(?:r\\{1,8}n|n)/y;
/** Soft hyphen, what has no width, what turns the direction of writing. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

/** One automaton for the literals of all rules and the beginnings of all known values. */
export interface Matcher {
  readonly automaton: Automaton;
  readonly rules: readonly Rule[];
  /** The rule of a hit; undefined for a hit of known values. */
  ruleOf(id: number): Rule | undefined;
  lengthOf(id: number): number;
  formsOf(id: number): readonly Form[];
}

/** Compiles rules and the forms of known values. */
export function buildMatcher(rules: readonly Rule[], forms: readonly Form[]): Matcher {
  const literals: { text: string; wraps: boolean }[] = [];
  const ruleIds: Rule[] = [];
  for (const rule of rules) {
    for (const text of rule.literals) {
      literals.push({ text, wraps: false });
      ruleIds.push(rule);
    }
  }
  const byHead = new Map<string, Form[]>();
  for (const form of forms) {
    const group = byHead.get(form.head);
    if (group === undefined) byHead.set(form.head, [form]);
    else group.push(form);
  }
  const groups = [...byHead.values()];
  for (const head of byHead.keys()) literals.push({ text: head, wraps: true });
  return {
    automaton: buildAutomaton(literals),
    rules,
    ruleOf: (id) => ruleIds[id],
    lengthOf: (id) => literals[id]?.text.length ?? 0,
    formsOf: (id) => groups[id - ruleIds.length] ?? [],
  };
}

/** Where a hit of `length` characters that ends at `end` begins, line breaks not counted. */
export function startOfHit(text: string, end: number, length: number): number {
  let at = end;
  let left = length;
  while (left > 0 && at > 0) {
    at--;
    if (!isBreak(text.charCodeAt(at))) left--;
  }
  return at;
}

/**
 * Compares `form` with the text from `start` on, undoing escapes and overlooking what is no part of it: line
 * breaks and the indent after them (terminals and mail wrap), characters that nobody sees. Returns the end, or
 * `MISMATCH`, or `RAN_OUT` when the text ends first.
 */
export function matchForm(text: string, start: number, form: string): number {
  let at: readonly number[] = [start];
  let ranOut = false;
  for (let i = 0; i < form.length;) {
    const [only] = at;
    const code = form.charCodeAt(i);
    // Nearly all characters are this simple.
    if (at.length === 1 && only !== undefined && isWord(code) && text.charCodeAt(only) === code) {
      at = [only + 1];
      i++;
      continue;
    }
    const char = charAt(form, i);
    const next = new Set<number>();
    for (const position of at) {
      for (const from of i === 0 ? [position] : skipUnseen(text, position)) {
        // A blank at the wrap is often swallowed by it.
        if (char === ' ' && from > position) next.add(from);
        for (const end of endsOf(char, text, from)) next.add(end);
        ranOut ||= from >= text.length || isCut(text, from);
      }
    }
    if (next.size === 0) return ranOut ? RAN_OUT : MISMATCH;
    at = next.size <= FEW ? [...next] : [...next].slice(0, mostReadings(form));
    i += char.length;
  }
  return Math.max(...at);
}

/** The code point at `at`, or all the backslashes: how many each stands for is the same for all of them. */
function charAt(form: string, at: number): string {
  if (form.charCodeAt(at) !== BACKSLASH) return String.fromCodePoint(form.codePointAt(at) ?? 0);
  let end = at;
  while (form.charCodeAt(end) === BACKSLASH) end++;
  return form.slice(at, end);
}

function mostReadings(form: string): number {
  return SIGNS_ONLY.test(form) ? FEW : MAX_READINGS;
}

/** Whether all that is left of the text may be the beginning of an escape. */
function isCut(text: string, at: number): boolean {
  return text.length - at < MAX_SPELLING && CUT.test(text.slice(at));
}

/** `at`, and where the text goes on behind a line break or what nobody sees. */
function skipUnseen(text: string, at: number): readonly number[] {
  const positions = [at];
  let to = at;
  for (let n = 0; n < MAX_UNSEEN; n++) {
    const next = skipOne(text, to);
    if (next === to) break;
    positions.push(next);
    to = next;
  }
  return positions;
}

function skipOne(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (isBreak(code)) return skipWrap(text, at);
  if (code === BACKSLASH) {
    // The end of a line of a command or, in a string, of what was a line.
    if (isBreak(text.charCodeAt(at + 1))) return skipWrap(text, at + 1);
    WRITTEN_BREAK.lastIndex = at;
    return WRITTEN_BREAK.test(text) ? WRITTEN_BREAK.lastIndex : at;
  }
  return code > 0x7f && UNSEEN.test(text.slice(at, at + 1)) ? at + 1 : at;
}

function skipWrap(text: string, at: number): number {
  let i = text.startsWith('\r\n', at) ? at + 2 : at + 1;
  const limit = Math.min(text.length, i + 64);
  while (i < limit && (text[i] === ' ' || text[i] === '\t')) i++;
  return i;
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

/** The run of base64 around `[start, end)`. */
export function widenBase64(
  text: string,
  start: number,
  end: number,
): { start: number; end: number } {
  let from = start;
  while (from > 0 && start - from < MAX_RUN && isBase64(text.charCodeAt(from - 1))) from--;
  let to = end;
  while (to < text.length && to - end < MAX_RUN && isBase64(text.charCodeAt(to))) to++;
  return { start: from, end: to };
}

function isBase64(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 47 && code <= 57) ||
    code === 43 ||
    code === 61 ||
    code === 45 ||
    code === 95
  );
}
