import { readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { restoreCache, saveCache } from '@actions/cache';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { CacheFault } from '../state/cache-fault.ts';
import { findFault, isHopeless, isRetry, matchFault, toFault } from '../state/cache-fault.ts';
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
  | { readonly kind: 'saved'; readonly fault?: CacheFault }
  | { readonly kind: 'searched'; readonly result: SearchResult };

/** Where the answer is written: standard output belongs to the library. */
export const ANSWER_FD = 3;
/** No honest entry is larger, and larger ones are not read. */
const MOST_PACKED_BYTES = 16 * 1024 * 1024;
const PATHS = [ENTRY_FILE];

/** Does what is asked and writes the answer, at the latest when the time is over. */
export async function answerRequest(request: CacheRequest, deadlineMs: number): Promise<void> {
  const library = new Library();
  let sofar: SearchResult = { rejected: [] };
  const keep = (result: SearchResult): void => {
    sofar = result;
  };
  const answer = await Promise.race([
    toAnswer(library, request, keep),
    new Promise<CacheAnswer>((resolve) => {
      const giveUp = (): void => {
        const fault = library.explainDelay(deadlineMs);
        resolve(
          request.kind === 'save'
            ? { kind: 'saved', fault }
            : { kind: 'searched', result: { ...sofar, fault } },
        );
      };
      library.onHopeless = giveUp;
      setTimeout(giveUp, deadlineMs);
    }),
  ]);
  writeWhole(ANSWER_FD, Buffer.from(JSON.stringify(answer)));
}

async function toAnswer(
  library: Library,
  request: CacheRequest,
  keep: (sofar: SearchResult) => void,
): Promise<CacheAnswer> {
  switch (request.kind) {
    case 'save': {
      for (const key of request.keys) {
        const fault = await library.save(key);
        if (fault !== undefined) return { kind: 'saved', fault };
      }
      return { kind: 'saved' };
    }
    case 'search':
      return { kind: 'searched', result: await searchCheckpoint(library, request.wanted, keep) };
  }
}

const LONGEST_LINE = 4_096;
const MOST_LINES = 1_000;

/** The client library, as far as it is used, with what it prints in place of a standard output. */
class Library implements CacheReader {
  /** Told when trying again is no use, although the client goes on. */
  onHopeless: () => void = () => undefined;
  private printed: string[] = [];

  constructor() {
    process.stdout.write = (chunk: string | Uint8Array): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      for (const line of text.split('\n')) {
        if (line !== '' && this.printed.length < MOST_LINES) {
          this.printed.push(line.slice(0, LONGEST_LINE));
          if (isHopeless(line)) this.onHopeless();
        }
      }
      return true;
    };
  }

  /** The returned number alone proves nothing: one of the protocols gives it for failed saves, too. */
  async save(key: string): Promise<CacheFault | undefined> {
    const called = await this.call(() => saveCache([...PATHS], key));
    if (!called.ok) return called.error;
    return called.value === -1
      ? { kind: 'failed', reason: 'the client did not say why' }
      : undefined;
  }

  async find(keys: readonly string[]): Promise<Result<string | undefined, CacheFault>> {
    const [primary = '', ...rest] = keys;
    return await this.call(() => restoreCache([...PATHS], primary, rest, { lookupOnly: true }));
  }

  async fetch(key: string): Promise<Result<Uint8Array | undefined, CacheFault>> {
    const packed = join(process.cwd(), PACKED_FILE);
    rmSync(packed, { force: true });
    const called = await this.call(() => restoreCache([...PATHS], key));
    if (!called.ok) return called;
    if (called.value?.toLowerCase() !== key.toLowerCase()) return success(undefined);
    return readPacked(packed);
  }

  /** Why the call that is under way takes so long, as far as it has said so. */
  explainDelay(deadlineMs: number): CacheFault {
    const known = matchFault(this.printed.filter(isRetry).join('\n'));
    const late = `the service did not answer within ${Math.round(deadlineMs / 1000)} s`;
    return { kind: 'failed', reason: known?.reason ?? late };
  }

  /** What a call of the client gives, if it did not complain meanwhile. */
  private async call<T>(action: () => Promise<T>): Promise<Result<T, CacheFault>> {
    this.printed = [];
    try {
      const value = await action();
      const fault = findFault(this.printed);
      return fault === undefined ? success(value) : failure(fault);
    } catch (error) {
      // The client throws whatever it meets; none of it is ours, and all of it means the same.
      const message = error instanceof Error ? error.message : String(error);
      return failure(toFault([...this.printed, message].join('\n'), message));
    }
  }
}

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

function writeWhole(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
