import { lstat, readlink, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { toErrorCode } from './kernel-files.ts';

/** What exists at a path, or the nearest thing above it that does. */
export interface Nearest {
  readonly path: string;
  readonly stats: Stats;
  /** The path itself exists. */
  readonly exact: boolean;
  /** The code of the refusal, when a directory on the way does not let us look into it. */
  readonly blocked: string | undefined;
}

/** As many links as the kernel follows. */
const MOST_LINKS = 40;

async function toStats(path: string): Promise<Stats | string> {
  try {
    return await stat(path);
  } catch (error) {
    return toErrorCode(error);
  }
}

/** Where a link that leads nowhere would lead: what is made through it is made there. */
async function toDanglingTarget(path: string): Promise<string | undefined> {
  try {
    if (!(await lstat(path)).isSymbolicLink()) return undefined;
    return resolve(dirname(path), await readlink(path));
  } catch {
    // Not there at all, or not ours to see: then it is no link that we could follow.
    return undefined;
  }
}

/** Looks upwards from an absolute path; `/` always exists. */
export async function findNearest(path: string): Promise<Nearest> {
  let current = path;
  let exact = true;
  let blocked: string | undefined;
  let links = 0;
  for (;;) {
    const stats = await toStats(current);
    if (typeof stats !== 'string') return { path: current, stats, exact, blocked };
    exact = false;
    if (stats !== 'ENOENT' && stats !== 'ENOTDIR') blocked = stats;
    const target = links < MOST_LINKS ? await toDanglingTarget(current) : undefined;
    links += 1;
    current = target ?? dirname(current);
  }
}
