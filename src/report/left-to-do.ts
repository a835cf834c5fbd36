import type { RollbackReport, UndoOutcome } from '../engine/events.ts';
import { leavesWork } from '../engine/events.ts';
import type { Failure } from '../failure/failure.ts';
import { renderExit } from './exit.ts';

/** What a rollback leaves for a person: one sentence each, with the step it is about. */
export interface LeftToDo {
  /** Undefined: the rollback command. */
  readonly step: string | undefined;
  readonly what: string;
}

/** Exactly what is left for a person after a rollback; empty when it is complete. */
export function toLeftToDo(rollback: RollbackReport | undefined): readonly LeftToDo[] {
  if (rollback === undefined) return [];
  const { undos, command } = rollback;
  const left: LeftToDo[] = undos
    .filter(({ outcome }) => leavesWork(outcome))
    .map(({ step, outcome }) => ({ step: step.id, what: toTask(step.id, outcome) }));
  if (command?.outcome === 'failed') {
    const how = renderExit(command.failure);
    left.push({
      step: undefined,
      what: `The rollback command failed ${how}: do what it does by hand.`,
    });
  }
  return left;
}

/** The line that says why: often the first thing to mend. */
function renderWhy({ evidence }: Failure): string {
  return evidence === '' ? '' : `, with: ${evidence}`;
}

function toTask(step: string, outcome: UndoOutcome): string {
  switch (outcome.kind) {
    case 'failed':
      return `Undo ${step} by hand: its rollback failed ${renderExit(outcome.failure)}${renderWhy(outcome.failure)}.`;
    case 'in-doubt':
      return `Look whether ${step} is undone, and undo it by hand if not: ${outcome.why}.`;
    case 'not-stored':
      return `Undo ${step} by hand: it is no longer in the plan, and its rollback held a secret and was not stored.`;
    case 'irreversible':
      return `Decide what becomes of ${step}: it is irreversible, and the rollback stopped in front of it.`;
    case 'behind-irreversible':
      return `Decide what becomes of ${step}: it is still in place, since ${outcome.step} after it is irreversible.`;
    case 'undone':
    case 'already-undone':
    case 'nothing-to-undo':
    case 'declared':
      return '';
  }
}
