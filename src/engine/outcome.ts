import type { StateFault } from '../ports.ts';
import type { RollbackReport } from './events.ts';
import type { StepOutcome } from './step.ts';

export const OUTCOMES = [
  'succeeded',
  'failed',
  'rolled-back',
  'rollback-incomplete',
  'cancelled',
  'in-doubt',
  'blocked',
] as const;
/** How a run ended, as the `outcome` output says it. */
export type Outcome = (typeof OUTCOMES)[number];

export interface RunFacts {
  /** One for each step of the plan; undefined when it was not reached. */
  readonly steps: readonly (StepOutcome | undefined)[];
  /** One for each `finally` step that was reached. */
  readonly finally: readonly (StepOutcome | undefined)[];
  readonly stopping: boolean;
  readonly inDoubt: boolean;
  readonly rollback: { readonly cutOff: boolean; readonly report: RollbackReport } | undefined;
  readonly fault: StateFault | undefined;
}

/** E9: success is only what every step says; whatever is not known is a failure. */
export function decideOutcome(facts: RunFacts): Outcome {
  const started = facts.steps.some(
    (step) =>
      step !== undefined &&
      !(step.kind === 'fault' && (step.attempts ?? 0) === 0) &&
      !(step.kind === 'done' && step.how === 'skipped'),
  );
  if (facts.fault !== undefined)
    return started || facts.rollback !== undefined ? 'failed' : 'blocked';
  if (facts.rollback !== undefined && !facts.rollback.cutOff) {
    return facts.rollback.report.complete ? 'rolled-back' : 'rollback-incomplete';
  }
  if (facts.stopping) return 'cancelled';
  if (facts.inDoubt) return 'in-doubt';
  const all = [...facts.steps, ...facts.finally];
  return all.every((step) => step?.kind === 'done' || step?.kind === 'tolerated')
    ? 'succeeded'
    : 'failed';
}
