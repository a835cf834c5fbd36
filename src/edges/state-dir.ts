import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { renderShellWord } from '../shell-word.ts';
import { attempt, makeDirectory } from './durable-files.ts';
import type { DirectoryFitness, FitnessRules } from './state-dir-fitness.ts';
import { judgeDirectory } from './state-dir-fitness.ts';

/** Everything the choice of a state dir depends on. */
export interface StateDirRequest {
  /** What the user chose; undefined: the default and its fallbacks. */
  readonly chosen?: string;
  readonly defaultDir: string;
  readonly env: { readonly HOME?: string; readonly XDG_STATE_HOME?: string };
  /** The checkout. */
  readonly workspace: string;
  /** False: nothing cleans the workspace, and state may lie in it. */
  readonly isCheckout?: boolean;
  /** `RUNNER_WORKSPACE`, the directory that contains the checkout. */
  readonly runnerWorkspace?: string;
  readonly runnerTemp?: string;
  readonly uid: number;
  /** Login name, for the command that provisions the default. */
  readonly user: string;
  readonly inContainer: boolean;
  /** Whether a missing directory may be made; `status`, `plan` and `check` write nothing (E8). */
  readonly create: boolean;
  /** Whether the deployment is recorded below this directory. */
  readonly find?: (dir: string) => boolean;
  /** Whether a directory in a job container lies on a volume; replaced in tests. */
  readonly isVolume?: (dir: string) => boolean;
}

export interface StateDir {
  readonly dir: string;
  readonly kind: 'chosen' | 'default' | 'fallback';
  /** False only when nothing may be made. */
  readonly exists: boolean;
  /** What a person should know: why it is not the default, and how to provision that. */
  readonly notes: readonly string[];
}

/** No directory can be used; the message says why and what to do. */
export interface StateDirProblem {
  readonly message: string;
}

const FALLBACK_NAME = 'freshtrack-deploy';

/**
 * The one directory that is used from now on. One chosen by the user is that one or none. Otherwise all
 * candidates are searched for the deployment first, so that one which has been provisioned since the
 * last run does not hide what that run stored elsewhere.
 */
export function chooseStateDir(request: StateDirRequest): Result<StateDir, StateDirProblem> {
  const { chosen } = request;
  if (chosen !== undefined && chosen !== '') return useChosen(chosen, request);
  const candidates = toCandidates(request);
  const { find } = request;
  if (find !== undefined) {
    const known = candidates.find(({ dir, fitness }) => fitness.kind === 'usable' && find(dir));
    if (known !== undefined)
      return success(toStateDir(known, candidates, 'the deployment is recorded there'));
  }
  return useFirst(candidates, request.create);
}

function useChosen(chosen: string, request: StateDirRequest): Result<StateDir, StateDirProblem> {
  if (!isAbsolute(chosen)) {
    return failure({ message: `state-dir: ${chosen} is not an absolute path. Write it in full` });
  }
  // Also drops a trailing slash, which would make the system look through a link.
  const dir = resolve(chosen);
  const rules = toRules(request, false);
  const found = judgeDirectory(dir, rules);
  const fitness = found.kind === 'missing' && request.create ? make(dir, rules) : found;
  if (fitness.kind !== 'unusable') {
    return success({ dir, kind: 'chosen', exists: fitness.kind === 'usable', notes: [] });
  }
  const remedy = fitness.remedy === undefined ? '' : `. To set it right: ${fitness.remedy}`;
  return failure({ message: `state-dir: ${dir} cannot be used: ${fitness.reason}${remedy}` });
}

interface Candidate {
  readonly dir: string;
  readonly kind: 'default' | 'fallback';
  readonly rules: FitnessRules;
  readonly fitness: DirectoryFitness;
  /** The command that makes it usable, where that is for a person to do. */
  readonly provision?: string;
}

function toCandidates(request: StateDirRequest): readonly Candidate[] {
  const rules = toRules(request, false);
  const dir = resolve(request.defaultDir);
  const home = toHomeDir(request);
  const besideRunner = toBesideRunner(request);
  return [
    { ...toCandidate('default', dir, rules), provision: provision(dir, request) },
    ...(home === undefined
      ? []
      : [toCandidate('fallback', home, toRules(request, request.inContainer))]),
    toCandidate('fallback', besideRunner, rules),
  ];
}

function toCandidate(kind: Candidate['kind'], dir: string, rules: FitnessRules): Candidate {
  return { kind, dir, rules, fitness: judgeDirectory(dir, rules) };
}

function toRules(request: StateDirRequest, isContainerHome: boolean): FitnessRules {
  const { workspace, isCheckout = true, uid, inContainer, create, isVolume } = request;
  return {
    checkout: isCheckout ? workspace : undefined,
    uid,
    inContainer,
    isContainerHome,
    mustBeWritable: create,
    ...(isVolume && { isVolume }),
  };
}

/** As the XDG specification has it: a relative path is invalid, and ignored. */
function toHomeDir({ env }: StateDirRequest): string | undefined {
  const { XDG_STATE_HOME: xdg = '', HOME: home = '' } = env;
  if (isAbsolute(xdg)) return join(resolve(xdg), FALLBACK_NAME);
  return isAbsolute(home) ? join(resolve(home), '.local', 'state', FALLBACK_NAME) : undefined;
}

/**
 * In the runner's work folder, where its own folders have names with an underscore and the others
 * those of repositories; the checkout lies one level deeper.
 */
function toBesideRunner({ runnerWorkspace, runnerTemp, workspace }: StateDirRequest): string {
  const inside = [runnerWorkspace, runnerTemp].find((dir) => dir !== undefined && isAbsolute(dir));
  return join(dirname(resolve(inside ?? workspace)), `_${FALLBACK_NAME}`);
}

function useFirst(
  candidates: readonly Candidate[],
  create: boolean,
): Result<StateDir, StateDirProblem> {
  const tried: Candidate[] = [];
  for (const candidate of candidates) {
    const outcome = use(candidate, create);
    if (outcome.fitness.kind !== 'unusable') {
      const all = [...tried, outcome, ...candidates.slice(tried.length + 1)];
      return success(toStateDir(outcome, all, 'it is the next in order'));
    }
    tried.push(outcome);
  }
  return failure({
    message: ['no directory can hold the state of deployments', ...toNotes(tried)].join('. '),
  });
}

function use(candidate: Candidate, create: boolean): Candidate {
  const { dir, rules, fitness } = candidate;
  return fitness.kind === 'missing' && create
    ? { ...candidate, fitness: make(dir, rules) }
    : candidate;
}

/** Looks again after making it: somebody else may have been quicker, and it is theirs. */
function make(dir: string, rules: FitnessRules): DirectoryFitness {
  const made = attempt('make the state dir', dir, () => {
    makeDirectory(dir);
  });
  if (made.ok) return judgeDirectory(dir, rules);
  const reason = `it does not exist and cannot be made (${made.error.code})`;
  return { kind: 'unusable', reason };
}

function toStateDir(used: Candidate, all: readonly Candidate[], why: string): StateDir {
  const { dir, kind, fitness } = used;
  const before = all.slice(
    0,
    all.findIndex((candidate) => candidate.dir === dir),
  );
  const notes = kind === 'default' ? [] : [...toNotes(before), `${dir} is used instead: ${why}`];
  return { dir, kind, exists: fitness.kind === 'usable', notes };
}

function toNotes(candidates: readonly Candidate[]): readonly string[] {
  return candidates.flatMap(({ dir, fitness, provision: command }) => {
    if (fitness.kind !== 'unusable') return [];
    const remedy = fitness.remedy ?? command;
    const advice = remedy === undefined ? '' : `; to provision it: ${remedy}`;
    return [`${dir} cannot be used: ${fitness.reason}${advice}`];
  });
}

function provision(dir: string, { user }: StateDirRequest): string {
  return `sudo install -d -m 0700 -o ${renderShellWord(user)} ${renderShellWord(dir)}`;
}
