import type { KnownDeployment, Trace } from '../ports.ts';
import type { Fingerprint, FingerprintPart, ProcessRef, StepRecord } from '../state/record.ts';
import { findDoubtOfFailure, lacksMarkerNote, toExitCode } from '../state/record.ts';
import type { Decision, RunReason } from './decision.ts';
import { changedParts } from './fingerprint.ts';
import type { Step } from './plan.ts';

export interface PlannedStep {
  readonly step: Step;
  readonly fingerprint: Fingerprint;
  readonly record: StepRecord | undefined;
  readonly hasMarker: boolean;
  readonly decision: Decision;
}

/** Why the deployment starts at its first step, whatever is recorded. */
export type FreshReason =
  | 'first-run'
  | 'resume-never'
  | 'closed'
  | 'superseded'
  | 'reset-unfinished'
  | 'rollback-command-ran';

/** What stops the run before anything is started, each with the way out. */
export type ResumeObstacle =
  | { readonly kind: 'nothing-to-resume' }
  | { readonly kind: 'changed'; readonly step: Step; readonly parts: readonly FingerprintPart[] }
  | { readonly kind: 'cascade'; readonly step: Step; readonly because: string }
  | { readonly kind: 'withheld'; readonly step: Step; readonly values: readonly string[] }
  | {
      readonly kind: 'survivors';
      readonly step: string;
      readonly processes: readonly ProcessRef[];
    };

export interface ResumePlan {
  /** Undefined: what is recorded is trusted. */
  readonly fresh: FreshReason | undefined;
  readonly steps: readonly PlannedStep[];
  readonly obstacles: readonly ResumeObstacle[];
}

export interface ResumeFacts {
  readonly steps: readonly Step[];
  readonly known: KnownDeployment;
  readonly fingerprints: ReadonlyMap<string, Fingerprint>;
  /** What earlier runs left of each step's command. */
  readonly traces: ReadonlyMap<string, Trace>;
  /** Survivors of KILL that are still alive, by step. */
  readonly survivors: ReadonlyMap<string, readonly ProcessRef[]>;
  readonly resume: 'auto' | 'never' | 'require';
  readonly runAttempt: number;
  readonly bootId: string;
  /** Name of this machine: a checkpoint made on another one is shown as such. */
  readonly host?: string;
  /** Why what is recorded may not be all that was done, as the rest of a sentence; undefined: it is. */
  readonly doubt?: string;
}

/** Decides for every step what a run does with it, from what is known before anything runs. */
export function decideResume(facts: ResumeFacts): ResumePlan {
  const fresh = decideFresh(facts);
  const obstacles: ResumeObstacle[] = [];
  for (const [step, processes] of facts.survivors) {
    if (processes.length > 0) obstacles.push({ kind: 'survivors', step, processes });
  }
  if (fresh !== undefined) {
    const unfinished = facts.known.record?.status === 'rolling-back';
    if (facts.resume === 'require' && facts.runAttempt > 1 && !unfinished) {
      obstacles.push({ kind: 'nothing-to-resume' });
    }
    const toFresh = fresh === 'first-run' ? toUnknownStep : toFreshStep;
    return { fresh, steps: facts.steps.map((step) => toFresh(step, facts)), obstacles };
  }
  const steps: PlannedStep[] = [];
  let changed: string | undefined;
  for (const step of facts.steps) {
    const planned = decideStep(step, facts, changed, obstacles);
    if (planned.decision.action === 'run' && planned.decision.reason.kind === 'changed') {
      changed ??= step.id;
    }
    steps.push(planned);
  }
  return { fresh, steps, obstacles };
}

function decideFresh({ known, resume }: ResumeFacts): FreshReason | undefined {
  const recorded = known.record !== undefined && known.steps.size > 0;
  if (known.record?.status === 'resetting') return 'reset-unfinished';
  if (resume === 'never') return recorded || known.markers.size > 0 ? 'resume-never' : 'first-run';
  if (known.record?.status === 'closed') return 'closed';
  if (known.record?.rollback_command_started === true) return 'rollback-command-ran';
  if (recorded && known.current !== undefined && known.current !== known.name) return 'superseded';
  // Markers without any record were made by hand or by a shell library: they are honoured.
  return recorded || known.markers.size > 0 ? undefined : 'first-run';
}

function toFreshStep(step: Step, facts: ResumeFacts): PlannedStep {
  const reason: RunReason = step.checkpoint ? { kind: 'not-done' } : { kind: 'no-checkpoint' };
  return plannedStep(step, facts, { action: 'run', reason });
}

/** Whether a run stops at the step until a person says what became of it: nothing else can tell (E3). */
export function needsAnswer({ step, decision }: PlannedStep): boolean {
  return decision.action === 'in-doubt' && !step.idempotent && step.doneWhen === undefined;
}

/** Nothing is recorded, which says something only where nothing can have been lost. */
function toUnknownStep(step: Step, facts: ResumeFacts): PlannedStep {
  const planned = toFreshStep(step, facts);
  return { ...planned, decision: withDoubt(step, planned.decision, facts) };
}

/** A step that must not run twice does not start while earlier starts of it may have been lost (E3). */
function withDoubt(step: Step, decision: Decision, { doubt, resume }: ResumeFacts): Decision {
  const matters = doubt !== undefined && resume !== 'never' && !step.idempotent;
  return matters && decision.action === 'run' ? { action: 'in-doubt', why: doubt } : decision;
}

function plannedStep(step: Step, facts: ResumeFacts, decision: Decision): PlannedStep {
  return {
    step,
    fingerprint: fingerprintOf(step, facts),
    record: facts.known.steps.get(step.id),
    hasMarker: facts.known.markers.has(step.id),
    decision,
  };
}

function fingerprintOf(step: Step, { fingerprints }: ResumeFacts): Fingerprint {
  const fingerprint = fingerprints.get(step.id);
  if (fingerprint === undefined) throw new Error(`no fingerprint for step ${step.id}`);
  return fingerprint;
}

function decideStep(
  step: Step,
  facts: ResumeFacts,
  changedBefore: string | undefined,
  obstacles: ResumeObstacle[],
): PlannedStep {
  const record = facts.known.steps.get(step.id);
  const trace = facts.traces.get(step.id) ?? { kind: 'none' };
  // A living command comes first: whatever a marker says, nothing may be started over it. One that no
  // record of a start belongs to is nobody's result: the engine only waits for its end.
  if (trace.kind === 'running' && record?.state === 'started') {
    return plannedStep(step, facts, { action: 'adopt', trace });
  }
  const complete = decideComplete(step, facts);
  const decision =
    complete === undefined
      ? decideIncomplete(step, record, trace, facts.bootId)
      : decideCheckpoint(step, complete, facts, changedBefore, obstacles);
  return plannedStep(step, facts, withDoubt(step, decision, facts));
}

type Complete = Decision & { readonly action: 'skip' };

/** Whether the step counts as complete, and on whose word; undefined: it does not. */
function decideComplete(step: Step, { known, host }: ResumeFacts): Complete | undefined {
  if (!step.checkpoint) return undefined;
  const record = known.steps.get(step.id);
  const marker = known.markers.get(step.id);
  if (marker === undefined) {
    // The marker is made after the record of success and noted after that: success without the note
    // means that we were cut off in between, not that somebody removed the marker.
    if (!lacksMarkerNote(record)) return undefined;
    return { action: 'skip', reason: { kind: 'marker-missing' }, completedAt: '' };
  }
  const completedAt = marker.completedAt;
  switch (record?.state) {
    case 'succeeded': {
      const madeOn = record.attempts.at(-1)?.run.host ?? host;
      const isHere = host === undefined || madeOn === undefined || madeOn === host;
      const on = isHere ? {} : { on: madeOn };
      return { action: 'skip', reason: { kind: 'completed', ...on }, completedAt };
    }
    case 'declared':
      return {
        action: 'skip',
        reason: { kind: 'declared', by: record.declared_by ?? 'somebody' },
        completedAt,
      };
    case undefined:
    case 'started':
    case 'failed':
    case 'undoing':
    case 'undone':
      // Our own start and undo remove the marker first, so this one is younger than the record.
      return { action: 'skip', reason: { kind: 'set-by-hand' }, completedAt };
  }
}

/** A complete step: does its checkpoint still hold? */
function decideCheckpoint(
  step: Step,
  complete: Complete,
  facts: ResumeFacts,
  changedBefore: string | undefined,
  obstacles: ResumeObstacle[],
): Decision {
  if (changedBefore !== undefined) {
    if (!step.idempotent) obstacles.push({ kind: 'cascade', step, because: changedBefore });
    return { action: 'run', reason: { kind: 'after-change', step: changedBefore } };
  }
  const record = facts.known.steps.get(step.id);
  if (record === undefined || complete.reason.kind === 'set-by-hand') return complete;
  const parts = changedParts(record.fingerprint, fingerprintOf(step, facts));
  if (parts.length > 0) {
    if (step.onChange === 'fail') obstacles.push({ kind: 'changed', step, parts });
    if (step.onChange !== 'keep') return { action: 'run', reason: { kind: 'changed', parts } };
  }
  if (record.withheld.length > 0) {
    const values = record.withheld;
    if (!step.idempotent) obstacles.push({ kind: 'withheld', step, values });
    return { action: 'run', reason: { kind: 'withheld', values } };
  }
  return parts.length > 0 ? { ...complete, reason: { kind: 'kept', changed: parts } } : complete;
}

function decideIncomplete(
  step: Step,
  record: StepRecord | undefined,
  trace: Trace,
  bootId: string,
): Decision {
  const run = (reason: RunReason): Decision => ({ action: 'run', reason });
  switch (record?.state) {
    case undefined:
      return run(step.checkpoint ? { kind: 'not-done' } : { kind: 'no-checkpoint' });
    case 'started':
      return decideStarted(record, trace, bootId);
    case 'failed':
      return decideFailed(step, record);
    case 'undone':
      return run({ kind: 'rolled-back' });
    case 'undoing':
      // Its undo failed: whether the step's effect is still in place, nobody knows.
      return { action: 'in-doubt', why: 'its rollback did not finish' };
    case 'succeeded':
    case 'declared':
      return run(step.checkpoint ? { kind: 'marker-removed' } : { kind: 'no-checkpoint' });
  }
}

function decideStarted(record: StepRecord, trace: Trace, bootId: string): Decision {
  const last = record.attempts.at(-1);
  const sameBoot = last?.run.boot_id === bootId;
  switch (trace.kind) {
    case 'running':
    case 'exited':
      return { action: 'adopt', trace };
    case 'none':
      // The command's parent registers itself before the command starts. That file is not synced, so
      // its absence proves something only while the machine has not gone down.
      return sameBoot
        ? { action: 'run', reason: { kind: 'never-started' } }
        : { action: 'in-doubt', why: 'the machine went down or is another one' };
    case 'vanished':
      return { action: 'in-doubt', why: trace.reason };
  }
}

function decideFailed(step: Step, record: StepRecord): Decision {
  const last = record.attempts.at(-1);
  const exitCode = last?.exit === undefined ? 1 : toExitCode(last.exit);
  const doubt = step.idempotent ? undefined : findDoubtOfFailure(record);
  if (doubt !== undefined) return { action: 'in-doubt', why: doubt };
  return { action: 'run', reason: { kind: 'failed-before', exitCode } };
}
