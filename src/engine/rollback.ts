import type { Failure } from '../failure/failure.ts';
import type { RetryPolicy, Step } from '../plan/plan.ts';
import type { StateFault, Trace } from '../ports.ts';
import type { StepRecord } from '../state/record.ts';
import type { AttemptsEnd, Job } from './attempts.ts';
import { runAttempts } from './attempts.ts';
import type { Command } from './command.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { Handover, isStopping } from './context.ts';
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
  given: Context,
  plan: readonly Step[],
  because: Failure | undefined,
): Promise<RollbackEnd> {
  const context = { ...given, handover: toUndoHandover(given) };
  const { world, ledger } = context;
  const resumed = ledger.deployment?.status === 'rolling-back';
  world.emit({ type: 'rollback-started', at: world.clock.now(), because, resumed });
  if (!resumed) {
    // What an older rollback left of its command must not pass for this one's.
    await world.processes.clear(ROLLBACK_UNIT);
    const { failure } = toStoredFailure(because);
    const begun = await ledger.saveDeployment(
      'rolling-back',
      failure === undefined ? {} : { failure },
    );
    if (!begun.ok) return { kind: 'fault', fault: begun.error };
  }
  const undone = await undoSteps(context, plan);
  if (undone.kind !== 'ended') return undone;
  const { alive } = undone;
  const boundary = undone.undos.some(({ outcome }) => outcome.kind === 'irreversible');
  // The command stands for undoing everything: it must not reach behind a point of no return either.
  const runsCommand = !boundary && alive === undefined;
  const command = runsCommand ? await runRollbackCommand(context, resumed) : undefined;
  if (command?.kind === 'fault') return command;
  if (command?.kind === 'cut-off') return toCutOff(undone.undos);
  const complete =
    alive === undefined &&
    !undone.undos.some(({ outcome }) => leavesWork(outcome)) &&
    command?.report.outcome !== 'failed';
  // Once those are gone who are in the way, the next run finishes what is left.
  const incomplete = alive === undefined ? 'rollback-incomplete' : 'rolling-back';
  const saved = await ledger.saveDeployment(complete ? 'rolled-back' : incomplete);
  if (!saved.ok) return { kind: 'fault', fault: saved.error };
  // Only now: until its end is on record, what it left says that it need not run again.
  if (command !== undefined) await world.processes.clear(ROLLBACK_UNIT);
  const report: RollbackReport = { undos: undone.undos, command: command?.report, complete };
  world.emit({ type: 'rollback-ended', at: world.clock.now(), report });
  return { kind: 'ended', report };
}

/** Undos see what the steps handed on, also in a run that skipped or never reached those steps. */
function toUndoHandover({ ledger, handover }: Context): Handover {
  const replayed = new Handover();
  for (const record of newestFirst(ledger.stepRecords()).toReversed()) replayed.add(record.results);
  const env = [...handover.env].map(([name, value]) => ({ name, value }));
  replayed.add({ outputs: [], env, path: handover.path, summary: '' });
  return replayed;
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
  | {
      readonly kind: 'ended';
      readonly undos: readonly UndoReport[];
      /** Says who is alive that KILL did not end: nothing more was started over them. */
      readonly alive: string | undefined;
    }
  | Exclude<RollbackEnd, { kind: 'ended' }>;

async function undoSteps(context: Context, plan: readonly Step[]): Promise<Undos> {
  const { world, ledger } = context;
  const planned = new Map(plan.map((step) => [step.id, step]));
  const undos: UndoReport[] = [];
  let boundary: string | undefined;
  let alive = await findSurvivors(context, ledger.stepRecords());
  for (const record of await livingFirst(context, newestFirst(ledger.stepRecords()))) {
    if (isStopping(context)) return toCutOff(undos) as Undos;
    const step = planned.get(record.step);
    const ref = { id: record.step, name: step?.name ?? record.name };
    const undo = await undoStep(context, record, step, { boundary, alive });
    if (undo.kind === 'fault') return undo;
    if (undo.kind === 'cut-off') return toCutOff(undos) as Undos;
    const { outcome } = undo;
    undos.push({ step: ref, outcome });
    if (outcome.kind === 'irreversible') boundary = record.step;
    alive ??= await findSurvivors(context, [ledger.stepRecord(record.step) ?? record]);
    world.emit({ type: 'undo-ended', step: ref, at: world.clock.now(), outcome });
  }
  for (const id of ledger.markedSteps().filter((step) => ledger.stepRecord(step) === undefined)) {
    undos.push({ step: { id, name: planned.get(id)?.name ?? id }, outcome: { kind: 'declared' } });
  }
  return { kind: 'ended', undos, alive };
}

async function findSurvivors(
  { world }: Context,
  records: readonly StepRecord[],
): Promise<string | undefined> {
  for (const { step, survivors = [] } of records) {
    const living = survivors.length === 0 ? [] : await world.processes.living(survivors);
    const pids = living.map(({ pid }) => pid).join(', ');
    if (living.length > 0) return `processes of ${step} are still alive: ${pids}`;
  }
  return undefined;
}

/** An undo that survived an earlier run comes to its end before another one starts. */
async function livingFirst(
  { world }: Context,
  records: readonly StepRecord[],
): Promise<readonly StepRecord[]> {
  for (const record of records) {
    if (record.state !== 'undoing') continue;
    const trace = await world.processes.inspect(toUndoUnit(record.step));
    if (trace.kind === 'running') return [record, ...records.filter((other) => other !== record)];
  }
  return records;
}

function toUndoUnit(step: string): string {
  return `${step}.undo`;
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
  {
    boundary,
    alive,
  }: { readonly boundary: string | undefined; readonly alive: string | undefined },
): Promise<UndoEnd> {
  const ended = (outcome: UndoOutcome): UndoEnd => ({ kind: 'ended', outcome });
  if (record.state === 'undone') return ended({ kind: 'already-undone' });
  if (boundary !== undefined) return ended({ kind: 'behind-irreversible', step: boundary });
  if (step?.irreversible ?? record.irreversible) return ended({ kind: 'irreversible' });
  if (record.state === 'declared' || isSetByHand(context, record)) {
    return ended({ kind: 'declared' });
  }
  const undo = toUndo(context, record, step);
  if (undo === undefined) {
    return ended(
      step === undefined && record.rollback_withheld === true
        ? { kind: 'not-stored' }
        : { kind: 'nothing-to-undo' },
    );
  }
  if (alive !== undefined) return ended({ kind: 'in-doubt', why: alive });
  if (record.state === 'started' && (await waitForStep(context, record, step)) === 'released') {
    return { kind: 'cut-off' };
  }
  const start = await decideStart(context, record, undo.idempotent);
  if (start.kind === 'in-doubt') return ended({ kind: 'in-doubt', why: start.why });
  return toUndoEnd(await runAttempts(context, toJob(context, record, undo, start.adopted)));
}

/** A start of ours removes the marker first: one that stands all the same was made by hand, later. */
function isSetByHand({ ledger }: Context, { step, state }: StepRecord): boolean {
  return (state === 'started' || state === 'failed') && ledger.hasMarker(step);
}

/** A step is not undone under its own living command; how that ends does not matter any more. */
async function waitForStep(
  { world, assignment }: Context,
  record: StepRecord,
  step: Step | undefined,
): Promise<'ended' | 'released'> {
  const trace = await world.processes.inspect(record.step);
  if (trace.kind !== 'running') return 'ended';
  const { pid } = trace.process;
  world.emit({ type: 'leftover-waited-for', step: record.step, pid });
  const sink = world.output(record.step);
  const end = await world.processes.adopt(record.step, {
    onOutput: (chunk) => {
      sink.write(chunk);
    },
    timeoutMs: step?.timeoutMs ?? assignment.timeoutMs,
    graceMs: assignment.graceMs,
    cancel: undefined,
    release: world.stops.cancel,
  });
  sink.end();
  return end.kind;
}

function toUndoEnd(end: AttemptsEnd): UndoEnd {
  switch (end.kind) {
    case 'succeeded':
      return { kind: 'ended', outcome: { kind: 'undone', attempts: end.attempts } };
    case 'failed':
      return { kind: 'ended', outcome: { kind: 'failed', failure: end.failure } };
    case 'stopped': // between two tries, perhaps: the rest of them is the next run's
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
    unit: toUndoUnit(record.step),
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
  const trace: Trace = await world.processes.inspect(toUndoUnit(record.step));
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
    withdraw: () => ledger.withdrawUndo(record.step),
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
  resumed: boolean,
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
  const wasStarted = resumed && ledger.deployment?.rollback_command_started === true;
  const adopt = wasStarted && (trace.kind === 'running' || trace.kind === 'exited');
  if (!adopt) {
    // Durable before it starts: from then on no checkpoint of the deployment is trusted.
    const saved = await ledger.saveDeployment('rolling-back', { rollback_command_started: true });
    if (!saved.ok) return { kind: 'fault', fault: saved.error };
    if (isStopping(context)) return { kind: 'cut-off' };
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
  if (end.kind === 'succeeded') return { kind: 'ended', report: { outcome: 'done' } };
  return { kind: 'ended', report: { outcome: 'failed', failure: end.failure } };
}
