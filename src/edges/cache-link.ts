import { join } from 'node:path';
import type { CacheLink, Flushed, Restored, RunContext } from '../app/edges.ts';
import type { Clock, Stop } from '../ports.ts';
import { failure } from '../result.ts';
import { parseCacheKey, toRunName } from '../state/cache-key.ts';
import type { CacheNote } from '../state/cache-note.ts';
import { encodeNote, parseNote } from '../state/cache-note.ts';
import type { CachedDeployment, CacheStamp } from '../state/cache-payload.ts';
import { compareStamps, parsePayload, toCachedFiles, toDigest } from '../state/cache-payload.ts';
import type { CacheCalls } from './cache-calls.ts';
import { importCurrent, importDeployment } from './cache-import.ts';
import type { SearchResult } from './cache-search.ts';
import { createCacheStore } from './cache-store.ts';
import type { NoteFile } from './cache-uploads.ts';
import { Uploads } from './cache-uploads.ts';
import { attempt, writeDurably } from './durable-files.ts';
import { readHead } from './file-reading.ts';
import { openHostStore } from './host-store.ts';

/** What ties one deployment's local copy to the cache. */
export interface CacheLinkOptions {
  readonly stateDir: string;
  readonly target: string;
  readonly deployment: string;
  readonly context: Pick<RunContext, 'runId' | 'runAttempt' | 'host'>;
  /** Runs with other ids may work on the same deployment. */
  readonly sharesRuns: boolean;
  readonly calls: CacheCalls;
  readonly clock: Clock;
}

const NOTE_FILE = 'cache.json';
const NOTE_BYTES = 4_096;
/** After a cancel there is little time: what is left to upload, the post step does. */
const AFTER_CANCEL_MS = 1_500;

export function openCacheLink(options: CacheLinkOptions): CacheLink {
  const { stateDir, target, deployment, context, calls, clock } = options;
  const inner = openHostStore({ stateDir, target, deployment });
  const note = openNote(inner.directory);
  const uploads = new Uploads({
    target,
    deployment,
    runId: context.runId,
    runAttempt: context.runAttempt,
    host: context.host,
    calls,
    clock,
    note,
    store: inner,
  });
  return {
    store: createCacheStore(inner, uploads),
    restore: () => restore(options, note, uploads),
    flush: async (cancel) => {
      // Also what an earlier process of this job left undone.
      uploads.changed();
      const flushed = await flush(uploads, clock, cancel);
      if (flushed.kind === 'unfinished') calls.release();
      return flushed;
    },
  };
}

function openNote(directory: string): NoteFile {
  const path = join(directory, NOTE_FILE);
  return {
    read: () => {
      const read = attempt('read', path, () => readHead(path, NOTE_BYTES));
      if (!read.ok || read.value === undefined) return undefined;
      const parsed = parseNote(read.value.bytes.toString());
      // One that is not understood is as good as none: it costs an upload.
      return parsed.ok ? parsed.value : undefined;
    },
    write: (content: CacheNote) => {
      const written = attempt('write', path, () => {
        writeDurably(path, encodeNote(content));
      });
      return written.ok ? written : failure(`${path}: ${written.error.message}`);
    },
  };
}

async function flush(uploads: Uploads, clock: Clock, cancel: Stop | undefined): Promise<Flushed> {
  const settling = uploads.settle();
  const settled = await (cancel === undefined
    ? settling
    : Promise.race([settling, afterCancel(clock, cancel, settling)]));
  const { saved, failed, lastBytes } = uploads.tally;
  if (settled === 'unfinished') return { kind: 'unfinished' };
  if (!settled.ok) return { kind: 'failed', reason: settled.error.reason };
  return { kind: 'saved', saves: saved, failedSaves: failed, bytes: lastBytes };
}

async function afterCancel(
  clock: Clock,
  cancel: Stop,
  settling: Promise<unknown>,
): Promise<'unfinished'> {
  await new Promise<void>((resolve) => {
    const off = cancel.onRequest(resolve);
    void settling.finally(off);
  });
  await clock.sleep(AFTER_CANCEL_MS);
  return 'unfinished';
}

/** Finds out what is known about the deployment, here and in the cache, and goes on from the newer. */
async function restore(
  options: CacheLinkOptions,
  note: NoteFile,
  uploads: Uploads,
): Promise<Restored> {
  const { target, deployment, context, sharesRuns, calls } = options;
  const run = toRunName(context.runId);
  // Whoever repaired it meanwhile did so in a run of another id.
  const mayShare = sharesRuns || context.runAttempt > 1;
  const wanted = { target, deployment, run, attempt: context.runAttempt, sharesRuns: mayShare };
  const result = await calls.search(wanted);
  const local = openHostStore(options);
  const known = await local.load();
  const noted = note.read();
  const hasLocal = known.ok && (known.value.record !== undefined || known.value.markers.size > 0);
  const lines = toComplaints(result);
  const found = readFound(result);
  const stamp = hasLocal ? noted?.stamp : undefined;
  const isNewer =
    found !== undefined && (stamp === undefined || compareStamps(found.stamp, stamp) > 0);
  if (isNewer) {
    const imported = await importDeployment(options, found);
    if (!imported.ok) {
      const { path, message } = imported.error;
      lines.push({ isWarning: true, text: `${path}: ${message}` });
      return { lines, doubt: 'what the Actions cache holds could not be restored' };
    }
    lines.push({ isWarning: false, text: renderRestored(found, result) });
  }
  await followCurrent(options, result, isNewer, noted?.owes_current === true, hasLocal || isNewer);
  const copy = await local.load();
  const digest = copy.ok ? toDigest(toCachedFiles(copy.value)) : '';
  uploads.follow(newest(found?.stamp, noted?.stamp), isNewer ? digest : (noted?.uploaded ?? ''));
  const doubt = findDoubt(result, context.runAttempt, sharesRuns, hasLocal);
  return { lines, ...(doubt === undefined ? {} : { doubt }) };
}

function readFound({ entry }: SearchResult): CachedDeployment | undefined {
  const key = entry === undefined ? undefined : parseCacheKey(entry.key);
  if (entry === undefined || key === undefined) return undefined;
  const parsed = parsePayload(entry.content, key);
  return parsed.ok ? parsed.value : undefined;
}

function newest(
  one: CacheStamp | undefined,
  other: CacheStamp | undefined,
): CacheStamp | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return compareStamps(one, other) >= 0 ? one : other;
}

function toComplaints({ rejected, fault }: SearchResult): { isWarning: boolean; text: string }[] {
  return [
    ...rejected.map((why) => `an entry of the Actions cache is not used: ${why}`),
    ...(fault === undefined ? [] : [`the Actions cache could not be read: ${fault.reason}`]),
  ].map((text) => ({ isWarning: true, text }));
}

function renderRestored({ stamp, host }: CachedDeployment, { entry }: SearchResult): string {
  const bytes = Buffer.byteLength(entry?.content ?? '');
  return `checkpoint restored from the Actions cache: save ${stamp.sequence}, made in run attempt ${stamp.run_attempt} on ${host} (${bytes} bytes)`;
}

/**
 * Which deployment is current is known to the cache as well. A newer one is restored beside ours, so
 * that what it left behind can be judged.
 */
async function followCurrent(
  options: CacheLinkOptions,
  { current, fault }: SearchResult,
  imported: boolean,
  owesCurrent: boolean,
  isKnown: boolean,
): Promise<void> {
  const { target, deployment, context, calls } = options;
  if (owesCurrent || (current === undefined && (fault !== undefined || !imported))) return;
  const name = current ?? deployment;
  importCurrent(options, name);
  if (name === deployment || isKnown) return;
  const run = toRunName(context.runId);
  const other = { ...options, deployment: name };
  const wanted = { target, deployment: name, run, attempt: 1, sharesRuns: false };
  const found = readFound(await calls.search(wanted));
  const noted = openNote(openHostStore(other).directory).read();
  const isNewer = noted === undefined || (found && compareStamps(found.stamp, noted.stamp) > 0);
  if (found !== undefined && isNewer === true) await importDeployment(other, found);
}

/** Why what is recorded may not be all that was done: to a step that must not run twice, that matters. */
function findDoubt(
  { entry, rejected, fault }: SearchResult,
  runAttempt: number,
  sharesRuns: boolean,
  hasLocal: boolean,
): string | undefined {
  // Nobody can have worked on a deployment that has this run's own name and first attempt.
  if (runAttempt === 1 && !sharesRuns) return undefined;
  if (fault !== undefined) return `the Actions cache could not be read (${fault.reason})`;
  if (rejected.length > 0) return 'the newest entry of the Actions cache could not be used';
  if (entry !== undefined || hasLocal || runAttempt === 1) return undefined;
  return 'the Actions cache holds nothing of the earlier attempts, which may have expired';
}
