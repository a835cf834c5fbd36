import { access, constants } from 'node:fs/promises';
import type { Stats } from 'node:fs';

import type { FileFacts, FileKind, Known, PathFacts, WriteFacts } from '../../checks/ports.ts';
import { success } from '../../result.ts';
import type { Accounts } from './accounts.ts';
import { toErrorCode } from './kernel-files.ts';
import { findNearest } from './nearest.ts';

const PERMISSION_BITS = 0o7777;

function toKind(stats: Stats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSocket() ? 'socket' : 'other';
}

async function toFileFacts(stats: Stats, accounts: Accounts): Promise<FileFacts> {
  return {
    kind: toKind(stats),
    sizeBytes: stats.size,
    mode: stats.mode & PERMISSION_BITS,
    owner: await accounts.userName(stats.uid),
    group: await accounts.groupName(stats.gid),
  };
}

/** The error code with which the kernel refuses, `undefined` when it grants. */
async function toRefusal(path: string, mode: number): Promise<string | undefined> {
  try {
    await access(path, mode);
    return undefined;
  } catch (error) {
    return toErrorCode(error);
  }
}

/** What there is at an absolute path, links followed. */
export async function lookAtPath(path: string, accounts: Accounts): Promise<PathFacts> {
  const nearest = await findNearest(path);
  if (nearest.exact) return { kind: 'present', file: await toFileFacts(nearest.stats, accounts) };
  if (nearest.blocked !== undefined) return { kind: 'hidden', code: nearest.blocked };
  return { kind: 'absent', nearest: nearest.path };
}

export function loadReadRefusal(path: string): Promise<string | undefined> {
  return toRefusal(path, constants.R_OK);
}

/**
 * Asks the kernel whether a path could be written, or made where it does not exist yet. Nothing is
 * written: access(2) knows permissions, access lists, read-only mounts and immutable files.
 */
export async function loadWritability(
  path: string,
  accounts: Accounts,
): Promise<Known<WriteFacts>> {
  const nearest = await findNearest(path);
  const directory = nearest.stats.isDirectory();
  const mode = directory ? constants.W_OK | constants.X_OK : constants.W_OK;
  const underFile = !nearest.exact && !directory ? 'ENOTDIR' : undefined;
  const refusal = nearest.blocked ?? underFile ?? (await toRefusal(nearest.path, mode));
  return success({
    exists: nearest.exact,
    target: nearest.path,
    file: await toFileFacts(nearest.stats, accounts),
    refusal,
  });
}
