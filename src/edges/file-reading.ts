import type { Dirent, Stats } from 'node:fs';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { isSystemError, UnfitFile } from './system-error.ts';

/**
 * Reading what lies in the state dir without trusting what it is: links are not followed, and nothing
 * that is no regular file is waited for. Functions here throw the system's errors, and `UnfitFile`.
 */

const SCRATCH_BYTES = 64 * 1024;

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

/** A link in the place of a directory is none, and what others can change is not ours. */
export function requireDirectory(path: string): void {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) throw new UnfitFile('ENOTDIR', path, 'is not a directory of ours');
  const foreign = findForeignHand(stat);
  if (foreign !== undefined) throw new UnfitFile('EPERM', path, foreign);
}

/** Writable by group or others. */
const SHARED_WRITE = 0o022;

/** Why others could have put, or can put, something into a directory below the state dir. */
export function findForeignHand({ uid, mode }: Stats): string | undefined {
  const own = process.geteuid?.();
  if (own !== undefined && uid !== own) return `belongs to another user (uid ${uid})`;
  if ((mode & SHARED_WRITE) === 0) return undefined;
  return `can be changed by other users (mode ${(mode & 0o7777).toString(8)}; chmod go-w sets it right)`;
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
