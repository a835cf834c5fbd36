/** The programs that the cache's client finds on its PATH: it packs and unpacks with nothing else. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderShellWord } from '../shell-word.ts';
import { PACKED_FILE } from './cache-entry.ts';
import { findSystemProgram } from './system-programs.ts';

type Env = Readonly<Record<string, string | undefined>>;

const PACKERS = ['tar', 'gtar', 'gzip'] as const;

/**
 * The client packs with whatever it finds on its PATH, and an entry packed with zstd does not exist for
 * a machine without it. So that all machines agree, it finds the common denominator and nothing else.
 */
export function linkPackers(bin: string, env: Env, folders?: readonly string[]): void {
  mkdirSync(bin);
  for (const name of PACKERS) {
    const found = findSystemProgram(name, env, folders);
    if (found !== undefined) symlinkSync(found, join(bin, name));
  }
}

/**
 * The client would unpack with absolute and upward paths allowed. What it calls in place of `tar` only
 * hands the archive over, to be read in memory: `tar -xf ARCHIVE -P -C FOLDER -z`.
 */
export function makeUnpacker(bin: string, env: Env): void {
  mkdirSync(bin);
  const copy = findSystemProgram('cp', env) ?? '/bin/cp';
  const script = `#!/bin/sh\nexec ${renderShellWord(copy)} -- "$2" "$5/${PACKED_FILE}"\n`;
  for (const name of ['tar', 'gtar']) writeFileSync(join(bin, name), script, { mode: 0o700 });
}
