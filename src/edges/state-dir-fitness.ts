import { accessSync, constants, lstatSync, realpathSync, statfsSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { renderShellWord } from '../shell-word.ts';
import { isSystemError } from './system-error.ts';

/** Whether a directory can hold state. */
export type DirectoryFitness =
  | { readonly kind: 'usable' }
  /** Nothing is there, and nothing speaks against making it. */
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      /** The command that sets it right, when there is one besides making it anew. */
      readonly remedy?: string;
    };

export interface FitnessRules {
  /** Cleaned by every run; undefined where nothing is. */
  readonly checkout: string | undefined;
  /** The only owner (besides ourselves there is none) that the directory may have. */
  readonly uid: number;
  readonly inContainer: boolean;
  /** The home of a job container is gone after the job, whatever it is mounted from. */
  readonly isContainerHome: boolean;
  readonly mustBeWritable: boolean;
  readonly isVolume?: (dir: string) => boolean;
}

/** Writable by group or others. */
const SHARED_WRITE = 0o022;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
const TMPFS_MAGIC = 0x01021994;

/** Looks at a directory without changing anything. `dir` is absolute, without a trailing slash. */
export function judgeDirectory(dir: string, rules: FitnessRules): DirectoryFitness {
  try {
    return judge(dir, rules);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOTDIR') return unusable('something on its path is not a directory');
    return unusable(`it cannot be looked at (${error.code})`);
  }
}

function judge(dir: string, rules: FitnessRules): DirectoryFitness {
  if (rules.isContainerHome) return unusable('the home of a job container is gone after the job');
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  const wrongKind = stat && findKindProblem(stat);
  if (wrongKind !== undefined) return wrongKind;
  const { real, missing } = resolvePlace(dir);
  const problem =
    findCheckoutProblem(join(real, ...missing), rules.checkout) ??
    findContainerProblem(real, rules) ??
    findParentProblem(stat === undefined ? real : dirname(real)) ??
    (stat === undefined ? findMakingProblem(real) : findOwnerProblem(real, stat, rules));
  if (problem !== undefined) return problem;
  return { kind: stat === undefined ? 'missing' : 'usable' };
}

/** The nearest part of a path that exists, without links, and the names below it that do not. */
interface Place {
  readonly real: string;
  readonly missing: readonly string[];
}

function resolvePlace(dir: string): Place {
  if (lstatSync(dir, { throwIfNoEntry: false })) return { real: realpathSync(dir), missing: [] };
  const { real, missing } = resolvePlace(dirname(dir));
  return { real, missing: [...missing, basename(dir)] };
}

function findKindProblem(stat: Stats): DirectoryFitness | undefined {
  if (stat.isSymbolicLink()) {
    return unusable('it is a symbolic link: name the directory itself');
  }
  return stat.isDirectory() ? undefined : unusable('it is not a directory');
}

function findCheckoutProblem(
  place: string,
  checkout: string | undefined,
): DirectoryFitness | undefined {
  if (checkout === undefined) return undefined;
  const real = statSync(checkout, { throwIfNoEntry: false }) ? realpathSync(checkout) : checkout;
  const path = relative(real, place);
  const isInside = path !== '..' && !path.startsWith(`..${sep}`);
  return isInside
    ? unusable('it lies inside the checkout, which actions/checkout cleans')
    : undefined;
}

/** A directory of the container's own vanishes with it; a volume does not, unless it is in memory. */
function findContainerProblem(existing: string, rules: FitnessRules): DirectoryFitness | undefined {
  if (!rules.inContainer) return undefined;
  const outlives = (rules.isVolume ?? isVolume)(existing);
  return outlives
    ? undefined
    : unusable('inside a job container only volumes outlive the job, and it lies on none');
}

function isVolume(dir: string): boolean {
  return statSync(dir).dev !== statSync('/').dev && statfsSync(dir).type !== TMPFS_MAGIC;
}

/** Who may rename entries of a directory above ours can put their own in its place. */
function findParentProblem(parent: string): DirectoryFitness | undefined {
  for (let dir = parent; ; dir = dirname(dir)) {
    const { mode } = statSync(dir);
    if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) {
      return unusable(
        `${dir} above it can be changed by every user`,
        `chmod o-w ${renderShellWord(dir)}`,
      );
    }
    if (dirname(dir) === dir) return undefined;
  }
}

function findOwnerProblem(
  dir: string,
  stat: Stats,
  { uid, mustBeWritable }: FitnessRules,
): DirectoryFitness | undefined {
  if (stat.uid !== uid) {
    return unusable(`it belongs to another user (uid ${stat.uid}; this one is ${uid})`);
  }
  if ((stat.mode & SHARED_WRITE) !== 0) {
    const mode = (stat.mode & 0o7777).toString(8);
    return unusable(
      `other users can write to it (mode ${mode})`,
      `chmod go-w ${renderShellWord(dir)}`,
    );
  }
  const { R_OK, W_OK, X_OK } = constants;
  const fault = findAccessFault(dir, R_OK | X_OK | (mustBeWritable ? W_OK : 0));
  return fault === undefined ? undefined : unusable(`it cannot be written to (${fault})`);
}

function findMakingProblem(existing: string): DirectoryFitness | undefined {
  if (!statSync(existing).isDirectory()) return unusable(`${existing} is not a directory`);
  const fault = findAccessFault(existing, constants.W_OK | constants.X_OK);
  return fault === undefined
    ? undefined
    : unusable(`it does not exist and cannot be made (${fault} in ${existing})`);
}

function findAccessFault(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    if (isSystemError(error)) return error.code;
    throw error;
  }
}

function unusable(reason: string, remedy?: string): DirectoryFitness {
  return { kind: 'unusable', reason, ...(remedy !== undefined && { remedy }) };
}
