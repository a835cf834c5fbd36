import { familyOf } from '../failure/category.ts';
import type { Failure } from '../failure/failure.ts';
import type { PlannedStep } from '../plan/resume.ts';
import { renderReason } from '../plan/decision.ts';
import type { Step } from '../plan/plan.ts';
import type { StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { success } from '../result.ts';
import type { StepResults } from '../state/record.ts';
import { NO_RESULTS, lacksMarkerNote } from '../state/record.ts';
import type { AttemptsEnd, Job, Succeeded } from './attempts.ts';
import { runAttempts } from './attempts.ts';
import type { Command } from './command.ts';
import { askProbe } from './command.ts';
import type { Context } from './context.ts';
import { isStopping } from './context.ts';
import type { ProbeAnswer, StepRef } from './events.ts';
import type { AttemptEnd } from './ledger.ts';

export type StepOutcome =
  | {
      readonly kind: 'done';
      readonly how: 'skipped' | 'ran' | 'declared';
      readonly attempts: number;
    }
  | { readonly kind: 'tolerated'; readonly failure: Failure; readonly attempts: number }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly then: 'fail' | 'rollback';
      readonly attempts: number;
    }
  | { readonly kind: 'in-doubt'; readonly why: string }
  | { readonly kind: 'stopped'; readonly failure: Failure | undefined; readonly attempts: number }
  | {
      readonly kind: 'fault';
      readonly fault: StateFault;
      readonly failure?: Failure;
      /** How many attempts had been started by then; absent when none. */
      readonly attempts?: number;
    };

/**
 * Brings one step to its end, from whatever is known about it. Once a step that changed has started
 * again, the checkpoints of `later` steps no longer hold.
 */
export async function runStep(
  context: Context,
  planned: PlannedStep,
  later: () => readonly string[],
): Promise<StepOutcome> {
  const { decision, step } = planned;
  switch (decision.action) {
    case 'skip':
      return await trustCheckpoint(context, planned, later);
    case 'run': {
      const answer = await askWhether(context, step);
      if (answer === 'unknown') {
        return await resolveDoubt(context, planned, later, 'its done-when could not tell', answer);
      }
      if (answer === 'done') return await declareDone(context, planned);
      return await execute(context, planned, later);
    }
    case 'adopt':
      return await execute(context, planned, later, planned.record?.attempts.at(-1)?.attempt ?? 1);
    case 'in-doubt':
      return await resolveDoubt(context, planned, later, decision.why);
  }
}

type Later = () => readonly string[];

/** E2: a checkpoint is trusted unless the step's probe says otherwise. */
async function trustCheckpoint(
  context: Context,
  planned: PlannedStep,
  later: Later,
): Promise<StepOutcome> {
  const { world, ledger, handover } = context;
  const { step, decision, record } = planned;
  if (decision.action !== 'skip') throw new Error('only a skipped step has a checkpoint to trust');
  const answer = (await askWhether(context, step)) ?? 'done';
  if (isStopping(context)) return { kind: 'stopped', failure: undefined, attempts: 0 };
  if (answer === 'unknown') {
    return await resolveDoubt(context, planned, later, 'its done-when could not tell', answer);
  }
  if (answer === 'not-done') return await execute(context, planned, later);
  let completedAt = decision.completedAt;
  if (decision.reason.kind === 'marker-missing') {
    const endedAt = record?.attempts.at(-1)?.ended_at ?? world.clock.now();
    const marked = await ledger.mark(step.id, endedAt);
    if (!marked.ok) return { kind: 'fault', fault: marked.error };
    await world.processes.clear(step.id);
    completedAt = ledger.completedAt(step.id);
  } else if (lacksMarkerNote(record)) {
    const noted = await ledger.noteMark(step.id);
    if (!noted.ok) return { kind: 'fault', fault: noted.error };
  }
  handover.add(record?.results ?? NO_RESULTS);
  world.emit({
    type: 'step-skipped',
    step: toRef(step),
    completedAt,
    reason: renderReason(decision),
    summary: record?.results.summary ?? '',
  });
  return { kind: 'done', how: 'skipped', attempts: 0 };
}

/** E3, for a step of which nobody knows whether it took effect. */
async function resolveDoubt(
  context: Context,
  planned: PlannedStep,
  later: Later,
  why: string,
  answered?: ProbeAnswer,
): Promise<StepOutcome> {
  const { world } = context;
  const step = toRef(planned.step);
  const answer = answered ?? (await askWhether(context, planned.step)) ?? 'unknown';
  if (isStopping(context)) return { kind: 'stopped', failure: undefined, attempts: 0 };
  if (answer === 'done') {
    world.emit({ type: 'doubt-resolved', step, why, resolution: 'probe-done' });
    return await declareDone(context, planned);
  }
  if (answer === 'not-done') {
    world.emit({ type: 'doubt-resolved', step, why, resolution: 'probe-not-done' });
  } else if (planned.step.idempotent) {
    world.emit({ type: 'doubt-resolved', step, why, resolution: 'idempotent' });
  } else {
    return { kind: 'in-doubt', why };
  }
  return await execute(context, planned, later);
}

async function declareDone(context: Context, planned: PlannedStep): Promise<StepOutcome> {
  const { world, ledger } = context;
  const declared = await ledger.declare(planned, 'probe');
  if (!declared.ok) return { kind: 'fault', fault: declared.error };
  await world.processes.clear(planned.step.id);
  const step = toRef(planned.step);
  world.emit({ type: 'step-completed', step, at: world.clock.now(), how: 'probe' });
  return { kind: 'done', how: 'declared', attempts: 0 };
}

async function execute(
  context: Context,
  planned: PlannedStep,
  later: Later,
  adopted?: number,
): Promise<StepOutcome> {
  const { world } = context;
  const { step } = planned;
  // What runs already is taken over all the same: it must be ended, and its end recorded.
  if (isStopping(context) && adopted === undefined) {
    return { kind: 'stopped', failure: undefined, attempts: 0 };
  }
  const dropped = await dropStaleCheckpoints(context, planned, later);
  if (!dropped.ok) return { kind: 'fault', fault: dropped.error };
  // Whoever takes a step over starts nothing, but is at work all the same.
  const opened = adopted === undefined ? success(undefined) : await context.ledger.open();
  if (!opened.ok) return { kind: 'fault', fault: opened.error };
  const end = await runAttempts(context, toJob(context, planned, adopted));
  switch (end.kind) {
    case 'succeeded':
      world.emit({
        type: 'step-completed',
        step: toRef(step),
        at: world.clock.now(),
        how: adopted === undefined ? 'ran' : 'adopted',
      });
      return { kind: 'done', how: 'ran', attempts: end.attempts };
    case 'failed':
      if (isOldFailure(planned, adopted, end) && !isStopping(context)) {
        world.emit({ type: 'old-failure', step: toRef(step), failure: end.failure });
        return await execute(context, planned, later);
      }
      return toFailed(context, step, end);
    case 'stopped':
    case 'fault':
      return end;
    case 'released':
      throw new Error('a step is ended by a cancel, not released');
  }
}

/**
 * The step failed by itself while no run was watching. That is what a re-run is for: it is tried again,
 * as it would be had the failure been recorded, unless policy answers such a failure with a rollback.
 */
function isOldFailure(
  { decision }: PlannedStep,
  adopted: number | undefined,
  { failure, then }: AttemptsEnd & { readonly kind: 'failed' },
): boolean {
  return (
    adopted !== undefined &&
    decision.action === 'adopt' &&
    decision.trace.kind === 'exited' &&
    then === 'fail' &&
    failure.exit?.kind === 'exited' &&
    failure.exit.code !== 0 &&
    familyOf(failure.category) !== 'fatal'
  );
}

function toFailed(
  { world }: Context,
  step: Step,
  end: AttemptsEnd & { readonly kind: 'failed' },
): StepOutcome {
  // Fatal always stops: going on would be unsafe, whatever the plan tolerates.
  const tolerated = step.continueOnError && familyOf(end.failure.category) !== 'fatal';
  world.emit({ type: 'step-failed', step: toRef(step), failure: end.failure, tolerated });
  const { failure, then, attempts } = end;
  return tolerated
    ? { kind: 'tolerated', failure, attempts }
    : { kind: 'failed', failure, then, attempts };
}

/** E2: before a changed step runs again, the checkpoints of all later steps go, durably. */
async function dropStaleCheckpoints(
  { world, ledger }: Context,
  planned: PlannedStep,
  later: Later,
): Promise<Result<void, StateFault>> {
  const { decision } = planned;
  if (decision.action !== 'run' || decision.reason.kind !== 'changed') return success(undefined);
  const stale = later().filter((id) => ledger.hasMarker(id));
  if (stale.length > 0) {
    world.emit({ type: 'checkpoints-dropped', steps: stale, because: planned.step.id });
  }
  return await ledger.dropMarkers(stale);
}

function toJob(context: Context, planned: PlannedStep, adopted: number | undefined): Job {
  const { ledger } = context;
  const { step } = planned;
  return {
    command: toCommand(step),
    retry: step.retry,
    idempotent: step.idempotent,
    hasOwnRetry: step.hasOwnRetry,
    adopted,
    begin: (attempt) => ledger.begin(planned, attempt),
    withdraw: () => ledger.withdraw(step.id),
    succeed: (end) => finish(context, step, end),
    fail: (end) => ledger.fail(step.id, end),
    probe: step.doneWhen === undefined ? undefined : () => askProbe(context, toProbe(step)),
  };
}

/** The command exited with 0: its results are read, its effect is verified, then it is on record. */
async function finish(context: Context, step: Step, end: AttemptEnd): Promise<Succeeded> {
  const { world, ledger, handover } = context;
  const collected = await world.processes.collect(step.id);
  if (!collected.ok) {
    const { file, line, message } = collected.error;
    const problem = { kind: 'bad-results', message: `${file}, line ${line}: ${message}` } as const;
    return { kind: 'refuted', failure: await world.refute(toCommand(step), problem) };
  }
  const answer = await verify(context, step);
  if (answer === 'interrupted') return { kind: answer };
  if (answer !== 'done') {
    const problem = { kind: 'not-verified', answer } as const;
    return { kind: 'refuted', failure: await world.refute(toCommand(step), problem) };
  }
  const { outputs, env } = collected.value;
  for (const { name, value } of [...outputs, ...env]) world.redaction.learn(name, value);
  const stored = withhold(context, collected.value);
  const completed = await ledger.complete(step, end, stored);
  if (!completed.ok) return { kind: 'fault', fault: completed.error };
  handover.add(collected.value);
  if (stored.withheld.length > 0 && step.checkpoint) {
    world.emit({ type: 'values-withheld', step: toRef(step), values: stored.withheld });
  }
  return { kind: 'recorded', summary: stored.results.summary };
}

/** After a cancel no probe is started, and one cut short proves nothing: the next run asks. */
async function verify(context: Context, step: Step): Promise<ProbeAnswer | 'interrupted'> {
  if (step.doneWhen === undefined) return 'done';
  const { cancel } = context.world.stops;
  if (cancel.requested) return 'interrupted';
  const answer = await askProbe(context, toProbe(step));
  return answer === 'unknown' && isStopping(context) ? 'interrupted' : answer;
}

/** E7: what contains a secret, be it in its name, is not stored at all; what does not is stored whole. */
function withhold(
  { world }: Context,
  results: StepResults,
): { readonly results: StepResults; readonly withheld: readonly string[] } {
  const { redaction } = world;
  const withheld: string[] = [];
  const keep = (kind: string, label: string, value: string): boolean => {
    if (!redaction.contains(value) && !redaction.contains(label)) return true;
    withheld.push(`${kind} ${redaction.redact(label)}`);
    return false;
  };
  return {
    results: {
      outputs: results.outputs.filter(({ name, value }) => keep('output', name, value)),
      env: results.env.filter(({ name, value }) => keep('env', name, value)),
      path: results.path.filter((entry, index) => keep('path entry', String(index + 1), entry)),
      summary: redaction.redact(results.summary),
    },
    withheld,
  };
}

async function askWhether(context: Context, step: Step): Promise<ProbeAnswer | undefined> {
  return step.doneWhen === undefined ? undefined : await askProbe(context, toProbe(step));
}

export function toRef(step: StepRef): StepRef {
  return { id: step.id, name: step.name };
}

export function toCommand(step: Step): Command {
  return {
    ref: toRef(step),
    role: 'step',
    unit: step.id,
    script: step.script,
    shell: step.shell,
    workingDirectory: step.workingDirectory,
    env: step.env,
    timeoutMs: step.timeoutMs,
    classify: step.classify,
    keepAlive: step.keepAlive,
    onCancel: 'end',
  };
}

function toProbe(step: Step): Command {
  return {
    ...toCommand(step),
    role: 'probe',
    unit: `${step.id}.probe`,
    script: step.doneWhen ?? { text: '' },
    classify: [],
    keepAlive: false,
  };
}
