import type { Finding } from '../checks/check.ts';
import type { RollbackReport } from '../engine/events.ts';
import type { Outcome } from '../engine/outcome.ts';
import type { Category } from '../failure/category.ts';
import type { Failure } from '../failure/failure.ts';
import type { Problem } from '../inputs/problem.ts';
import type { Mode } from '../inputs/inputs.ts';
import type { DeploymentStatus } from './deployment-status.ts';
import type { Venue } from './venue.ts';

/** What became of one step, as people read it. */
export type StepResult =
  | 'succeeded'
  | 'skipped'
  /** Its probe said that there was nothing to do. */
  | 'declared'
  | 'failed'
  /** Failed, and `continue-on-error` let the run go on. */
  | 'tolerated'
  | 'cancelled'
  | 'in-doubt'
  | 'not-reached';

export interface StepReport {
  readonly id: string;
  readonly name: string;
  readonly result: StepResult;
  /** Why it was skipped, run again, or not reached; empty when there is nothing to say. */
  readonly reason: string;
  /** Attempts made in this run. */
  readonly attempts: number;
  /** Epoch milliseconds of the first attempt's start; undefined when it did not run. */
  readonly startedAt: number | undefined;
  /** From the first attempt's start to the last one's end, waits included. */
  readonly durationMs: number | undefined;
  readonly isFinally: boolean;
  /** What went wrong, for one that failed; also where `continue-on-error` let the run go on. */
  readonly failure?: Failure;
  /** When a skipped step had been completed, as its checkpoint says. */
  readonly completedAt?: string;
}

/** A remedy that ran between two attempts of a step. */
export interface RemedyReport {
  readonly step: string;
  /** The kind, or category, it is given for. */
  readonly remedy: string;
  readonly ok: boolean;
}

/** Values of a step that were not stored because they contain a secret. */
export interface WithheldReport {
  readonly step: string;
  readonly values: readonly string[];
}

/** Room on one file system. */
export interface DiskSpace {
  /** The directory that was asked about. */
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** How the host was at one moment; what could not be read is absent. */
export interface HostSnapshot {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly memory?: { readonly availableBytes: number; readonly totalBytes: number };
  /** Mean number of runnable tasks over one minute, and how many cores there are for them. */
  readonly load?: { readonly oneMinute: number; readonly cores: number };
  readonly disks: readonly DiskSpace[];
}

/** The host when the run began, and when it had failed. */
export interface HostReport {
  readonly name: string;
  readonly before: HostSnapshot;
  readonly after: HostSnapshot;
}

/** The checks that fit the failure, carried out once more. */
export interface Recheck {
  readonly findings: readonly Finding[];
  /** What moved since the start, such as `disk /: free 14 GiB → 0`. */
  readonly changes: readonly string[];
}

/** What a re-run of the job would do, if nothing else happens. */
export interface Rerun {
  /** Steps it would skip. */
  readonly skips: readonly string[];
  /** The first step it would come to; undefined when there is none. */
  readonly goesOnFrom: string | undefined;
  /** Why it would stop there and ask: whether that step took effect is not known; empty: it would go on. */
  readonly doubt: string;
}

/** What would become of a step; for `mode: plan`. */
export interface PreviewStep {
  readonly id: string;
  readonly name: string;
  readonly action: 'skip' | 'run' | 'adopt' | 'in-doubt';
  readonly reason: string;
}

/** One bar of the timeline. Times are epoch milliseconds. */
export interface TimelineEntry {
  readonly step: string;
  readonly name: string;
  readonly kind:
    'attempt' | 'wait' | 'remedy' | 'probe' | 'undo' | 'rollback' | 'finally' | 'diagnostic';
  readonly attempt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly ok: boolean;
}

/** Why no step was started. */
export type Blockage =
  | { readonly kind: 'input'; readonly category: Category; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'state' | 'lock' | 'resume';
      readonly category: Category;
      readonly reasons: readonly Reason[];
    }
  | { readonly kind: 'checks'; readonly category: Category };

/** Why nothing was started, and what to do about it; one sentence each. */
export interface Reason {
  readonly message: string;
  readonly fix: string;
}

/** Something that limits resuming or that a person should know, without being the failure. */
export interface Note {
  readonly level: 'notice' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** What the steps wrote for the job summary, in order, redacted. */
export interface StepSummary {
  readonly step: string;
  readonly attempt: number;
  readonly markdown: string;
}

/** What a command of the `diagnostics` input showed, redacted. */
export interface DiagnosticReport {
  readonly command: string;
  readonly exitCode: number;
  readonly output: string;
}

/** Everything there is to say about a run; log, annotations, summary, outputs and report are made of it. */
export interface RunReport {
  readonly outcome: Outcome;
  readonly venue: Venue;
  readonly mode: Mode;
  readonly planName: string;
  readonly target: string;
  readonly deploymentId: string;
  readonly stateDir: string;
  readonly runAttempt: number;
  readonly runUrl: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether this run went on from what an earlier one recorded. */
  readonly resumed: boolean;
  readonly steps: readonly StepReport[];
  readonly failure: Failure | undefined;
  readonly failedStep: string;
  readonly rollback: RollbackReport | undefined;
  readonly blockage: Blockage | undefined;
  readonly checks: readonly Finding[];
  readonly timeline: readonly TimelineEntry[];
  readonly notes: readonly Note[];
  readonly summaries: readonly StepSummary[];
  readonly diagnostics: readonly DiagnosticReport[];
  readonly remedies: readonly RemedyReport[];
  readonly withheld: readonly WithheldReport[];
  /** State that could not be written; empty when all could. */
  readonly fault: string;
  /** Undefined when nothing failed, or the host could not be looked at. */
  readonly host: HostReport | undefined;
  readonly recheck: Recheck | undefined;
  /** Undefined when it is not known, or nothing is left to do. */
  readonly rerun: Rerun | undefined;
  /** Empty in every mode but `plan`. */
  readonly preview: readonly PreviewStep[];
  /** What a state dir holds, the latest first; empty in every mode but `status`. */
  readonly deployments: readonly DeploymentStatus[];
}

/** The counts that outputs and the last line of the log show. */
export function countSteps(report: RunReport): { readonly run: number; readonly skipped: number } {
  const isSkipped = (step: StepReport): boolean =>
    step.result === 'skipped' || step.result === 'declared';
  return {
    run: report.steps.filter((step) => step.attempts > 0 && !step.isFinally).length,
    skipped: report.steps.filter(isSkipped).length,
  };
}
