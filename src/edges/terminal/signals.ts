import { readFileSync, readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { CancelSignal } from '../../cli/exit-codes.ts';
import { CANCEL_SIGNALS } from '../../cli/exit-codes.ts';
import { createStop } from '../../engine/stop.ts';
import type { Stops } from '../../ports.ts';
import { isSystemError } from '../system-error.ts';

/** The stops of a command at a terminal. */
export interface TerminalWatch {
  /** Of the run itself. */
  readonly stops: Stops;
  /** The stops for what follows a cancel: another signal ends that. */
  readonly renew: () => Stops;
  /** For whoever notices that nobody reads us any more. */
  readonly loseReader: () => void;
  /** The first signal that cancelled, if one did. */
  readonly signal: () => CancelSignal | undefined;
  /** Our terminal was closed under us. */
  readonly hasHungUp: () => boolean;
  readonly dispose: () => void;
}

/** Ctrl-C, a polite kill and a terminal that is closed are a cancel. That our parent ends is not: we may be in the background. */
export function watchTerminal(): TerminalWatch {
  const readerGone = createStop();
  let cancel = createStop();
  let first: CancelSignal | undefined;
  const hasTerminal = [0, 1, 2].some((fd) => isatty(fd));
  const listeners = (Object.keys(CANCEL_SIGNALS) as CancelSignal[]).map((signal) => {
    const isIgnored = signal === 'SIGHUP' && isUnderNohup();
    const listener = (): void => {
      if (isIgnored) return;
      first ??= signal;
      cancel.request();
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  const toStops = (): Stops => ({ cancel: cancel.stop, workerGone: readerGone.stop });
  return {
    stops: toStops(),
    renew: () => {
      cancel = createStop();
      return toStops();
    },
    loseReader: readerGone.request,
    signal: () => first,
    hasHungUp: () => hasTerminal && first === 'SIGHUP',
    dispose: () => {
      for (const { signal, listener } of listeners) process.off(signal, listener);
    },
  };
}

const ACCESS_MODE = 0o3;
const WRITE_ONLY = 0o1;

/**
 * Whether `nohup` started us: node forgets that HUP was ignored, but nobody else gives a program a
 * standard input that can only be written to.
 */
function isUnderNohup(): boolean {
  try {
    if (readlinkSync('/proc/self/fd/0') !== '/dev/null') return false;
    const [, flags = ''] =
      /^flags:\s*(\d+)$/mu.exec(readFileSync('/proc/self/fdinfo/0', 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}
