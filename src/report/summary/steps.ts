import { renderDuration } from '../../inputs/duration.ts';
import { fold, stack, table, text } from '../markdown.ts';
import { renderExit } from '../exit.ts';
import type { RunReport, StepReport, StepResult } from '../run-report.ts';
import type { Room } from './room.ts';
import { leaveOutMiddle } from './room.ts';
import { renderPlace } from './head.ts';
import { count, renderCompletedAt, renderStepName } from './words.ts';
import { code } from '../markdown.ts';

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
export function renderSteps({ steps, startedAt }: RunReport, { rows }: Room): string {
  if (steps.length === 0) return '';
  if (steps.length <= AT_A_GLANCE) {
    return table(
      HEAD,
      ALIGN,
      steps.map((step) => toRow(step, startedAt)),
    );
  }
  const short = toGroups(steps).flatMap((group) =>
    group.length < FEWEST_JOINED
      ? group.map((step) => toRow(step, startedAt))
      : [toJoinedRow(group)],
  );
  const joined = table(HEAD, ALIGN, cutRows(short, rows));
  const whole = table(
    HEAD,
    ALIGN,
    cutRows(
      steps.map((step) => toRow(step, startedAt)),
      rows,
    ),
  );
  return short.length === steps.length
    ? joined
    : stack([joined, fold(`All ${steps.length} steps`, whole)]);
}

function cutRows(
  rows: readonly (readonly string[])[],
  most: number,
): readonly (readonly string[])[] {
  const { first, omitted, last } = leaveOutMiddle(rows, most);
  return omitted === 0 ? rows : [...first, [`… ${omitted} more …`, '', '', '', ''], ...last];
}

/** Neighbours of which there is nothing special to say, and that ended alike; others alone. */
function toGroups(steps: readonly StepReport[]): readonly (readonly StepReport[])[] {
  const groups: StepReport[][] = [];
  for (const step of steps) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && isAlike(before, step)) group.push(step);
    else groups.push([step]);
  }
  return groups;
}

function isAlike(a: StepReport, b: StepReport): boolean {
  return isDull(a) && isDull(b) && a.result === b.result && a.isFinally === b.isFinally;
}

function isDull({ result, attempts }: StepReport): boolean {
  return (
    (result === 'succeeded' && attempts <= 1) || result === 'skipped' || result === 'not-reached'
  );
}

function toJoinedRow(group: readonly StepReport[]): readonly string[] {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return ['', '', '', '', ''];
  const ran = group.filter(({ durationMs }) => durationMs !== undefined);
  const time = ran.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  return [
    `*${count(group.length, 'step')}:* ${code(first.id, 60)} to ${code(last.id, 60)}`,
    RESULTS[first.result],
    ran.length === 0 ? '' : String(group.reduce((sum, { attempts }) => sum + attempts, 0)),
    ran.length === 0 ? '' : renderDuration(time),
    '',
  ];
}

function toRow(step: StepReport, startedAt: number): readonly string[] {
  const { result, attempts, durationMs, isFinally } = step;
  return [
    `${renderStepName(step)}${isFinally ? ' *(finally)*' : ''}`,
    RESULTS[result],
    attempts === 0 ? '' : String(attempts),
    durationMs === undefined ? '' : renderDuration(durationMs),
    renderWhy(step, startedAt),
  ];
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
