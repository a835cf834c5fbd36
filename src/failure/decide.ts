/**
 * Which line of the output is the cause, and which rule says so.
 *
 * 1. Lines are read from the last to the first, so that the last cause wins; noise and wrappers are
 *    passed over (`output.ts`).
 * 2. Strength before position: a decisive line anywhere outweighs a cause, a cause a symptom, a symptom
 *    a mere word. On one line of one strength the order of the tables decides.
 * 3. A transient finding must stand up, because calling something transient that is not is the worst
 *    mistake: no sign of success may follow it (then it was overcome), and no error that no rule can
 *    explain (then that is the cause, and we do not know it).
 * 4. Where only announced retries are left, the last of them may be the cause: some tools print nothing
 *    else. Where only warnings are left, they may be, unless they are transient.
 */
import { familyOf } from './category.ts';
import type { Category } from './category.ts';
import type { Line, LineRole } from './output.ts';
import type { Rule, RuleTable, Strength } from './rules/rule.ts';
import { speaksOfOwnService } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** A rule that holds, and the line that it holds for. */
export interface Finding {
  readonly rule: Rule;
  readonly category: Category;
  readonly line: string;
  /** What the named groups of the rule caught: path, host, port and the like. */
  readonly facts: Readonly<Record<string, string>>;
}

const SUCCESS =
  /\b(?:succeeded|successful(?:ly)?|success|connected|reconnected|recovered|completed|finished|downloaded|up to date|healthy|is ready|all done|done\.?$)\b/iu;
const DENIED =
  /\b(?:not|never|no|un\w{2,20}|fail\w{0,10}|errors?|cannot|can't|couldn't|could|wait\w{0,4}|before|with exit status [1-9]|[1-9]\d{0,3} (?:errors?|failed))\b/iu;
const ERRORISH =
  /^(?:\S{1,60}:? )?(?:error|fatal|panic|exception|abort(?:ed|ing)?|critical|failure)\b[:!]|^E: |^(?:[\w.]{1,80}\.)?\w{0,60}(?:Error|Exception)\b ?:|\bTraceback \(most recent call last\)/iu;

/** The rules of the tools that are in sight; the others cannot match by accident. */
export function rulesInSight(
  tables: readonly RuleTable[],
  command: string,
  output: string,
): readonly Rule[] {
  const text = `${command}\n${output}`;
  return tables
    .filter((table) => table.seen === undefined || table.seen.test(text))
    .flatMap((table) => table.rules)
    .filter(
      (rule) =>
        (rule.command === undefined || rule.command.test(command)) &&
        (rule.unlessCommand === undefined || !rule.unlessCommand.test(command)) &&
        (rule.also === undefined || rule.also.test(output)),
    );
}

/** Decides on the cause; undefined: in doubt. */
export function decideCause(
  lines: readonly Line[],
  rules: readonly Rule[],
  around: Surroundings,
): Finding | undefined {
  const judge = (
    role: LineRole,
    strength: Strength,
    mayBeTransient: boolean,
  ): Finding | undefined => {
    const tried = rules.filter((rule) => (rule.strength ?? 'cause') === strength);
    for (let index = lines.length - 1; index >= 0; index--) {
      const line = lines[index];
      if (line?.role !== role) continue;
      const finding = findIn(line.text, tried, around);
      if (finding === undefined) continue;
      if (familyOf(finding.category) !== 'transient') return finding;
      if (mayBeTransient && standsUp(lines, index, rules)) return finding;
    }
    return undefined;
  };
  for (const strength of ['decisive', 'cause', 'symptom'] as const) {
    const finding = judge('plain', strength, true);
    if (finding !== undefined) return finding;
  }
  for (const strength of ['decisive', 'cause'] as const) {
    const finding = judge('retry', strength, true);
    if (finding !== undefined) return finding;
  }
  return (
    judge('plain', 'weak', false) ??
    judge('wrapper', 'decisive', false) ??
    judge('wrapper', 'cause', false) ??
    judge('wrapper', 'symptom', false) ??
    judge('noise', 'decisive', false) ??
    judge('noise', 'cause', false)
  );
}

function findIn(line: string, rules: readonly Rule[], around: Surroundings): Finding | undefined {
  for (const rule of rules) {
    const facts = match(rule, line);
    if (facts !== undefined)
      return { rule, category: toCategory(rule, line, facts, around), line, facts };
  }
  return undefined;
}

/** All rules whose pattern holds for a line, in table order; for the test that lists overlaps. */
export function rulesFor(line: string, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => match(rule, line) !== undefined);
}

/** The named groups when the rule holds for the line: of the first pattern that has any. */
function match(rule: Rule, line: string): Record<string, string> | undefined {
  for (const pattern of rule.lines) {
    const found = pattern.exec(line);
    if (found === null) continue;
    const entries = Object.entries(found.groups ?? {}).filter(
      ([, value]) => typeof value === 'string',
    );
    return Object.fromEntries(entries);
  }
  return undefined;
}

function toCategory(
  rule: Rule,
  line: string,
  facts: Readonly<Record<string, string>>,
  around: Surroundings,
): Category {
  if (rule.migrating !== undefined && around.migrating) return rule.migrating;
  if (rule.own !== undefined && speaksOfOwnService(line, facts['host'], around)) return rule.own;
  return rule.category;
}

function standsUp(lines: readonly Line[], at: number, rules: readonly Rule[]): boolean {
  return lines.slice(at + 1).every((line) => {
    if (line.role !== 'plain') return true;
    if (SUCCESS.test(line.text) && !DENIED.test(line.text)) return false;
    return !ERRORISH.test(line.text) || rules.some((rule) => match(rule, line.text) !== undefined);
  });
}
