/** What the next run would do, if nothing else happens until then. */
import type { PlannedStep, ResumePlan } from '../plan/resume.ts';
import { needsAnswer } from '../plan/resume.ts';
import type { Rerun } from '../report/run-report.ts';

/** What of the present run is not on record, or does not decide where the next one goes on. */
export interface Ran {
  /** Where it failed; undefined when nothing did. */
  readonly failed: string | undefined;
  /** Failed steps that the plan tolerates: those run again whatever happens. */
  readonly tolerated: ReadonlySet<string>;
}

/** Reads it from the plan of a run that were to start now. */
export function foresee({ fresh, steps }: ResumePlan, { failed, tolerated }: Ran): Rerun {
  const isSkipped = ({ decision }: PlannedStep): boolean =>
    fresh === undefined && decision.action === 'skip';
  // It is not from these that the run goes on.
  const isIncidental = ({ step }: PlannedStep): boolean =>
    fresh === undefined && (!step.checkpoint || tolerated.has(step.id));
  const next = steps.find(
    (planned) => !isSkipped(planned) && (planned.step.id === failed || !isIncidental(planned)),
  );
  const asks = next !== undefined && needsAnswer(next) && next.decision.action === 'in-doubt';
  return {
    skips: steps.filter(isSkipped).map(({ step }) => step.id),
    goesOnFrom: next?.step.id,
    doubt: asks ? next.decision.why : '',
  };
}
