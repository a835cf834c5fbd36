import { fstatSync, readSync } from 'node:fs';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

import type { Stop } from '../ports.ts';
import { attempt } from './durable-files.ts';
import { findSystemProgram, SYSTEM_ENV } from './system-programs.ts';

/** Follows a file that a command appends its output to. */
export interface OutputFollower {
  /** Begins to read whenever there is something new. */
  start(): void;
  /**
   * Reads what is there at this moment to its end, and no further: processes left in the background may
   * go on writing. A cancel cuts it short: the middle is left out, and the output says so.
   */
  finish(): Promise<void>;
  stop(): void;
  /** The last output, at most 64 KiB. */
  tail(): string;
}

export interface FollowedOutput {
  /** Open for reading; stays the caller's. */
  readonly fd: number;
  readonly path: string;
  /** The chunk is only valid during the call. */
  readonly onOutput: (chunk: Uint8Array) => void;
  readonly cancel: Stop | undefined;
  /** Nothing is passed on while it says so, unless a cancel is pressing. */
  readonly isBehind?: () => boolean;
}

/** Small, so that the strings made of it die young: with 256 KiB the heap grew to twice its size. */
const CHUNK_BYTES = 16 * 1024;
/** What is read before timers and signals get their turn. */
const BYTES_PER_TURN = 16 * CHUNK_BYTES;
const TAIL_BYTES = 64 * 1024;
/** Consumed output is given back to the disk in pieces of this size. */
export const PUNCH_BYTES = 32 * 1024 * 1024;
const FIRST_POLL_MS = 10;
const BUSY_POLL_MS = 50;
const IDLE_POLL_MS = 200;
/** After a cancel, how long output that was already written is still passed on. */
const CANCELLED_DRAIN_MS = 300;
/** How often we look whether a slow reader has caught up. */
const BEHIND_POLL_MS = 20;
/** Enough of the last bytes to notice that the file was written anew. */
const SEAM_BYTES = 64;

export function createOutputFollower(output: FollowedOutput): OutputFollower {
  return new Follower(output);
}

/** The last bytes of a stream. In one place: a copy for each chunk filled memory faster than it is freed. */
class Tail {
  #kept: Buffer | undefined;
  #length = 0;

  /** Only valid until the next push. */
  get bytes(): Buffer {
    return this.#kept?.subarray(0, this.#length) ?? Buffer.alloc(0);
  }

  push(chunk: Uint8Array): void {
    const kept = (this.#kept ??= Buffer.allocUnsafe(TAIL_BYTES));
    const news = chunk.subarray(-TAIL_BYTES);
    const olds = Math.min(this.#length, TAIL_BYTES - news.length);
    kept.copyWithin(0, this.#length - olds, this.#length);
    kept.set(news, olds);
    this.#length = olds + news.length;
  }
}

class Follower implements OutputFollower {
  readonly #output: FollowedOutput;
  #chunk: Buffer | undefined;
  /** What was passed on last: the file itself may have been emptied since. */
  readonly #tail = new Tail();
  /** So many bytes at the end of the tail are those before `#position` in the file. */
  #seamBytes = 0;
  #position: number;
  #punched = 0;
  #mayPunch = true;
  #timer: NodeJS.Timeout | undefined;
  #pollMs = FIRST_POLL_MS;

  constructor(output: FollowedOutput) {
    this.#output = output;
    this.#position = this.#firstData();
    this.#punched = this.#position;
  }

  start(): void {
    this.#schedule(FIRST_POLL_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async finish(): Promise<void> {
    this.stop();
    const end = fstatSync(this.#output.fd).size;
    this.#noticeRewriting(end);
    let cutAt = Number.POSITIVE_INFINITY;
    while (this.#position < end) {
      if (this.#output.isBehind?.() === true && this.#output.cancel?.requested !== true) {
        await delay(BEHIND_POLL_MS);
        continue;
      }
      this.#read(Math.min(BYTES_PER_TURN, end - this.#position));
      if (this.#position >= end) return;
      await nextTurn();
      if (this.#output.cancel?.requested !== true) continue;
      cutAt = Math.min(cutAt, performance.now() + CANCELLED_DRAIN_MS);
      if (performance.now() >= cutAt) this.#leap(end - TAIL_BYTES);
    }
  }

  tail(): string {
    const bytes = this.#tail.bytes;
    // A character cut in two by the start of the tail is left out.
    let first = 0;
    if (bytes.length === TAIL_BYTES) {
      while (first < 3 && ((bytes[first] ?? 0) & 0xc0) === 0x80) first += 1;
    }
    return bytes.toString('utf8', first);
  }

  /** One for all reads, made when the first byte comes. */
  get #buffer(): Buffer {
    return (this.#chunk ??= Buffer.allocUnsafe(CHUNK_BYTES));
  }

  #schedule(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#poll();
    }, afterMs);
  }

  #poll(): void {
    if (this.#output.isBehind?.() === true) {
      this.#schedule(BEHIND_POLL_MS);
      return;
    }
    const before = this.#position;
    // What cannot be read now is read at the next look, or when the command has ended.
    const read = attempt('read', this.#output.path, () => {
      const end = fstatSync(this.#output.fd).size;
      this.#noticeRewriting(end);
      if (end > this.#position) this.#read(BYTES_PER_TURN);
      return end;
    });
    const size = read.ok ? read.value : 0;
    if (this.#position === before) {
      this.#pollMs = Math.min(this.#pollMs * 2, IDLE_POLL_MS);
    } else {
      this.#pollMs = this.#position < size ? 0 : BUSY_POLL_MS;
    }
    this.#schedule(this.#pollMs);
    if (this.#pollMs === 0) this.#pollMs = FIRST_POLL_MS;
  }

  /** Passes on up to `limit` bytes. */
  #read(limit: number): void {
    const { fd, onOutput } = this.#output;
    let left = limit;
    while (left > 0) {
      const wanted = Math.min(left, CHUNK_BYTES);
      const length = readSync(fd, this.#buffer, 0, wanted, this.#position);
      if (length === 0) return;
      this.#position += length;
      left -= length;
      const chunk = this.#buffer.subarray(0, length);
      this.#remember(chunk);
      onOutput(chunk);
    }
    this.#giveBack();
  }

  #remember(chunk: Uint8Array): void {
    this.#tail.push(chunk);
    this.#seamBytes = Math.min(SEAM_BYTES, this.#seamBytes + chunk.length);
  }

  /**
   * `command > /dev/stderr` opens our file anew and empties it, where a pipe would not mind. What had
   * been read is safe; the reading begins again, lest what comes now be lost as well.
   */
  #noticeRewriting(size: number): void {
    if (this.#seamBytes === 0) return;
    const seam = this.#tail.bytes.subarray(-this.#seamBytes);
    const now = Buffer.alloc(seam.length);
    const start = this.#position - now.length;
    const length = size < this.#position ? 0 : readSync(this.#output.fd, now, 0, now.length, start);
    if (length === now.length && now.equals(seam)) return;
    this.#position = 0;
    this.#punched = 0;
    this.#seamBytes = 0;
  }

  #leap(to: number): void {
    if (to <= this.#position) return;
    const mebibytes = ((to - this.#position) / 1024 / 1024).toFixed(1);
    this.#output.onOutput(
      Buffer.from(`\n[${mebibytes} MiB of output left out after the cancel]\n`),
    );
    this.#position = to;
    this.#seamBytes = 0;
  }

  /** The part that holds the tail stays. */
  #giveBack(): void {
    if (!this.#mayPunch || this.#position - this.#punched < PUNCH_BYTES + TAIL_BYTES) return;
    const offset = this.#punched;
    this.#punched += PUNCH_BYTES;
    void punch(this.#output.fd, offset).then((done) => {
      if (!done) this.#mayPunch = false;
    });
  }

  /** Skips what an earlier follower has given back: nothing but zeros, in whole pieces. */
  #firstData(): number {
    const { fd } = this.#output;
    const { size, blocks } = fstatSync(fd);
    let position = 0;
    while (blocks * 512 < size - position && position + PUNCH_BYTES <= size) {
      const length = readSync(fd, this.#buffer, 0, CHUNK_BYTES, position);
      if (this.#buffer.subarray(0, length).some((byte) => byte !== 0)) break;
      position += PUNCH_BYTES;
    }
    return position;
  }
}

/**
 * False where the tool is missing or the file system cannot do it; then it is not tried again. The tool
 * is led to the file that we have open: by now the name may lead to somebody else's.
 */
async function punch(fd: number, offset: number): Promise<boolean> {
  const tool = findSystemProgram('fallocate', process.env);
  if (tool === undefined) return false;
  // Only long outputs pay for it.
  const { exec } = await import('@actions/exec');
  const range = ['--punch-hole', '--offset', String(offset), '--length', String(PUNCH_BYTES)];
  return await exec(tool, [...range, `/proc/${process.pid}/fd/${fd}`], {
    silent: true,
    ignoreReturnCode: true,
    env: SYSTEM_ENV,
  }).then(
    (code) => code === 0,
    () => false,
  );
}
