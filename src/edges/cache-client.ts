import { readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { restoreCache, saveCache } from '@actions/cache';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { CacheFault } from '../state/cache-fault.ts';
import { findFault, toFault } from '../state/cache-fault.ts';
import { ENTRY_FILE, PACKED_FILE } from './cache-entry.ts';
import type { CacheReader, SearchResult, Wanted } from './cache-search.ts';
import { searchCheckpoint } from './cache-search.ts';
import { isSystemError } from './system-error.ts';

/**
 * The only file that knows the cache's client library. It runs in a process of its own, in a folder of
 * its own that is also its workspace: the client's calls cannot be aborted, it reads its settings from
 * the environment, prints workflow commands, and would unpack what it fetched wherever that says.
 */

/** What the process is asked to do; everything in it is public. */
export type CacheRequest =
  /** Saves the file in the folder under each of the keys, in this order; stops at the first fault. */
  | { readonly kind: 'save'; readonly keys: readonly string[] }
  | { readonly kind: 'search'; readonly wanted: Wanted };

export type CacheAnswer =
  | { readonly kind: 'saved'; readonly fault?: CacheFault; readonly saved: number }
  | { readonly kind: 'searched'; readonly result: SearchResult };

/** Where the answer is written: standard output belongs to the library. */
export const ANSWER_FD = 3;
/** No honest entry is larger, and larger ones are not read. */
const MOST_PACKED_BYTES = 16 * 1024 * 1024;
const PATHS = [ENTRY_FILE];

/** Does what is asked and writes the answer. */
export async function answerRequest(request: CacheRequest): Promise<void> {
  const answer = await toAnswer(request);
  writeWhole(ANSWER_FD, Buffer.from(JSON.stringify(answer)));
}

async function toAnswer(request: CacheRequest): Promise<CacheAnswer> {
  switch (request.kind) {
    case 'save': {
      let saved = 0;
      for (const key of request.keys) {
        const fault = await save(key);
        if (fault !== undefined) return { kind: 'saved', fault, saved };
        saved++;
      }
      return { kind: 'saved', saved };
    }
    case 'search':
      return { kind: 'searched', result: await searchCheckpoint(READER, request.wanted) };
  }
}

/** The returned number alone proves nothing: one of the protocols gives it for failed saves, too. */
async function save(key: string): Promise<CacheFault | undefined> {
  const called = await call(() => saveCache([...PATHS], key));
  if (!called.ok) return called.error;
  return called.value === -1 ? { kind: 'failed', reason: 'the client did not say why' } : undefined;
}

const READER: CacheReader = {
  find: (keys) => {
    const [primary = '', ...rest] = keys;
    return call(() => restoreCache([...PATHS], primary, rest, { lookupOnly: true }));
  },
  fetch: async (key) => {
    const packed = join(process.cwd(), PACKED_FILE);
    rmSync(packed, { force: true });
    const called = await call(() => restoreCache([...PATHS], key));
    if (!called.ok) return called;
    if (called.value?.toLowerCase() !== key.toLowerCase()) return success(undefined);
    return readPacked(packed);
  },
};

function readPacked(path: string): Result<Uint8Array | undefined, CacheFault> {
  try {
    if (statSync(path).size > MOST_PACKED_BYTES) {
      return failure({ kind: 'failed', reason: 'is too large' });
    }
    return success(readFileSync(path));
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return success(undefined);
    throw error;
  }
}

/** What a call of the client gives, if it did not complain meanwhile. */
async function call<T>(action: () => Promise<T>): Promise<Result<T, CacheFault>> {
  const printed: string[] = [];
  const restore = capture(printed);
  try {
    const value = await action();
    const fault = findFault(printed);
    return fault === undefined ? success(value) : failure(fault);
  } catch (error) {
    // The client throws whatever it meets; none of it is ours, and all of it means the same.
    const message = error instanceof Error ? error.message : String(error);
    return failure(toFault([...printed, message].join('\n'), message));
  } finally {
    restore();
  }
}

const LONGEST_LINE = 4_096;
const MOST_LINES = 1_000;

/** Takes what is printed, by line, in place of standard output. */
function capture(lines: string[]): () => void {
  const original = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    for (const line of text.split('\n')) {
      if (line !== '' && lines.length < MOST_LINES) lines.push(line.slice(0, LONGEST_LINE));
    }
    return true;
  });
  return () => {
    process.stdout.write = original;
  };
}

function writeWhole(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
