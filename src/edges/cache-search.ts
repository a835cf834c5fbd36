import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { readOnlyFile } from '../state/cache-archive.ts';
import type { CacheFault } from '../state/cache-fault.ts';
import type { CacheKey } from '../state/cache-key.ts';
import {
  parseCacheKey,
  parseCurrentKey,
  toCurrentPrefix,
  toDeploymentPrefix,
  toEarlierKeys,
  toFirstQuestion,
  toLaterKeys,
} from '../state/cache-key.ts';
import type { CachedDeployment } from '../state/cache-payload.ts';
import { compareStamps, MAX_PAYLOAD_BYTES, parsePayload } from '../state/cache-payload.ts';
import { ENTRY_FILE } from './cache-entry.ts';
import { isSystemError } from './system-error.ts';

/** Entries that are looked into before the search is given up: each costs requests. */
const MOST_TRIES = 4;
/** The archive's own headers and padding. */
const ARCHIVE_OVERHEAD_BYTES = 64 * 1024;

/** How entries are read, one question at a time. */
export interface CacheReader {
  /** The newest entry of the first key that has one. */
  find(keys: readonly string[]): Promise<Result<string | undefined, CacheFault>>;
  /** The packed content of the entry with exactly this key; undefined when it is gone. */
  fetch(key: string): Promise<Result<Uint8Array | undefined, CacheFault>>;
}

/** Whose checkpoint is looked for, and by which run. */
export interface Wanted extends Omit<CacheKey, 'sequence'> {
  /** Runs with other ids may have worked on the same deployment. */
  readonly sharesRuns: boolean;
}

/** An entry that can be used: text that `parsePayload` has accepted under this key. */
export interface FoundEntry {
  readonly key: string;
  readonly content: string;
}

export interface SearchResult {
  readonly entry?: FoundEntry;
  /** Entries that were not used, each with the reason. */
  readonly rejected: readonly string[];
  /** Why the search could not be finished. */
  readonly fault?: CacheFault;
  /** Directory name of the deployment that last started something, if the cache knows. */
  readonly current?: string;
}

/**
 * Looks for the checkpoint to go on from; nothing of what is found is trusted before it is read.
 * `keep` is told of what has been found so far: time may be over before the search is.
 */
export async function searchCheckpoint(
  reader: CacheReader,
  wanted: Wanted,
  keep: (sofar: SearchResult) => void = () => undefined,
): Promise<SearchResult> {
  const search = new Search(reader, wanted, (sofar) => {
    keep(toResult(sofar, undefined));
  });
  await search.walk(toFirstQuestion(wanted));
  if (wanted.sharesRuns) await search.walk([toDeploymentPrefix(wanted)]);
  return toResult(search, await search.findCurrent());
}

function toResult({ best, rejected, fault }: Search, current: string | undefined): SearchResult {
  return {
    rejected,
    ...(best === undefined ? {} : { entry: { key: best.key, content: best.content } }),
    ...(fault === undefined ? {} : { fault }),
    ...(current === undefined ? {} : { current }),
  };
}

class Search {
  readonly rejected: string[] = [];
  fault: CacheFault | undefined;
  best: (FoundEntry & { readonly read: CachedDeployment }) | undefined;
  private readonly reader: CacheReader;
  private readonly wanted: Wanted;
  private readonly tell: (sofar: Search) => void;
  private readonly seen = new Set<string>();

  constructor(reader: CacheReader, wanted: Wanted, tell: (sofar: Search) => void) {
    this.tell = tell;
    this.reader = reader;
    this.wanted = wanted;
  }

  /** From the entry that a question gives towards older ones, until one is usable. */
  async walk(question: readonly string[]): Promise<void> {
    let keys = question;
    for (let tries = 0; tries < MOST_TRIES && keys.length > 0; tries++) {
      const offered = await this.ask(keys);
      if (offered === undefined) return;
      const named = this.parseOurs(offered);
      if (named === undefined) {
        this.rejected.push('an entry that is not of this deployment');
        return;
      }
      if (this.seen.has(offered)) return;
      // Whoever was late may have come in last.
      const later = tries === 0 ? await this.ask(toLaterKeys(named)) : undefined;
      const key = (later === undefined ? undefined : this.parseOurs(later)) ?? named;
      const text = key === named ? offered : (later ?? offered);
      this.seen.add(text);
      if (await this.tryEntry(text, key)) return;
      keys = toEarlierKeys(key);
    }
  }

  async findCurrent(): Promise<string | undefined> {
    const { target } = this.wanted;
    const found = await this.ask([toCurrentPrefix(target)]);
    return found === undefined ? undefined : parseCurrentKey(found, target);
  }

  private async ask(keys: readonly string[]): Promise<string | undefined> {
    if (this.fault !== undefined) return undefined;
    const found = await this.reader.find(keys);
    if (found.ok) return found.value;
    this.fault = found.error;
    return undefined;
  }

  private parseOurs(text: string): CacheKey | undefined {
    const key = parseCacheKey(text);
    const { target, deployment } = this.wanted;
    return key?.target === target && key.deployment === deployment ? key : undefined;
  }

  private async tryEntry(text: string, key: CacheKey): Promise<boolean> {
    const fetched = await this.reader.fetch(text);
    const opened = fetched.ok ? await openEntry(fetched.value, key) : failure(fetched.error.reason);
    if (!opened.ok) {
      this.rejected.push(`save ${key.sequence} of run attempt ${key.attempt}: ${opened.error}`);
      return false;
    }
    const { content, read } = opened.value;
    const isBetter = this.best === undefined || compareStamps(read.stamp, this.best.read.stamp) > 0;
    if (isBetter) this.best = { key: text, content, read };
    this.tell(this);
    return true;
  }
}

async function openEntry(
  packed: Uint8Array | undefined,
  key: CacheKey,
): Promise<Result<{ readonly content: string; readonly read: CachedDeployment }, string>> {
  if (packed === undefined) return failure('is gone');
  const archive = await unpack(packed);
  if (!archive.ok) return archive;
  const file = readOnlyFile(archive.value, ENTRY_FILE);
  if (!file.ok) return file;
  const content = new TextDecoder('utf-8').decode(file.value);
  const read = parsePayload(content, key);
  return read.ok ? success({ content, read: read.value }) : read;
}

async function unpack(packed: Uint8Array): Promise<Result<Uint8Array, string>> {
  const maxOutputLength = 2 * MAX_PAYLOAD_BYTES + ARCHIVE_OVERHEAD_BYTES;
  try {
    return success(await promisify(gunzip)(packed, { maxOutputLength }));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return failure(
      error.code === 'ERR_BUFFER_TOO_LARGE' ? 'is too large' : 'is damaged: it cannot be unpacked',
    );
  }
}
