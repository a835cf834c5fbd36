import { lstatSync } from 'node:fs';
import { UnfitFile } from './system-error.ts';

/** Knows the directories that a run works in, and notices when something else stands in their place. */
export interface DirectoryGuard {
  /** Throws `UnfitFile`. To be called before anything is made, changed or removed below. */
  check(): void;
}

/**
 * Paths are looked up anew with every call of the system, links on the way included: what was swapped
 * for a link or for another directory would have our next write, or removal, take place elsewhere. A
 * directory that is gone is no matter: what needs it fails, or makes it anew.
 */
export function guardDirectories(paths: readonly string[]): DirectoryGuard {
  const known = new Map<string, string>();
  return {
    check: () => {
      for (const path of paths) checkOne(path, known);
    },
  };
}

function checkOne(path: string, known: Map<string, string>): void {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) {
    known.delete(path);
    return;
  }
  if (!stat.isDirectory()) throw new UnfitFile('ENOTDIR', path, 'is not a directory of ours');
  const identity = `${stat.dev}:${stat.ino}`;
  const before = known.get(path) ?? identity;
  if (before !== identity) {
    const message = 'is not the directory that this run began with: something has replaced it';
    throw new UnfitFile('ESTALE', path, message);
  }
  known.set(path, identity);
}
