import { renderDuration } from '../inputs/duration.ts';
import type { RunReport } from './run-report.ts';
import { countSteps } from './run-report.ts';

/** What the reader does next, in one sentence. */
export function toNextAction(report: RunReport): string {
  const { failure, failedStep, target, deploymentId } = report;
  switch (report.outcome) {
    case 'succeeded':
      return '';
    case 'failed':
      return failure === undefined
        ? 'Re-run failed jobs when the cause is mended: it goes on from where it stopped.'
        : `Mend the cause, then Re-run failed jobs: it goes on from ${failedStep}.`;
    case 'rolled-back':
      return 'The rollback is complete. Mend the cause, then deploy again.';
    case 'rollback-incomplete':
      return 'The rollback is not complete: do what is listed as left by hand, before anything is deployed again.';
    case 'cancelled':
      return 'Cancelled. Re-run failed jobs to go on from where it stopped.';
    case 'in-doubt':
      return `Find out whether ${failedStep} took effect, then say so: mode: mark-done if it did, mode: forget if it did not, each with target: ${target}, step: ${failedStep} and deployment-id: ${deploymentId}; then re-run this job.`;
    case 'blocked':
      return 'Nothing was started. Mend what is said above, then Re-run failed jobs.';
  }
}

/** The last line of the log: outcome, counts, time and what to do. */
export function renderLastLine(report: RunReport): string {
  const { run, skipped } = countSteps(report);
  const time = renderDuration(Math.max(0, report.endedAt - report.startedAt));
  const next = toNextAction(report);
  const head = `${report.outcome}: ${run} run, ${skipped} skipped, of ${report.steps.filter(({ isFinally }) => !isFinally).length} steps, in ${time}`;
  return next === '' ? head : `${head}. ${next}`;
}
