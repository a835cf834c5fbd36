import type { Exit } from '../state/record.ts';
import type { Advice } from './advice.ts';
import type { Category } from './category.ts';

/** A place for a person to look at; lines count from 1. */
export interface Place {
  /** Relative to the repository's root when inside, else absolute. */
  readonly file: string;
  readonly line: number;
  /** Only places in the repository are annotated. */
  readonly inRepository: boolean;
  /** The command on that line, as the shell saw it; empty when it is not known. */
  readonly command: string;
}

/**
 * What is said about a failed command everywhere: log, annotation, summary, report, `.last-error`.
 * Every text in it has passed the redactor when it is made.
 */
export interface Failure {
  /** Id of the step; for an undo, that of the step it undoes. */
  readonly step: string;
  readonly name: string;
  readonly category: Category;
  /** Id of the rule that decided, such as `curl-refused`, `plan:2` or `timeout`. */
  readonly rule: string;
  /** The line of output that decided; empty when none did. */
  readonly evidence: string;
  /** One sentence: what happened, without the why. */
  readonly message: string;
  /** Undefined when the command never started. */
  readonly exit: Exit | undefined;
  /** 128+n for a signal; 1 when there is no exit. */
  readonly exitCode: number;
  /** The line that failed; undefined when nothing says which. */
  readonly place: Place | undefined;
  /** The line of the step's own script that led there, when that is another one. */
  readonly calledFrom: Place | undefined;
  /** Source around the failing line. */
  readonly excerpt:
    | { readonly first: number; readonly lines: readonly string[]; readonly failing: number }
    | undefined;
  /** Where the step stands in the plan. */
  readonly stepAt: { readonly file: string; readonly line: number };
  readonly advice: Advice;
  readonly retryAfterMs: number | undefined;
  /** Normalised error, equal for failures that are the same; only compared, never shown. */
  readonly signature: string;
  /** Last lines of the command's output. */
  readonly tail: string;
}
