import type { CheckSpec } from '../plan/plan.ts';
import type { Problem } from '../inputs/problem.ts';
import type {
  Clock,
  DeploymentStore,
  LivingCommandRef,
  LockHolder,
  Locks,
  Processes,
  StateFault,
  StateProblem,
  Stop,
  Stops,
} from '../ports.ts';
import type { Finding } from '../checks/check.ts';
import type { Category } from '../failure/category.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { JsonReport } from '../report/json-shape.ts';
import type { Printer } from '../report/printer.ts';
import type { HostSnapshot, Recheck } from '../report/run-report.ts';
import type { Venue } from '../report/venue.ts';
import type { Result } from '../result.ts';
import type { DeploymentRecord, ProcessRef } from '../state/record.ts';

/** Who and where this run is, as the runner says it. */
export interface RunContext {
  readonly repository: string;
  /** Path of the workflow file, or the workflow's name where the runner does not say. */
  readonly workflow: string;
  readonly job: string;
  /** Id of the action's step. */
  readonly action: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly runUrl: string;
  readonly actor: string;
  /** The checkout: repository root. */
  readonly workspace: string;
  readonly host: string;
  readonly bootId: string;
  readonly pidNamespace: string;
  readonly process: ProcessRef;
  /** The runner is GitHub's own, and its disk goes with the job. */
  readonly isHosted: boolean;
  /** `linux`, `darwin`, `win32`, as node names them. */
  readonly platform: string;
}

/** A directory that can hold state, and what a person should know about the choice. */
export interface StatePlace {
  readonly dir: string;
  readonly exists: boolean;
  readonly notes: readonly string[];
}

/** What a search in the cache has come to, for the log and for the resume plan. */
export interface Restored {
  readonly lines: readonly { readonly isWarning: boolean; readonly text: string }[];
  /** Why what is recorded may not be all that was done, as the rest of a sentence. */
  readonly doubt?: string;
}

/** How far the uploads have come. */
export type Flushed =
  | {
      readonly kind: 'saved';
      readonly saves: number;
      readonly failedSaves: number;
      /** Size of the last one. */
      readonly bytes: number;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  /** There was no time to wait for it. */
  | { readonly kind: 'unfinished' };

/** The Actions cache behind the local copy of one deployment. */
export interface CacheLink {
  /** Writes to the local copy, and has uploads follow. */
  readonly store: DeploymentStore;
  /** Before anything is loaded: brings the local copy up to what the cache knows. */
  readonly restore: () => Promise<Restored>;
  /** Waits until everything is in the cache; after a cancel not for long. */
  readonly flush: (cancel: Stop | undefined) => Promise<Flushed>;
}

/** A deployment's store, with its places on the host. */
export interface OpenedStore {
  readonly store: DeploymentStore;
  /** Where state is kept in the cache. */
  readonly cache?: CacheLink;
  readonly directory: string;
  readonly runDirectory: string;
}

export interface PlanText {
  /** Relative to the workspace: how messages and annotations name it. */
  readonly label: string;
  readonly text: string;
}

export interface FileHash {
  readonly path: string;
  readonly sha256: string;
}

/** A deployment as it lies in a state dir. */
export interface ListedDeployment {
  readonly target: string;
  readonly deployment: string;
  readonly directory: string;
  readonly isCurrent: boolean;
  readonly record: Result<DeploymentRecord | undefined, StateProblem>;
  /** Epoch milliseconds of its last sign of life. */
  readonly touchedAt: number;
}

/** What became of a lock that a person asked to remove. */
export interface Unlocked {
  readonly kind: 'removed' | 'absent' | 'refused';
  /** Who holds or held it, in words; empty when nobody did. */
  readonly holder: string;
  /** Why it was refused, or what was found. */
  readonly reason: string;
}

/** What is left for the post step, written before anything can go wrong. */
export interface Handoff {
  readonly token: string;
  readonly stateDir: string;
  readonly target: string;
  readonly deployment: string;
  readonly lock: string;
  readonly mode: string;
  /** The Actions cache lies behind the state dir. */
  readonly inCache: boolean;
}

/** Everything the app asks of the world beside the ports of the engine. */
export interface Edges {
  readonly context: RunContext;
  readonly clock: Clock;
  readonly random: () => number;
  readonly stops: Stops;
  /** Unlike any other run's on this host: what its commands carry. */
  readonly token: string;
  /** The action's inputs, by name in lower case. */
  readonly rawInputs: Readonly<Record<string, string>>;
  /** Our own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where what we say is read. */
  readonly venue: Venue;
  /** Who says it. */
  readonly openPrinter: (redactor: Redactor) => Printer;
  readonly readPlan: (path: string) => Result<PlanText, Problem>;
  /** Content of the files that a step's globs name, in a fixed order. */
  readonly hashFiles: (globs: readonly string[]) => Promise<Result<readonly FileHash[], string>>;
  readonly chooseState: (request: {
    readonly chosen: string | undefined;
    readonly create: boolean;
    /** Whether a directory holds what is looked for: such a one is preferred. */
    readonly holds: (candidate: { readonly has: (path: string) => boolean }) => boolean;
  }) => Result<StatePlace, string>;
  readonly openStore: (stateDir: string, target: string, deployment: string) => OpenedStore;
  readonly cache: {
    /** The runner gave this job access to one. */
    readonly hasAccess: boolean;
    /** Why the host's disk does not outlive the job, as the rest of a sentence, if anything says so. */
    readonly diskLoss: string | undefined;
    readonly open: (deployment: {
      readonly stateDir: string;
      readonly target: string;
      readonly deployment: string;
      /** Runs with other ids may work on it. */
      readonly sharesRuns: boolean;
    }) => CacheLink;
    /** A new directory that lives as long as the job. */
    readonly makeScratch: () => Result<string, string>;
  };
  readonly openLocks: (stateDir: string) => Locks;
  /** Who holds a lock, in words; undefined when nobody does. */
  readonly lookAtLock: (stateDir: string, name: string) => string | undefined;
  readonly unlock: (stateDir: string, name: string, by: Candidate) => Result<Unlocked, StateFault>;
  /** Every deployment in a state dir, or those of one repository; the latest first. */
  readonly listDeployments: (
    stateDir: string,
    repository: string | undefined,
  ) => readonly ListedDeployment[];
  readonly createProcesses: (runDirectory: string, stateDir: string) => Processes;
  /** Moves a deployment's directory out of the way; returns where to. The retention removes it. */
  readonly setAside: (directory: string) => Result<string, StateFault>;
  /** Where the script of a command lies while it runs. */
  readonly scriptPathOf: (runDirectory: string, unit: string, shell: string) => string;
  /** Removes what commands left in `run/`, all but the named ones'; they are asked for only when there is any. */
  readonly sweepRuns: (
    runDirectory: string,
    toKeep: () => ReadonlySet<string>,
  ) => Result<void, StateFault>;
  /** Commands of the deployment in `directory` that are alive, or may be. */
  readonly findLiving: (directory: string) => readonly LivingCommandRef[];
  readonly runChecks: (
    specs: readonly CheckSpec[],
    options: {
      readonly fresh: boolean;
      readonly cancel: Stop;
      readonly env: Readonly<Record<string, string>>;
      readonly shell: string;
      readonly workingDirectory: string | undefined;
    },
  ) => Promise<readonly Finding[]>;
  /** The checks that fit a failure, once more, and what moved since `before`. */
  readonly recheck: (
    category: Category,
    specs: readonly CheckSpec[],
    before: readonly Finding[],
    options: {
      readonly cancel: Stop;
      readonly env: Readonly<Record<string, string>>;
    },
  ) => Promise<Recheck>;
  /** The host as it is now; what cannot be read, or does not answer at once, is absent. */
  readonly readHost: (directories: readonly string[]) => Promise<HostSnapshot>;
  /** At the end of the job: ends what the runs with this token left behind, unless it is to stay. */
  readonly endTracked: (token: string) => Promise<readonly ProcessRef[]>;
  /** Removes deployments that nothing has happened to for longer than the retention. */
  readonly prune: (request: {
    readonly stateDir: string;
    readonly olderThanMs: number;
    readonly by: Candidate;
    readonly heldLock: string;
    readonly keep: string;
  }) => Promise<{ readonly removed: readonly string[]; readonly faults: readonly StateFault[] }>;
  /** Text of a file of the repository, for an excerpt; undefined when it cannot be read. */
  readonly readSource: (path: string) => string | undefined;
  readonly fileExists: (path: string) => boolean;
  /** For the post step, before anything runs. */
  readonly saveHandoff: (handoff: Handoff) => Result<void, StateFault>;
  readonly markFinished: (outcome: string) => Result<void, StateFault>;
  readonly publish: (published: Published) => Promise<Publication>;
}

/** What a run leaves to the rest of the job. */
export interface Published {
  /** The JSON report. */
  readonly report: JsonReport;
  readonly outputs: ReadonlyMap<string, string>;
  readonly env: ReadonlyMap<string, string>;
  readonly path: readonly string[];
  /** Markdown; empty for none. */
  readonly summary: string;
}

/** What could not be written of it: what later steps of the job rely on, and what is only for people. */
export interface Publication {
  /** Where the report lies, if it could be written. */
  readonly reportFile?: string;
  readonly needed: readonly StateFault[];
  readonly niceToHave: readonly StateFault[];
}

/** Holder of a lock as this run would be. */
export type Candidate = Omit<LockHolder, 'acquired_at'>;
