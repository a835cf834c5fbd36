import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { parseRemote } from '../../cli/repository.ts';
import { isSystemError } from '../system-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

const DEFAULT_PLAN = 'preflight.yml';
/** Reading one setting takes git a few milliseconds. */
const GIT_ANSWERS_WITHIN_MS = 2_000;

/** Where a command was typed, and what that means for the deployment. */
export interface Place {
  /** The root of the repository; without one the directory, or that of the plan. */
  readonly workspace: string;
  /** The workspace is a checkout: what git does not know may be cleaned away. */
  readonly isCheckout: boolean;
  /** Path of the plan from the workspace, where it lies inside; as given otherwise. */
  readonly plan: string;
  /** What the runner would say, for what it has not said. */
  readonly env: Env;
}

/** Finds out what a runner would tell: repository, workspace, and a name for what is deployed. */
export function findPlace(
  env: Env,
  cwd: string,
  given: { readonly plan: string | undefined; readonly isInline: boolean },
): Place {
  const here = realpathSync(cwd);
  const asked = given.plan?.trim() === '' ? undefined : given.plan?.trim();
  const base = asked === undefined ? here : dirname(resolve(here, asked));
  const checkout = findCheckout(base);
  const known = said(env, 'GITHUB_WORKSPACE');
  const workspace = known ?? checkout ?? (isWithin(here, base) ? here : base);
  const plan = toPlan(workspace, here, asked);
  return {
    workspace,
    isCheckout: known !== undefined || checkout !== undefined,
    plan,
    env: {
      ...env,
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: said(env, 'GITHUB_REPOSITORY') ?? nameRepository(checkout) ?? workspace,
      GITHUB_WORKFLOW: said(env, 'GITHUB_WORKFLOW') ?? 'local',
      // Plans beside each other are different deployments, as jobs of a workflow are.
      GITHUB_JOB: said(env, 'GITHUB_JOB') ?? (given.isInline ? 'inline' : plan),
      GITHUB_ACTOR: said(env, 'GITHUB_ACTOR') ?? said(env, 'SUDO_USER') ?? userInfo().username,
    },
  };
}

/** A variable that is set and not empty. */
function said(env: Env, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

/** The nearest repository around a directory. One that is the home directory, or all, keeps settings. */
function findCheckout(directory: string): string | undefined {
  for (let dir = directory; dir !== dirname(dir) && dir !== homedir(); dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return existsSync(dir) ? realpathSync(dir) : dir;
  }
  return undefined;
}

function toPlan(workspace: string, here: string, asked: string | undefined): string {
  if (asked === undefined && !isFile(join(here, DEFAULT_PLAN))) return DEFAULT_PLAN;
  const full = resolve(here, asked ?? DEFAULT_PLAN);
  const path = relative(workspace, full);
  return isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`) ? full : path;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** `owner/name` of the remote; undefined without git, without a remote, or with one that has no such name. */
function nameRepository(checkout: string | undefined): string | undefined {
  if (checkout === undefined) return undefined;
  try {
    const address = execFileSync('git', ['-C', checkout, 'config', '--get', 'remote.origin.url'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: GIT_ANSWERS_WITHIN_MS,
    });
    return parseRemote(address);
  } catch {
    // Whatever git has to say against it: then the directory names the deployment.
    return undefined;
  }
}

/** The version of the package that the program in this directory belongs to. */
export function readVersion(home: string): string {
  let directory = home;
  for (; directory !== dirname(directory); directory = dirname(directory)) {
    const manifest = readManifest(join(directory, 'package.json'));
    if (manifest?.name === 'preflight-action') return manifest.version ?? 'unknown';
  }
  return 'unknown';
}

function readManifest(path: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string };
  } catch (error) {
    if (isSystemError(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
