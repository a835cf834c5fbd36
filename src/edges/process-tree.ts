import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { ProcessRef } from '../state/record.ts';

/** Environment variable by which the runner, and we, find processes that left their group. */
export const TRACKING_VARIABLE = 'RUNNER_TRACKING_ID';

/** What the kernel says of a process: the fields of /proc/<pid>/stat that identify it. */
export interface ProcessStat {
  readonly pid: number;
  readonly command: string;
  readonly group: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
  /** Dead, and only waiting for its parent to look. */
  readonly zombie: boolean;
}

/** The process with this number, if there is one (and a /proc to look at). */
export function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined; // it is gone, or this platform has no /proc
  }
  // The name may contain anything, blanks and parentheses too: fields count from the last one.
  const nameEnd = text.lastIndexOf(')');
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state = '', , group = ''] = fields;
  return {
    pid,
    command: text.slice(text.indexOf('(') + 1, nameEnd),
    group: Number(group),
    startTime: fields[19] ?? '',
    zombie: state === 'Z' || state === 'X',
  };
}

/** Every process that can be seen, those excepted that started before `sinceTicks`. */
function listProcesses(sinceTicks: number): readonly ProcessStat[] {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  const found: ProcessStat[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat !== undefined && !stat.zombie && Number(stat.startTime) >= sinceTicks)
      found.push(stat);
  }
  return found;
}

/** The tracking id that a process carries; undefined without one, or when we may not look. */
function readTrackingId(pid: number): string | undefined {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined;
  }
  const prefix = `${TRACKING_VARIABLE}=`;
  const entry = environment.split('\0').find((line) => line.startsWith(prefix));
  return entry?.slice(prefix.length);
}

/**
 * What the small parent carries: another id than the command's, since what ends the things that commands
 * leave behind must not end what still serves them; but it proves whose parent it is.
 */
export function toSupervisorId(trackingId: string): string {
  return `preflight_supervisor/${trackingId}`;
}

/** All processes of one command: its group, and those that left the group but carry its id. */
export interface Tree {
  /** The small parent, which leads the group; its boot is this one. */
  readonly leader: ProcessRef;
  readonly trackingId: string | undefined;
}

/** Who of a command still lives. */
export interface Living {
  /** In the leader's group. */
  readonly group: readonly ProcessStat[];
  /** Carrying the command's id outside of the group. */
  readonly strays: readonly ProcessStat[];
  /** The group is the command's beyond doubt, and may be signalled. */
  readonly proven: boolean;
}

const NOBODY: Living = { group: [], strays: [], proven: false };

/**
 * Looks for what lives of a command. A group number can come again like a pid: the group counts as the
 * command's while its leader lives, or `observed` (we saw it without a gap), or a member carries the id.
 */
export function findLiving(tree: Tree, observed: boolean): Living {
  const { pid, start_time: startTime } = tree.leader;
  if (startTime === '') return observed ? findWithoutProc(pid) : NOBODY;
  const { trackingId } = tree;
  const group: ProcessStat[] = [];
  const strays: ProcessStat[] = [];
  let proven = observed;
  let recycled = false;
  for (const stat of listProcesses(Number(startTime))) {
    const inGroup = stat.group === pid;
    if (stat.pid === pid) {
      if (stat.startTime !== startTime) recycled = true;
      else if (inGroup) proven = true;
    }
    const carried =
      trackingId === undefined || (inGroup && proven) ? undefined : readTrackingId(stat.pid);
    const isCommand = carried !== undefined && carried === trackingId;
    if (inGroup) {
      group.push(stat);
      proven ||=
        isCommand || (carried !== undefined && carried === toSupervisorId(trackingId ?? ''));
    } else if (isCommand) strays.push(stat);
  }
  return recycled ? { group: [], strays, proven: false } : { group, strays, proven };
}

/** Without /proc only the group as a whole can be asked for; the leader stands for its members. */
function findWithoutProc(pid: number): Living {
  if (!signalGroup(pid, 0)) return NOBODY;
  const leader = { pid, command: '', group: pid, startTime: '', zombie: false };
  return { group: [leader], strays: [], proven: true };
}

/** False when there is nobody (left) to signal; processes that may not be signalled count as there. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return signalProcess(-group, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error) {
      if (error.code === 'ESRCH') return false;
      if (error.code === 'EPERM') return true;
    }
    throw error;
  }
}

/** A stopped process would keep TERM pending for ever, so it is told to go on as well. */
export function signalLiving(tree: Tree, living: Living, signal: NodeJS.Signals): void {
  const signals: readonly NodeJS.Signals[] = signal === 'SIGTERM' ? [signal, 'SIGCONT'] : [signal];
  for (const each of signals) {
    if (living.proven && living.group.length > 0) signalGroup(tree.leader.pid, each);
    for (const { pid } of living.strays) signalProcess(pid, each);
  }
}

export function toRefs(living: Living, bootId: string): readonly ProcessRef[] {
  return [...living.group, ...living.strays].map((stat) => toRef(stat, bootId));
}

function toRef(stat: ProcessStat, bootId: string): ProcessRef {
  return {
    pid: stat.pid,
    start_time: stat.startTime,
    boot_id: bootId,
    ...(stat.command !== '' && { command: stat.command }),
  };
}

/** What is to end at the end of the job. */
export interface EndTracked {
  /** As given to `createProcesses`; processes of `keepAlive` commands do not carry it. */
  readonly trackingIdPrefix: string;
  readonly bootId: string;
  /** Between TERM and KILL. */
  readonly graceMs: number;
}

export interface EndedTracked {
  /** Those that were found alive. */
  readonly found: readonly ProcessRef[];
  /** Those of them, or of their children, that KILL did not end. */
  readonly survivors: readonly ProcessRef[];
}

const AFTER_KILL_MS = 2_000;

/** Ends everything that commands under this prefix have left behind, daemons included. */
export async function endTracked(request: EndTracked): Promise<EndedTracked> {
  const { bootId, graceMs } = request;
  const first = findTracked(request.trackingIdPrefix);
  const found = first.map((stat) => toRef(stat, bootId));
  const killAt = performance.now() + graceMs;
  let left = first;
  for (const { pid } of left) {
    signalProcess(pid, 'SIGTERM');
    signalProcess(pid, 'SIGCONT');
  }
  for (let waitMs = 5; left.length > 0; waitMs = Math.min(waitMs * 2, 100)) {
    const now = performance.now();
    if (now >= killAt + AFTER_KILL_MS) break;
    if (now >= killAt) for (const { pid } of left) signalProcess(pid, 'SIGKILL');
    await delay(waitMs);
    left = findTracked(request.trackingIdPrefix);
  }
  return { found, survivors: left.map((stat) => toRef(stat, bootId)) };
}

function findTracked(prefix: string): readonly ProcessStat[] {
  return listProcesses(0).filter(
    ({ pid }) => pid !== process.pid && readTrackingId(pid)?.startsWith(`${prefix}/`) === true,
  );
}
