import type { Category } from '../failure/category.ts';

/** How a process ended: it exited or it was killed, never both, never neither. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string };

/** The code the `exit-code` output and `.last-error` show: 128+n for a signal. */
export const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

export function toExitCode(exit: Exit): number {
  return exit.kind === 'exited' ? exit.code : 128 + (SIGNAL_NUMBERS[exit.signal] ?? 0);
}

/** Hashes (hex) of what makes a step the step it is; kept apart so that a change can be named. */
export interface Fingerprint {
  readonly run: string;
  readonly shell: string;
  readonly working_directory: string;
  readonly env: string;
  readonly files: string;
}
export const FINGERPRINT_PARTS = ['run', 'shell', 'working_directory', 'env', 'files'] as const;
export type FingerprintPart = (typeof FINGERPRINT_PARTS)[number];

/** What a step wrote to its GITHUB_* files: replayed when the step is skipped. */
export interface StepResults {
  readonly outputs: readonly NamedValue[];
  readonly env: readonly NamedValue[];
  /** Entries added to PATH, in the order written. */
  readonly path: readonly string[];
  readonly summary: string;
}
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}
export const NO_RESULTS: StepResults = { outputs: [], env: [], path: [], summary: '' };

/** Which run did something: enough to find its log. */
export interface RunRef {
  readonly run_id: string;
  /** GitHub's run attempt, counted from 1. */
  readonly run_attempt: number;
  readonly host: string;
  readonly boot_id: string;
}

/** Why an attempt ended: by itself, or ended by us or somebody else. */
export type EndedBy = 'itself' | 'signal' | 'timeout' | 'cancel';

/** One try of a step's command (or of its undo). Times are epoch milliseconds. */
export interface AttemptRecord {
  /** Counted from 1 within the run that made it. */
  readonly attempt: number;
  readonly run: RunRef;
  readonly started_at: number;
  readonly ended_at?: number;
  readonly exit?: Exit;
  readonly ended_by?: EndedBy;
  readonly category?: Category;
}

/**
 * Where a step stands. `started`: its command may be running, or nobody knows (E3).
 * `declared`: a probe or a hand said it is done. `undoing`, `undone`: rollback (E6).
 */
export type StepState = 'started' | 'succeeded' | 'failed' | 'declared' | 'undoing' | 'undone';

/** The durable record of a step, `steps/<id>.json`. */
export interface StepRecord {
  readonly step: string;
  readonly name: string;
  /** Rises with every start in the deployment: rollback goes by it, newest first. */
  readonly sequence: number;
  readonly state: StepState;
  readonly fingerprint: Fingerprint;
  readonly idempotent: boolean;
  readonly irreversible: boolean;
  /** Attempts of the command, oldest first; only the last 20 are kept. */
  readonly attempts: readonly AttemptRecord[];
  /** Attempts of the undo, oldest first. */
  readonly undo_attempts: readonly AttemptRecord[];
  /** The marker for this success was made: without a marker it was then removed by hand. */
  readonly marked: boolean;
  readonly results: StepResults;
  /** What was not stored because it contains a secret, such as `output token`. */
  readonly withheld: readonly string[];
  /** Undo command, for a plan that no longer has the step. */
  readonly rollback?: {
    readonly run: string;
    readonly shell: string;
    readonly working_directory: string;
  };
  /** There is an undo command, but it may hold a secret and was not stored. */
  readonly rollback_withheld?: boolean;
  /** Who declared it done: `probe`, or the run of `mode: mark-done`. */
  readonly declared_by?: string;
  /** Processes that outlived KILL: nothing is started over them. */
  readonly survivors?: readonly ProcessRef[];
}

/** A process named so that a recycled pid cannot be mistaken for it. */
export interface ProcessRef {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks since boot. Empty where the platform has none. */
  readonly start_time: string;
  readonly boot_id: string;
  readonly command?: string;
}

/** The run that made the marker was cut off before its last write: the note that it had made it. */
export function lacksMarkerNote(record: StepRecord | undefined): boolean {
  return (record?.state === 'succeeded' || record?.state === 'declared') && !record.marked;
}

/** Whether the attempt was made by that run attempt of that run. */
export function isOfRun(
  { run }: AttemptRecord,
  { run_id, run_attempt }: Pick<RunRef, 'run_id' | 'run_attempt'>,
): boolean {
  return run.run_id === run_id && run.run_attempt === run_attempt;
}

/** Why nobody knows whether a failed step took effect; undefined where its failure says that it did not. */
export function findDoubtOfFailure(record: StepRecord): string | undefined {
  const last = record.attempts.at(-1);
  if (last?.ended_by !== 'itself') {
    return `it was ended by ${last?.ended_by ?? 'something unknown'}`;
  }
  // Its results were malformed, or its probe was not satisfied: what it did, it may well have done.
  const isZero = last.exit !== undefined && toExitCode(last.exit) === 0;
  return isZero ? 'it exited with 0, and counted as failed all the same' : undefined;
}

/** What tells one deployment line from another; everything that two concurrent jobs may differ in. */
export interface TargetParts {
  readonly repository: string;
  readonly workflow: string;
  readonly job: string;
  /** Canonical JSON; empty without a matrix. */
  readonly matrix: string;
  /** Id of the action's step in the job. */
  readonly action: string;
  readonly key: string;
}

/**
 * `open`: may be resumed. `resetting`: a fresh start is being made, finish it first.
 * `closed`: the job that made it ended well. `rolling-back`, `rolled-back`, `rollback-incomplete`: E6.
 */
export type DeploymentStatus =
  'open' | 'resetting' | 'closed' | 'rolling-back' | 'rolled-back' | 'rollback-incomplete';

/** One run of the action over the deployment, or one act of a repair mode. */
export interface HistoryEntry {
  readonly mode: string;
  readonly at: number;
  readonly run: RunRef;
  readonly actor: string;
  readonly outcome?: string;
  readonly step?: string;
}

/** `deployment.json`. */
export interface DeploymentRecord {
  readonly target: TargetParts;
  readonly deployment_id: string;
  readonly status: DeploymentStatus;
  /** The lock that guards it: who prunes it later must hold that lock. */
  readonly lock: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly plan: {
    readonly source: string;
    readonly steps: readonly { readonly id: string; readonly name: string }[];
  };
  /** The `rollback` input's command has started: no checkpoint is trusted any more (E6). */
  readonly rollback_command_started: boolean;
  /** The first failure, kept through a rollback that is finished by a later run. */
  readonly failure?: {
    readonly step: string;
    readonly category: Category;
    readonly exit_code: number;
  };
  /** Oldest first; only the last 50 are kept. */
  readonly history: readonly HistoryEntry[];
}

/** `.last-error`: exactly these five keys, shared with shell libraries. */
export interface LastError {
  /** As `date -Iseconds` prints it. */
  readonly timestamp: string;
  readonly script: string;
  readonly line: string;
  readonly exit_code: string;
  readonly category: string;
}
