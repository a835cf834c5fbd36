import type { Result } from './result.ts';
import type {
  DeploymentRecord,
  Exit,
  LastError,
  ProcessRef,
  StepRecord,
  StepResults,
} from './state/record.ts';

/** Time as the core sees it. No core code waits or asks the time by another way. */
export interface Clock {
  /** Epoch milliseconds; may jump. For records and people. */
  now(): number;
  /** Milliseconds that never go back. For durations and deadlines. */
  monotonic(): number;
  /** Minutes that local time is ahead of UTC at `epochMs`. */
  utcOffsetMinutes(epochMs: number): number;
  /** Resolves after `ms`, or at once when `until` fires; never rejects. */
  sleep(ms: number, until?: Stop): Promise<void>;
}

/** A request to stop that others can wait for; fires at most once. */
export interface Stop {
  readonly requested: boolean;
  /** Runs `listener` when the request comes (at once if it has); returns how to stop listening. */
  onRequest(listener: () => void): () => void;
}

/** Why no new step may start. `cancel`: a user's (E5). `worker-gone`: nobody reads us any more. */
export interface Stops {
  readonly cancel: Stop;
  readonly workerGone: Stop;
}

/** State could not be written or read: the run stops before the next command starts (E4). */
export interface StateFault {
  readonly operation: string;
  readonly path: string;
  /** Such as ENOSPC. */
  readonly code: string;
  readonly message: string;
}

/** A stored document that is not understood: never guessed at. */
export interface StateProblem {
  readonly path: string;
  readonly message: string;
}

/** A `.checkpoint-<step>` as found. */
export interface Marker {
  readonly step: string;
  /** First line of the file: the completion time, whoever wrote it. Empty when the file is. */
  readonly completedAt: string;
}

/** All that is known about a deployment. */
export interface KnownDeployment {
  readonly record: DeploymentRecord | undefined;
  readonly steps: ReadonlyMap<string, StepRecord>;
  readonly markers: ReadonlyMap<string, Marker>;
  readonly lastError: LastError | undefined;
  /** Name (directory) of the deployment that last started a step of the target, if any. */
  readonly current: string | undefined;
  /** Directory name of this deployment. */
  readonly name: string;
}

/**
 * Durable state of one deployment. A method that resolves ok has made its change durable, except
 * `noteMarked`, whose loss is harmless (contract, section 5).
 */
export interface DeploymentStore {
  load(): Promise<Result<KnownDeployment, StateProblem>>;
  saveDeployment(record: DeploymentRecord): Promise<Result<void, StateFault>>;
  saveStep(record: StepRecord): Promise<Result<void, StateFault>>;
  /** The record once more, with `marked`: need not be durable when it resolves. */
  noteMarked(record: StepRecord): Promise<Result<void, StateFault>>;
  /** Makes `.checkpoint-<step>` with this one line. */
  putMarker(step: string, completedAt: string): Promise<Result<void, StateFault>>;
  /** Removes markers, all durable together; an absent one is no fault. */
  removeMarkers(steps: readonly string[]): Promise<Result<void, StateFault>>;
  removeSteps(steps: readonly string[]): Promise<Result<void, StateFault>>;
  /** Points `current` at this deployment. */
  makeCurrent(): Promise<Result<void, StateFault>>;
  saveLastError(error: LastError): Promise<Result<void, StateFault>>;
  clearLastError(): Promise<Result<void, StateFault>>;
  /**
   * Resolves when what has been saved so far would survive the loss of this machine, where the store
   * promises that (cache); a host store has nothing to wait for.
   */
  confirm(): Promise<Result<void, StateFault>>;
}

/** A command, ready to run: everything decided, nothing looked up any more. */
export interface CommandSpec {
  /** Names the run directory: a step's id, or id and role such as `migrate.undo`. */
  readonly unit: string;
  readonly script: string;
  readonly shell: string;
  /** As written; relative to the workspace. */
  readonly workingDirectory: string | undefined;
  /** Complete environment except the files and tracking id that the supervisor adds. */
  readonly env: Readonly<Record<string, string>>;
  /** Processes left behind survive the end of the job. */
  readonly keepAlive: boolean;
}

/** How a running command is watched. */
export interface Watch {
  /** Raw bytes of stdout and stderr in the order written; the chunk is only valid during the call. */
  readonly onOutput: (chunk: Uint8Array) => void;
  readonly timeoutMs: number;
  readonly graceMs: number;
  /** Ends the command: SIGINT at once, then TERM, then KILL. Undefined: a cancel does not end it. */
  readonly cancel: Stop | undefined;
  /** Stops watching but lets the command run on (an undo under cancel, E5). */
  readonly release?: Stop;
}

/** Watching ended before the command did: it runs on, and can be adopted. */
export interface Released {
  readonly kind: 'released';
}

/** The end of a command. */
export interface Ended {
  readonly kind: 'ended';
  readonly exit: Exit;
  readonly endedBy: 'itself' | 'timeout' | 'cancel';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Last raw output, at most 64 KiB, decoded; for classification, in memory only. */
  readonly tail: string;
  /** Raw content of the location traps' file; empty when none was written. */
  readonly traces: string;
  /** Content of `$PREFLIGHT_RESULT`, if the command wrote it. */
  readonly declared: string;
  /** Processes of the command that KILL did not end. */
  readonly survivors: readonly ProcessRef[];
  readonly measured: Measurements;
}

/** What the kernel counted while a command ran; absent where it cannot be known. */
export interface Measurements {
  /** Processes killed for lack of memory in our cgroup (or on the host) meanwhile. */
  readonly oomKills?: number;
  /** Least free bytes seen on the file systems of workspace, state dir and temp, after the command. */
  readonly diskFreeBytes?: number;
}

/** The command could not be started at all (no such shell, no such directory). */
export interface StartFault {
  readonly message: string;
  readonly code: string;
  /** What the fault means: a missing shell is a dependency, a missing directory configuration. */
  readonly category:
    | 'recoverable:dependency'
    | 'recoverable:configuration'
    | 'recoverable:permission'
    | 'recoverable:resource';
}

/** What an earlier run left of a command. */
export type Trace =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly process: ProcessRef; readonly startedAt: number }
  | {
      readonly kind: 'exited';
      readonly exit: Exit;
      readonly startedAt: number;
      readonly endedAt: number;
    }
  /** It was started (or may have been), and nobody recorded how it ended. */
  | { readonly kind: 'vanished'; readonly reason: string };

/** Malformed GITHUB_OUTPUT, GITHUB_ENV or GITHUB_PATH file. */
export interface ResultsProblem {
  /** Such as `GITHUB_OUTPUT`. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Thrown by `Processes` when the host fails under it, a disk or a limit, while a command is followed or
 * what it left is read: too rare to be a value of every method. Whoever asked for the command makes a
 * state fault of it (E4): how the command ended stays on the disk, and the next run takes it from there.
 */
export class HostFailure extends Error {
  readonly fault: StateFault;

  constructor(fault: StateFault) {
    super(`${fault.operation} ${fault.path}: ${fault.message}`);
    this.fault = fault;
  }
}

/** Commands as supervised processes: they survive us, and are found again. */
export interface Processes {
  /** Looks at what an earlier run left of `unit`, without touching it. */
  inspect(unit: string): Promise<Trace>;
  run(spec: CommandSpec, watch: Watch): Promise<Result<Ended | Released, StartFault>>;
  /** Waits for a command that an earlier run started, or takes the end it recorded. */
  adopt(unit: string, watch: Watch): Promise<Ended | Released>;
  /** What the ended command wrote to its GITHUB_* files. */
  collect(unit: string): Promise<Result<StepResults, ResultsProblem>>;
  /** Removes the run directory, once the end is recorded; what cannot be removed is left to the next run. */
  clear(unit: string): Promise<void>;
  /** Those of `processes` that are still alive: the very same ones, not others with their pids. */
  living(processes: readonly ProcessRef[]): Promise<readonly ProcessRef[]>;
}

/** Where the raw output of a command goes: redacted, made inert and shown by whoever implements it. */
export interface OutputSink {
  write(chunk: Uint8Array): void;
  /** The command has ended: what was held back for its unfinished line comes out. */
  end(): void;
}

/** What keeps secrets out of everything shown or stored (E7). */
export interface Redaction {
  redact(text: string): string;
  /** Whether a known secret occurs: such a value is withheld from the store. */
  contains(text: string): boolean;
  /** A value that a step handed on: secret from now on if its name looks so. */
  learn(name: string, value: string): void;
}

/** A command of an earlier run that is alive, or may be. */
export interface LivingCommandRef {
  /** Name of its run directory. */
  readonly unit: string;
  /** Absent while it is only about to start. */
  readonly process?: ProcessRef;
}

/** Who holds, or wants, a lock; enough for a person to find the run and for us to prove it dead. */
export interface LockHolder {
  readonly host: string;
  readonly boot_id: string;
  /** Inode of the pid namespace; empty where there is none. */
  readonly pid_namespace: string;
  /** The node process. */
  readonly process: ProcessRef;
  readonly run_id: string;
  readonly run_attempt: number;
  readonly run_url: string;
  /** `<target>/<deployment>`: a holder with the same one is our own older attempt. */
  readonly deployment: string;
  /** Absolute path of the deployment's directory: its `run/` names commands that are still alive. */
  readonly directory: string;
  /** Epoch milliseconds. */
  readonly acquired_at: number;
}

export interface LockRequest {
  readonly name: string;
  readonly holder: Omit<LockHolder, 'acquired_at'>;
  readonly timeoutMs: number;
  readonly cancel: Stop;
  /** Called when waiting begins and whenever the holder changes. */
  readonly onWait: (holder: LockHolder) => void;
}

export type LockFault =
  /** `reason`: why the lock was not broken, as a sentence's end (`its process 4711 is alive`). */
  | { readonly kind: 'timeout'; readonly holder: LockHolder; readonly reason?: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unusable'; readonly fault: StateFault };

export interface HeldLock {
  /** The dead holder whose lock was broken or taken over, if any. */
  readonly inheritedFrom: LockHolder | undefined;
  /** Only ever removes our own lock. */
  release(): Promise<void>;
}

export interface Locks {
  acquire(request: LockRequest): Promise<Result<HeldLock, LockFault>>;
}
