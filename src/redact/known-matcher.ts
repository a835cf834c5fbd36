import { buildAutomaton, WRAP_DEPTH, type Automaton } from './automaton.ts';
import { isBreak } from './line-cut.ts';
import type { Form } from './encodings.ts';
import type { Rule } from './page.ts';

/** Known values are looked for by this many first characters, then compared. */
const PREFIX = 6;
/** What a comparison may find besides an end position. */
export const MISMATCH = -1;
export const RAN_OUT = -2;
const MAX_RUN = 8_192;

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
  const byPrefix = new Map<string, Form[]>();
  for (const form of forms) {
    const prefix = form.text.slice(0, PREFIX).replace(/[A-Z]/g, (char) => char.toLowerCase());
    const group = byPrefix.get(prefix);
    if (group === undefined) byPrefix.set(prefix, [form]);
    else group.push(form);
  }
  const groups = [...byPrefix.values()];
  for (const prefix of byPrefix.keys()) literals.push({ text: prefix, wraps: true });
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
 * Compares `form` with the text from `start` on, overlooking line breaks and the indent after them (terminals
 * and mail wrap). Returns the end, or `MISMATCH`, or `RAN_OUT` when the text ends first.
 */
export function matchForm(text: string, start: number, form: string): number {
  let at = start;
  for (let i = 0; i < form.length; i++, at++) {
    if (at >= text.length) return RAN_OUT;
    if (text.charCodeAt(at) === form.charCodeAt(i)) continue;
    if (i < WRAP_DEPTH || !isBreak(text.charCodeAt(at))) return MISMATCH;
    at = skipWrap(text, at);
    if (at >= text.length) return RAN_OUT;
    // A blank at the wrap is often swallowed by it.
    if (form[i] === ' ' && text[at] !== ' ') i++;
    if (text.charCodeAt(at) !== form.charCodeAt(i)) return MISMATCH;
  }
  return at;
}

function skipWrap(text: string, at: number): number {
  let i = text.startsWith('\r\n', at) ? at + 2 : at + 1;
  const limit = Math.min(text.length, i + 64);
  while (i < limit && (text[i] === ' ' || text[i] === '\t')) i++;
  return i;
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
