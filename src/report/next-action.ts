import type { Family } from '../failure/category.ts';
import { familyOf } from '../failure/category.ts';
import { renderDuration } from '../inputs/duration.ts';
import { toLeftToDo } from './left-to-do.ts';
import { renderNextAtTerminal, toNextAtTerminal } from './next-at-terminal.ts';
import { findStepInDoubt, toBeforeAnswer } from './question.ts';
import type { RunReport } from './run-report.ts';
import { countSteps } from './run-report.ts';

/** What the reader does next, in one or two sentences; empty when there is nothing to do. */
export function toNextAction(report: RunReport): string {
  const { venue } = report;
  if (venue.kind === 'terminal') return renderNextAtTerminal(toNextAtTerminal(report, venue));
  if (report.mode !== 'run') return toNextInMode(report);
  switch (report.outcome) {
    case 'succeeded':
      return '';
    case 'failed':
      return toNextAfterFailure(report);
    case 'rolled-back':
      return `${toUndone(report)} ${toQuestion(report) ?? `Mend the cause; then Re-run failed jobs, which goes on${toStart(report)}, or deploy a new version.`}`;
    case 'rollback-incomplete':
      return toNextAfterRollback(report);
    case 'cancelled':
      return report.rollback === undefined
        ? (toQuestion(report) ?? `Re-run failed jobs to go on${toStart(report)}.`)
        : 'Its rollback was cut off. The end of the job, or else the next run, finishes it first.';
    case 'in-doubt':
      return toQuestion(report) ?? '';
    case 'blocked':
      return toNextWhenBlocked(report);
  }
}

function toUndone({ rollback }: RunReport): string {
  const left = rollback?.undos.filter(({ outcome }) => outcome.kind === 'nothing-to-undo') ?? [];
  if (left.length === 0) return 'Everything that had been done is undone.';
  return `Everything that has a rollback is undone; ${left.map(({ step }) => step.id).join(', ')} has none and is left as it is.`;
}

/** The question that the next run would stop at; undefined when there is none. */
function toQuestion(report: RunReport): string | undefined {
  const step = findStepInDoubt(report);
  if (step === undefined) return undefined;
  const { target, deploymentId } = report;
  return `${toBeforeAnswer(report)}Find out whether ${step} took effect, then say so: mode: mark-done if it did, mode: forget if it did not, each with target: ${target}, step: ${step} and deployment-id: ${deploymentId}. Then re-run this job.`;
}

/** What comes before the re-run. */
const FIRST: Readonly<Record<Family, string>> = {
  transient: 'This often passes by itself.',
  recoverable: 'Mend the cause, then',
  critical: 'Look at the target, which may be broken, and mend the cause; then',
  fatal: 'Find out what ended it, then',
  unknown: 'Find the cause in its output, then',
};

function toNextAfterFailure(report: RunReport): string {
  const { failure } = report;
  if (report.fault !== '') {
    return `Make room, or mend the rights, so that state can be written; then Re-run failed jobs: it goes on${toStart(report)}.`;
  }
  const question = toQuestion(report);
  if (question !== undefined) return question;
  if (failure === undefined) return `Re-run failed jobs: it goes on${toStart(report)}.`;
  return `${FIRST[familyOf(failure.category)]} Re-run failed jobs: it goes on${toStart(report)}.`;
}

function toStart({ rerun, failedStep }: RunReport): string {
  const start = rerun === undefined ? failedStep : (rerun.goesOnFrom ?? failedStep);
  return start === '' ? ' from where it stopped' : ` from ${start}`;
}

function toNextAfterRollback({ rollback }: RunReport): string {
  const count = toLeftToDo(rollback).length;
  return count === 0
    ? 'The rollback was cut off: re-run this job, which finishes it first.'
    : `The target is between two versions. ${count === 1 ? 'One thing is' : `${count} things are`} left to do by hand. After that, deploy again.`;
}

function toNextWhenBlocked({ blockage }: RunReport): string {
  switch (blockage?.kind) {
    case 'input':
      return 'Nothing was started. Correct what is listed, push, and run it again.';
    case 'checks':
      return 'Nothing was started. Mend what the checks found, then Re-run failed jobs.';
    case 'state':
    case 'lock':
    case 'resume':
    case undefined:
      return 'Nothing was started. Do what is said above, then Re-run failed jobs.';
  }
}

function toNextInMode({ outcome, blockage, rollback }: RunReport): string {
  if (outcome === 'succeeded') return '';
  if (blockage !== undefined) return 'Nothing was changed. Do what is said above, and try again.';
  const left = toLeftToDo(rollback).length;
  if (left > 0) return `${left === 1 ? 'One thing is' : `${left} things are`} left to do by hand.`;
  return 'Mend what is said above, and try again.';
}

/** The last line of the log: outcome, counts, time and what to do. */
export function renderLastLine(report: RunReport): string {
  const next = toNextAction(report);
  const head = renderResultLine(report);
  return next === '' ? head : `${head}. ${next}`;
}

/** Outcome, counts and time. */
export function renderResultLine(report: RunReport): string {
  const time = renderDuration(Math.max(0, report.endedAt - report.startedAt));
  return `${renderCounts(report)}, in ${time}`;
}

function renderCounts(report: RunReport): string {
  const { run, skipped } = countSteps(report);
  const steps = report.steps.filter(({ isFinally }) => !isFinally).length;
  if (steps > 0) return `${report.outcome}: ${run} run, ${skipped} skipped, of ${steps} steps`;
  const bad = report.checks.filter(({ status }) => status !== 'pass').length;
  if (report.checks.length === 0) {
    return report.mode === 'run' ? report.outcome : `${report.outcome}: mode ${report.mode}`;
  }
  return `${report.outcome}: ${report.checks.length - bad} of ${report.checks.length} checks passed`;
}
