export const MODES = [
  'run',
  'check',
  'plan',
  'status',
  'rollback',
  'mark-done',
  'forget',
  'unlock',
] as const;
export type Mode = (typeof MODES)[number];

/** What to do about a family of failures; answers what would be a question to an operator. */
export interface Policy {
  readonly onTransient: 'retry' | 'fail';
  readonly onRecoverable: 'fail' | 'retry';
  readonly onCritical: 'rollback' | 'fail';
  readonly onUnknown: 'fail' | 'retry' | 'rollback';
  /** Commands by kind or full category that remove the cause of a recoverable failure. */
  readonly remedies: ReadonlyMap<string, string>;
  /** Runs after the steps' own rollbacks. */
  readonly rollback?: string;
}

/** Every input of the action, validated and converted once; nothing reads `INPUT_*` after this. */
export interface Inputs {
  readonly mode: Mode;
  /** As written; undefined when `steps` is given. */
  readonly plan?: string;
  /** YAML text of the inline lists. */
  readonly steps?: string;
  readonly checks?: string;
  readonly workingDirectory?: string;
  readonly shell: string;
  readonly state: 'auto' | 'host' | 'cache';
  /** Undefined: the default, which may fall back; one chosen by the user may not. */
  readonly stateDir?: string;
  readonly deploymentId?: string;
  readonly deploymentKey: string;
  readonly resume: 'auto' | 'never' | 'require';
  /** Defaults of a step's `retry`. */
  readonly retry: {
    readonly maxAttempts: number;
    readonly initialDelayMs: number;
    readonly multiplier: number;
    readonly maxDelayMs: number;
    readonly budgetMs: number;
  };
  readonly timeoutMs: number;
  readonly gracePeriodMs: number;
  readonly policy: Policy;
  /** Undefined: the target. */
  readonly lock?: string;
  readonly lockTimeoutMs: number;
  /** Names of environment variables whose values are secret. */
  readonly secrets: readonly string[];
  /** Shell commands, one each. */
  readonly diagnostics: readonly string[];
  readonly summary: 'always' | 'on-failure' | 'never';
  readonly target?: string;
  readonly step?: string;
  readonly retentionMs: number;
  /** Canonical JSON of the matrix; empty without one. */
  readonly matrix: string;
  /** `success`, `failure` or `cancelled`; read by the post step. */
  readonly jobStatus: string;
}
