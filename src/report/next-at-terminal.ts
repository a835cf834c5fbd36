import type { Family } from '../failure/category.ts';
import { familyOf } from '../failure/category.ts';
import { toLeftToDo } from './left-to-do.ts';
import { findStepInDoubt, toBeforeAnswer } from './question.ts';
import type { RunReport } from './run-report.ts';
import type { Venue } from './venue.ts';
import { renderRepair } from './venue.ts';

/** What to do next at a terminal: a sentence, and the commands to type, in order. */
export interface NextStep {
  readonly text: string;
  readonly commands: readonly string[];
}

/** Before it is run again. */
const FIRST: Readonly<Record<Family, string>> = {
  transient: 'This often passes by itself; run it again',
  recoverable: 'Mend the cause, then run it again',
  critical: 'Look at the target, which may be broken, and mend the cause; then run it again',
  fatal: 'Find out what ended it, then run it again',
  unknown: 'Find the cause in its output, then run it again',
};

/** What the reader does next; undefined when there is nothing to do. */
export function toNextAtTerminal(report: RunReport, venue: Venue): NextStep | undefined {
  const again = venue.kind === 'terminal' ? [venue.again] : [];
  if (report.mode !== 'run') return toNextInMode(report, again);
  const start = toStart(report);
  switch (report.outcome) {
    case 'succeeded':
      return undefined;
    case 'failed':
      return (
        toQuestion(report, venue, again) ?? {
          text: `${toFirst(report)}: it goes on${start}.`,
          commands: again,
        }
      );
    case 'rolled-back':
      return (
        toQuestion(report, venue, again) ?? {
          text: `Mend the cause, then run it again: it goes on${start}.`,
          commands: again,
        }
      );
    case 'rollback-incomplete':
      return toNextAfterRollback(report, venue, again);
    case 'cancelled':
      return report.rollback === undefined
        ? (toQuestion(report, venue, again) ?? {
            text: `Run it again to go on${start}.`,
            commands: again,
          })
        : {
            text: 'Its rollback was cut off, and is finished now; Ctrl-C once more leaves the rest to the next run.',
            commands: again,
          };
    case 'in-doubt':
      return toQuestion(report, venue, again);
    case 'blocked':
      return toNextWhenBlocked(report, again);
  }
}

function toFirst({ failure, fault }: RunReport): string {
  if (fault !== '') {
    return 'Make room, or mend the rights, so that state can be written; then run it again';
  }
  return failure === undefined ? 'Run it again' : FIRST[familyOf(failure.category)];
}

function toStart({ rerun, failedStep }: RunReport): string {
  const start = rerun === undefined ? failedStep : (rerun.goesOnFrom ?? failedStep);
  return start === '' ? ' from where it stopped' : ` from ${start}`;
}

function toNextAfterRollback(
  { rollback, target, deploymentId }: RunReport,
  venue: Venue,
  again: readonly string[],
): NextStep {
  const count = toLeftToDo(rollback).length;
  if (count === 0)
    return { text: 'The rollback was cut off. The next run finishes it first.', commands: again };
  const what = count === 1 ? 'One thing is' : `${count} things are`;
  return {
    text: `The target is between two versions. ${what} left to do by hand. Mend what was in the way and try the rollback again, or do it by hand; then deploy again.`,
    commands: [renderRepair(venue, 'rollback', { target, deploymentId }), ...again],
  };
}

/** The question that the next run would stop at, and the commands that answer it. */
function toQuestion(
  report: RunReport,
  venue: Venue,
  again: readonly string[],
): NextStep | undefined {
  const step = findStepInDoubt(report);
  if (step === undefined) return undefined;
  const { target, deploymentId } = report;
  const of = { target, step, deploymentId };
  return {
    text: `${toBeforeAnswer(report)}Find out whether ${step} took effect, then say so (the first if it did, the second if it did not), and run it again.`,
    commands: [renderRepair(venue, 'mark-done', of), renderRepair(venue, 'forget', of), ...again],
  };
}

function toNextWhenBlocked({ blockage }: RunReport, again: readonly string[]): NextStep {
  switch (blockage?.kind) {
    case 'input':
      return { text: 'Nothing was started. Correct what is listed, then:', commands: again };
    case 'checks':
      return { text: 'Nothing was started. Mend what the checks found, then:', commands: again };
    case 'state':
    case 'lock':
    case 'resume':
    case undefined:
      return { text: 'Nothing was started. Do what is said above, then:', commands: again };
  }
}

function toNextInMode(
  { outcome, blockage, rollback, mode }: RunReport,
  again: readonly string[],
): NextStep | undefined {
  if (outcome === 'succeeded') return undefined;
  if (blockage !== undefined)
    return { text: 'Nothing was changed. Do what is said above, then:', commands: again };
  const left = toLeftToDo(rollback).length;
  if (left > 0) {
    const what = left === 1 ? 'One thing is' : `${left} things are`;
    return { text: `${what} left to do by hand.`, commands: [] };
  }
  const text = mode === 'check' ? 'Mend what the checks found, then:' : 'Mend that, then:';
  return { text, commands: again };
}

/** The same as one text, for the report. */
export function renderNextAtTerminal(next: NextStep | undefined): string {
  if (next === undefined) return '';
  return [next.text, ...next.commands.map((command) => `\`${command}\``)].join(' ');
}
