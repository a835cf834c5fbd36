import { Ledger } from '../engine/ledger.ts';
import { Handover } from '../engine/context.ts';
import type { Context } from '../engine/context.ts';
import { settleHostFailure } from '../engine/host-failure.ts';
import { runRollback } from '../engine/rollback.ts';
import { suggest } from '../inputs/suggest.ts';
import type { Plan } from '../plan/plan.ts';
import type { KnownDeployment, StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { DeploymentStatus } from '../report/deployment-status.ts';
import type { Blockage, RunReport } from '../report/run-report.ts';
import { renderInputName, renderRepair } from '../report/venue.ts';
import { blocked } from './blocked.ts';
import { flushCheckpoints, restoreCheckpoints } from './checkpoints.ts';
import type { Deployed } from './deploy.ts';
import { toAssignment, toWorld } from './deploy.ts';
import type { ListedDeployment, OpenedStore } from './edges.ts';
import type { Identity } from './gates.ts';
import {
  chooseKind,
  closed,
  linkToCache,
  openPlan,
  renderFault,
  takeLock,
  toCandidate,
} from './gates.ts';
import type { Session } from './session.ts';
import { learnSecretsOf, say, toReport } from './session.ts';
import { NO_ACCESS } from '../state/cache-fault.ts';
import { toDeploymentName, toLockFileName } from '../state/identity.ts';
import { renderStatus, toStatus } from './status.ts';
import { sweepRuns } from './sweep.ts';

/** The modes for people without a shell on the host; they usually run from another workflow. */
export async function repair(session: Session): Promise<Deployed> {
  const { edges, inputs } = session;
  const { target } = inputs;
  const holds = ({ has }: { has: (path: string) => boolean }): boolean =>
    target === undefined || has(target);
  const inCache = chooseKind(session).kind === 'cache';
  const place = inCache
    ? await fetchFromCache(session)
    : edges.chooseState({ chosen: inputs.stateDir, create: false, holds });
  if (!place.ok) {
    const byWhom =
      edges.venue.kind === 'job' ? '' : ', and start this as the user that owns it (sudo -u USER)';
    const fix = `Name the state dir that the deployments use, by ${renderInputName(edges.venue, 'state-dir')}${byWhom}.`;
    return refuse(session, { message: place.error, fix });
  }
  const stateDir = place.value.dir;
  // Who is on the host looks at the host: all are shown. So where no repository is known.
  const isAll = edges.venue.kind === 'terminal' || edges.context.repository === '';
  const own = isAll ? undefined : edges.context.repository;
  const repository = target === undefined ? own : undefined;
  const listed = edges.listDeployments(stateDir, repository);
  const ofTarget =
    target === undefined ? listed : listed.filter((found) => found.target === target);
  if (inputs.mode === 'status') return await showStatus(session, stateDir, ofTarget);
  if (inputs.mode === 'unlock') return await unlock(session, stateDir, ofTarget);
  const found = chooseDeployment(session, listed, ofTarget);
  if (!found.ok) return refuse(session, found.error, { stateDir });
  return await underLock(session, stateDir, found.value, inCache);
}

/** A copy to look at and to work on, of the deployment that is meant or of the target's current one. */
async function fetchFromCache(session: Session): Promise<Result<{ readonly dir: string }, string>> {
  const { edges, inputs } = session;
  const scratch = edges.cache.makeScratch();
  if (!scratch.ok) return scratch;
  const { target } = inputs;
  if (!edges.cache.hasAccess) {
    say(session, `[WARN] the Actions cache could not be read: ${NO_ACCESS}`);
  } else if (target === undefined) {
    say(session, '[INFO] the Actions cache cannot be listed: name the target to see what it holds');
  } else {
    const deploymentId = inputs.deploymentId ?? edges.context.runId;
    const deployment = toDeploymentName(deploymentId);
    const opened = linkToCache(session, { target, deployment, deploymentId }, scratch.value);
    await restoreCheckpoints(session, opened);
  }
  return success({ dir: scratch.value });
}

interface Refusal {
  readonly message: string;
  readonly fix: string;
}

function refuse(session: Session, reason: Refusal, known: Partial<RunReport> = {}): Deployed {
  const { error } = closed('state', 'recoverable:configuration', reason);
  return toModeEnd(blocked(session, error, known));
}

/** Modes other than `run` end as `succeeded` or `failed` (contract, section 4). */
function toModeEnd({ report, handover }: Deployed): Deployed {
  const outcome = report.outcome === 'succeeded' ? 'succeeded' : 'failed';
  return { report: { ...report, outcome }, handover };
}

async function showStatus(
  session: Session,
  stateDir: string,
  listed: readonly ListedDeployment[],
): Promise<Deployed> {
  const { edges } = session;
  say(session, `State dir: ${stateDir}`);
  if (listed.length === 0) say(session, 'Nothing is recorded there.');
  const deployments: DeploymentStatus[] = [];
  for (const found of listed) {
    const opened = edges.openStore(stateDir, found.target, found.deployment);
    const known = await opened.store.load();
    const lock = found.record.ok ? found.record.value?.lock : undefined;
    const holder = lock === undefined ? undefined : edges.lookAtLock(stateDir, lock);
    const living = edges.findLiving(found.directory);
    const status = toStatus({ found, known, holder, living });
    say(session, ...renderStatus(status, edges.clock));
    deployments.push(status);
  }
  const report = toReport(session, { outcome: 'succeeded', stateDir, deployments });
  return { report, handover: undefined };
}

async function unlock(
  session: Session,
  stateDir: string,
  listed: readonly ListedDeployment[],
): Promise<Deployed> {
  const { edges, inputs } = session;
  const target = inputs.target ?? '';
  const recorded = listed[0]?.record;
  const ofRecord = recorded?.ok === true ? recorded.value?.lock : undefined;
  const name = inputs.lock === undefined ? (ofRecord ?? target) : toLockFileName(inputs.lock);
  const by = toCandidate(session, { target, deployment: 'unlock' }, stateDir);
  const done = edges.unlock(stateDir, name, by);
  if (!done.ok) {
    return refuse(session, {
      message: renderFault(done.error),
      fix: 'Look at that file on the host.',
    });
  }
  const { kind, holder, reason } = done.value;
  switch (kind) {
    case 'absent':
      say(session, `[OK] nobody holds the lock ${name}`);
      break;
    case 'removed':
      say(session, `[OK] the lock ${name} is removed; it was held by ${holder}`);
      await noteUnlock(session, stateDir, name, listed[0]);
      break;
    case 'refused':
      return refuse(session, {
        message: `The lock ${name} is held by ${holder}: ${reason}.`,
        fix: 'Cancel that run, or end its processes on the host, and try again.',
      });
  }
  const report = toReport(session, { outcome: 'succeeded', stateDir, target });
  return { report, handover: undefined };
}

/** How long the note of an unlock waits for a lock that somebody else has taken since. */
const NOTE_WITHIN_MS = 2_000;

/** Leaves in the deployment's record who removed its lock; the unlock itself does not depend on it. */
async function noteUnlock(
  session: Session,
  stateDir: string,
  lock: string,
  found: ListedDeployment | undefined,
): Promise<void> {
  if (found?.record.ok !== true || found.record.value === undefined) return;
  const { target, deployment, directory } = found;
  const hurried = { ...session, inputs: { ...session.inputs, lockTimeoutMs: NOTE_WITHIN_MS } };
  const held = await takeLock(hurried, stateDir, { target, deployment, lock }, directory);
  if (!held.ok) return;
  try {
    const opened = session.edges.openStore(stateDir, target, deployment);
    const known = await opened.store.load();
    if (!known.ok) return;
    const plan: Plan = { checks: [], steps: [], finally: [] };
    const { ledger } = toContext(session, stateDir, opened, known.value, plan);
    await ledger.note({ outcome: 'unlocked' });
  } finally {
    await held.value.release();
  }
}

/** The deployment that is meant: the one named, or the target's newest that is not closed. */
function chooseDeployment(
  { edges, inputs }: Session,
  all: readonly ListedDeployment[],
  ofTarget: readonly ListedDeployment[],
): Result<ListedDeployment, Refusal> {
  const { target = '', deploymentId } = inputs;
  if (ofTarget.length === 0) {
    const targets = [...new Set(all.map((found) => found.target))];
    const meant = suggest(target, targets);
    const hint =
      meant === undefined
        ? `${renderRepair(edges.venue, 'status')} lists what is there`
        : `Did you mean "${meant}"`;
    return failure({
      message: `There is no target "${target}" in this state dir.`,
      fix: `${hint}.`,
    });
  }
  // The input's default is the id of this very run, which a repair from another workflow never means.
  const named = deploymentId === edges.context.runId ? undefined : deploymentId;
  const records = ofTarget.flatMap((found) =>
    found.record.ok && found.record.value !== undefined
      ? [{ found, record: found.record.value }]
      : [],
  );
  const match = records.find(({ record }) =>
    named === undefined ? record.status !== 'closed' : record.deployment_id === named,
  );
  if (match !== undefined) return success(match.found);
  const unreadable = ofTarget.find(({ record }) => !record.ok);
  if (unreadable?.record.ok === false) {
    const { path, message } = unreadable.record.error;
    return failure({ message: `${path}: ${message}.`, fix: 'Remove that deployment by hand.' });
  }
  const ids = records.map(({ record }) => record.deployment_id).join(', ');
  return failure({
    message:
      named === undefined
        ? `Every deployment of "${target}" is closed.`
        : `There is no deployment "${named}" of "${target}".`,
    fix: `Recorded are: ${ids}. Name one by ${renderInputName(edges.venue, 'deployment-id')}.`,
  });
}

async function underLock(
  session: Session,
  stateDir: string,
  found: ListedDeployment,
  inCache: boolean,
): Promise<Deployed> {
  const { edges } = session;
  const { target, deployment, directory } = found;
  const record = found.record.ok ? found.record.value : undefined;
  const site = { stateDir, target, deployment, lock: record?.lock ?? target };
  const held = await takeLock(session, stateDir, site, directory);
  if (!held.ok) return toModeEnd(blocked(session, held.error, { stateDir, target }));
  const deploymentId = record?.deployment_id ?? '';
  try {
    const opened = inCache
      ? linkToCache(session, { target, deployment, deploymentId }, stateDir)
      : edges.openStore(stateDir, target, deployment);
    // Once more, now under the lock: what is written must follow what is there.
    await restoreCheckpoints(session, opened);
    const known = await opened.store.load();
    if (!known.ok) {
      const { path, message } = known.error;
      return refuse(session, { message: `${path}: ${message}.`, fix: 'Remove that file by hand.' });
    }
    sweepRuns(session, opened, known.value, []);
    const { report, handover } = await act(session, stateDir, opened, known.value);
    await flushCheckpoints(session, opened, 'main');
    // The report is about the deployment that was repaired, not about the run that did it.
    return { report: { ...report, stateDir, target, deploymentId }, handover };
  } finally {
    await held.value.release();
  }
}

async function act(
  session: Session,
  stateDir: string,
  opened: OpenedStore,
  known: KnownDeployment,
): Promise<Deployed> {
  const { edges, inputs } = session;
  const living = edges.findLiving(opened.directory);
  if (living.length > 0 && inputs.mode !== 'rollback') {
    const who = living.map(({ unit, process }) => `${unit} (process ${process?.pid ?? 'unknown'})`);
    return refuse(session, {
      message: `Commands of this deployment are still running: ${who.join(', ')}.`,
      fix: 'Wait for them, or end them on the host, and try again.',
    });
  }
  const plan = openOptionalPlan(session);
  if (!plan.ok) return toModeEnd(blocked(session, plan.error, { stateDir }));
  const context = toContext(session, stateDir, opened, known, plan.value);
  const step = inputs.step;
  switch (inputs.mode) {
    case 'mark-done':
      return await settleStep(session, context, known, step ?? '', 'mark-done');
    case 'forget':
      if (step !== undefined) return await settleStep(session, context, known, step, 'forget');
      return end(
        session,
        await context.ledger.forgetAll(),
        'all steps are forgotten: the next run starts at the first step',
      );
    case 'rollback':
      return await rollback(session, context, plan.value);
    case 'run':
    case 'check':
    case 'plan':
    case 'status':
    case 'unlock':
      throw new Error(`mode ${inputs.mode} is not carried out here`);
  }
}

/** A plan is welcome, for its undo commands, but the records will do. */
function openOptionalPlan(session: Session): Result<Plan, Blockage> {
  const { inputs, edges } = session;
  const none: Plan = { checks: [], steps: [], finally: [] };
  // The default is always there in the inputs, whoever chose it.
  const named = (edges.rawInputs['plan'] ?? '').trim() !== '' || inputs.steps !== undefined;
  const plan = inputs.mode === 'rollback' ? openPlan(session) : success(none);
  if (plan.ok) {
    learnSecretsOf(session, plan.value);
    return plan;
  }
  // No such file is no plan; one that is there and wrong is not passed over.
  const isMissing = plan.error.every(({ at }) => 'input' in at && at.input === 'plan');
  if (!named && isMissing) return success(none);
  return failure({ kind: 'input', category: 'recoverable:configuration', problems: plan.error });
}

function toContext(
  session: Session,
  stateDir: string,
  opened: OpenedStore,
  known: KnownDeployment,
  plan: Plan,
): Context {
  const { edges } = session;
  const { record } = known;
  if (record === undefined) throw new Error('a deployment without a record was chosen');
  const identity: Identity = {
    parts: record.target,
    target: '',
    deploymentId: record.deployment_id,
    deployment: known.name,
    lock: record.lock,
  };
  const processes = edges.createProcesses(opened.runDirectory, stateDir);
  const site = { plan, identity, stateDir, opened, processes };
  const world = toWorld(session, site);
  const assignment = toAssignment(session, site);
  const ledger = new Ledger(world.store, world.clock, assignment, known);
  const handover = new Handover();
  for (const step of known.steps.values()) handover.add(step.results);
  return { world, assignment, ledger, handover };
}

async function settleStep(
  session: Session,
  { ledger, assignment }: Context,
  known: KnownDeployment,
  step: string,
  mode: 'mark-done' | 'forget',
): Promise<Deployed> {
  const planned = known.record?.plan.steps.map(({ id }) => id) ?? [];
  const ids = [...new Set([...planned, ...known.steps.keys(), ...known.markers.keys()])];
  if (!ids.includes(step)) {
    const meant = suggest(step, ids);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    return refuse(session, {
      message: `The deployment ${assignment.deploymentId} has no step "${step}".${hint}`,
      fix: `Its steps are: ${ids.join(', ')}.`,
    });
  }
  if (mode === 'forget') {
    return end(session, await ledger.forget([step]), `${step} is forgotten: it runs again`);
  }
  const by = `${assignment.actor === '' ? 'somebody' : assignment.actor}, run ${assignment.run.run_id}`;
  return end(
    session,
    await ledger.declareByHand(step, by),
    `${step} is marked done: it is skipped`,
  );
}

function end(session: Session, written: Result<void, StateFault>, said: string): Deployed {
  if (!written.ok) {
    return refuse(session, {
      message: renderFault(written.error),
      fix: 'Mend that, and try again.',
    });
  }
  say(session, `[OK] ${said}`);
  return { report: toReport(session, { outcome: 'succeeded' }), handover: undefined };
}

async function rollback(session: Session, context: Context, plan: Plan): Promise<Deployed> {
  const ran = await settleHostFailure(() => runRollback(context, plan.steps, undefined));
  const ended = ran.ok ? ran.value : ({ kind: 'fault', fault: ran.error } as const);
  switch (ended.kind) {
    case 'fault':
      return refuse(session, {
        message: renderFault(ended.fault),
        fix: 'Mend that, and try again.',
      });
    case 'cut-off':
    case 'ended': {
      const outcome = ended.report.complete ? 'succeeded' : 'failed';
      const noted = await context.ledger.note({ outcome });
      if (!noted.ok) {
        return refuse(session, {
          message: renderFault(noted.error),
          fix: 'Mend that, and try again.',
        });
      }
      const report = toReport(session, { outcome, rollback: ended.report });
      return { report, handover: undefined };
    }
  }
}
