import type { ClassifyRule } from '../plan/plan.ts';
import { toExitCode } from '../state/record.ts';
import { toAdvice } from './advice.ts';
import { familyOf } from './category.ts';
import type { Category } from './category.ts';
import { decideCause } from './decide.ts';
import type { Finding } from './decide.ts';
import { parseDeclared } from './declared.ts';
import type { Evidence, Verdict } from './evidence.ts';
import { decideByExitCode } from './exit-codes.ts';
import type { ExitRule } from './exit-codes.ts';
import { toLines } from './output.ts';
import type { Line } from './output.ts';
import { decideByOwnRules } from './own-rules.ts';
import { parseRetryAfter } from './retry-after.ts';
import { TABLES } from './rules/tables.ts';
import { signalOf, toSignalCategory } from './signals.ts';
import { toSurroundings } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

export type { Evidence, Verdict } from './evidence.ts';

/** A verdict before advice and waiting time are added. */
interface Ruling {
  readonly category: Category;
  readonly rule: string;
  readonly line?: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly fix?: string;
  readonly run?: readonly string[];
  readonly retryAfterMs?: number;
}

const MAX_EVIDENCE_CHARS = 500;
/** With less than this left, a write that failed has its explanation. */
const NEARLY_FULL_BYTES = 1024 * 1024;
const WRITE_FAILED =
  /\b(?:write|writing|written|save|saving|create|creating|extract|copy|flush|store|append)\w{0,4}\b.{0,80}\b(?:fail\w{0,4}|error|cannot|could not|unable)|\b(?:fail\w{0,4}|error|cannot|could not|unable)\b.{0,80}\b(?:write|writing|save|create|extract|copy|flush|store|append)/iu;

/**
 * What kind of failure this is. The order of judgement: our own timeout or cancel, what the step
 * declared, the plan's rules, death by a signal, the shipped rules, and in doubt `unknown:exit`.
 */
export function classify(evidence: Evidence, own: readonly ClassifyRule[]): Verdict {
  const lines = toLines(evidence.tail);
  const around = toSurroundings(evidence.command);
  const declared = parseDeclared(evidence.declared);
  const notes = [...declared.notes];
  const ruling = ruleOnOurOwnDoing(evidence) ??
    ruleOnDeclared(declared) ??
    ruleOnPlan(evidence, own, lines, notes) ??
    ruleOnSignal(evidence, lines, around) ??
    ruleOnShippedRules(evidence, lines, around) ?? { category: 'unknown:exit', rule: 'none' };
  const waitMs =
    ruling.retryAfterMs ??
    declared.retryAfterMs ??
    (familyOf(ruling.category) === 'transient' ? parseRetryAfter(lines) : undefined);
  return {
    category: ruling.category,
    rule: ruling.rule,
    ...(ruling.line === undefined ? {} : { evidence: ruling.line.slice(0, MAX_EVIDENCE_CHARS) }),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    advice: toAdvice(ruling.category, {
      facts: ruling.facts ?? {},
      line: ruling.line ?? '',
      ...(ruling.fix === undefined ? {} : { fix: ruling.fix }),
      ...(ruling.run === undefined ? {} : { run: ruling.run }),
    }),
  };
}

function ruleOnOurOwnDoing(evidence: Evidence): Ruling | undefined {
  if (evidence.endedBy === 'timeout') return { category: 'critical:timeout', rule: 'timeout' };
  if (evidence.endedBy === 'cancel') return { category: 'fatal:signal', rule: 'cancelled' };
  return undefined;
}

function ruleOnDeclared(declared: ReturnType<typeof parseDeclared>): Ruling | undefined {
  if (declared.category === undefined) return undefined;
  return {
    category: declared.category,
    rule: 'declared',
    ...(declared.retryAfterMs === undefined ? {} : { retryAfterMs: declared.retryAfterMs }),
  };
}

function ruleOnPlan(
  evidence: Evidence,
  own: readonly ClassifyRule[],
  lines: readonly Line[],
  notes: string[],
): Ruling | undefined {
  const decided = decideByOwnRules(
    own,
    evidence.exit,
    lines.map((line) => line.text),
  );
  notes.push(...decided.notes);
  if (decided.verdict === undefined) return undefined;
  const { position, rule, line } = decided.verdict;
  return { category: rule.as, rule: `plan:${position}`, ...(line === undefined ? {} : { line }) };
}

/**
 * A death by signal is what it is, whatever was printed, with one exception: memory. The kernel's
 * counter proves it; a process that said so itself and then aborted (V8 does) is believed too.
 */
function ruleOnSignal(
  evidence: Evidence,
  lines: readonly Line[],
  around: Surroundings,
): Ruling | undefined {
  const signal = signalOf(evidence.exit, evidence.shellReports ?? true);
  if (signal === undefined) return undefined;
  if (signal === 'SIGKILL' && (evidence.measured.oomKills ?? 0) > 0) {
    return {
      category: 'recoverable:resource',
      rule: 'oom-killed',
      fix: 'The kernel killed the process because memory ran out: its counter rose while the step ran.',
      run: ['free -h', 'dmesg -T | grep -i -E "killed process|out of memory" | tail'],
    };
  }
  const memory = decideCause(lines, TABLES, around);
  if (memory?.category === 'recoverable:resource' && memory.rule.id.startsWith('memory-')) {
    return toRuling(memory);
  }
  return { category: toSignalCategory(signal), rule: 'signal' };
}

function ruleOnShippedRules(
  evidence: Evidence,
  lines: readonly Line[],
  around: Surroundings,
): Ruling | undefined {
  const finding = decideCause(lines, TABLES, around);
  const full = ruleOnFullDisk(evidence, lines);
  const isWord =
    finding === undefined ||
    finding.rule.strength === 'weak' ||
    finding.rule.strength === 'symptom';
  if (full !== undefined && isWord) return full;
  const byCode = decideByExitCode(toExitCode(evidence.exit), lines, around);
  if (finding !== undefined && !outweighs(byCode?.rule, finding)) return toRuling(finding);
  if (byCode === undefined) return undefined;
  return { category: byCode.category, rule: byCode.rule.id, fix: byCode.rule.fix };
}

/** An exit code that means one thing for this command outweighs a mere word, or what was before. */
function outweighs(rule: ExitRule | undefined, finding: Finding): boolean {
  if (rule === undefined) return false;
  if (finding.rule.strength === 'weak' && rule.seen !== undefined) return true;
  return rule.outweighsTransient === true && familyOf(finding.category) === 'transient';
}

/** A write that failed while the disk had next to nothing left. */
function ruleOnFullDisk(evidence: Evidence, lines: readonly Line[]): Ruling | undefined {
  const free = evidence.measured.diskFreeBytes;
  if (free === undefined || free >= NEARLY_FULL_BYTES) return undefined;
  const line = lines.findLast((candidate) => WRITE_FAILED.test(candidate.text));
  if (line === undefined) return undefined;
  return {
    category: 'recoverable:resource',
    rule: 'disk-full-measured',
    line: line.text,
    fix: 'The disk had next to nothing left when the step failed to write.',
    run: ['df -h', 'df -i', 'docker system df'],
  };
}

function toRuling(finding: Finding): Ruling {
  const { rule, category, line, facts } = finding;
  return {
    category,
    rule: rule.id,
    line,
    facts,
    fix: rule.fix,
    ...(rule.run === undefined ? {} : { run: rule.run }),
  };
}
