import type { Category } from '../failure/category.ts';
import type { DeploymentStatus as RecordedStatus } from '../state/record.ts';

/** What is recorded of a step, in one word. */
export type StepStatus =
  | 'running'
  | 'complete'
  | 'not-done'
  | 'in-doubt'
  | 'failed'
  | 'undoing'
  | 'undone'
  /** It succeeded, and keeps no checkpoint. */
  | 'no-checkpoint';

export interface StoredStep {
  readonly id: string;
  readonly status: StepStatus;
  /** Why nobody knows whether it took effect; undefined where that is known. */
  readonly doubt: string | undefined;
  /** The line of its checkpoint; undefined without one. */
  readonly completedAt: string | undefined;
  /** Who declared it done, if somebody did. */
  readonly declaredBy: string | undefined;
  /** Of the last attempt, if that has ended. */
  readonly exitCode: number | undefined;
  /** Of what is running. */
  readonly pid: number | undefined;
}

/** One deployment of a state dir, as `status` shows it. */
export interface DeploymentStatus {
  readonly target: string;
  /** Its directory's name where no record says the id. */
  readonly deploymentId: string;
  readonly directory: string;
  /** Undefined without a record, or when it cannot be read. */
  readonly status: RecordedStatus | undefined;
  /** The target's deployment that last started a step. */
  readonly isCurrent: boolean;
  /** Epoch milliseconds of its last sign of life. */
  readonly touchedAt: number;
  /** Who holds its lock, in words. */
  readonly lockedBy: string | undefined;
  readonly failure: { readonly step: string; readonly category: Category } | undefined;
  readonly steps: readonly StoredStep[];
  /** Why its records cannot be read; empty when they can. */
  readonly problem: string;
}
