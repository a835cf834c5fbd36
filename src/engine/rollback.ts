import type { Failure } from '../failure/failure.ts';
import type { Step } from '../plan/plan.ts';
import type { StateFault } from '../ports.ts';
import type { StepRecord } from '../state/record.ts';
import type { Command } from './command.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { Handover, isStopping } from './context.ts';
import type { RollbackReport, UndoReport } from './events.ts';
import { leavesWork } from './events.ts';
import { toUndoUnit, undoStep } from './undo.ts';

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

function newestFirst(records: readonly StepRecord[]): readonly StepRecord[] {
  return [...records].sort((a, b) => b.sequence - a.sequence);
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
