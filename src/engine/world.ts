import type { Failure } from '../failure/failure.ts';
import type { Policy } from '../inputs/inputs.ts';
import type { RetryPolicy, Script, Step } from '../plan/plan.ts';
import type {
  Clock,
  DeploymentStore,
  Ended,
  OutputSink,
  Processes,
  Redaction,
  StartFault,
  Stops,
} from '../ports.ts';
import type { RunRef, TargetParts } from '../state/record.ts';
import type { Command } from './command.ts';
import type { EngineEvent, ProbeAnswer, Role } from './events.ts';

/** A command's end (or that it could not start), with what is needed to say where and why. */
export interface Ending {
  readonly step: { readonly id: string; readonly name: string };
  readonly role: Role;
  /** Its run directory's name. */
  readonly unit: string;
  readonly script: Script;
  readonly shell: string;
  readonly workingDirectory: string | undefined;
  readonly classify: Step['classify'];
  readonly timeoutMs: number;
  readonly end: Ended | StartFault;
}

/** Why a step counts as failed although no command of it said so. */
export type Refutation =
  | { readonly kind: 'in-doubt'; readonly why: string }
  | { readonly kind: 'bad-results'; readonly message: string }
  | { readonly kind: 'not-verified'; readonly answer: ProbeAnswer };

/** Everything the engine asks of the world, in one argument. */
export interface World {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly store: DeploymentStore;
  readonly processes: Processes;
  readonly redaction: Redaction;
  readonly stops: Stops;
  readonly emit: (event: EngineEvent) => void;
  /** Where the output of a command goes. */
  readonly output: (unit: string) => OutputSink;
  /** Locates, classifies and redacts. */
  readonly diagnose: (ending: Ending) => Promise<Failure>;
  /** The failure of a step whose command exited with 0, or about which nobody knows. */
  readonly refute: (command: Command, problem: Refutation) => Promise<Failure>;
}

/** What this run is, and what it was told to do. */
export interface Assignment {
  readonly target: TargetParts;
  readonly deploymentId: string;
  readonly lock: string;
  readonly mode: string;
  readonly actor: string;
  readonly run: RunRef;
  readonly planSource: string;
  /** The plan's steps in order, for the deployment's record. */
  readonly steps: readonly { readonly id: string; readonly name: string }[];
  readonly policy: Policy;
  /** Commands of the `diagnostics` input. */
  readonly diagnostics: readonly string[];
  readonly graceMs: number;
  /** Environment of every command before anything that steps add. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /** Directory that shell libraries may use as their STATE_DIR. */
  readonly stateDirectory: string;
  /** Default shell, working directory and timeout of commands that are not steps (remedies, the rollback input). */
  readonly shell: string;
  readonly workingDirectory: string | undefined;
  readonly timeoutMs: number;
  /** The inputs' retry policy, for commands that are not steps. */
  readonly retry: RetryPolicy;
  /** Whether redaction would change the text: what may hold a secret is not stored. */
  readonly holdsSecret: (text: string) => boolean;
}
