import type { Category } from './category.ts';
import { SIGNAL_NUMBERS } from '../state/record.ts';
import type { Exit } from '../state/record.ts';

/** Signals that a shell reports as 128+n when a command died of them. Others are codes of programs. */
const REPORTED = [
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'SEGV',
  'TERM',
] as const;
const CRASHES: ReadonlySet<string> = new Set([
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGSYS',
]);

/** The signal that ended the command, if one did; `shellReports`: its exit code is that of a shell. */
export function signalOf(exit: Exit, shellReports: boolean): string | undefined {
  if (exit.kind === 'signalled') return exit.signal;
  if (!shellReports) return undefined;
  const name = REPORTED.find((short) => exit.code === 128 + (SIGNAL_NUMBERS[`SIG${short}`] ?? 0));
  return name === undefined ? undefined : `SIG${name}`;
}

/** What a death by this signal is, when memory is not to blame. */
export function toSignalCategory(signal: string): Category {
  return CRASHES.has(signal) ? 'critical:crash' : 'fatal:signal';
}
