/**
 * Which line of the output is the cause, and which rule says so.
 *
 * 1. Lines are read from the last to the first, so that the last cause wins; noise and wrappers are
 *    passed over (`output.ts`).
 * 2. Strength before position: a decisive line anywhere outweighs a cause, a cause a symptom, a symptom
 *    a mere word. On one line of one strength the order of the tables decides.
 * 3. A transient finding must stand up, because calling something transient that is not is the worst
 *    mistake: no sign of success may follow it (then it was overcome), no other cause (then that is
 *    the last one), and no error that no rule can explain by more than a word (then that is the
 *    cause, and we do not know it).
 * 4. Where only announced retries are left, the last of them may be the cause: some tools print nothing
 *    else. Where only warnings are left, they may be, unless they are transient.
 */
import { familyOf } from './category.ts';
import type { Category } from './category.ts';
import type { Line, LineRole } from './output.ts';
import { toRuleIndex } from './rule-index.ts';
import type { IndexedRule, RuleIndex } from './rule-index.ts';
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

/** A line with the rules that hold for it, in table order. */
interface JudgedLine {
  readonly line: Line;
  readonly matches: readonly Match[];
}

interface Match {
  readonly rule: Rule;
  readonly facts: Readonly<Record<string, string>>;
}

/** Decides on the cause; undefined: in doubt. */
export function decideCause(
  lines: readonly Line[],
  tables: readonly RuleTable[],
  around: Surroundings,
): Finding | undefined {
  const inSight = toSight(around.command, lines);
  const index = toRuleIndex(tables);
  const judged = lines.map((line) => ({ line, matches: matchesOf(line.text, index, inSight) }));
  return decideAmong(judged, around);
}

/** All rules that hold for a line of this output, in table order; for the test that lists overlaps. */
export function rulesFor(
  line: string,
  lines: readonly Line[],
  tables: readonly RuleTable[],
  command: string,
): readonly Rule[] {
  const inSight = toSight(command, lines);
  return matchesOf(line, toRuleIndex(tables), inSight).map((found) => found.rule);
}

function decideAmong(lines: readonly JudgedLine[], around: Surroundings): Finding | undefined {
  const judge = (role: LineRole, strength: Strength, mayBeTransient: boolean) => {
    for (let at = lines.length - 1; at >= 0; at--) {
      const judged = lines[at];
      const found = judged?.matches.find(({ rule }) => strengthOf(rule) === strength);
      if (judged === undefined || found === undefined || judged.line.role !== role) continue;
      const { line } = judged;
      const category = toCategory(found, line.text, around);
      const finding = { ...found, category, line: line.text };
      if (familyOf(category) !== 'transient') return finding;
      if (mayBeTransient && standsUp(lines, at, around)) return finding;
    }
    return undefined;
  };
  for (const [role, strength, mayBeTransient] of ROUNDS) {
    const finding = judge(role, strength, mayBeTransient);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

/** What is asked for, in turn: the lines of this role, for rules of this strength. */
const ROUNDS: readonly (readonly [LineRole, Strength, boolean])[] = [
  ['plain', 'decisive', true],
  ['plain', 'cause', true],
  ['plain', 'symptom', true],
  ['plain', 'weak', false],
  ['retry', 'decisive', true],
  ['retry', 'cause', true],
  ['wrapper', 'decisive', false],
  ['wrapper', 'cause', false],
  ['wrapper', 'symptom', false],
  ['noise', 'decisive', false],
  ['noise', 'cause', false],
];

function strengthOf(rule: Rule): Strength {
  return rule.strength ?? 'cause';
}

/** Whether a rule may be used at all: its tool is in sight, and its conditions hold. Asked lazily. */
function toSight(command: string, lines: readonly Line[]): (found: IndexedRule) => boolean {
  const output = lines.map((line) => line.text).join('\n');
  const text = `${command}\n${output}`;
  const tools = new Map<RuleTable, boolean>();
  const isToolSeen = (table: RuleTable) => {
    const known = tools.get(table);
    if (known !== undefined) return known;
    const seen = table.seen?.test(text) ?? true;
    tools.set(table, seen);
    return seen;
  };
  return ({ rule, table }) =>
    isToolSeen(table) &&
    (rule.command?.test(command) ?? true) &&
    !(rule.unlessCommand?.test(command) ?? false) &&
    (rule.also?.test(output) ?? true);
}

function matchesOf(
  line: string,
  index: RuleIndex,
  inSight: (found: IndexedRule) => boolean,
): readonly Match[] {
  const matches: Match[] = [];
  for (const indexed of index.candidates(line)) {
    const facts = match(indexed.rule, line);
    if (facts !== undefined && inSight(indexed)) matches.push({ rule: indexed.rule, facts });
  }
  return matches;
}

/** The named groups when the rule holds for the line: those of the first pattern that holds. */
function match(rule: Rule, line: string): Record<string, string> | undefined {
  for (const pattern of rule.lines) {
    const found = pattern.exec(line);
    if (found === null) continue;
    const groups = Object.entries<string | undefined>(found.groups ?? {});
    return Object.fromEntries(
      groups.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }
  return undefined;
}

function toCategory({ rule, facts }: Match, line: string, around: Surroundings): Category {
  if (rule.migrating !== undefined && around.migrating) return rule.migrating;
  if (rule.own !== undefined && speaksOfOwnService(line, facts['host'], around)) return rule.own;
  return rule.category;
}

/** Rule 3 of the header: nothing after a transient finding speaks against it. */
function standsUp(lines: readonly JudgedLine[], at: number, around: Surroundings): boolean {
  return lines.slice(at + 1).every((judged) => {
    const { text } = judged.line;
    const overcome = SUCCESS.test(text) && !DENIED.test(text);
    const unexplained = ERRORISH.test(text) && !judged.matches.some(isMoreThanWord);
    const speaksAgainst = overcome || unexplained || isAnotherCause(judged, around);
    return !speaksAgainst || judged.line.role !== 'plain';
  });
}

/**
 * Whether a line names a cause of its own that is not transient. Critical symptoms (a build or a
 * roll-out that stopped) may follow from something transient; a wrong setting does not.
 */
function isAnotherCause({ line, matches }: JudgedLine, around: Surroundings): boolean {
  const first = matches.find(isMoreThanWord);
  if (first === undefined) return false;
  const family = familyOf(toCategory(first, line.text, around));
  if (family === 'transient') return false;
  return strengthOf(first.rule) !== 'symptom' || family === 'recoverable';
}

function isMoreThanWord({ rule }: Match): boolean {
  return strengthOf(rule) !== 'weak';
}
