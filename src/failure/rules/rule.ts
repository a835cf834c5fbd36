import type { Category } from '../category.ts';

/**
 * How much a line says about the cause. `decisive`: the tool's own verdict, which outweighs whatever
 * else was printed (a test summary, "out of memory"). `cause`: names what went wrong. `symptom`: follows
 * from a cause, and counts when none is seen ("connection unexpectedly closed"). `weak`: a word that
 * usually means this and counts when there is nothing better; never transient.
 */
export const STRENGTHS = ['decisive', 'cause', 'symptom', 'weak'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** One entry of the ordered tables: what a line of output means, and what to do about it. */
export interface Rule {
  /** Unique in all tables; what the verdict cites and the documentation lists. */
  readonly id: string;
  readonly category: Category;
  /** Category when the far side is this very host or the service just rolled out. */
  readonly own?: Category;
  /** Category when the command was applying changes to a database. */
  readonly migrating?: Category;
  /** `cause` when absent. */
  readonly strength?: Strength;
  /**
   * Any of them, on one cleaned line. Quantifiers are bounded: output is hostile input. Groups named
   * path, host, port, command, image, unit, variable, package, name fill in the advice.
   */
  readonly lines: readonly RegExp[];
  /** Holds for the command too; absent: any command. */
  readonly command?: RegExp;
  /** Must not hold for the command. */
  readonly unlessCommand?: RegExp;
  /** Must be found somewhere in the output as well. */
  readonly also?: RegExp;
  /** One or two sentences: what has to change. */
  readonly fix: string;
  /** Commands to look with; `{path}` and the like are filled in from the line, else the command is left out. */
  readonly run?: readonly string[];
}

/** The rules of one tool. Tables are tried in order, and so are the rules in them. */
export interface RuleTable {
  readonly tool: string;
  /** The table is consulted only when this is found in the command or the output; absent: always. */
  readonly seen?: RegExp;
  readonly rules: readonly Rule[];
}
