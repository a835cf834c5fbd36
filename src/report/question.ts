import { familyOf } from '../failure/category.ts';
import type { Family } from '../failure/category.ts';
import type { RunReport } from './run-report.ts';

/** The step of which a person must say whether it took effect before a run can go on; undefined: none. */
export function findStepInDoubt({ outcome, failedStep, rerun }: RunReport): string | undefined {
  if (outcome === 'in-doubt') return failedStep;
  return rerun === undefined || rerun.doubt === '' ? undefined : rerun.goesOnFrom;
}

/** What is to be done before the answer, with a space behind it; empty when there is nothing. */
export function toBeforeAnswer({ failure, outcome }: RunReport): string {
  const isPlain = failure === undefined || outcome === 'in-doubt' || outcome === 'cancelled';
  return isPlain ? '' : BEFORE_ANSWER[familyOf(failure.category)];
}

const BEFORE_ANSWER: Readonly<Record<Family, string>> = {
  transient: '',
  recoverable: 'Mend the cause. ',
  critical: 'Look at the target, which may be broken, and mend the cause. ',
  fatal: '',
  unknown: 'Find the cause in its output. ',
};
