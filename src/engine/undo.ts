import type { RetryPolicy, Step } from '../plan/plan.ts';
import type { StateFault, Trace } from '../ports.ts';
import type { StepRecord } from '../state/record.ts';
import type { AttemptsEnd, Job } from './attempts.ts';
import { runAttempts } from './attempts.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import type { UndoOutcome } from './events.ts';

/** The unit of a step's undo: ids have no dot. */
export function toUndoUnit(step: string): string {
  return `${step}.undo`;
}

/** What became of the undo of one step. */
export type UndoEnd =
  | { readonly kind: 'ended'; readonly outcome: UndoOutcome }
  | { readonly kind: 'cut-off' }
  | { readonly kind: 'fault'; readonly fault: StateFault };

/**
 * Undoes one step, unless something speaks against it: `boundary` is an irreversible step that ran later,
 * `alive` says who is alive that KILL did not end.
 */
export async function undoStep(
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
