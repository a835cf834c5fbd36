import type { Measurements } from '../ports.ts';
import type { Exit } from '../state/record.ts';
import type { Advice } from './advice.ts';
import type { Category } from './category.ts';

/** All that is known about a command that ended without success. */
export interface Evidence {
  /** The script, or the command that the trap named. */
  readonly command: string;
  readonly exit: Exit;
  readonly endedBy: 'itself' | 'timeout' | 'cancel';
  /** Last raw output, at most 64 KiB. */
  readonly tail: string;
  /** Content of `$PREFLIGHT_RESULT`; empty when the step wrote none. */
  readonly declared: string;
  readonly durationMs: number;
  readonly measured: Measurements;
  /** The exit code is that of a shell, which reports a death by signal as 128+n. True when absent. */
  readonly shellReports?: boolean;
}

/** What kind of failure it is, and why we think so. */
export interface Verdict {
  readonly category: Category;
  /** Id of a shipped rule, `plan:2`, `declared`, `timeout`, `cancelled`, `oom-killed`, `signal`, `none`. */
  readonly rule: string;
  /** The line of output that decided, raw: whoever shows it redacts it. */
  readonly evidence?: string;
  /** How long the far side, or the step, asked to wait. */
  readonly retryAfterMs?: number;
  /** What was ignored because it was malformed, one sentence each, joined. */
  readonly note?: string;
  readonly advice: Advice;
}
