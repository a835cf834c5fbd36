import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Ran } from './action.ts';
import { Job } from './action.ts';
import type { Scenario } from './crash-matrix.ts';
import { endAllOf, IN_MEMORY, sample } from './crash-matrix.ts';
import type { Scene } from './crash-scene.ts';
import { compare, look } from './crash-scene.ts';
import type { Point } from './strace.ts';
import { readPoints, underStrace } from './strace.ts';

const CREATING = ['ENOSPC', 'EACCES', 'EROFS', 'EIO'];
const REMOVING = ['EACCES', 'EROFS', 'EIO'];
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  openat: [...CREATING, 'EMFILE'],
  mkdir: CREATING,
  link: CREATING,
  symlink: CREATING,
  rename: CREATING,
  write: ['ENOSPC', 'EIO'],
  pwrite64: ['ENOSPC', 'EIO'],
  fsync: ['EIO', 'ENOSPC'],
  chmod: REMOVING,
  fchmod: REMOVING,
  unlink: REMOVING,
  rmdir: REMOVING,
  clone: ['EAGAIN', 'ENOMEM'],
};

/** One system call of a run that fails, with what; or it and all after it of its kind. */
export interface Fault {
  readonly point: Point;
  readonly error: string;
  readonly lasts: boolean;
}

/** Every fault of a run, in order; those of reading included. */
export function listFaults(points: readonly Point[]): readonly Fault[] {
  return points.flatMap((point) => {
    const errors = FAULTS[point.call] ?? [];
    const fitting = point.kind === 'read' ? ['EACCES', 'EIO', 'EMFILE'] : errors;
    return fitting.map((error, index) => {
      // Of `openat` and `write` others than ours would fail as well: the log, and what node loads.
      const canLast = !['openat', 'write', 'clone'].includes(point.call);
      return { point, error, lasts: canLast && index % 2 === 1 };
    });
  });
}

/** What was tried. */
export interface Tried {
  readonly faults: number;
  readonly tried: number;
  /** Runs that succeeded all the same, and runs that failed. */
  readonly succeeded: number;
  readonly failed: number;
  readonly problems: readonly string[];
}

/** Lets calls of a run fail, one run each, and runs again without; returns what went wrong. */
export async function failEverywhere(
  scenario: Scenario,
  most: number,
  isLoose = false,
): Promise<Tried> {
  const job = new Job(scenario.plan, IN_MEMORY);
  const log = `${job.home}.strace`;
  const copy = `${job.home}.copy`;
  const phase = { env: { TMPDIR: join(job.home, 'tmp') } };
  const restore = (): void => {
    endAllOf(job);
    rmSync(job.home, { recursive: true, force: true });
    execFileSync('cp', ['-a', copy, job.home]);
  };
  mkdirSync(join(job.home, 'tmp'));
  try {
    execFileSync('cp', ['-a', job.home, copy]);
    const whole = await job.main({ ...phase, under: underStrace(log) });
    const expected = look(job, whole);
    const faults = listFaults(readPoints(log, job.home));
    const chosen = sample(faults.length, most);
    const problems: string[] = [];
    let succeeded = 0;
    let failed = 0;
    for (const at of chosen) {
      const fault = faults[at];
      if (fault === undefined) continue;
      restore();
      const { point, error, lasts } = fault;
      const when = `when=${point.nth}${lasts ? '+' : ''}`;
      const under = underStrace(log, `${point.call}:error=${error}:${when}`);
      const ran = await job.main({ ...phase, under });
      const hit = readPoints(log, job.home).find(({ injected }) => injected)?.label;
      // The log is written with `write` as well, and not always in the same order.
      if (hit === undefined) continue;
      const label = `${error} at ${hit}${lasts ? ' and on' : ''}`;
      if (ran.code === 0) succeeded += 1;
      else failed += 1;
      const differs = compare(toClaim(look(job, ran)), toClaim(expected));
      const again = await job.main({ ...phase, attempt: 2 });
      // An undo that cannot be started is reported, and the next run goes forward (E6).
      const ends = isLoose ? [] : compare(look(job, again), expected);
      const later = [...scenario.judge(job, []), ...ends];
      problems.push(
        ...judgeFaulted(ran, differs).map((what) => `${label}: ${what}\n${ran.log}`),
        ...later.map((what) => `after ${label}: ${what}\n${ran.log}\n--\n${again.log}`),
      );
    }
    return { faults: faults.length, tried: succeeded + failed, succeeded, failed, problems };
  } finally {
    endAllOf(job);
    for (const path of [copy, log]) rmSync(path, { recursive: true, force: true });
    job.remove();
  }
}

/** What cannot be removed is left to the next run, a lock to whoever finds its holder dead. */
function toClaim(scene: Scene): Scene {
  return { ...scene, leftovers: [], locks: [] };
}

/** A run either succeeds, or says in an error what could not be done where, and ends by itself. */
function judgeFaulted(ran: Ran, differs: readonly string[]): readonly string[] {
  const { code, signal, log } = ran;
  if (signal !== null) return [`ended by ${signal}`];
  if (log.includes('internal error')) return ['an internal error'];
  if (differs.length === 0 || code === 0) return differs;
  if (code !== 1) return [`exit code ${String(code)}`];
  const errors = log.split('\n').filter((line) => /^(?:::error|\[ERROR\])/u.test(line));
  // A code of the system, and a path. Not always the injected code: node hides some behind others.
  const isTelling = errors.some((line) => /\bE[A-Z]{2,}\b.*\/|\/.*\bE[A-Z]{2,}\b/u.test(line));
  return isTelling ? [] : [`does not say what failed where: ${errors.join(' ')}`];
}
