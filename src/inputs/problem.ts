import type { Position } from '../plan/plan.ts';

/** One thing wrong with what the user gave us: enough to mend it without asking. */
export interface Problem {
  /** Where: a place in a file, or the name of an input or environment variable. */
  readonly at: Position | { readonly input: string } | { readonly path: string };
  /** One sentence: what was found and what is allowed, with the likely intended word. */
  readonly message: string;
}
