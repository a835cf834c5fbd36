import type { Finding } from '../../checks/check.ts';
import type { Problem } from '../../inputs/problem.ts';
import { renderProblemPlace } from '../findings.ts';
import { advice, blockOf, code, fold, stack, table, text } from '../markdown.ts';
import type { RunReport } from '../run-report.ts';
import type { Room } from './room.ts';
import { leaveOutMiddle } from './room.ts';
import { count } from './words.ts';

const MARKS = { pass: '✅', warn: '⚠️', fail: '❌' } as const;

/** What the checks found, as advice from a colleague: what is wrong, what it takes, what to do. */
export function renderChecks({ checks }: RunReport, room: Room): string {
  if (checks.length === 0) return '';
  const failed = checks.filter(({ status }) => status === 'fail');
  const warned = checks.filter(({ status }) => status === 'warn');
  if (failed.length === 0 && warned.length === 0) return '';
  const advised = [...failed, ...warned].slice(0, room.rows).map(renderOpinion);
  const passed = checks.filter(({ status }) => status === 'pass');
  return stack([
    '### Pre-flight checks',
    ...advised,
    passed.length === 0
      ? ''
      : fold(`${count(passed.length, 'check')} passed`, renderTable(passed, room)),
  ]);
}

function renderOpinion({ name, status, found, wanted, remedy = '', reason = '' }: Finding): string {
  return stack([
    `${MARKS[status]} **${text(name, 200)}**: ${text(found)}. Wanted: ${text(wanted)}.`,
    advice(remedy, 1_500),
    reason === '' ? '' : blockOf(reason.slice(0, 4_000)),
  ]);
}

function renderTable(checks: readonly Finding[], { rows }: Room): string {
  const { first, omitted, last } = leaveOutMiddle(checks, rows);
  const toRow = ({ name, found, wanted }: Finding): readonly string[] => [
    `✅ ${text(name, 120)}`,
    text(found, 200),
    text(wanted, 200),
  ];
  return table(
    ['Check', 'Found', 'Wanted'],
    ['left', 'left', 'left'],
    [
      ...first.map(toRow),
      ...(omitted === 0 ? [] : [[`… ${omitted} more …`, '', '']]),
      ...last.map(toRow),
    ],
  );
}

/** What is wrong with plan and inputs, each with its place. */
export function renderProblems({ blockage }: RunReport, { rows }: Room): string {
  if (blockage?.kind !== 'input') return '';
  const { first, omitted, last } = leaveOutMiddle(blockage.problems, Math.min(rows, 100));
  const toRow = (problem: Problem): readonly string[] => [
    code(renderProblemPlace(problem), 200),
    text(problem.message, 1_000),
  ];
  const rest = omitted === 0 ? [] : [[`… ${omitted} more …`, '']];
  return table(
    ['Where', 'What is wrong'],
    ['left', 'left'],
    [...first.map(toRow), ...rest, ...last.map(toRow)],
  );
}

/** What each step would do; for `mode: plan`. */
export function renderPreview({ preview }: RunReport, { rows }: Room): string {
  if (preview.length === 0) return '';
  const { first, omitted, last } = leaveOutMiddle(preview, rows);
  const toRow = ({ id, action, reason }: RunReport['preview'][number]): readonly string[] => [
    code(id),
    ACTIONS[action],
    text(reason, 300),
  ];
  const rest = omitted === 0 ? [] : [[`… ${omitted} more …`, '', '']];
  return table(
    ['Step', 'Would', 'Why'],
    ['left', 'left', 'left'],
    [...first.map(toRow), ...rest, ...last.map(toRow)],
  );
}

const ACTIONS = {
  skip: '⏭️ be skipped',
  run: '▶️ run',
  adopt: '⏳ be waited for',
  'in-doubt': '❓ be asked about',
} as const;
