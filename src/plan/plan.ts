import type { Category, CategoryPattern } from '../failure/category.ts';
import type { Level, Occasion } from './check-options.ts';

/** A place in a file of the repository, for messages and annotations. Lines and columns count from 1. */
export interface Position {
  /** Relative to the repository's root when it lies inside; otherwise as the user wrote it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A shell script as the plan gives it, and where its text stands. */
export interface Script {
  readonly text: string;
  /**
   * Where the script's first line stands in the plan file. `linear`: script line n is file line
   * `line + n - 1` (literal blocks and one-line scalars); folded and quoted multi-line scalars are not.
   * Undefined for scripts given inline in the workflow, whose line we cannot know.
   */
  readonly source?: Position & { readonly linear: boolean };
}

/** How often and how patiently a step is tried. All times in milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first included; at least 1. */
  readonly maxAttempts: number;
  readonly initialDelayMs: number;
  readonly multiplier: number;
  readonly maxDelayMs: number;
  /** Bound of all attempts and waits of one step together. */
  readonly budgetMs: number;
  /** What is retried. Undefined: what the `on-*` inputs say. */
  readonly on?: readonly CategoryPattern[];
}

/** A plan's own classification rule; tried in order before the shipped ones. */
export interface ClassifyRule {
  readonly exitCode?: number;
  /** Name such as `SIGTERM`. */
  readonly signal?: string;
  /** Regular expression (JavaScript syntax), matched against single lines of output. */
  readonly match?: string;
  readonly as: Category;
}

/** What every command of a plan has in common, defaults merged in. */
export interface Command {
  readonly script: Script;
  /** As in a workflow: `bash`, `sh`, `python`, `pwsh`, or a template with `{0}`. */
  readonly shell: string;
  /** As written, relative to the workspace; undefined: the workspace. */
  readonly workingDirectory?: string;
  /** The plan's `env` and the step's own, merged. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** What happens to a checkpoint whose step is not the one it was made for. */
export type OnChange = 'rerun' | 'keep' | 'fail';

export interface Step extends Command {
  readonly id: string;
  /** What people read; the id when the plan gives no name. */
  readonly name: string;
  readonly position: Position;
  readonly continueOnError: boolean;
  readonly checkpoint: boolean;
  readonly idempotent: boolean;
  readonly irreversible: boolean;
  readonly doneWhen?: Script;
  readonly rollback?: Script;
  readonly retry: RetryPolicy;
  /** Whether the step itself (not the plan's defaults, not an input) has a `retry`: E3 asks. */
  readonly hasOwnRetry: boolean;
  readonly classify: readonly ClassifyRule[];
  /** Globs relative to the workspace whose files' content is part of the fingerprint. */
  readonly files: readonly string[];
  readonly onChange: OnChange;
  readonly keepAlive: boolean;
}

/** A pre-flight check as the plan gives it, validated by its kind's schema. */
export interface CheckSpec {
  readonly kind: string;
  readonly id: string;
  readonly position: Position;
  /** As the kind's entry in `CheckOptions` says: shorthands spelt out, units converted. */
  readonly options: unknown;
  /** What people read, when the plan gives a name. */
  readonly name?: string;
  /** Undefined, here and below: the kind's default. */
  readonly level?: Level;
  readonly when?: Occasion;
  readonly timeoutMs?: number;
  /** The plan's `env`, for the commands that a check runs and the variables that it looks for. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of kind `run`: the command with the plan's defaults merged in. */
  readonly command?: Omit<Command, 'timeoutMs'>;
}

/** A plan that is valid: every default merged, every duration a number. */
export interface Plan {
  readonly name?: string;
  /** Path of the plan file relative to the repository's root; undefined for inline steps. */
  readonly file?: string;
  readonly checks: readonly CheckSpec[];
  readonly steps: readonly Step[];
  /** Same shape as steps; the keys of durable steps are refused in them. */
  readonly finally: readonly Step[];
}
