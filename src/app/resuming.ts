import type { Leftover } from '../engine/engine.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { toFingerprint } from '../plan/fingerprint.ts';
import type { FreshReason, ResumeFacts, ResumeObstacle, ResumePlan } from '../plan/resume.ts';
import { decideResume } from '../plan/resume.ts';
import type { KnownDeployment, Processes, Trace } from '../ports.ts';
import type { Result } from '../result.ts';
import { success } from '../result.ts';
import type { Blockage, Reason } from '../report/run-report.ts';
import type { RepairOf, Venue } from '../report/venue.ts';
import { renderRepair, renderSetting } from '../report/venue.ts';
import type { Fingerprint, ProcessRef, StepRecord } from '../state/record.ts';
import { findDoubtOfFailure } from '../state/record.ts';
import type { OpenedStore } from './edges.ts';
import type { Identity } from './gates.ts';
import { closed } from './gates.ts';
import type { Session } from './session.ts';
import { note } from './session.ts';

/** What is known before anything runs, and what follows from it. */
export interface Resuming {
  readonly known: KnownDeployment;
  readonly resume: ResumePlan;
  readonly replan: (known: KnownDeployment) => ResumePlan;
  readonly leftovers: readonly Leftover[];
}

/** Reads what earlier runs recorded and decides what becomes of each step. */
export async function prepareResume(
  session: Session,
  plan: Plan,
  opened: OpenedStore,
  processes: Processes,
  doubt?: string,
): Promise<Result<Resuming, Blockage>> {
  const { edges, inputs } = session;
  const loaded = await loadKnown(session, opened);
  if (!loaded.ok) return loaded;
  const known = loaded.value;
  const fingerprints = await takeFingerprints(session, plan.steps);
  if (!fingerprints.ok) return fingerprints;
  const base = {
    steps: plan.steps,
    fingerprints: fingerprints.value,
    traces: await readTraces(known, processes),
    survivors: await findSurvivors(known, processes),
    resume: inputs.resume,
    runAttempt: toRunAttempt(session),
    bootId: edges.context.bootId,
    host: edges.context.host,
    ...(doubt === undefined ? {} : { doubt }),
  } satisfies Omit<ResumeFacts, 'known'>;
  const replan = (now: KnownDeployment): ResumePlan => decideResume({ ...base, known: now });
  const resume = replan(known);
  const leftovers = findLeftovers(session, plan, opened, resume, known);
  return success({ known, resume, replan, leftovers });
}

/** At a terminal nobody counts attempts: who requires a resume there means this run. */
function toRunAttempt({ edges, inputs }: Session): number {
  const { runAttempt } = edges.context;
  const means = edges.venue.kind === 'terminal' && inputs.resume === 'require';
  return means ? Math.max(2, runAttempt) : runAttempt;
}

/** Old state is never guessed at; whoever says `resume: never` has it set aside, not lost. */
async function loadKnown(
  session: Session,
  opened: OpenedStore,
): Promise<Result<KnownDeployment, Blockage>> {
  const { edges, inputs } = session;
  const loaded = await opened.store.load();
  if (loaded.ok) return loaded;
  const { path, message } = loaded.error;
  const unreadable = `${path}: ${message}.`;
  if (inputs.resume !== 'never' || inputs.mode !== 'run') {
    return closed('state', 'fatal:state', {
      message: unreadable,
      fix: `Old state is never guessed at. Use the version that wrote it, or start over with ${renderSetting(edges.venue, 'resume', 'never')}.`,
    });
  }
  const living = edges.findLiving(opened.directory).map(({ unit }) => unit);
  const aside = living.length > 0 ? undefined : edges.setAside(opened.directory);
  if (aside?.ok !== true) {
    const why =
      aside === undefined ? `${living.join(', ')} may still be running` : aside.error.message;
    return closed('state', 'fatal:state', {
      message: `${unreadable} It cannot be set aside: ${why}.`,
      fix: 'Look at what runs on the host, move the directory away by hand, and run this again.',
    });
  }
  note(
    session,
    'warning',
    'State set aside',
    `${unreadable} It was moved to ${aside.value}, as ${renderSetting(edges.venue, 'resume', 'never')} says to start over.`,
  );
  const again = await opened.store.load();
  if (again.ok) return again;
  return closed('state', 'fatal:state', {
    message: `${again.error.path}: ${again.error.message}.`,
    fix: 'Move that file away by hand.',
  });
}

async function takeFingerprints(
  { edges }: Session,
  steps: readonly Step[],
): Promise<Result<ReadonlyMap<string, Fingerprint>, Blockage>> {
  const fingerprints = new Map<string, Fingerprint>();
  for (const step of steps) {
    const hashed = step.files.length === 0 ? success([]) : await edges.hashFiles(step.files);
    if (!hashed.ok) {
      return closed('resume', 'recoverable:configuration', {
        message: `The files of step ${step.id} cannot be read: ${hashed.error}.`,
        fix: 'Mend the globs of files, or the permissions of what they name.',
      });
    }
    fingerprints.set(step.id, toFingerprint(step, hashed.value));
  }
  return success(fingerprints);
}

/** Only a step that is recorded as started can have left something to adopt. */
async function readTraces(
  known: KnownDeployment,
  processes: Processes,
): Promise<ReadonlyMap<string, Trace>> {
  const traces = new Map<string, Trace>();
  for (const record of known.steps.values()) {
    if (record.state === 'started') traces.set(record.step, await processes.inspect(record.step));
  }
  return traces;
}

async function findSurvivors(
  known: KnownDeployment,
  processes: Processes,
): Promise<ReadonlyMap<string, readonly ProcessRef[]>> {
  const survivors = new Map<string, readonly ProcessRef[]>();
  for (const record of known.steps.values()) {
    if (record.survivors === undefined) continue;
    const living = await processes.living(record.survivors);
    if (living.length > 0) survivors.set(record.step, living);
  }
  return survivors;
}

/** Living commands that neither the resume plan nor an unfinished rollback takes over. */
function findLeftovers(
  { edges, inputs }: Session,
  plan: Plan,
  { directory }: OpenedStore,
  resume: ResumePlan,
  known: KnownDeployment,
): readonly Leftover[] {
  const adopted = new Set<string>();
  for (const { step, decision } of resume.steps) {
    if (resume.fresh === undefined && decision.action === 'adopt') adopted.add(step.id);
  }
  if (resume.fresh === undefined && known.record?.status === 'rolling-back') {
    for (const step of known.steps.keys()) adopted.add(`${step}.undo`);
    adopted.add('deployment.rollback');
  }
  const timeouts = new Map(plan.steps.map((step) => [step.id, step.timeoutMs]));
  return edges.findLiving(directory).flatMap(({ unit, process }) => {
    if (adopted.has(unit) || process === undefined) return [];
    const step = unit.split('.')[0] ?? unit;
    return [{ unit, pid: process.pid, timeoutMs: timeouts.get(step) ?? inputs.timeoutMs }];
  });
}

/**
 * Whether another deployment of the target, the last one that started something, was left in a state
 * that a new one must not be built on (contract, section 5).
 */
export async function judgePredecessor(
  session: Session,
  stateDir: string,
  identity: Identity,
  known: KnownDeployment,
  openProcesses: (runDirectory: string) => Processes,
): Promise<Result<void, Blockage>> {
  const { current } = known;
  const { venue } = session.edges;
  if (session.inputs.resume === 'never' || current === undefined || current === known.name) {
    return success(undefined);
  }
  const { target } = identity;
  const opened = session.edges.openStore(stateDir, target, current);
  const loaded = await opened.store.load();
  if (!loaded.ok) {
    return closed('state', 'fatal:state', {
      message: `The state of the deployment before this one cannot be read: ${loaded.error.path}: ${loaded.error.message}.`,
      fix: `Look at what that deployment left on the host, then start over with ${renderSetting(venue, 'resume', 'never')}.`,
    });
  }
  const { record, steps, markers } = loaded.value;
  const id = record?.deployment_id ?? current;
  const reasons: Reason[] = [];
  if (record?.status === 'rolling-back') {
    reasons.push({
      message: `The deployment ${id} of this target was rolled back, and the rollback was cut off.`,
      fix: `Finish it first: ${venue.kind === 'job' ? 're-run its job, or use ' : ''}${renderRepair(venue, 'rollback', { target, deploymentId: id })}. To deploy over it all the same, set ${renderSetting(venue, 'resume', 'never')}.`,
    });
  }
  const processes = openProcesses(opened.runDirectory);
  for (const step of steps.values()) {
    if (!(await isInDoubt(step, markers.has(step.step), processes))) continue;
    reasons.push({
      message: `Step ${step.step} of the deployment ${id} of this target is in doubt: it is not idempotent, and nobody knows whether it took effect.`,
      fix: `Find out, then use ${renderChoice(venue, { target, step: step.step, deploymentId: id })}. To deploy over it all the same, set ${renderSetting(venue, 'resume', 'never')}.`,
    });
  }
  return reasons.length === 0 ? success(undefined) : closed('resume', 'fatal:in-doubt', ...reasons);
}

/** The two answers to a doubt. */
function renderChoice(venue: Venue, of: RepairOf): string {
  return venue.kind === 'job'
    ? `mode: mark-done or ${renderRepair(venue, 'forget', of)}`
    : `${renderRepair(venue, 'mark-done', of)}, or ${renderRepair(venue, 'forget', of)}`;
}

async function isInDoubt(
  step: StepRecord,
  hasMarker: boolean,
  processes: Processes,
): Promise<boolean> {
  if (step.idempotent || hasMarker) return false;
  if (step.state === 'undoing') return true;
  if (step.state === 'failed') return findDoubtOfFailure(step) !== undefined;
  if (step.state !== 'started') return false;
  return (await processes.inspect(step.step)).kind !== 'exited';
}

/** Why the run cannot go on from what is recorded, and the ways out. */
export function toReasons(
  obstacles: readonly ResumeObstacle[],
  identity: Identity,
  venue: Venue,
): readonly Reason[] {
  return obstacles.map((obstacle) => toReason(obstacle, identity, venue));
}

function toReason(
  obstacle: ResumeObstacle,
  { target, deploymentId }: Identity,
  venue: Venue,
): Reason {
  switch (obstacle.kind) {
    case 'nothing-to-resume':
      return {
        message: `There is nothing to resume from: nothing is recorded for the deployment ${deploymentId} of ${target}, and resume is require.`,
        fix: `Check that this is the host of the first attempt, with the same state dir; or set ${renderSetting(venue, 'resume', 'auto')} to start at the first step.`,
      };
    case 'changed':
      return {
        message: `Step ${obstacle.step.id} is complete, but it is no longer the step its checkpoint was made for (changed: ${renderParts(obstacle.parts)}), and its on-change is fail.`,
        fix: `Undo the change, or decide: on-change: keep trusts the checkpoint, on-change: rerun runs the step and all later ones again.`,
      };
    case 'cascade':
      return {
        message: `Step ${obstacle.because} changed, so every later step would run again; but ${obstacle.step.id} is complete and not idempotent.`,
        fix: `Undo the change of ${obstacle.because}, or set on-change: keep there; or start a new deployment with a new deployment-id.`,
      };
    case 'withheld':
      return {
        message: `Step ${obstacle.step.id} is complete, but ${obstacle.values.join(', ')} held a secret and was not stored, and the step is not idempotent: it cannot run again to give the value.`,
        fix: `Pass the secret to later steps by ${venue.kind === 'job' ? 'env: in the workflow' : 'an environment variable'} instead, and start a new deployment.`,
      };
    case 'survivors':
      return {
        message: `Processes of step ${obstacle.step} could not be ended and are still alive: ${obstacle.processes.map(({ pid, command }) => `${pid}${command === undefined ? '' : ` (${command})`}`).join(', ')}.`,
        fix: `End them on the host, with the rights of their user; then ${venue.kind === 'job' ? 're-run the job' : 'run this again'}.`,
      };
  }
}

function renderParts(parts: readonly string[]): string {
  return parts.map((part) => part.replace('_', '-')).join(', ');
}

const FRESH_WORDS: Readonly<Record<FreshReason, string>> = {
  'first-run': 'first run',
  'resume-never': 'starting fresh, as resume: never says',
  closed: 'starting fresh: it had succeeded, and so had its job',
  superseded:
    'starting fresh: another deployment of this target has run since, so its checkpoints describe a host that no longer is',
  'reset-unfinished': 'starting fresh, as an earlier run had begun to',
  'rollback-command-ran': 'starting fresh: the rollback command has run, so no checkpoint holds',
};

/** The first line of the resume plan. */
export function renderHeadline(
  resume: ResumePlan,
  deploymentId: string,
  runAttempt: number,
  venue: Venue,
): string {
  const total = resume.steps.length;
  const done = resume.steps.filter(({ decision }) => decision.action === 'skip').length;
  const attempt = venue.kind === 'job' ? ` (run attempt ${runAttempt})` : '';
  const start = `Deployment ${deploymentId}${attempt}`;
  if (resume.fresh !== undefined)
    return `${start}: ${renderFresh(resume.fresh, venue)}, ${renderCount(total)}`;
  if (done === total) {
    return `${start}: all ${renderCount(total)} are complete, nothing will run. To run them again, set ${renderSetting(venue, 'resume', 'never')}`;
  }
  return `${start}: resuming, ${done} of ${renderCount(total)} complete`;
}

function renderFresh(fresh: FreshReason, venue: Venue): string {
  if (venue.kind === 'job') return FRESH_WORDS[fresh];
  if (fresh === 'closed') return 'starting fresh: the last run of it had succeeded';
  return fresh === 'resume-never'
    ? `starting fresh, as ${renderSetting(venue, 'resume', 'never')} says`
    : FRESH_WORDS[fresh];
}

function renderCount(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`;
}
