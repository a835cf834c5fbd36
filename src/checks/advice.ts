/** What there is that should not be, and what to do about it. */
export interface Advice {
  /** A phrase in lower case. */
  readonly found: string;
  /** Whole sentences, with the commands to type. */
  readonly remedy: string;
}
