import { setTimeout as delay } from 'node:timers/promises';

import type { Ended, Measurements, Released, Watch } from '../ports.ts';
import type { ProcessFile } from '../state/process-file.ts';
import type { Exit, ProcessRef } from '../state/record.ts';
import { toExit } from './command-exit.ts';
import { attempt } from './durable-files.ts';
import { endTree, waitForFirst } from './ending.ts';
import { measureDiskFreeBytes, toOomKills } from './measurements.ts';
import type { OomCounts } from './measurements.ts';
import type { OutputFollower } from './output-follower.ts';
import type { CommandNote, Ending, RunDirectory } from './run-directory.ts';
import { FILES } from './run-directory.ts';
import { STARTED_NOTHING } from './small-parent.ts';

/** How the small parent itself ended; nothing is known when it was not our child. */
export interface LeaderEnd {
  readonly signal: string | undefined;
  /** Its own, not the command's. */
  readonly code?: number | undefined;
}

/** A command under way, whoever started it. */
export interface Supervised {
  readonly directory: RunDirectory;
  readonly bootId: string;
  readonly note: CommandNote;
  /** The small parent while it has not said itself who it is. */
  readonly findLeader: () => ProcessRef | undefined;
  /** The small parent ended: the last one, unless the command left something in the background. */
  readonly gone: Promise<LeaderEnd>;
  /** Without a gap, so that its group cannot have become another one's. */
  readonly observed: boolean;
  /** What is left of the timeout. */
  readonly remainingMs: number;
  readonly output: OutputFollower | undefined;
  /** Undefined for a command that was under way before we came. */
  readonly countOomKills: (() => OomCounts) | undefined;
  readonly measuredDirectories: readonly string[];
}

/** The small parent ended without having started anything. */
export interface Unregistered {
  readonly kind: 'unregistered';
}

const RELEASED: Released = { kind: 'released' };
/** How often we look for the exit code of a command that left something in the background. */
const LOOK_MS = 100;
const PIPE_DRAINS_WITHIN_MS = 150;
/** No more than a safeguard: whoever was killed is reaped at once. */
const REAPED_WITHIN_MS = 100;

/** Follows a command to its end, or brings that about. */
export async function supervise(
  supervised: Supervised,
  watch: Watch,
): Promise<Ended | Released | Unregistered> {
  supervised.output?.start();
  try {
    return await followToEnd(supervised, watch);
  } finally {
    supervised.output?.stop();
  }
}

async function followToEnd(
  supervised: Supervised,
  watch: Watch,
): Promise<Ended | Released | Unregistered> {
  const { directory, gone, output, remainingMs, note } = supervised;
  // Only now, while the command starts up: nothing waits for it.
  const oomKillsBefore = supervised.countOomKills?.();
  const end = watchForEnd(directory, gone);
  const first = await waitForFirst(end.ended, remainingMs, watch);
  end.stop();
  if (first === 'release') return RELEASED;
  const found = directory.readProcessFile();
  if (first === 'ended' && (await neverStarted(found, gone))) return { kind: 'unregistered' };
  let notes = found ?? {};
  let survivors: readonly ProcessRef[] = [];
  let ending = directory.readEnding(); // an earlier watcher's
  if (notes.exitCode === undefined) {
    ending = first === 'ended' ? 'leftovers' : first;
    const rest = await endRest(supervised, watch, ending);
    if (rest === 'released') return RELEASED;
    survivors = rest;
    notes = directory.readProcessFile() ?? {};
  }
  await output?.finish();
  const exit = await decideExit(ending === 'leftovers' ? {} : notes, gone, note);
  return {
    kind: 'ended',
    exit,
    endedBy: ending === undefined || ending === 'leftovers' ? 'itself' : ending,
    startedAt: note.started_at,
    endedAt: toEndedAt(supervised, notes),
    tail: output?.tail() ?? '',
    traces: directory.read(FILES.traces, LARGEST_REPORT_BYTES) ?? '',
    declared: directory.read(FILES.result, LARGEST_REPORT_BYTES) ?? '',
    survivors,
    measured: await measure(supervised, exit, oomKillsBefore),
  };
}

/**
 * The parent stays while something in the background holds the command's output open, but the command
 * has ended when its exit code is there. What it wrote itself is through the pipe shortly after.
 */
function watchForEnd(
  directory: RunDirectory,
  gone: Promise<LeaderEnd>,
): { ended: Promise<void>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    let seenAt: number | undefined;
    const look = (): void => {
      // What cannot be read now is read at the next look; when the parent has gone, for good.
      const looked = attempt('read', directory.path, () => {
        const changedAt = directory.changedAt(FILES.process);
        const isOver = changedAt !== seenAt && directory.readProcessFile()?.exitCode !== undefined;
        seenAt = changedAt;
        return isOver;
      });
      const isEnded = looked.ok && looked.value;
      timer = isEnded ? setTimeout(resolve, PIPE_DRAINS_WITHIN_MS) : setTimeout(look, LOOK_MS);
    };
    timer = setTimeout(look, LOOK_MS);
    gone.then(() => {
      resolve();
    }, reject);
  });
  return {
    ended,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

/** Ends what lives of the command; without a leader there was never anything to end. */
async function endRest(
  { directory, bootId, note, findLeader, gone, observed }: Supervised,
  { graceMs, cancel, release }: Watch,
  ending: Ending,
): Promise<readonly ProcessRef[] | 'released'> {
  const leader = directory.readProcessFile()?.process ?? findLeader();
  if (leader === undefined) return [];
  const tree = { leader, trackingId: note.tracking_id };
  const beforeSignals = (): void => {
    directory.noteEnding(ending);
  };
  const request = { tree, bootId, graceMs, observed, beforeSignals, cancel, release };
  return await endTree({ ...request, ended: gone });
}

/**
 * The parent's notes say so, or it does itself where they are gone. Without either the command may have
 * run: whoever takes the notes away, the command itself say, must not make us repeat it.
 */
async function neverStarted(
  found: ProcessFile | undefined,
  gone: Promise<LeaderEnd>,
): Promise<boolean> {
  if (found !== undefined) return found.process === undefined;
  return (await gone).code === STARTED_NOTHING;
}

/** Without an exit code the parent itself was killed, and then it is never a success. */
async function decideExit(
  { exitCode, died }: ProcessFile,
  gone: Promise<LeaderEnd>,
  note: CommandNote,
): Promise<Exit> {
  if (exitCode !== undefined) {
    return toExit(exitCode, { died: died !== undefined, reportsSignals: note.reports_signals });
  }
  const reaped = delay(REAPED_WITHIN_MS, undefined, { ref: false });
  const end = await Promise.race([gone, reaped]);
  return { kind: 'signalled', signal: end?.signal ?? 'SIGKILL' };
}

/** The last thing that a parent does is to write the exit code. */
function toEndedAt({ directory, note }: Supervised, notes: ProcessFile): number {
  const written = notes.exitCode === undefined ? undefined : directory.changedAt(FILES.process);
  return Math.max(note.started_at, Math.round(written ?? Date.now()));
}

/** Of the location traps' file, and of what the step declares. */
const LARGEST_REPORT_BYTES = 1024 * 1024;

/** Looked at only when something went wrong: a success needs no explanation. */
async function measure(
  { countOomKills, measuredDirectories }: Supervised,
  exit: Exit,
  oomKillsBefore: OomCounts | undefined,
): Promise<Measurements> {
  if (exit.kind === 'exited' && exit.code === 0) return {};
  const oomKills = countOomKills && oomKillsBefore && toOomKills(oomKillsBefore, countOomKills());
  const diskFreeBytes = await measureDiskFreeBytes(measuredDirectories);
  return {
    ...(oomKills !== undefined && { oomKills }),
    ...(diskFreeBytes !== undefined && { diskFreeBytes }),
  };
}
