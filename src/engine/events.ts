import type { Failure } from '../failure/failure.ts';
import type { StateFault } from '../ports.ts';
import type { Exit } from '../state/record.ts';

/** Which kind of command of a step an event is about. */
export type Role = 'step' | 'probe' | 'undo' | 'remedy' | 'rollback' | 'finally' | 'diagnostic';

/** A step as events name it. */
export interface StepRef {
  readonly id: string;
  readonly name: string;
}

/** What a probe (`done-when`) said. */
export type ProbeAnswer = 'done' | 'not-done' | 'unknown';

/** How the undo of one step ended, or why there was none. */
export type UndoOutcome =
  | { readonly kind: 'undone'; readonly attempts: number }
  | { readonly kind: 'already-undone' }
  | { readonly kind: 'nothing-to-undo' }
  | { readonly kind: 'declared' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'in-doubt'; readonly why: string }
  | { readonly kind: 'not-stored' }
  | { readonly kind: 'irreversible' }
  | { readonly kind: 'behind-irreversible'; readonly step: string };

/** Whether this outcome leaves something for a person to do. */
export function leavesWork(outcome: UndoOutcome): boolean {
  switch (outcome.kind) {
    case 'undone':
    case 'already-undone':
    case 'nothing-to-undo':
      return false;
    case 'declared':
      return false;
    case 'failed':
    case 'in-doubt':
    case 'not-stored':
    case 'irreversible':
    case 'behind-irreversible':
      return true;
  }
}

export interface UndoReport {
  readonly step: StepRef;
  readonly outcome: UndoOutcome;
}

/** What happened in a rollback, newest step first. */
export interface RollbackReport {
  readonly undos: readonly UndoReport[];
  /** The `rollback` input's command; undefined when there is none or it was not reached. */
  readonly command:
    | { readonly outcome: 'done' }
    | { readonly outcome: 'failed'; readonly failure: Failure }
    | undefined;
  readonly complete: boolean;
}

/** All the engine has to say; it prints nothing itself. Times are epoch milliseconds. */
export type EngineEvent =
  | {
      readonly type: 'step-skipped';
      readonly step: StepRef;
      readonly completedAt: string;
      readonly reason: string;
      /** What the step wrote for the job summary when it ran. */
      readonly summary: string;
    }
  | {
      readonly type: 'attempt-started';
      readonly role: Role;
      readonly step: StepRef;
      readonly unit: string;
      readonly at: number;
      readonly attempt: number;
      readonly maxAttempts: number;
      /** Set when the command was started by an earlier run and is taken over. */
      readonly adopted: boolean;
    }
  | {
      readonly type: 'attempt-ended';
      readonly role: Role;
      readonly step: StepRef;
      readonly unit: string;
      readonly at: number;
      readonly startedAt: number;
      readonly attempt: number;
      readonly exit: Exit | undefined;
      readonly failure: Failure | undefined;
      /** What the attempt wrote to its summary file, redacted. */
      readonly summary: string;
    }
  | {
      readonly type: 'retry-waiting';
      readonly role: Role;
      readonly step: StepRef;
      readonly at: number;
      readonly delayMs: number;
      readonly nextAttempt: number;
      readonly maxAttempts: number;
      readonly because: Failure;
    }
  | { readonly type: 'retries-ended'; readonly step: StepRef; readonly why: string }
  | {
      readonly type: 'remedy-ended';
      readonly step: StepRef;
      readonly remedy: string;
      readonly failure: Failure | undefined;
    }
  | {
      readonly type: 'diagnostic-ended';
      readonly command: string;
      readonly exitCode: number;
      /** Its last output, redacted. */
      readonly output: string;
    }
  | {
      readonly type: 'probe-answered';
      readonly step: StepRef;
      readonly answer: ProbeAnswer;
      readonly exitCode: number;
    }
  | {
      readonly type: 'doubt-resolved';
      readonly step: StepRef;
      readonly why: string;
      readonly resolution: 'probe-done' | 'probe-not-done' | 'idempotent';
    }
  | {
      readonly type: 'step-completed';
      readonly step: StepRef;
      readonly at: number;
      readonly how: 'ran' | 'adopted' | 'probe';
    }
  | {
      readonly type: 'step-failed';
      readonly step: StepRef;
      readonly failure: Failure;
      readonly tolerated: boolean;
    }
  /** It had failed while no run was watching; this run tries it again. */
  | { readonly type: 'old-failure'; readonly step: StepRef; readonly failure: Failure }
  | { readonly type: 'values-withheld'; readonly step: StepRef; readonly values: readonly string[] }
  | {
      readonly type: 'checkpoints-dropped';
      readonly steps: readonly string[];
      readonly because: string;
    }
  | { readonly type: 'leftover-waited-for'; readonly step: string; readonly pid: number }
  | {
      readonly type: 'rollback-started';
      readonly at: number;
      readonly because: Failure | undefined;
      readonly resumed: boolean;
    }
  | {
      readonly type: 'undo-ended';
      readonly step: StepRef;
      readonly at: number;
      readonly outcome: UndoOutcome;
    }
  | { readonly type: 'rollback-ended'; readonly at: number; readonly report: RollbackReport }
  | { readonly type: 'state-fault'; readonly fault: StateFault }
  | { readonly type: 'stopping'; readonly because: 'cancel' | 'worker-gone' };
