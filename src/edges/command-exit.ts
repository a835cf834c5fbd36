import { constants } from 'node:os';

import type { Exit } from '../state/record.ts';

const SIGNAL_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/** Codes 128+n that programs do not use for anything else. */
const REPORTED = new Set([
  ...['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGABRT', 'SIGBUS'],
  ...['SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'],
]);

/** What is known about a code above 128. */
export interface ExitEvidence {
  /** The small parent's shell said how the command died. */
  readonly died: boolean;
  /** The step's own shell turns the death of a command in the script into 128+n. */
  readonly reportsSignals: boolean;
}

/** Tells `exit 143` of a program from death by SIGTERM, as far as anybody can. */
export function toExit(code: number, { died, reportsSignals }: ExitEvidence): Exit {
  const signal = code > 128 ? (SIGNAL_NAMES.get(code - 128) ?? `SIG${code - 128}`) : undefined;
  if (signal === undefined) return { kind: 'exited', code };
  const isSignal = died || (reportsSignals && REPORTED.has(signal));
  return isSignal ? { kind: 'signalled', signal } : { kind: 'exited', code };
}
