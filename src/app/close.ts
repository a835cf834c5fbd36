import { Handover } from '../engine/context.ts';
import type { Context } from '../engine/context.ts';
import { Ledger } from '../engine/ledger.ts';
import type { Outcome } from '../engine/outcome.ts';
import { runRollback } from '../engine/rollback.ts';
import { runStep } from '../engine/step.ts';
import { settleHostFailure } from '../engine/host-failure.ts';
import { anyOf, createStop } from '../engine/stop.ts';
import type { World } from '../engine/world.ts';
import type { Policy } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/parse.ts';
import type { Plan } from '../plan/plan.ts';
import type { KnownDeployment, Stop } from '../ports.ts';
import type { RunReport } from '../report/run-report.ts';
import { toAssignment, toWorld } from './deploy.ts';
import type { Site } from './deploy.ts';
import { flushCheckpoints } from './checkpoints.ts';
import { closeDeployment } from './closing.ts';
import type { Edges, Handoff, OpenedStore } from './edges.ts';
import { linkToCache, openPlan, renderFault, takeLock, toCandidate, toIdentity } from './gates.ts';
import { publish } from './publish.ts';
import { foresee } from './foresee.ts';
import { describeKilledRun } from './killed.ts';
import type { Resuming } from './resuming.ts';
import { prepareResume } from './resuming.ts';
import type { Session } from './session.ts';
import { learnSecretsOf, note, openSession, say, toReport } from './session.ts';

/** A cancelled job gives its post steps 285 s in all: what takes longer is left to the next run (E5). */
const ROLLBACK_AFTER_CANCEL_MS = 200_000;

/** What main left behind. `finished` is its outcome; undefined when it was killed before it knew one. */
export interface Left {
  readonly handoff: Handoff;
  readonly finished: Outcome | undefined;
}

/** The end of the job: what main could not finish, then closing, then tidying up. */
export async function closeJob(edges: Edges, left: Left): Promise<void> {
  const inputs = parseInputs(edges.rawInputs);
  // Main has refused the same inputs, or the job could not have come here.
  if (!inputs.ok) return;
  const session = openSession(edges, inputs.value);
  const { handoff, finished } = left;
  if (handoff.mode === 'run') {
    const opened = reopen(session, handoff);
    if (needsHands(finished)) await finishWork(session, left, opened);
    else if (finished === 'succeeded' && inputs.value.jobStatus === 'success')
      await close(session, handoff, opened);
    await flushCheckpoints(session, opened, 'post');
    await tidyUp(session, handoff);
  }
  for (const token of [handoff.token, edges.token]) {
    const survivors = await edges.endTracked(token);
    for (const { pid, command } of survivors) {
      say(session, `[WARN] process ${pid} (${command ?? 'unknown'}) could not be ended`);
    }
  }
  session.printer.end();
}

/** What main worked on; the cache has been searched already. */
function reopen(session: Session, { stateDir, target, deployment, inCache }: Handoff): OpenedStore {
  if (!inCache) return session.edges.openStore(stateDir, target, deployment);
  const { deploymentId } = toIdentity(session);
  return linkToCache(session, { target, deployment, deploymentId }, stateDir);
}

/** Main was killed, or a cancel left it no time. */
function needsHands(finished: Outcome | undefined): boolean {
  return finished === undefined || finished === 'cancelled';
}

function toLockOf({ target, deployment, lock }: Handoff): {
  readonly target: string;
  readonly deployment: string;
  readonly lock: string;
} {
  return { target, deployment, lock };
}

/** The job ended well: the deployment is done with, and a re-run of the job starts fresh. */
async function close(session: Session, handoff: Handoff, opened: OpenedStore): Promise<void> {
  const { stateDir } = handoff;
  const held = await takeLock(session, stateDir, toLockOf(handoff), opened.directory);
  if (!held.ok) return;
  try {
    await closeDeployment(session, opened);
  } finally {
    await held.value.release();
  }
}

/** Waits for a step or undo that main left running, records its end, and finishes a rollback. */
async function finishWork(session: Session, left: Left, opened: OpenedStore): Promise<void> {
  const { edges, inputs } = session;
  const { handoff, finished } = left;
  const { stateDir } = handoff;
  const held = await takeLock(session, stateDir, toLockOf(handoff), opened.directory);
  if (!held.ok) return;
  try {
    const loaded = openPlan(session);
    const plan: Plan = loaded.ok ? loaded.value : { checks: [], steps: [], finally: [] };
    learnSecretsOf(session, plan);
    const identity = { ...toIdentity(session), ...toLockOf(handoff) };
    const processes = edges.createProcesses(opened.runDirectory, stateDir);
    const site: Site = { plan, identity, stateDir, opened, processes };
    const cancelled = finished === 'cancelled' || inputs.jobStatus === 'cancelled';
    const settled = await settle(session, site, cancelled);
    if (finished === undefined) await publishKilled(session, site, cancelled, settled);
  } finally {
    await held.value.release();
  }
}

/** What the end of the job made of what main left. */
interface Settled {
  readonly found: Partial<RunReport>;
  /** Undefined: what is recorded could not be judged. */
  readonly replan?: Resuming['replan'];
}

async function settle(session: Session, site: Site, cancelled: boolean): Promise<Settled> {
  const { edges } = session;
  const prepared = await settleHostFailure(() =>
    prepareResume(session, site.plan, site.opened, site.processes),
  );
  if (!prepared.ok) return { found: { fault: renderFault(prepared.error) } };
  const resuming = prepared.value;
  if (!resuming.ok) return { found: { blockage: resuming.error } };
  const { known, resume, replan } = resuming.value;
  const deadline = createStop();
  if (cancelled) {
    void edges.clock.sleep(ROLLBACK_AFTER_CANCEL_MS, deadline.stop).then(deadline.request);
  }
  const context = toClosingContext(session, site, known, deadline.stop);
  if (known.record?.status === 'rolling-back') {
    const ran = await settleHostFailure(() => runRollback(context, site.plan.steps, undefined));
    deadline.request();
    const isTold = ran.ok && ran.value.kind !== 'fault';
    return { found: isTold ? { rollback: ran.value.report } : {}, replan };
  }
  for (const planned of resume.steps) {
    if (planned.decision.action !== 'adopt') continue;
    const ending = cancelled ? { ...context, world: withCancel(context.world) } : context;
    await settleHostFailure(() => runStep(ending, planned, () => []));
  }
  deadline.request();
  return { found: {}, replan };
}

/** After a cancel a step that still runs is ended, at once, by the same way as in main. */
function withCancel(world: World): World {
  const cancel = createStop();
  cancel.request();
  return { ...world, stops: { ...world.stops, cancel: cancel.stop } };
}

/** Nothing is tried again after the job's end: there is no one to wait for it. */
const NO_MORE: Omit<Policy, 'rollback'> = {
  onTransient: 'fail',
  onRecoverable: 'fail',
  onCritical: 'fail',
  onUnknown: 'fail',
  remedies: new Map(),
};

function toClosingContext(
  session: Session,
  site: Site,
  known: KnownDeployment,
  deadline: Stop,
): Context {
  const base = toWorld(session, site);
  const world: World = {
    ...base,
    stops: { ...base.stops, cancel: anyOf([base.stops.cancel, deadline]) },
  };
  const assigned = toAssignment(session, site);
  const { rollback } = assigned.policy;
  const policy: Policy = rollback === undefined ? NO_MORE : { ...NO_MORE, rollback };
  const assignment = { ...assigned, policy };
  const ledger = new Ledger(world.store, world.clock, assignment, known);
  const handover = new Handover();
  for (const step of known.steps.values()) handover.add(step.results);
  return { world, assignment, ledger, handover };
}

async function publishKilled(
  session: Session,
  site: Site,
  cancelled: boolean,
  { found, replan }: Settled,
): Promise<void> {
  const loaded = await site.opened.store.load();
  const { context } = session.edges;
  const run = loaded.ok ? describeKilledRun(site.plan.steps, loaded.value, context) : undefined;
  const message =
    run?.message ??
    'The process of this action was ended from outside, and its state cannot be read.';
  note(session, 'warning', 'The action was killed', message);
  const ran = { failed: run?.failedStep, tolerated: new Set<string>() };
  const report = toReport(session, {
    outcome: cancelled ? 'cancelled' : 'failed',
    planName: site.plan.name ?? '',
    target: site.identity.target,
    stateDir: site.stateDir,
    ...(run === undefined ? {} : { steps: run.steps, failedStep: run.failedStep }),
    ...(run?.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...(loaded.ok && replan !== undefined ? { rerun: foresee(replan(loaded.value), ran) } : {}),
    ...found,
  });
  await publish(session, { report, handover: undefined });
}

async function tidyUp(session: Session, handoff: Handoff): Promise<void> {
  const { edges, inputs } = session;
  const { stateDir, target, deployment } = handoff;
  const { directory } = edges.openStore(stateDir, target, deployment);
  const { removed, faults } = await edges.prune({
    stateDir,
    olderThanMs: inputs.retentionMs,
    by: toCandidate(session, { target, deployment }, directory),
    heldLock: '',
    keep: directory,
  });
  if (removed.length > 0)
    say(session, `[INFO] removed ${removed.length} deployments older than the retention`);
  for (const fault of faults) say(session, `[WARN] ${renderFault(fault)}`);
}
