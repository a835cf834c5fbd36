import type { Category } from '../failure/category.ts';
import type { RunReport } from './run-report.ts';
import { countSteps } from './run-report.ts';

/** The category the outputs name: the failure's, or why nothing was started; empty on success. */
export function categoryOf(report: RunReport): Category | '' {
  return report.failure?.category ?? report.blockage?.category ?? '';
}

/** The action's own outputs, except `report` and `result`, which are made of the whole report. */
export function toOutputs(report: RunReport): ReadonlyMap<string, string> {
  const { run, skipped } = countSteps(report);
  const { failure } = report;
  const exitCode = failure?.exitCode ?? (report.outcome === 'succeeded' ? 0 : 1);
  const last = report.steps.findLast((step) => step.attempts > 0);
  const counted = report.steps.find((step) => step.id === report.failedStep) ?? last;
  return new Map([
    ['outcome', report.outcome],
    ['failed-step', report.failedStep],
    ['category', categoryOf(report)],
    ['exit-code', String(exitCode)],
    ['resumed', String(report.resumed)],
    ['steps-run', String(run)],
    ['steps-skipped', String(skipped)],
    ['attempts', String(counted?.attempts ?? 0)],
    ['deployment-id', report.deploymentId],
    ['state-dir', report.stateDir],
  ]);
}
