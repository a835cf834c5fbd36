import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { Edges } from '../app/edges.ts';
import { renderHolder } from '../app/holder.ts';
import { renderBashStartup } from '../failure/bash-startup.ts';
import type { Stops } from '../ports.ts';
import { createPrinter, RUNNER_GROUPS } from '../report/printer.ts';
import { IN_A_JOB } from '../report/venue.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { createCacheCalls, DEADLINES_MS } from './cache-calls.ts';
import { findDiskLoss, hasCacheAccess } from './cache-evidence.ts';
import { openCacheLink } from './cache-link.ts';
import { systemClock } from './clock.ts';
import { readRawInputs, readRunContext } from './github-context.ts';
import { openHostStore } from './host-store.ts';
import { publish, saveFinished, saveHandoff } from './job-files.ts';
import { listDeployments } from './deployments.ts';
import { readHostSnapshot } from './host-snapshot.ts';
import { attempt } from './durable-files.ts';
import { findLivingCommands } from './living-commands.ts';
import type { LockFinding } from './lock.ts';
import { forceUnlock, inspectLock, openLocks } from './lock.ts';
import { fileExists, hashFiles, readPlan, readSource } from './plan-files.ts';
import { isAlive, isGroupAlive } from './process-identity.ts';
import { endTracked } from './process-tree.ts';
import { createProcesses } from './processes.ts';
import { pruneDeployments, setAside } from './prune.ts';
import type { LogStream } from './log-stream.ts';
import { sweepRuns } from './run-sweep.ts';
import { toScriptName } from './shells.ts';
import { chooseStateDir } from './state-dir.ts';

export const DEFAULT_STATE_DIR = '/var/lib/freshtrack-deploy';
const TOKEN_BYTES = 12;
/** What is left at the end of the job has had its time. */
const ORPHAN_GRACE_MS = 1_000;

/** What the world is made from. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stops: Stops;
  /** Where all goes that people read, and whether they read fast enough. */
  readonly log: Pick<LogStream, 'write' | 'isBehind'>;
  /** The directory of the file that was started, beside which the client of the Actions cache lies. */
  readonly home: string;
  /** The workspace may be cleaned, and so is no place for state. */
  readonly isCheckout: boolean;
}

/** The world as the runner gives it to an action. */
export function createEdges({ env, stops, log, home, isCheckout }: Surroundings): Edges {
  const { write, isBehind } = log;
  const context = readRunContext(env);
  const { workspace } = context;
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const clock = systemClock;
  return {
    context,
    clock,
    random: Math.random,
    stops,
    token,
    rawInputs: readRawInputs(env),
    env,
    venue: IN_A_JOB,
    openPrinter: (redactor) => createPrinter({ write, redactor, clock, groups: RUNNER_GROUPS }),
    readPlan: (path) => readPlan(workspace, path),
    hashFiles: (globs) => hashFiles(workspace, globs),
    chooseState: ({ chosen, create, holds }) => {
      const chosenDir = chosen === undefined ? {} : { chosen };
      const place = chooseStateDir({
        ...chosenDir,
        defaultDir: DEFAULT_STATE_DIR,
        env: toHomes(env),
        workspace,
        isCheckout,
        ...toRunnerPlaces(env),
        ...whoami(),
        inContainer: isJobContainer(env),
        create,
        find: (dir) => holds({ has: (path) => existsSync(join(dir, path)) }),
      });
      return place.ok ? success(place.value) : failure(place.error.message);
    },
    openStore: (stateDir, target, deployment) => {
      const store = openHostStore({ stateDir, target, deployment });
      const { directory, runDirectory } = store;
      return { store, directory, runDirectory };
    },
    cache: {
      hasAccess: hasCacheAccess(env),
      diskLoss: findDiskLoss(env, isJobContainer(env)),
      open: (deployment) => {
        const calls = createCacheCalls({
          env,
          program: join(home, '..', 'cache', 'index.js'),
          deadlinesMs: DEADLINES_MS,
        });
        return openCacheLink({ ...deployment, context, clock, calls });
      },
      makeScratch: () => makeScratch(env),
    },
    openLocks: (stateDir) => openLocks(stateDir),
    lookAtLock: (stateDir, name) => {
      const found = inspectLock(stateDir, name);
      return found.ok ? renderFinding(found.value) : found.error.message;
    },
    unlock: (stateDir, name, by) => {
      const done = forceUnlock({ stateDir, name, by, evenAlive: false });
      if (!done.ok) return done;
      const { kind, finding } = done.value;
      const reason = finding.kind === 'held' ? finding.verdict.reason : '';
      return success({ kind, holder: renderFinding(finding) ?? '', reason });
    },
    listDeployments,
    createProcesses: (runDirectory, stateDir) =>
      createProcesses({
        runDirectory,
        workspace,
        bootId: context.bootId,
        trackingIdPrefix: token,
        startupFile: renderBashStartup(),
        measuredDirectories: [stateDir],
        isBehind,
      }),
    setAside,
    sweepRuns,
    scriptPathOf: (runDirectory, unit, shell) => join(runDirectory, unit, toScriptName(shell)),
    findLiving: (directory) =>
      findLivingCommands(directory, { isAlive, isGroupAlive, now: () => clock.now() }),
    runChecks: async (specs, options) => {
      // Only plans with checks pay for them.
      const { carryOutChecks } = await import('./checks.ts');
      return await carryOutChecks(specs, { ...options, clock, workspace });
    },
    recheck: async (category, specs, before, options) => {
      const { carryOutChecksAgain } = await import('./checks.ts');
      return await carryOutChecksAgain(category, specs, before, { ...options, clock, workspace });
    },
    readHost: (directories) => readHostSnapshot(directories, clock),
    endTracked: async (trackingIdPrefix) => {
      const { survivors } = await endTracked({
        trackingIdPrefix,
        bootId: context.bootId,
        graceMs: ORPHAN_GRACE_MS,
      });
      return survivors;
    },
    prune: ({ stateDir, olderThanMs, by, heldLock, keep }) =>
      pruneDeployments({
        stateDir,
        olderThanMs,
        locks: openLocks(stateDir),
        holder: by,
        held: heldLock === '' ? [] : [heldLock],
        keep,
        signs: { isAlive, isGroupAlive, now: () => clock.now() },
      }),
    readSource: (path) => readSource(workspace, path),
    fileExists: (path) => fileExists(workspace, path),
    saveHandoff: (handoff) => saveHandoff(env, handoff),
    markFinished: (outcome) => saveFinished(env, token, outcome),
    publish: (published) => publish(env, token, published),
  };
}

/** A command is often started by a link to it. */
/** Only this user can look into it, as temporary directories are made. */
function makeScratch(env: Readonly<Record<string, string | undefined>>): Result<string, string> {
  const parent = env['RUNNER_TEMP'] ?? tmpdir();
  const made = attempt('make a directory in', parent, () =>
    mkdtempSync(join(parent, 'preflight-state-')),
  );
  return made.ok ? made : failure(`${parent}: ${made.error.message}`);
}

function toHomes(env: Readonly<Record<string, string | undefined>>): {
  HOME?: string;
  XDG_STATE_HOME?: string;
} {
  const { HOME, XDG_STATE_HOME } = env;
  return { ...(HOME ? { HOME } : {}), ...(XDG_STATE_HOME ? { XDG_STATE_HOME } : {}) };
}

/**
 * Whether the job has a `container:`. The runner mounts its work directory there as `/__w`; a runner
 * that itself lives in a container is another matter.
 */
function isJobContainer(env: Readonly<Record<string, string | undefined>>): boolean {
  const { GITHUB_WORKSPACE, HOME } = env;
  return GITHUB_WORKSPACE?.startsWith('/__w/') === true || HOME === '/github/home';
}

function toRunnerPlaces(env: Readonly<Record<string, string | undefined>>): {
  runnerTemp?: string;
  runnerWorkspace?: string;
} {
  const { RUNNER_TEMP, RUNNER_WORKSPACE } = env;
  return {
    ...(RUNNER_TEMP ? { runnerTemp: RUNNER_TEMP } : {}),
    ...(RUNNER_WORKSPACE ? { runnerWorkspace: RUNNER_WORKSPACE } : {}),
  };
}

function whoami(): { uid: number; user: string } {
  const { uid, username } = userInfo();
  return { uid, user: username };
}

/** Who holds a lock, in words; undefined when nobody does. */
function renderFinding(finding: LockFinding): string | undefined {
  switch (finding.kind) {
    case 'free':
      return undefined;
    case 'held':
      return `${renderHolder(finding.holder)}; ${finding.verdict.reason}`;
    case 'foreign':
      return `${finding.path}: ${finding.message}`;
  }
}
