import type { Failure } from '../failure/failure.ts';
import type { RetryPolicy, Step } from '../plan/plan.ts';
import type { StateFault, Trace } from '../ports.ts';
import type { StepRecord } from '../state/record.ts';
import type { AttemptsEnd, Job } from './attempts.ts';
import { runAttempts } from './attempts.ts';
import type { Command } from './command.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { isStopping } from './context.ts';
import type { RollbackReport, UndoOutcome, UndoReport } from './events.ts';
import { leavesWork } from './events.ts';

/** No step can have this unit: ids have no dot. */
const ROLLBACK_UNIT = 'deployment.rollback';

export type RollbackEnd =
  | { readonly kind: 'ended'; readonly report: RollbackReport }
  /** A cancel, or the loss of the worker, came first: post or the next run finishes it. */
  | { readonly kind: 'cut-off'; readonly report: RollbackReport }
  | { readonly kind: 'fault'; readonly fault: StateFault };

/** E6: undoes what the records say was done or started, newest first. */
export async function runRollback(
  context: Context,
  plan: readonly Step[],
  because: Failure | undefined,
): Promise<RollbackEnd> {
  const { world, ledger } = context;
  const resumed = ledger.deployment?.status === 'rolling-back';
  world.emit({ type: 'rollback-started', at: world.clock.now(), because, resumed });
  if (!resumed) {
    const { failure } = toStoredFailure(because);
    const begun = await ledger.saveDeployment(
      'rolling-back',
      failure === undefined ? {} : { failure },
    );
    if (!begun.ok) return { kind: 'fault', fault: begun.error };
  }
  const undone = await undoSteps(context, plan);
  if (undone.kind !== 'ended') return undone;
  const boundary = undone.undos.some(({ outcome }) => outcome.kind === 'irreversible');
  // The command stands for undoing everything: it must not reach behind a point of no return either.
  const command = boundary ? undefined : await runRollbackCommand(context);
  if (command?.kind === 'fault') return command;
  if (command?.kind === 'cut-off') return toCutOff(undone.undos);
  const complete =
    !undone.undos.some(({ outcome }) => leavesWork(outcome)) &&
    command?.report.outcome !== 'failed';
  const saved = await ledger.saveDeployment(complete ? 'rolled-back' : 'rollback-incomplete');
  if (!saved.ok) return { kind: 'fault', fault: saved.error };
  const report: RollbackReport = { undos: undone.undos, command: command?.report, complete };
  world.emit({ type: 'rollback-ended', at: world.clock.now(), report });
  return { kind: 'ended', report };
}

function toStoredFailure(because: Failure | undefined): {
  readonly failure?: {
    readonly step: string;
    readonly category: Failure['category'];
    readonly exit_code: number;
  };
} {
  if (because === undefined) return {};
  const { step, category, exitCode } = because;
  return { failure: { step, category, exit_code: exitCode } };
}

function toCutOff(undos: readonly UndoReport[]): RollbackEnd {
  return { kind: 'cut-off', report: { undos, command: undefined, complete: false } };
}

type Undos =
  | { readonly kind: 'ended'; readonly undos: readonly UndoReport[] }
  | Exclude<RollbackEnd, { kind: 'ended' }>;

async function undoSteps(context: Context, plan: readonly Step[]): Promise<Undos> {
  const { world, ledger } = context;
  const planned = new Map(plan.map((step) => [step.id, step]));
  const undos: UndoReport[] = [];
  let boundary: string | undefined;
  for (const record of newestFirst(ledger.stepRecords())) {
    if (isStopping(context)) return toCutOff(undos) as Undos;
    const step = planned.get(record.step);
    const ref = { id: record.step, name: step?.name ?? record.name };
    const undo = await undoStep(context, record, step, boundary);
    if (undo.kind === 'fault') return undo;
    if (undo.kind === 'cut-off') return toCutOff(undos) as Undos;
    const { outcome } = undo;
    undos.push({ step: ref, outcome });
    if (outcome.kind === 'irreversible') boundary = record.step;
    world.emit({ type: 'undo-ended', step: ref, at: world.clock.now(), outcome });
  }
  for (const id of ledger.markedSteps().filter((step) => ledger.stepRecord(step) === undefined)) {
    undos.push({ step: { id, name: planned.get(id)?.name ?? id }, outcome: { kind: 'declared' } });
  }
  return { kind: 'ended', undos };
}

function newestFirst(records: readonly StepRecord[]): readonly StepRecord[] {
  return [...records].sort((a, b) => b.sequence - a.sequence);
}

type UndoEnd =
  | { readonly kind: 'ended'; readonly outcome: UndoOutcome }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'fault'; readonly fault: StateFault };

async function undoStep(
  context: Context,
  record: StepRecord,
  step: Step | undefined,
  boundary: string | undefined,
): Promise<UndoEnd> {
  const ended = (outcome: UndoOutcome): UndoEnd => ({ kind: 'ended', outcome });
  if (record.state === 'undone') return ended({ kind: 'already-undone' });
  if (boundary !== undefined) return ended({ kind: 'behind-irreversible', step: boundary });
  if (step?.irreversible ?? record.irreversible) return ended({ kind: 'irreversible' });
  if (record.state === 'declared') return ended({ kind: 'declared' });
  const undo = toUndo(context, record, step);
  if (undo === undefined) {
    return ended(
      step === undefined && record.rollback_withheld === true
        ? { kind: 'not-stored' }
        : { kind: 'nothing-to-undo' },
    );
  }
  const start = await decideStart(context, record, undo.idempotent);
  if (start.kind === 'in-doubt') return ended({ kind: 'in-doubt', why: start.why });
  return toUndoEnd(await runAttempts(context, toJob(context, record, undo, start.adopted)));
}

function toUndoEnd(end: AttemptsEnd): UndoEnd {
  switch (end.kind) {
    case 'succeeded':
      return { kind: 'ended', outcome: { kind: 'undone', attempts: end.attempts } };
    case 'failed':
      return { kind: 'ended', outcome: { kind: 'failed', failure: end.failure } };
    case 'stopped':
      return end.failure === undefined
        ? { kind: 'cut-off' }
        : { kind: 'ended', outcome: { kind: 'failed', failure: end.failure } };
    case 'released':
      return { kind: 'cut-off' };
    case 'fault':
      return end;
  }
}

interface Undo {
  readonly command: Command;
  readonly retry: RetryPolicy;
  readonly idempotent: boolean;
  readonly hasOwnRetry: boolean;
}

/** The plan's undo; the recorded one only when the plan no longer has the step. */
function toUndo(
  { assignment }: Context,
  record: StepRecord,
  step: Step | undefined,
): Undo | undefined {
  const shared = {
    role: 'undo',
    unit: `${record.step}.undo`,
    keepAlive: false,
    onCancel: 'release',
  } as const;
  if (step !== undefined) {
    if (step.rollback === undefined) return undefined;
    const { shell, workingDirectory, env, timeoutMs, classify, retry, idempotent, hasOwnRetry } =
      step;
    const ref = { id: step.id, name: step.name };
    const script = step.rollback;
    return {
      command: { ...shared, ref, script, shell, workingDirectory, env, timeoutMs, classify },
      retry: { ...retry, on: ['transient'] },
      idempotent,
      hasOwnRetry,
    };
  }
  if (record.rollback === undefined) return undefined;
  const { run, shell, working_directory } = record.rollback;
  return {
    command: {
      ...shared,
      ref: { id: record.step, name: record.name },
      script: { text: run },
      shell,
      workingDirectory: working_directory === '' ? undefined : working_directory,
      env: {},
      timeoutMs: assignment.timeoutMs,
      classify: [],
    },
    retry: { ...assignment.retry, on: ['transient'] },
    idempotent: record.idempotent,
    hasOwnRetry: false,
  };
}

type UndoStart =
  | { readonly kind: 'go'; readonly adopted: number | undefined }
  | { readonly kind: 'in-doubt'; readonly why: string };

/** An undo that was cut off is adopted if it still runs or its end is known; else repeated, or in doubt. */
async function decideStart(
  { world, assignment }: Context,
  record: StepRecord,
  idempotent: boolean,
): Promise<UndoStart> {
  const fresh: UndoStart = { kind: 'go', adopted: undefined };
  const last = record.undo_attempts.at(-1);
  if (record.state !== 'undoing' || last === undefined) return fresh;
  if (last.ended_at !== undefined) {
    return idempotent || last.ended_by === 'itself'
      ? fresh
      : {
          kind: 'in-doubt',
          why: `its rollback was ended by ${last.ended_by ?? 'something unknown'}`,
        };
  }
  const trace: Trace = await world.processes.inspect(`${record.step}.undo`);
  switch (trace.kind) {
    case 'running':
    case 'exited':
      return { kind: 'go', adopted: last.attempt };
    case 'none':
      if (last.run.boot_id === assignment.run.boot_id || idempotent) return fresh;
      return { kind: 'in-doubt', why: 'the machine went down while its rollback ran' };
    case 'vanished':
      return idempotent ? fresh : { kind: 'in-doubt', why: trace.reason };
  }
}

function toJob(context: Context, record: StepRecord, undo: Undo, adopted: number | undefined): Job {
  const { ledger } = context;
  return {
    ...undo,
    adopted,
    begin: (attempt) => ledger.beginUndo(record.step, attempt),
    succeed: async (end) => {
      const saved = await ledger.endUndo(record.step, end, true);
      return saved.ok ? { kind: 'recorded', summary: '' } : { kind: 'fault', fault: saved.error };
    },
    fail: (end) => ledger.endUndo(record.step, end, false),
    probe: undefined,
  };
}

type CommandReport = NonNullable<RollbackReport['command']>;

/** The `rollback` input's command, after the steps' own. */
async function runRollbackCommand(
  context: Context,
): Promise<
  | { readonly kind: 'ended'; readonly report: CommandReport }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'fault'; readonly fault: StateFault }
  | undefined
> {
  const { world, assignment, ledger } = context;
  if (assignment.policy.rollback === undefined) return undefined;
  if (isStopping(context)) return { kind: 'cut-off' };
  const trace = await world.processes.inspect(ROLLBACK_UNIT);
  const adopt = trace.kind === 'running' || trace.kind === 'exited';
  if (!adopt) {
    // Durable before it starts: from then on no checkpoint of the deployment is trusted.
    const saved = await ledger.saveDeployment('rolling-back', { rollback_command_started: true });
    if (!saved.ok) return { kind: 'fault', fault: saved.error };
  }
  const command: Command = {
    ref: { id: ROLLBACK_UNIT, name: 'rollback' },
    role: 'rollback',
    unit: ROLLBACK_UNIT,
    script: { text: assignment.policy.rollback },
    shell: assignment.shell,
    workingDirectory: assignment.workingDirectory,
    env: {},
    timeoutMs: assignment.timeoutMs,
    classify: [],
    keepAlive: false,
    onCancel: 'release',
  };
  const end = await runCommand(context, command, { attempt: 1, maxAttempts: 1, adopt });
  if (end.kind === 'released') return { kind: 'cut-off' };
  await world.processes.clear(ROLLBACK_UNIT);
  if (end.kind === 'succeeded') return { kind: 'ended', report: { outcome: 'done' } };
  return { kind: 'ended', report: { outcome: 'failed', failure: end.failure } };
}
