import type { Clock, DeploymentStore } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { CacheFault } from '../state/cache-fault.ts';
import { toCacheKey, toCurrentKey, toRunName } from '../state/cache-key.ts';
import type { CacheNote } from '../state/cache-note.ts';
import type { CacheStamp } from '../state/cache-payload.ts';
import {
  encodePayload,
  MAX_PAYLOAD_BYTES,
  toCachedFiles,
  toDigest,
  toSize,
} from '../state/cache-payload.ts';
import type { CacheCalls } from './cache-calls.ts';

/** Where the note about the uploads is kept; beside the local copy, so that the post step finds it. */
export interface NoteFile {
  read(): CacheNote | undefined;
  /** Need not be durable: it only has to outlive the process. */
  write(note: CacheNote): Result<void, string>;
}

export interface UploadsOptions {
  readonly target: string;
  readonly deployment: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly host: string;
  readonly calls: Pick<CacheCalls, 'save'>;
  readonly clock: Clock;
  readonly note: NoteFile;
  readonly store: Pick<DeploymentStore, 'load'>;
}

/** How the uploads of one run went. */
export interface UploadTally {
  readonly saved: number;
  readonly failed: number;
  /** Of the last one that was saved, before it is packed. */
  readonly lastBytes: number;
}

/** A failure that may be over the next moment is tried once more when somebody waits for the result. */
const WAITED_TRIES = 2;
const SLOW_MS = 5_000;

/**
 * Brings the local copy to the cache: one upload at a time, always of the newest state, while the
 * deployment goes on. Whoever must know asks `settle`.
 */
export class Uploads {
  private readonly options: UploadsOptions;
  private changes = 0;
  private uploaded = 0;
  private running: Promise<void> | undefined;
  private isDue = false;
  private note: CacheNote;
  private fault: CacheFault | undefined;
  /** The last upload: up to which change it went. */
  private tried = { upTo: -1, tookMs: 0 };
  private tallied: UploadTally = { saved: 0, failed: 0, lastBytes: 0 };

  constructor(options: UploadsOptions) {
    this.options = options;
    const { runId, runAttempt } = options;
    this.note = options.note.read() ?? {
      stamp: { run_id: runId, run_attempt: runAttempt, generation: 0, sequence: 0 },
      uploaded: '',
      owes_current: false,
    };
  }

  get tally(): UploadTally {
    return this.tallied;
  }

  /** This run goes on from what `stamp` tells of, if from anything: its saves come after those. */
  follow(stamp: CacheStamp | undefined, uploaded: string): void {
    const { runId, runAttempt } = this.options;
    const known = this.note.stamp;
    this.note = {
      ...this.note,
      stamp: {
        run_id: runId,
        run_attempt: runAttempt,
        generation: Math.max(known.generation, stamp?.generation ?? 0) + 1,
        sequence: Math.max(known.sequence, stamp?.sequence ?? 0),
      },
      uploaded,
    };
    // For the post step; where there is no directory yet, there is nothing it would have to know.
    this.options.note.write(this.note);
  }

  /** The local copy changed. */
  changed(): void {
    this.changes++;
  }

  /** The cache is to know that this deployment is the target's current one, with the next upload. */
  becameCurrent(): void {
    this.changes++;
    this.note = { ...this.note, owes_current: true };
  }

  /** Has an upload follow soon; nobody waits for it. */
  schedule(): void {
    if (this.fault?.kind === 'refused') return;
    this.isDue = true;
    this.running ??= this.work();
  }

  /** Waits until everything up to now is in the cache, or will not be. */
  async settle(): Promise<Result<void, CacheFault>> {
    const wanted = this.changes;
    for (let tries = 0; ;) {
      await this.running;
      if (this.uploaded >= wanted) return success(undefined);
      if (this.fault?.kind === 'refused') return failure(this.fault);
      if (tries >= WAITED_TRIES || this.wasSlowToFail(wanted)) break;
      tries++;
      this.isDue = true;
      this.running ??= this.work();
    }
    return failure(this.fault ?? { kind: 'failed', reason: 'nobody knows why' });
  }

  /** Whether the newest state has failed already, after the client itself had tried again and again. */
  private wasSlowToFail(wanted: number): boolean {
    return this.fault !== undefined && this.tried.upTo >= wanted && this.tried.tookMs > SLOW_MS;
  }

  private async work(): Promise<void> {
    // The writes that belong together are made in one go: let them come to their end.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.isDue) {
      this.isDue = false;
      const upTo = this.changes;
      const startedAt = this.options.clock.monotonic();
      const done = await this.uploadOnce();
      this.tried = { upTo, tookMs: this.options.clock.monotonic() - startedAt };
      this.fault = done.ok ? undefined : done.error;
      if (this.fault?.kind === 'refused') break;
    }
    this.running = undefined;
  }

  private async uploadOnce(): Promise<Result<void, CacheFault>> {
    const upTo = this.changes;
    const known = await this.options.store.load();
    if (!known.ok) return failure({ kind: 'failed', reason: known.error.message });
    const files = toCachedFiles(known.value);
    const digest = toDigest(files);
    if (
      known.value.record === undefined ||
      (digest === this.note.uploaded && !this.note.owes_current)
    ) {
      this.uploaded = upTo;
      return success(undefined);
    }
    const { target, deployment, runId, runAttempt, host, clock } = this.options;
    // On record before it is used: the post step must not use the number again.
    const numbered = this.remember({
      stamp: { ...this.note.stamp, sequence: this.note.stamp.sequence + 1 },
    });
    if (!numbered.ok) return failure({ kind: 'failed', reason: numbered.error });
    const { stamp } = this.note;
    const size = toSize(files);
    const now = clock.now();
    const content = encodePayload({ target, deployment, stamp, host, saved_at: now, size, files });
    if (Buffer.byteLength(content) > MAX_PAYLOAD_BYTES) {
      return failure({
        kind: 'failed',
        reason: `it is larger than ${MAX_PAYLOAD_BYTES} bytes`,
      });
    }
    const run = toRunName(runId);
    const key = { target, deployment, run, attempt: runAttempt, sequence: stamp.sequence };
    const keys = [...(this.note.owes_current ? [toCurrentKey(key)] : []), toCacheKey(key)];
    const saved = await this.options.calls.save(keys, content);
    this.tallied = saved.ok
      ? { ...this.tallied, saved: this.tallied.saved + 1, lastBytes: Buffer.byteLength(content) }
      : { ...this.tallied, failed: this.tallied.failed + 1 };
    if (!saved.ok) return saved;
    this.uploaded = upTo;
    // Lost, it costs one more upload.
    this.remember({ uploaded: digest, owes_current: false });
    return success(undefined);
  }

  private remember(changes: Partial<CacheNote>): Result<void, string> {
    this.note = { ...this.note, ...changes };
    return this.options.note.write(this.note);
  }
}
