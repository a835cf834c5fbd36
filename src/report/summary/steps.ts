import { code, fold, stack, table, text } from '../markdown.ts';
import { renderExit } from '../exit.ts';
import type { RunReport, StepReport, StepResult } from '../run-report.ts';
import type { Room } from './room.ts';
import { leaveOutMiddle } from './room.ts';
import { renderPlace } from './head.ts';
import { count, renderCompletedAt, renderStepName, renderTime, unbroken } from './words.ts';

const RESULTS: Readonly<Record<StepResult, string>> = {
  succeeded: '✅ done',
  skipped: '⏭️ skipped',
  declared: '⏭️ nothing to do',
  failed: '❌ **failed**',
  tolerated: '⚠️ failed, tolerated',
  cancelled: '🛑 **cancelled**',
  'in-doubt': '❓ **in doubt**',
  'not-reached': '▫️ not reached',
};

const HEAD = ['Step', 'Result', 'Attempts', 'Time', 'Why'];
const ALIGN = ['left', 'left', 'right', 'right', 'left'] as const;

/** More rows than a reader takes in at a glance: equal neighbours become one row. */
const AT_A_GLANCE = 16;
/** So many equal neighbours are worth a row of their own. */
const FEWEST_JOINED = 4;

/** The steps as a table; of many, what is special, with the whole table in a fold. */
export function renderSteps(report: RunReport, { rows }: Room): string {
  const { steps } = report;
  if (steps.length === 0) return '';
  const all = steps.map((step) => toRow(step, report));
  if (steps.length <= AT_A_GLANCE) return toTable(all, rows);
  const short = toGroups(steps, report).flatMap((group) =>
    group.length < FEWEST_JOINED
      ? group.map((step) => toRow(step, report))
      : [toJoinedRow(group, report)],
  );
  if (short.length === steps.length) return toTable(all, rows);
  return stack([toTable(short, rows), fold(`All ${steps.length} steps`, toTable(all, rows))]);
}

function toTable(rows: readonly (readonly string[])[], most: number): string {
  const { first, omitted, last } = leaveOutMiddle(rows, most);
  const rest = omitted === 0 ? [] : [[`… ${omitted} more …`, '', '', '', '']];
  return table(HEAD, ALIGN, [...first, ...rest, ...last]);
}

/** Neighbours of which there is nothing special to say, and that ended alike; others alone. */
function toGroups(
  steps: readonly StepReport[],
  report: RunReport,
): readonly (readonly StepReport[])[] {
  const groups: StepReport[][] = [];
  for (const step of steps) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && isAlike(before, step, report)) {
      group.push(step);
    } else {
      groups.push([step]);
    }
  }
  return groups;
}

function isAlike(a: StepReport, b: StepReport, report: RunReport): boolean {
  const endedAlike = renderResult(a, report) === renderResult(b, report);
  return isDull(a) && isDull(b) && endedAlike && a.isFinally === b.isFinally;
}

function isDull({ result, attempts }: StepReport): boolean {
  return (
    (result === 'succeeded' && attempts <= 1) || result === 'skipped' || result === 'not-reached'
  );
}

function toJoinedRow(group: readonly StepReport[], report: RunReport): readonly string[] {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return ['', '', '', '', ''];
  const ran = group.filter(({ durationMs }) => durationMs !== undefined);
  const time = ran.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  return [
    `*${count(group.length, 'step')}:* ${code(first.id, 60)} to ${code(last.id, 60)}`,
    renderResult(first, report),
    ran.length === 0 ? '' : String(group.reduce((sum, { attempts }) => sum + attempts, 0)),
    ran.length === 0 ? '' : renderTime(time),
    '',
  ];
}

function toRow(step: StepReport, report: RunReport): readonly string[] {
  const { attempts, durationMs, isFinally } = step;
  return [
    `${renderStepName(step)}${isFinally ? ' *(finally)*' : ''}`,
    renderResult(step, report),
    attempts === 0 ? '' : String(attempts),
    renderTime(durationMs),
    renderWhy(step, report.startedAt),
  ];
}

/** What a rollback has undone is not there any more. */
function renderResult({ id, result }: StepReport, { rollback }: RunReport): string {
  const undo = rollback?.undos.find((entry) => entry.step.id === id)?.outcome.kind;
  const isDone = result === 'succeeded' || result === 'skipped';
  const wasUndone = isDone && (undo === 'undone' || undo === 'already-undone');
  return unbroken(wasUndone ? '↩️ undone' : RESULTS[result]);
}

function renderWhy({ reason, completedAt, failure }: StepReport, startedAt: number): string {
  if (failure !== undefined) {
    const at = failure.place === undefined ? '' : ` at ${renderPlace(failure.place)}`;
    return `${code(failure.category)} ${text(renderExit(failure))}${at}`;
  }
  const prefix = `completed at: ${completedAt ?? ''}`;
  if (completedAt === undefined || completedAt === '' || !reason.startsWith(prefix)) {
    return text(reason, 300);
  }
  const rest = text(reason.slice(prefix.length), 200);
  return `done ${renderCompletedAt(completedAt, startedAt)}${rest}`;
}
