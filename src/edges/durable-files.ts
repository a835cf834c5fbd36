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
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StateFault } from '../ports.ts';
import { isSystemError } from './system-error.ts';

/**
 * Files that are there whole or not at all, whatever happens meanwhile. Functions here throw the
 * system's errors; `attempt` turns them into values. All is synchronous: a write is a handful of
 * system calls, and the thread pool would make them several times slower.
 */

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const TEMPORARY_PREFIX = '.tmp-';
const SCRATCH_BYTES = 64 * 1024;

/** A file that is not what it must be; carries the reason in place of the system's code. */
export class UnfitFile extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

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
    return { ok: false, error: { operation, path: error.path ?? path, code, message } };
  }
}

/** A name beside `path` that nobody else uses, and that is swept when it is left behind. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `${TEMPORARY_PREFIX}${randomBytes(8).toString('hex')}`);
}

/**
 * Makes `path` hold `content`, durably: the content is on disk before the name points to it, and the
 * name is on disk before this returns. A crash leaves the old file or the new one.
 */
export function writeDurably(path: string, content: string): void {
  const temporary = writeTemporary(path, content);
  try {
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Writes and syncs a new file beside `path`, and returns its name; leaves nothing when it fails. */
export function writeTemporary(path: string, content: string): string {
  const temporary = temporaryBeside(path);
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = openSync(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, FILE_MODE);
  try {
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

/** Where the symbolic link points; undefined when there is nothing at `path`. */
export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'EINVAL') throw new UnfitFile('EINVAL', path, 'is not a symbolic link');
    throw error;
  }
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

function requireDirectory(path: string): void {
  if (lstatSync(path).isDirectory()) return;
  throw new UnfitFile('ENOTDIR', path, 'is not a directory of ours');
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

/** Names in a directory; none when it does not exist. A link in its place is refused. */
export function listDirectory(path: string): readonly string[] {
  return listEntries(path).map(({ name }) => name);
}

/** Like `listDirectory`, with the kind of each entry. */
export function listEntries(path: string): readonly Dirent[] {
  try {
    requireDirectory(path);
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The first bytes of a regular file, and its whole size; undefined when it does not exist. */
export interface FileHead {
  readonly bytes: Buffer;
  readonly size: number;
}

/**
 * Reads at most `limit` bytes. Links are not followed, and what is not a regular file is refused
 * without waiting (a named pipe would block for ever).
 */
export function readHead(path: string, limit: number): FileHead | undefined {
  const file = openForReading(path);
  if (file === undefined) return undefined;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new UnfitFile('EINVAL', path, 'is not a regular file');
    const bytes = Buffer.allocUnsafe(Math.min(stat.size, limit));
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return { bytes: bytes.subarray(0, length), size: stat.size };
  } finally {
    closeSync(file);
  }
}

/**
 * Reads many small files, each known to be a regular one, quicker than `readHead`: without asking for
 * its size first, and into the same memory. What a call returns is good until the next call.
 */
export function createReader(limit: number): (path: string) => FileHead | undefined {
  const scratch = Buffer.allocUnsafe(Math.min(limit, SCRATCH_BYTES) + 1);
  return (path) => {
    const file = openForReading(path);
    if (file === undefined) return undefined;
    let size: number;
    try {
      size = readSync(file, scratch, 0, scratch.length, 0);
    } finally {
      closeSync(file);
    }
    if (size === scratch.length) return readHead(path, limit);
    return { bytes: scratch.subarray(0, size), size };
  };
}

function openForReading(path: string): number | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return undefined;
    if (error.code === 'ELOOP' || error.code === 'EMLINK') {
      throw new UnfitFile('ELOOP', path, 'is a symbolic link');
    }
    throw error;
  }
}
