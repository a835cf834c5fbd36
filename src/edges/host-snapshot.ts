import { readFile, stat, statfs } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

import type { Clock } from '../ports.ts';
import type { DiskSpace, HostSnapshot } from '../report/run-report.ts';
import { toErrorCode } from './probes/kernel-files.ts';

/** A file system that does not answer (a dead network mount) is not waited for longer than this. */
const ANSWERS_WITHIN_MS = 500;

/** Memory, load and the file systems under these directories, each once: for people, so never a fault. */
export async function readHostSnapshot(
  directories: readonly string[],
  clock: Pick<Clock, 'now'>,
): Promise<HostSnapshot> {
  const at = clock.now();
  const [memory, answers] = await Promise.all([
    readMemory(),
    Promise.all(directories.map((path) => inTime(measure(path)))),
  ]);
  const disks = new Map<number, DiskSpace>();
  for (const answer of answers) {
    if (answer !== undefined && !disks.has(answer.device)) disks.set(answer.device, answer.disk);
  }
  const [oneMinute = 0] = loadavg();
  return {
    at,
    ...(memory === undefined ? {} : { memory }),
    load: { oneMinute, cores: availableParallelism() },
    disks: [...disks.values()],
  };
}

async function inTime<T>(answer: Promise<T | undefined>): Promise<T | undefined> {
  return await Promise.race([answer, delay(ANSWERS_WITHIN_MS, undefined, { ref: false })]);
}

interface Measured {
  readonly device: number;
  readonly disk: DiskSpace;
}

/** Free as far as an unprivileged user can have it; undefined for what is not there. */
async function measure(path: string): Promise<Measured | undefined> {
  try {
    const [{ dev }, { bavail, blocks, bsize }] = await Promise.all([stat(path), statfs(path)]);
    return {
      device: dev,
      disk: { path, freeBytes: bavail * bsize, totalBytes: blocks * bsize },
    };
  } catch (error) {
    rethrowUnlessUnreadable(error);
    return undefined;
  }
}

async function readMemory(): Promise<HostSnapshot['memory'] | undefined> {
  try {
    const text = await readFile('/proc/meminfo', 'latin1');
    const availableBytes = readKibibytes(text, 'MemAvailable');
    const totalBytes = readKibibytes(text, 'MemTotal');
    if (availableBytes === undefined || totalBytes === undefined) return undefined;
    return { availableBytes, totalBytes };
  } catch (error) {
    rethrowUnlessUnreadable(error);
    return undefined;
  }
}

function readKibibytes(meminfo: string, name: string): number | undefined {
  const digits = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(meminfo)?.[1];
  return digits === undefined ? undefined : Number(digits) * 1024;
}

/** What the system does not tell is left out; anything else is a bug. */
function rethrowUnlessUnreadable(error: unknown): void {
  if (!/^E[A-Z0-9]+$/u.test(toErrorCode(error))) throw error;
}
