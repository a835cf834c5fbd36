/**
 * What a run does with a deployment. It holds these invariants, and the tests cite them:
 *
 * E1 A step's command starts only after its `started` record is durable. A checkpoint is durable
 *    before the next step starts, and before the log says `completed`.
 * E2 A step is skipped only because of a checkpoint with an unchanged fingerprint (or one set by
 *    hand), no earlier step having run again because it changed, and its probe, if it has one, not
 *    saying otherwise. The cascade of a change never reruns a complete step that is not idempotent.
 * E3 Started and not ended is in doubt: never skipped and never silently repeated. Still running:
 *    wait for it; ended meanwhile: take its exit code; else ask the probe; else, if idempotent, run it
 *    again and say so; otherwise stop.
 * E4 When state cannot be written the run stops before the next command starts; what is complete
 *    stays so.
 * E5 After a cancel no new step starts. A cancel never ends a running undo.
 * E6 Rollback undoes what the records say was done or started, newest first, never across a point of
 *    no return, and never hides the first failure.
 * E7 Nothing reaches log, summary, report or state without passing the redactor; values handed to
 *    later steps are whole, or withheld.
 * E8 Looking (status, plan, check) never writes state.
 * E9 The outcome is computed from the steps' states, the gates and cancel alone.
 */
import type { Failure } from '../failure/failure.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { ResumePlan } from '../plan/resume.ts';
import type { Clock, KnownDeployment, StateFault } from '../ports.ts';
import { toIsoSeconds } from '../state/completion-time.ts';
import type { LastError } from '../state/record.ts';
import { isOfRun } from '../state/record.ts';
import { runAttempts } from './attempts.ts';
import type { Context } from './context.ts';
import { Handover, isStopping } from './context.ts';
import { runDiagnostics } from './diagnostics.ts';
import type { RollbackReport } from './events.ts';
import { settleHostFailure } from './host-failure.ts';
import { Ledger } from './ledger.ts';
import type { Outcome } from './outcome.ts';
import { decideOutcome } from './outcome.ts';
import { runRollback } from './rollback.ts';
import type { StepOutcome } from './step.ts';
import { runStep, toCommand, toRef } from './step.ts';
import type { Assignment, World } from './world.ts';

export interface DeploymentRequest {
  readonly plan: Plan;
  readonly known: KnownDeployment;
  readonly resume: ResumePlan;
  /** Decides anew from what is known by then; the rest of the facts is that of the start. */
  readonly replan: (known: KnownDeployment) => ResumePlan;
  /** Living commands of an earlier run that no step of the resume plan adopts. */
  readonly leftovers: readonly Leftover[];
}

export interface Leftover {
  readonly unit: string;
  readonly pid: number;
  /** How long to wait for it, in milliseconds from its start. */
  readonly timeoutMs: number;
}

/** What became of a step in this run; undefined when it was not reached. */
export interface StepEntry {
  readonly step: Step;
  readonly outcome: StepOutcome | undefined;
}

export interface DeploymentResult {
  readonly outcome: Outcome;
  readonly steps: readonly StepEntry[];
  readonly finally: readonly StepEntry[];
  /** The first failure: neither rollback nor `finally` hides it. */
  readonly failure: Failure | undefined;
  readonly rollback: RollbackReport | undefined;
  readonly fault: StateFault | undefined;
  readonly handover: Handover;
}

/** Runs a deployment whose gates (input, lock, state, checks) are open. */
export async function runDeployment(
  world: World,
  assignment: Assignment,
  request: DeploymentRequest,
): Promise<DeploymentResult> {
  const ledger = new Ledger(world.store, world.clock, assignment, request.known);
  const context: Context = { world, assignment, ledger, handover: new Handover() };
  const progress = await advance(context, request);
  const ran = progress.steps.some(
    ({ outcome }) =>
      outcome !== undefined && !(outcome.kind === 'done' && outcome.how === 'skipped'),
  );
  const settled = progress.fault === undefined && !isStopping(context) && !progress.inDoubt;
  const runsFinally = settled && (ran || progress.failure === undefined);
  const last = runsFinally ? await runFinally(context, request.plan.finally) : NO_FINALLY;
  const failure = progress.failure ?? last.failure;
  const outcome = decideOutcome({
    steps: progress.steps.map((entry) => entry.outcome),
    finally: last.entries.map((entry) => entry.outcome),
    stopping: isStopping(context),
    inDoubt: progress.inDoubt,
    rollback: progress.rollback,
    fault: progress.fault ?? last.fault,
  });
  const fault = progress.fault ?? last.fault ?? (await conclude(context, outcome, failure));
  if (fault !== undefined) world.emit({ type: 'state-fault', fault });
  const { steps, rollback } = progress;
  const { handover } = context;
  return {
    outcome,
    steps,
    finally: last.entries,
    failure,
    rollback: rollback?.report,
    fault,
    handover,
  };
}

/** How far the steps, and a rollback if there was one, have come. */
interface Progress {
  readonly steps: readonly StepEntry[];
  readonly failure: Failure | undefined;
  readonly inDoubt: boolean;
  readonly rollback: { readonly cutOff: boolean; readonly report: RollbackReport } | undefined;
  readonly fault: StateFault | undefined;
}

function notReached(plan: Plan): readonly StepEntry[] {
  return plan.steps.map((step) => ({ step, outcome: undefined }));
}

async function advance(context: Context, request: DeploymentRequest): Promise<Progress> {
  const { ledger } = context;
  const none: Progress = {
    steps: notReached(request.plan),
    failure: undefined,
    inDoubt: false,
    rollback: undefined,
    fault: undefined,
  };
  let { resume } = request;
  const overtaken = [...request.leftovers, ...toOvertaken(resume)];
  const waited = await settleHostFailure(() => waitForLeftovers(context, overtaken));
  if (!waited.ok) return { ...none, fault: waited.error };
  if (isStopping(context)) return none;
  if (ledger.deployment?.status === 'rolling-back' && finishesRollback(resume)) {
    const opened = await ledger.open();
    if (!opened.ok) return { ...none, fault: opened.error };
    const unfinished = await rollBack(context, request.plan, none);
    if (unfinished.fault !== undefined || unfinished.rollback?.report.complete !== true)
      return unfinished;
    resume = request.replan(ledger.toKnown());
  }
  if (resume.fresh !== undefined) {
    const reset = await ledger.reset(request.plan.steps);
    if (!reset.ok) return { ...none, fault: reset.error };
  }
  const progress = await runSteps(context, request, resume);
  const failed = progress.steps.findLast(({ outcome }) => outcome?.kind === 'failed')?.outcome;
  // What they would have shown is missed; why is said when the next command is started.
  if (failed !== undefined) await settleHostFailure(() => runDiagnostics(context));
  const rollsBack = failed?.kind === 'failed' && failed.then === 'rollback' && !isStopping(context);
  return rollsBack ? await rollBack(context, request.plan, progress) : progress;
}

/** E6: also one whose last command has started already; whoever starts fresh for another reason knows why. */
function finishesRollback({ fresh }: ResumePlan): boolean {
  return fresh === undefined || fresh === 'rollback-command-ran';
}

/**
 * Steps whose command still runs, and in front of which something else would be started: they come to
 * their end first. Their results are taken when their turn comes.
 */
function toOvertaken({ steps }: ResumePlan): readonly Leftover[] {
  const first = steps.findIndex(
    ({ decision, step }) => decision.action !== 'skip' || step.doneWhen !== undefined,
  );
  return steps
    .slice(first + 1)
    .flatMap(({ step, decision }) =>
      decision.action === 'adopt' && decision.trace.kind === 'running'
        ? [{ unit: step.id, pid: decision.trace.process.pid, timeoutMs: step.timeoutMs }]
        : [],
    );
}

async function rollBack(context: Context, plan: Plan, progress: Progress): Promise<Progress> {
  const ran = await settleHostFailure(() => runRollback(context, plan.steps, progress.failure));
  if (!ran.ok) return { ...progress, fault: ran.error };
  const end = ran.value;
  if (end.kind === 'fault') return { ...progress, fault: end.fault };
  return { ...progress, rollback: { cutOff: end.kind === 'cut-off', report: end.report } };
}

/** Nothing is started over a living command of an earlier run, whatever becomes of its result. */
async function waitForLeftovers(
  { world, assignment }: Context,
  leftovers: readonly Leftover[],
): Promise<void> {
  const { cancel } = world.stops;
  for (const { unit, pid, timeoutMs } of leftovers) {
    world.emit({ type: 'leftover-waited-for', step: unit, pid });
    const sink = world.output(unit);
    const onOutput = (chunk: Uint8Array): void => {
      sink.write(chunk);
    };
    const { graceMs } = assignment;
    await world.processes
      .adopt(unit, { onOutput, timeoutMs, graceMs, cancel: undefined, release: cancel })
      .finally(() => {
        sink.end();
      });
  }
}

async function runSteps(
  context: Context,
  request: DeploymentRequest,
  resume: ResumePlan,
): Promise<Progress> {
  const { world } = context;
  const { steps } = request.plan;
  const entries: StepEntry[] = [];
  let planned = resume.steps;
  const end = (rest: Partial<Progress>): Progress => ({
    steps: steps.map((step, index) => entries[index] ?? { step, outcome: undefined }),
    failure: undefined,
    inDoubt: false,
    rollback: undefined,
    fault: undefined,
    ...rest,
  });
  for (const [index, step] of steps.entries()) {
    if (isStopping(context)) {
      const because = world.stops.cancel.requested ? 'cancel' : 'worker-gone';
      world.emit({ type: 'stopping', because });
      break;
    }
    const next = planned[index];
    if (next === undefined) throw new Error(`step ${step.id} was not planned`);
    const later = (): readonly string[] => steps.slice(index + 1).map(({ id }) => id);
    const ran = await settleHostFailure(() => runStep(context, next, later));
    const outcome = ran.ok ? ran.value : toFault(context, step, ran.error);
    entries.push({ step, outcome });
    switch (outcome.kind) {
      case 'done':
      case 'tolerated':
        break;
      case 'failed':
        return end({ failure: outcome.failure });
      case 'stopped':
        return end({ failure: outcome.failure });
      case 'in-doubt': {
        const failure = await world.refute(toCommand(step), { kind: 'in-doubt', why: outcome.why });
        world.emit({ type: 'step-failed', step: toRef(step), failure, tolerated: false });
        return end({ failure, inDoubt: true });
      }
      case 'fault':
        return end({ fault: outcome.fault, failure: outcome.failure });
    }
    // It had changed, but its probe says that there was nothing to do: nothing follows from the change.
    if (outcome.kind === 'done' && outcome.how === 'declared' && isChanged(next)) {
      planned = request.replan(context.ledger.toKnown()).steps;
    }
  }
  return end({});
}

/** E4: how the command ended, if it was started, is on the disk; the next run takes it from there. */
function toFault({ ledger, assignment }: Context, { id }: Step, fault: StateFault): StepOutcome {
  const last = ledger.stepRecord(id)?.attempts.at(-1);
  const started = last !== undefined && isOfRun(last, assignment.run) ? last.attempt : undefined;
  return { kind: 'fault', fault, ...(started === undefined ? {} : { attempts: started }) };
}

function isChanged({ decision }: ResumePlan['steps'][number]): boolean {
  return decision.action === 'run' && decision.reason.kind === 'changed';
}

interface Finally {
  readonly entries: readonly StepEntry[];
  readonly failure: Failure | undefined;
  readonly fault: StateFault | undefined;
}
const NO_FINALLY: Finally = { entries: [], failure: undefined, fault: undefined };

/** The `finally` steps: all of them, however one ends; they leave no checkpoint. */
async function runFinally(context: Context, steps: readonly Step[]): Promise<Finally> {
  const entries: StepEntry[] = [];
  let failure: Failure | undefined;
  let fault: StateFault | undefined;
  for (const step of steps) {
    if (isStopping(context)) break;
    const ran = await settleHostFailure(() => runFinallyStep(context, step));
    const outcome: StepOutcome = ran.ok ? ran.value : { kind: 'fault', fault: ran.error };
    if (outcome.kind === 'fault') fault ??= outcome.fault;
    if (outcome.kind === 'failed') failure ??= outcome.failure;
    entries.push({ step, outcome });
    // Its command may still run, and nothing is started over it (E3).
    if (!ran.ok) break;
  }
  return { entries, failure, fault };
}

async function runFinallyStep(context: Context, step: Step): Promise<StepOutcome> {
  const { world, handover } = context;
  const command = { ...toCommand(step), role: 'finally' } as const;
  const nothing = Promise.resolve({ ok: true, value: undefined } as const);
  const end = await runAttempts(context, {
    command,
    retry: step.retry,
    idempotent: true,
    hasOwnRetry: step.hasOwnRetry,
    adopted: undefined,
    probe: undefined,
    begin: () => nothing,
    withdraw: () => nothing,
    fail: () => nothing,
    succeed: async () => {
      const collected = await world.processes.collect(step.id);
      if (!collected.ok) {
        const { file, line, message } = collected.error;
        const problem = {
          kind: 'bad-results',
          message: `${file}, line ${line}: ${message}`,
        } as const;
        return { kind: 'refuted', failure: await world.refute(command, problem) };
      }
      handover.add(collected.value);
      return { kind: 'recorded', summary: world.redaction.redact(collected.value.summary) };
    },
  });
  switch (end.kind) {
    case 'succeeded':
      world.emit({ type: 'step-completed', step: toRef(step), at: world.clock.now(), how: 'ran' });
      return { kind: 'done', how: 'ran', attempts: end.attempts };
    case 'failed': {
      const { failure, attempts } = end;
      world.emit({
        type: 'step-failed',
        step: toRef(step),
        failure,
        tolerated: step.continueOnError,
      });
      return step.continueOnError
        ? { kind: 'tolerated', failure, attempts }
        : { kind: 'failed', failure, then: 'fail', attempts };
    }
    case 'stopped':
    case 'fault':
      return end;
    case 'released':
      throw new Error('a finally step is ended by a cancel, not released');
  }
}

/** Last writes: what the next run, a shell library and an operator find. */
async function conclude(
  context: Context,
  outcome: Outcome,
  failure: Failure | undefined,
): Promise<StateFault | undefined> {
  const { world, ledger } = context;
  const noted =
    failure === undefined
      ? outcome === 'succeeded'
        ? await world.store.clearLastError()
        : undefined
      : await world.store.saveLastError(toLastError(world.clock, failure));
  if (noted?.ok === false) return noted.error;
  const settled = await ledger.settle(outcome);
  return settled.ok ? undefined : settled.error;
}

/** `script` and `line` name what failed, not our wrapper; where nothing says which, the step itself. */
function toLastError(clock: Clock, failure: Failure): LastError {
  const { file, line } = failure.place ?? failure.stepAt;
  const now = clock.now();
  return {
    timestamp: toIsoSeconds(now, clock.utcOffsetMinutes(now)),
    script: file,
    line: String(line),
    exit_code: String(failure.exitCode),
    category: failure.category,
  };
}
