import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Processes that the kernel has killed for lack of memory, so far. Absent where it does not count. */
export interface OomCounts {
  /** In our control group. */
  readonly group?: number;
  /** On the whole host: containers that a step has started are outside of our group. */
  readonly host?: number;
}

/** Reads the counters; the files are found once, and reading them costs microseconds. */
export function createOomCounter(): () => OomCounts {
  const groupFile = findGroupFile();
  return () => {
    const group = groupFile === undefined ? undefined : readCount(groupFile);
    const host = readCount('/proc/vmstat');
    return { ...(group !== undefined && { group }), ...(host !== undefined && { host }) };
  };
}

/** How many were killed between two readings; undefined when neither counter was there twice. */
export function toOomKills(before: OomCounts, after: OomCounts): number | undefined {
  const differences = [difference(before.group, after.group), difference(before.host, after.host)];
  const known = differences.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : Math.max(0, after - before);
}

/** Our group's `memory.events` (version 2), or `memory.oom_control` (version 1). */
function findGroupFile(): string | undefined {
  const lines = read('/proc/self/cgroup')?.split('\n') ?? [];
  for (const line of lines) {
    const [id, controllers = '', ...path] = line.split(':');
    const isUnified = id === '0' && controllers === '';
    if (!isUnified && !controllers.split(',').includes('memory')) continue;
    const root = isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory';
    const name = isUnified ? 'memory.events' : 'memory.oom_control';
    // Inside a container the path may be the host's, while the mount shows only our part.
    for (const file of [join(root, path.join(':'), name), join(root, name)]) {
      if (readCount(file) !== undefined) return file;
    }
  }
  return undefined;
}

function readCount(path: string): number | undefined {
  const digits = /^oom_kill (\d+)$/m.exec(read(path) ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // this kernel, or this platform, does not have it
  }
}

/** A file system that does not answer (a dead network mount) is not waited for longer than this. */
const DISK_ANSWERS_WITHIN_MS = 500;

/** The least free space of the file systems under these directories, for unprivileged users. */
export async function measureDiskFreeBytes(
  directories: readonly string[],
): Promise<number | undefined> {
  const answers = await Promise.all(
    directories.map((directory) =>
      Promise.race([
        statfs(directory).then(
          ({ bavail, bsize }) => bavail * bsize,
          () => undefined,
        ),
        delay(DISK_ANSWERS_WITHIN_MS, undefined, { ref: false }),
      ]),
    ),
  );
  const known = answers.filter((bytes) => bytes !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
