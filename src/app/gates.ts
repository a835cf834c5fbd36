import type { Category } from '../failure/category.ts';
import type { Problem } from '../inputs/problem.ts';
import type { Plan } from '../plan/plan.ts';
import { parsePlan } from '../plan/load.ts';
import type { HeldLock, LockFault, StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { Blockage, Reason } from '../report/run-report.ts';
import { renderRepair } from '../report/venue.ts';
import { toDeploymentName, toLockFileName, toTargetName } from '../state/identity.ts';
import type { StateChoice } from '../state/cache-choice.ts';
import { decideState } from '../state/cache-choice.ts';
import type { TargetParts } from '../state/record.ts';
import type { Candidate, OpenedStore, StatePlace } from './edges.ts';
import type { Session } from './session.ts';
import { renderHolder } from './holder.ts';
import { note, say } from './session.ts';

/** Whose deployment this is, by the names its directories have. */
export interface Identity {
  readonly parts: TargetParts;
  /** Directory name of the target. */
  readonly target: string;
  readonly deploymentId: string;
  /** Directory name of the deployment. */
  readonly deployment: string;
  /** Name of the lock. */
  readonly lock: string;
}

export function toIdentity({ edges, inputs }: Session): Identity {
  const { repository, workflow, job, action, runId } = edges.context;
  const { matrix, deploymentKey } = inputs;
  const parts = { repository, workflow, job, matrix, action, key: deploymentKey };
  const target = toTargetName(parts);
  const deploymentId = inputs.deploymentId ?? runId;
  return {
    parts,
    target,
    deploymentId,
    deployment: toDeploymentName(deploymentId),
    lock: inputs.lock === undefined ? target : toLockFileName(inputs.lock),
  };
}

/** The plan of this run, from its file and the inline lists. */
export function openPlan({ edges, inputs }: Session): Result<Plan, readonly Problem[]> {
  const path = inputs.steps === undefined ? (inputs.plan ?? 'preflight.yml') : undefined;
  const file = path === undefined ? undefined : edges.readPlan(path);
  if (file?.ok === false) return failure([file.error]);
  const texts = {
    ...(file === undefined ? {} : { file: file.value }),
    ...(inputs.steps === undefined ? {} : { steps: inputs.steps }),
    ...(inputs.checks === undefined ? {} : { checks: inputs.checks }),
  };
  return parsePlan(texts, inputs);
}

/** A gate that is closed: nothing was started. */
export function closed(
  kind: 'state' | 'lock' | 'resume',
  category: Category,
  ...reasons: readonly Reason[]
): { readonly ok: false; readonly error: Blockage } {
  return failure({ kind, category, reasons });
}

/** Chooses the state dir; `create: false` for modes that only look (E8). */
export function openState(
  session: Session,
  identity: Identity,
  create: boolean,
): Result<{ readonly place: StatePlace; readonly opened: OpenedStore }, Blockage> {
  const { edges, inputs } = session;
  const { target, deployment } = identity;
  const choice = chooseKind(session);
  const place =
    choice.kind === 'cache'
      ? openLocalCopy(session, identity, create)
      : openHostDir(session, identity, create);
  if (!place.ok) {
    const fix = 'Choose a directory that only this user can write to, outside of the checkout.';
    return closed('state', 'fatal:state', { message: place.error, fix });
  }
  const { dir } = place.value;
  for (const text of place.value.notes) say(session, `[INFO] ${text}`);
  if (inputs.state === 'auto') say(session, renderPlace(session, dir, choice));
  if (choice.warning !== undefined) note(session, 'warning', 'Cannot be resumed', choice.warning);
  const opened = edges.openStore(dir, target, deployment);
  if (choice.kind === 'host') return success({ place: place.value, opened });
  return success({ place: place.value, opened: linkToCache(session, identity, dir) });
}

function renderPlace({ edges }: Session, dir: string, { kind, why }: StateChoice): string {
  return edges.venue.kind === 'job' || kind === 'cache'
    ? `[INFO] state: ${kind} in ${dir}: ${why}`
    : `[INFO] state: ${dir}`;
}

/** Where the state is kept, and why. */
export function chooseKind({ edges, inputs }: Session): StateChoice {
  return decideState({
    asked: inputs.state,
    hasStateDir: inputs.stateDir !== undefined,
    diskLoss: edges.cache.diskLoss,
    hasCache: edges.cache.hasAccess,
  });
}

/** The store of a deployment with the cache behind it. */
export function linkToCache(
  { edges }: Session,
  { target, deployment, deploymentId }: Pick<Identity, 'target' | 'deployment' | 'deploymentId'>,
  stateDir: string,
): OpenedStore {
  const sharesRuns = deploymentId !== edges.context.runId;
  const cache = edges.cache.open({ stateDir, target, deployment, sharesRuns });
  return { ...edges.openStore(stateDir, target, deployment), store: cache.store, cache };
}

/** The local copy only has to live as long as the job; where it lives longer, so much the better. */
function openLocalCopy(
  session: Session,
  identity: Identity,
  create: boolean,
): Result<StatePlace, string> {
  const { edges, inputs } = session;
  if (create) {
    const place = openHostDir(session, identity, create);
    if (place.ok) return success({ ...place.value, notes: [] });
    if (inputs.stateDir !== undefined) return place;
  }
  const scratch = edges.cache.makeScratch();
  return scratch.ok ? success({ dir: scratch.value, exists: true, notes: [] }) : scratch;
}

function openHostDir(
  { edges, inputs }: Session,
  { target, deployment }: Identity,
  create: boolean,
): Result<StatePlace, string> {
  return edges.chooseState({
    chosen: inputs.stateDir,
    create,
    holds: ({ has }) => has(`${target}/${deployment}`),
  });
}
/** Takes the lock, telling who holds it while we wait. */
export async function takeLock(
  session: Session,
  stateDir: string,
  identity: Pick<Identity, 'target' | 'deployment' | 'lock'>,
  directory: string,
): Promise<Result<HeldLock, Blockage>> {
  const { edges, inputs } = session;
  const taken = await edges.openLocks(stateDir).acquire({
    name: identity.lock,
    holder: toCandidate(session, identity, directory),
    timeoutMs: inputs.lockTimeoutMs,
    cancel: edges.stops.cancel,
    onWait: (holder) => {
      say(session, `[WAIT] the lock ${identity.lock} is held by ${renderHolder(holder)}: waiting`);
    },
  });
  if (!taken.ok)
    return closed('lock', toLockCategory(taken.error), toLockReason(taken.error, identity, edges));
  const { inheritedFrom } = taken.value;
  if (inheritedFrom !== undefined) {
    const who = renderHolder(inheritedFrom);
    note(
      session,
      'notice',
      'Lock taken over',
      `The lock of ${who}, which is dead, was taken over.`,
    );
  }
  return taken;
}

export function toCandidate(
  { edges }: Session,
  identity: Pick<Identity, 'target' | 'deployment'>,
  directory: string,
): Candidate {
  const { host, bootId, pidNamespace, process, runId, runAttempt, runUrl } = edges.context;
  return {
    host,
    boot_id: bootId,
    pid_namespace: pidNamespace,
    process,
    run_id: runId,
    run_attempt: runAttempt,
    run_url: runUrl,
    deployment: `${identity.target}/${identity.deployment}`,
    directory,
  };
}

function toLockCategory(fault: LockFault): Category {
  switch (fault.kind) {
    case 'timeout':
      return 'transient:lock';
    case 'cancelled':
      return 'fatal:signal';
    case 'unusable':
      return 'fatal:state';
  }
}

function toLockReason(
  fault: LockFault,
  { target, lock }: Pick<Identity, 'target' | 'lock'>,
  { venue }: Pick<Session['edges'], 'venue'>,
): Reason {
  const again = venue.kind === 'job' ? 're-run this job' : 'run this again';
  // At a terminal the lock's name is what its target is asked for; in a job a word says it.
  const unlock = renderRepair(venue, 'unlock', venue.kind === 'job' ? {} : { target });
  switch (fault.kind) {
    case 'timeout':
      return {
        message: `The lock ${lock} is still held by ${renderHolder(fault.holder)}.`,
        fix: `Let that run end, or cancel it, then ${again}. If it is known to be gone for good, use ${unlock}.`,
      };
    case 'cancelled':
      return {
        message: `Cancelled while waiting for the lock ${lock}.`,
        fix: venue.kind === 'job' ? 'Re-run the job.' : 'Run this again.',
      };
    case 'unusable':
      return {
        message: `The lock ${lock} cannot be used: ${renderFault(fault.fault)}.`,
        fix: `Look at that file; when no deployment runs on this host, remove it or use ${unlock}.`,
      };
  }
}

export function renderFault(fault: StateFault): string {
  return `${fault.operation} ${fault.path}: ${fault.message}`;
}
