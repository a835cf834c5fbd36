import type { StartFault } from '../ports.ts';
import type { RunDirectory } from './run-directory.ts';
import { isSystemError, UnfitFile } from './system-error.ts';

const CATEGORIES: ReadonlyMap<string, StartFault['category']> = new Map([
  ['EACCES', 'recoverable:permission'],
  ['EPERM', 'recoverable:permission'],
  ['EROFS', 'recoverable:permission'],
  ['ENOENT', 'recoverable:dependency'],
  ['ENOTDIR', 'recoverable:configuration'],
  ['E2BIG', 'recoverable:configuration'],
  ['ERR_INVALID_ARG_VALUE', 'recoverable:configuration'],
]);
/** What the codes mean to somebody who does not read system calls; others speak for themselves. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['E2BIG', 'its environment is larger than the system allows (a single value: 128 KiB)'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EMFILE', 'too many files are open'],
  ['EAGAIN', 'the limit of processes is reached'],
]);

/**
 * A failed system call as the reason why a command was not started; `at` is where, if the system does not
 * say. Undefined: not a system call's.
 */
export function toStartFault(error: unknown, at: string): StartFault | undefined {
  if (!isSystemError(error)) return undefined;
  const { code, path = at } = error;
  const known = MEANINGS.get(code);
  const own = error instanceof UnfitFile ? `${path} ${error.message}` : undefined;
  const meaning = known === undefined ? own : `${known} (${code} at ${path})`;
  return {
    code,
    category: CATEGORIES.get(code) ?? 'recoverable:resource',
    message: `The command could not be started: ${meaning ?? error.message}.`,
  };
}

export function toDirectoryFault(directory: string, exists: boolean): StartFault {
  return exists
    ? {
        code: 'ENOTDIR',
        category: 'recoverable:configuration',
        message: `The working directory ${directory} is not a directory.`,
      }
    : {
        code: 'ENOENT',
        category: 'recoverable:configuration',
        message: `The working directory ${directory} does not exist.`,
      };
}

/** The small parent ended before it had started anything: it could not write that it was there. */
export function toUnregisteredFault(directory: RunDirectory): StartFault {
  return {
    code: 'EIO',
    category: 'recoverable:resource',
    message: `The command was not started, since nothing can be written in ${directory.path}: is the disk full?`,
  };
}

export function toOccupiedFault(unit: string, processes: readonly string[]): StartFault {
  return {
    code: 'EBUSY',
    category: 'recoverable:resource',
    message: `Processes of an earlier '${unit}' are still alive and could not be ended: ${processes.join(', ')}.`,
  };
}
