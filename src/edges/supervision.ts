import { setTimeout as delay } from 'node:timers/promises';

import type { Ended, Measurements, Released, Watch } from '../ports.ts';
import type { ProcessFile } from '../state/process-file.ts';
import type { Exit, ProcessRef } from '../state/record.ts';
import { toExit } from './command-exit.ts';
import { endTree, waitForFirst } from './ending.ts';
import { measureDiskFreeBytes, toOomKills } from './measurements.ts';
import type { OomCounts } from './measurements.ts';
import type { OutputFollower } from './output-follower.ts';
import type { CommandNote, RunDirectory } from './run-directory.ts';
import { FILES } from './run-directory.ts';

/** How the small parent itself ended; nothing is known when it was not our child. */
export interface LeaderEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** A command under way, whoever started it. */
export interface Supervised {
  readonly directory: RunDirectory;
  readonly bootId: string;
  readonly note: CommandNote;
  /** The small parent while it has not said itself who it is. */
  readonly findLeader: () => ProcessRef | undefined;
  readonly ended: Promise<LeaderEnd>;
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
  const { directory, ended, output, remainingMs } = supervised;
  // Only now, while the command starts up: nothing waits for it.
  const oomKillsBefore = supervised.countOomKills?.();
  const first = await waitForFirst(ended, remainingMs, watch);
  if (first === 'release') return RELEASED;
  let notes = directory.readProcessFile() ?? {};
  const killed =
    first === 'ended' && notes.exitCode === undefined && (await ended).code === undefined;
  let survivors: readonly ProcessRef[] = [];
  if (first !== 'ended' || killed) {
    const end = await endRest(supervised, watch);
    if (end === 'released') return RELEASED;
    survivors = end;
    notes = directory.readProcessFile() ?? {};
  }
  await output?.finish();
  if (notes.process === undefined && first === 'ended') return { kind: 'unregistered' };
  const leaderEnd = first === 'ended' ? await ended : await reaped(ended);
  const exit = decideExit(notes, leaderEnd, supervised.note);
  return {
    kind: 'ended',
    exit,
    endedBy: first === 'ended' ? 'itself' : first,
    startedAt: supervised.note.started_at,
    endedAt: toEndedAt(supervised, notes),
    tail: output?.tail() ?? '',
    traces: directory.read(FILES.traces, LARGEST_REPORT_BYTES) ?? '',
    declared: directory.read(FILES.result, LARGEST_REPORT_BYTES) ?? '',
    survivors,
    measured: await measure(supervised, exit, oomKillsBefore),
  };
}

function reaped(ended: Promise<LeaderEnd>): Promise<LeaderEnd | undefined> {
  return Promise.race([ended, delay(REAPED_WITHIN_MS, undefined, { ref: false })]);
}

/** Ends what lives of the command; without a leader there was never anything to end. */
async function endRest(
  { directory, bootId, note, findLeader, ended, observed }: Supervised,
  { graceMs, cancel, release }: Watch,
): Promise<readonly ProcessRef[] | 'released'> {
  const leader = directory.readProcessFile()?.process ?? findLeader();
  if (leader === undefined) return [];
  const tree = { leader, trackingId: note.tracking_id };
  return await endTree({ tree, bootId, graceMs, observed, ended, cancel, release });
}

/** What the parent wrote counts; otherwise how it ended itself, and then it is never a success. */
function decideExit(notes: ProcessFile, leaderEnd: LeaderEnd | undefined, note: CommandNote): Exit {
  const code = notes.exitCode ?? leaderEnd?.code;
  if (code === undefined) return { kind: 'signalled', signal: leaderEnd?.signal ?? 'SIGKILL' };
  return toExit(code, { died: notes.died !== undefined, reportsSignals: note.reports_signals });
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
