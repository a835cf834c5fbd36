import type { RollbackReport, UndoOutcome } from '../../engine/events.ts';
import { code, stack, table, text } from '../markdown.ts';
import { renderUndo } from '../log.ts';
import type { RunReport } from '../run-report.ts';
import type { Room } from './room.ts';
import { leaveOutMiddle } from './room.ts';
import { renderStepName, renderTime } from './words.ts';

const MARKS: Readonly<Record<UndoOutcome['kind'], string>> = {
  undone: '✅',
  'already-undone': '✅',
  'nothing-to-undo': '▫️',
  declared: '▫️',
  failed: '❌',
  'in-doubt': '❓',
  'not-stored': '❌',
  irreversible: '⛔',
  'behind-irreversible': '⛔',
};

/** The rollback step by step, newest first. */
export function renderRollback(report: RunReport, room: Room): string {
  const { rollback } = report;
  if (rollback === undefined) return '';
  const { undos, command, complete } = rollback;
  const { first, omitted, last } = leaveOutMiddle(undos, room.rows);
  const toRow = ({ step, outcome }: (typeof undos)[number]): readonly string[] => [
    renderStepName(step),
    `${MARKS[outcome.kind]} ${text(renderUndo(outcome), 300)}`,
    renderUndoTime(report, step.id),
    renderWhy(outcome),
  ];
  const rows = [
    ...first.map(toRow),
    ...(omitted === 0 ? [] : [[`… ${omitted} more …`, '', '', '']]),
    ...last.map(toRow),
    ...(command === undefined ? [] : [toCommandRow(command)]),
  ];
  const head = ['Newest first', 'Rollback', 'Time', 'Why'];
  return stack([
    `### The rollback is ${complete ? 'complete' : '**not** complete'}`,
    rows.length === 0 ? '' : table(head, ['left', 'left', 'right', 'left'], rows),
  ]);
}

function toCommandRow(command: NonNullable<RollbackReport['command']>): readonly string[] {
  return command.outcome === 'done'
    ? ['*rollback command*', '✅ done', '', '']
    : ['*rollback command*', '❌ failed', '', code(command.failure.evidence, 300)];
}

function renderUndoTime({ timeline }: RunReport, step: string): string {
  const bars = timeline.filter((entry) => entry.kind === 'undo' && entry.step === step);
  const total = bars.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
  return bars.length === 0 ? '' : renderTime(total);
}

function renderWhy(outcome: UndoOutcome): string {
  if (outcome.kind !== 'failed') return '';
  const { category, evidence } = outcome.failure;
  return [code(category), code(evidence, 300)].filter((part) => part !== '').join(' ');
}
