import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { StateFault } from '../ports.ts';
import type { DirectoryGuard } from './directory-guard.ts';
import { listDirectory, requireDirectory } from './file-reading.ts';
import { isSystemError, UnfitFile } from './system-error.ts';

/**
 * Files that are there whole or not at all, whatever happens meanwhile. Functions here throw the
 * system's errors; `attempt` turns them into values. All is synchronous: a write is a handful of
 * system calls, and the thread pool would make them several times slower.
 */

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const TEMPORARY_PREFIX = '.tmp-';

/** Runs `action`; an error of the system becomes a fault that names operation and path. */
export function attempt<T>(
  operation: string,
  path: string,
  action: () => T,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: StateFault } {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const { code, message } = error;
    return { ok: false, error: { operation, path: toNamedPath(error.path, path), code, message } };
  }
}

/** The path that the system complained about, unless it would mean nothing to a reader. */
function toNamedPath(reported: string | undefined, asked: string): string {
  const isTelling =
    reported !== undefined && isAbsolute(reported) && !isTemporary(basename(reported));
  return isTelling ? reported : asked;
}

/** A name beside `path` that nobody else uses, and that is swept when it is left behind. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `${TEMPORARY_PREFIX}${randomBytes(8).toString('hex')}`);
}

/**
 * Makes `path` hold `content`, durably: the content is on disk before the name points to it, and the
 * name is on disk before this returns. A crash leaves the old file or the new one.
 */
export function writeDurably(path: string, content: string, guard?: DirectoryGuard): void {
  const temporary = writeTemporary(path, content, guard);
  try {
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  syncDirectory(dirname(path));
}

/**
 * Writes and syncs a new file beside `path`, and returns its name; leaves nothing when it fails. The
 * guard is asked once the file is open, before anything is in it: until then the directory may be swapped.
 */
export function writeTemporary(path: string, content: string, guard?: DirectoryGuard): string {
  const temporary = temporaryBeside(path);
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, FILE_MODE);
  try {
    if (guard !== undefined) requireInPlace(file, temporary, guard);
    fchmodSync(file, FILE_MODE);
    writeWhole(file, Buffer.from(content, 'utf8'));
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    removeFile(temporary);
    throw error;
  }
  closeSync(file);
  return temporary;
}

/** That the open file lies where it was meant to; else it is removed from where it does. */
function requireInPlace(file: number, path: string, guard: DirectoryGuard): void {
  try {
    guard.check();
    const { dev, ino } = fstatSync(file);
    const named = lstatSync(path);
    if (named.ino === ino && named.dev === dev) return;
    throw new UnfitFile('ESTALE', dirname(path), 'was replaced while a file was made in it');
  } catch (error) {
    attempt('remove', path, () => {
      removeFile(readlinkSync(`/proc/self/fd/${file}`));
    });
    throw error;
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

/** Writes a few bytes in place, without waiting for the disk; the file must exist. */
export function patchInPlace(path: string, offset: number, bytes: string): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    writeSync(file, bytes, offset, 'latin1');
  } finally {
    closeSync(file);
  }
}

/** Points the symbolic link `path` at `target`, replacing an older one at once, durably. */
export function linkDurably(path: string, target: string): void {
  const temporary = temporaryBeside(path);
  symlinkSync(target, temporary);
  try {
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Removes a file; an absent one is no error. Tells whether there was one. */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** How often a parent may vanish between being made and being used: pruning removes empty ones. */
const MAKING_TRIES = 3;

/** Makes the directory and its missing parents, private and durable. Existing ones are left as they are. */
export function makeDirectory(path: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      makeOne(path);
      return;
    } catch (error) {
      const isOrphan = isSystemError(error) && error.code === 'ENOENT' && dirname(path) !== path;
      if (!isOrphan || tries > MAKING_TRIES) throw error;
      makeDirectory(dirname(path));
    }
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path, DIRECTORY_MODE);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
    requireDirectory(path);
    return;
  }
  // The umask may have taken away even what the owner needs.
  chmodSync(path, DIRECTORY_MODE);
  syncDirectory(dirname(path));
}

/** Waits until the names in the directory are on disk. */
export function syncDirectory(path: string): void {
  const directory = openDirectory(path);
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function openDirectory(path: string): number {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/** Removes what writers that were killed left in the directory. Only for its sole writer. */
export function sweepTemporaries(directory: string): void {
  for (const name of listDirectory(directory)) {
    if (isTemporary(name)) removeFile(join(directory, name));
  }
}

export function isTemporary(name: string): boolean {
  return name.startsWith(TEMPORARY_PREFIX);
}
