import type { Failure, Place } from '../failure/failure.ts';
import { renderExit } from './exit.ts';
import { toLeftToDo } from './left-to-do.ts';
import { toNextAction } from './next-action.ts';
import type { RunReport } from './run-report.ts';

/** The only colour of the log, in the one place that is to be found at once. */
const RED = '\u001b[1;31m';
const PLAIN = '\u001b[0m';

/** One block that says all about a failure: what, where, which kind, why, what to do, how to resume. */
export function renderFailureBlock(report: RunReport): readonly string[] {
  const { failure } = report;
  if (failure === undefined) return [];
  const { advice, evidence, place, calledFrom, category, rule } = failure;
  const facts: readonly (readonly [string, string])[] = [
    ['step', failure.name === failure.step ? failure.step : `${failure.step} (${failure.name})`],
    ['end', renderExit(failure).slice(1, -1)],
    ['where', place === undefined ? '' : renderPlace(place)],
    ['called from', calledFrom === undefined ? '' : renderPlace(calledFrom)],
    ['command', place?.command ?? ''],
    ['category', `${category} (rule ${rule})`],
    ['because', evidence],
    ['meaning', advice.meaning],
  ];
  const width = Math.max(...facts.map(([label]) => label.length));
  // At a terminal the end says it, as the last thing.
  const next = report.venue.kind === 'job' ? toNextAction(report) : '';
  const skips = report.rerun?.skips ?? [];
  return [
    `${RED}──── ${failure.message} ────${PLAIN}`,
    ...facts
      .filter(([, text]) => text !== '')
      .map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    ...renderExcerpt(failure),
    ...list('look at', advice.lookAt),
    ...list('run', advice.commands),
    ...list(
      'left to do by hand',
      toLeftToDo(report.rollback).map(({ what }) => what),
    ),
    ...(next === '' ? [] : [`  next: ${next}`]),
    ...(skips.length === 0
      ? []
      : [
          `  ${report.venue.kind === 'job' ? 'a re-run' : 'the next run'} skips: ${skips.join(', ')}`,
        ]),
  ];
}

function renderPlace({ file, line }: Place): string {
  return `${file}:${line}`;
}

function renderExcerpt({ excerpt }: Failure): readonly string[] {
  if (excerpt === undefined) return [];
  const width = String(excerpt.first + excerpt.lines.length - 1).length;
  const lines = excerpt.lines.map((line, index) => {
    const number = excerpt.first + index;
    const mark = number === excerpt.failing ? '>' : ' ';
    return `${mark} ${String(number).padStart(width)} | ${line}`.trimEnd();
  });
  return list('source', lines);
}

function list(label: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`  ${label}:`, ...items.map((item) => `    ${item}`)];
}
