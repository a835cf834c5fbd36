import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessRef } from '../state/record.ts';
import { isSystemError } from './system-error.ts';

/** What is known about a process; `unknown`: it may be alive, and nothing proves that it is not. */
export type Life = 'alive' | 'dead' | 'unknown';

/** States in /proc/<pid>/stat of processes that run no more: they only wait for their parent. */
const ENDED_STATES = new Set(['Z', 'X', 'x']);
const START_TIME_FIELD = 22;
const COMMAND_TIMEOUT_MS = 5000;

/** Identifies this boot of the host; empty where the platform tells none. */
export function bootId(): string {
  if (process.platform === 'darwin') return ask('sysctl', ['-n', 'kern.bootsessionuuid']) ?? '';
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

/** Inode of our pid namespace; empty where there is none. Pids of another one mean nothing here. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/^pid:\[(\d+)\]$/, '$1');
  } catch (error) {
    if (isSystemError(error)) return '';
    throw error;
  }
}

/** This very process. */
export function ownProcess(): ProcessRef {
  const { pid } = process;
  return { pid, start_time: processStartTime(pid) ?? '', boot_id: bootId() };
}

/** When `pid` started, in the platform's own terms and without blanks; undefined when there is none. */
export function processStartTime(pid: number): string | undefined {
  return readLife(pid)?.startTime;
}

/**
 * Whether the very process that `ref` names is alive. A pid alone proves nothing: boot and start time
 * must agree. A process that we may not look at, as with a /proc mounted `hidepid`, is `unknown`.
 */
export function isAlive(ref: ProcessRef): Life {
  const boot = bootId();
  if (ref.boot_id !== '' && boot !== '' && ref.boot_id !== boot) return 'dead';
  const life = readLife(ref.pid);
  if (life === undefined) return isKnownToKernel(ref.pid) ? 'unknown' : 'dead';
  if (life.ended) return 'dead';
  if (ref.start_time === '' || ref.boot_id === '' || boot === '') return 'unknown';
  return ref.start_time === life.startTime ? 'alive' : 'dead';
}

/**
 * Whether a process of the group runs that `leader` led: a command can outlive its own parent. While
 * it does, the kernel does not give the leader's pid to anybody else.
 */
export function isGroupAlive(leader: ProcessRef): boolean {
  const boot = bootId();
  if (leader.boot_id !== '' && boot !== '' && leader.boot_id !== boot) return false;
  const now = processStartTime(leader.pid);
  if (now !== undefined && leader.start_time !== '' && now !== leader.start_time) return false;
  if (!isKnownToKernel(-leader.pid)) return false;
  const members = findGroup(leader.pid);
  // Known to the kernel and not to be seen: hidden from us.
  return members.length === 0 || members.some(({ ended }) => !ended);
}

function findGroup(group: number): readonly ProcessLife[] {
  if (process.platform === 'darwin') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => parseStat(read(`/proc/${pid}/stat`)) ?? [])
    .filter((life) => life.group === group);
}

interface ProcessLife {
  readonly group?: number;
  readonly startTime: string;
  readonly ended: boolean;
}

function readLife(pid: number): ProcessLife | undefined {
  return process.platform === 'darwin' ? askForLife(pid) : parseStat(read(`/proc/${pid}/stat`));
}

/** The command's name, field 2, may hold blanks and brackets: what counts comes after the last `)`. */
function parseStat(stat: string | undefined): ProcessLife | undefined {
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', , group] = fields;
  const startTime = fields[START_TIME_FIELD - 3];
  if (startTime === undefined) return undefined;
  return { startTime, group: Number(group), ended: ENDED_STATES.has(state) };
}

function askForLife(pid: number): ProcessLife | undefined {
  const answer = ask('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  const [state, ...start] = answer?.trim().split(/\s+/) ?? [];
  if (state === undefined || start.length === 0) return undefined;
  return { startTime: start.join('_'), ended: state.startsWith('Z') };
}

function isKnownToKernel(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code !== 'ESRCH';
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // ENOENT: no such process or platform; ESRCH: it ended while we read; EACCES: hidden from us.
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function ask(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: COMMAND_TIMEOUT_MS,
    }).trim();
  } catch {
    // Absent, failed or too slow: the answer is not known, whatever the reason.
    return undefined;
  }
}
