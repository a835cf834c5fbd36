import type { Outcome } from '../engine/outcome.ts';

/** What the exit code of the command says; documentation and help are made of it. */
export const EXIT_CODES = {
  succeeded: { code: 0, meaning: 'succeeded' },
  failed: { code: 1, meaning: 'failed: a step, a check, or what was asked for' },
  usage: { code: 2, meaning: 'the command line is wrong; nothing was started' },
  'rolled-back': { code: 3, meaning: 'failed, and what had been done is undone' },
  'rollback-incomplete': { code: 4, meaning: 'failed, and not all of it could be undone' },
  'in-doubt': { code: 5, meaning: 'a step may or may not have taken effect: a person must say' },
  blocked: { code: 6, meaning: 'no step was started: plan, state, lock or a check' },
  internal: { code: 70, meaning: 'an error of this program' },
  cancelled: { code: 130, meaning: 'cancelled by Ctrl-C (129 by HUP, 143 by TERM)' },
} as const satisfies Readonly<
  Record<Outcome | 'usage' | 'internal', { readonly code: number; readonly meaning: string }>
>;

/** Signals that cancel, by the number that shells add to 128. */
export const CANCEL_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
export type CancelSignal = keyof typeof CANCEL_SIGNALS;

/** The exit code of a run that ended so; a cancel names its signal, where one came. */
export function toExitCode(outcome: Outcome, signal: CancelSignal | undefined): number {
  if (outcome === 'cancelled' && signal !== undefined) return 128 + CANCEL_SIGNALS[signal];
  return EXIT_CODES[outcome].code;
}
