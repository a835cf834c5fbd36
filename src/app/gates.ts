import type { Category } from '../failure/category.ts';
import type { Problem } from '../inputs/problem.ts';
import type { Plan } from '../plan/plan.ts';
import { parsePlan } from '../plan/load.ts';
import type { HeldLock, LockFault, StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { Blockage, Reason } from '../report/run-report.ts';
import { toDeploymentName, toLockFileName, toTargetName } from '../state/identity.ts';
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
  if (inputs.state === 'cache') {
    return closed('state', 'recoverable:configuration', {
      message: 'state: cache is not available in this version.',
      fix: 'Use state: host, on a runner whose disk outlives the job.',
    });
  }
  const place = edges.chooseState({
    chosen: inputs.stateDir,
    create,
    holds: ({ has }) => has(`${target}/${deployment}`),
  });
  if (!place.ok) {
    const fix = 'Choose a directory that only this user can write to, outside of the checkout.';
    return closed('state', 'fatal:state', { message: place.error, fix });
  }
  for (const text of place.value.notes) say(session, `[INFO] ${text}`);
  if (edges.context.isHosted) {
    const message = `State is kept in ${place.value.dir}, and the disk of this GitHub-hosted runner does not outlive the job: a re-run starts at the first step.`;
    note(session, 'warning', 'Cannot be resumed', message);
  }
  const opened = edges.openStore(place.value.dir, target, deployment);
  return success({ place: place.value, opened });
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
    return closed('lock', toLockCategory(taken.error), toLockReason(taken.error, identity));
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

function toLockReason(fault: LockFault, { lock }: Pick<Identity, 'lock'>): Reason {
  switch (fault.kind) {
    case 'timeout':
      return {
        message: `The lock ${lock} is still held by ${renderHolder(fault.holder)}.`,
        fix: 'Let that run end, or cancel it, then re-run this job. If it is known to be gone for good, use mode: unlock.',
      };
    case 'cancelled':
      return { message: `Cancelled while waiting for the lock ${lock}.`, fix: 'Re-run the job.' };
    case 'unusable':
      return {
        message: `The lock ${lock} cannot be used: ${renderFault(fault.fault)}.`,
        fix: 'Look at that file; when no deployment runs on this host, remove it or use mode: unlock.',
      };
  }
}

export function renderFault(fault: StateFault): string {
  return `${fault.operation} ${fault.path}: ${fault.message}`;
}
