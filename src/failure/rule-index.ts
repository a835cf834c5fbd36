import { neededLiterals } from './literals.ts';
import type { Rule, RuleTable } from './rules/rule.ts';

/** A rule in its table, at its place in the order of all rules. */
export interface IndexedRule {
  readonly rule: Rule;
  readonly table: RuleTable;
  readonly order: number;
}

/** Finds the rules that may hold for a line without trying them all. */
export interface RuleIndex {
  /** In table order; every rule that holds for the line is among them. */
  candidates(line: string): readonly IndexedRule[];
}

interface Entry {
  readonly literal: string;
  readonly rule: IndexedRule;
}

/**
 * Makes the index: texts that the rules need, by their first three characters. It is made when a
 * failure is to be judged, not when the action starts.
 */
export function toRuleIndex(tables: readonly RuleTable[]): RuleIndex {
  const entries = new Map<number, Entry[]>();
  const always: IndexedRule[] = [];
  let order = 0;
  for (const table of tables) {
    for (const rule of table.rules) {
      const indexed = { rule, table, order: order++ };
      const needed = rule.lines.map((pattern) => neededLiterals(pattern.source));
      if (needed.some((literals) => literals === undefined)) always.push(indexed);
      else addEntries(entries, indexed, new Set(needed.flatMap((literals) => literals ?? [])));
    }
  }
  return { candidates: (line) => findCandidates(entries, always, line.toLowerCase()) };
}

function addEntries(
  entries: Map<number, Entry[]>,
  rule: IndexedRule,
  literals: ReadonlySet<string>,
): void {
  for (const literal of literals) {
    const key = keyAt(literal, 0);
    const bucket = entries.get(key);
    if (bucket === undefined) entries.set(key, [{ literal, rule }]);
    else bucket.push({ literal, rule });
  }
}

function findCandidates(
  entries: ReadonlyMap<number, readonly Entry[]>,
  always: readonly IndexedRule[],
  line: string,
): readonly IndexedRule[] {
  const found = new Set(always);
  const seen = new Set<number>();
  for (let at = 0; at + 2 < line.length; at++) {
    const key = keyAt(line, at);
    if (seen.has(key)) continue;
    const bucket = entries.get(key);
    if (bucket === undefined) continue;
    seen.add(key);
    for (const { literal, rule } of bucket) {
      if (!found.has(rule) && line.includes(literal, at)) found.add(rule);
    }
  }
  return [...found].sort((left, right) => left.order - right.order);
}

function keyAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1)) * 65_536 + text.charCodeAt(at + 2)
  );
}
