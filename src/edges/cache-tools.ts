/** The programs that the cache's client finds on its PATH: it packs and unpacks with nothing else. */
import { accessSync, constants, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { renderShellWord } from '../shell-word.ts';
import { PACKED_FILE } from './cache-entry.ts';

type Env = Readonly<Record<string, string | undefined>>;

const PACKERS = ['tar', 'gtar', 'gzip'] as const;

/**
 * The client packs with whatever it finds on the PATH, and an entry packed with zstd does not exist for
 * a machine without it. So that all machines agree, it finds the common denominator and nothing else.
 */
export function linkPackers(bin: string, env: Env): void {
  mkdirSync(bin);
  for (const name of PACKERS) {
    const found = findProgram(name, env);
    if (found !== undefined) symlinkSync(found, join(bin, name));
  }
}

/**
 * The client would unpack with absolute and upward paths allowed. What it calls in place of `tar` only
 * hands the archive over, to be read in memory: `tar -xf ARCHIVE -P -C FOLDER -z`.
 */
export function makeUnpacker(bin: string, env: Env): void {
  mkdirSync(bin);
  const copy = findProgram('cp', env) ?? '/bin/cp';
  const script = `#!/bin/sh\nexec ${renderShellWord(copy)} -- "$2" "$5/${PACKED_FILE}"\n`;
  for (const name of ['tar', 'gtar']) writeFileSync(join(bin, name), script, { mode: 0o700 });
}

function findProgram(name: string, env: Env): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
