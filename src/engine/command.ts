import type { Failure } from '../failure/failure.ts';
import type { ClassifyRule, Script } from '../plan/plan.ts';
import type { CommandSpec, Ended, Stop, Watch } from '../ports.ts';
import { toStepEnvironment } from './environment.ts';
import type { Context } from './context.ts';
import { isStopping } from './context.ts';
import type { ProbeAnswer, Role, StepRef } from './events.ts';

/** One command of a deployment: a step's, its undo's, a probe's, a remedy's. */
export interface Command {
  readonly ref: StepRef;
  readonly role: Role;
  /** Names its run directory; two commands that may be alive at once never share one. */
  readonly unit: string;
  readonly script: Script;
  readonly shell: string;
  readonly workingDirectory: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly classify: readonly ClassifyRule[];
  readonly keepAlive: boolean;
  /** E5: a cancel ends steps, but never an undo, which is only let go. */
  readonly onCancel: 'end' | 'release';
}

export type CommandEnd =
  | { readonly kind: 'succeeded'; readonly ended: Ended }
  | { readonly kind: 'failed'; readonly ended: Ended | undefined; readonly failure: Failure }
  | { readonly kind: 'released' };

export interface Try {
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Take over what an earlier run started instead of starting it. */
  readonly adopt: boolean;
}

/** Runs (or adopts) a command and says how it ended; records nothing. */
export async function runCommand(
  context: Context,
  command: Command,
  tried: Try,
): Promise<CommandEnd> {
  const { world } = context;
  const { ref, role, unit } = command;
  world.emit({
    type: 'attempt-started',
    role,
    step: ref,
    unit,
    at: world.clock.now(),
    attempt: tried.attempt,
    maxAttempts: tried.maxAttempts,
    adopted: tried.adopt,
  });
  const sink = world.output(unit);
  const watch = toWatch(context, command, (chunk) => {
    sink.write(chunk);
  });
  const start = async () =>
    tried.adopt
      ? { ok: true as const, value: await world.processes.adopt(unit, watch) }
      : await world.processes.run(toSpec(context, command, tried), watch);
  const run = await start().finally(() => {
    sink.end();
  });
  const end = run.ok ? run.value : run.error;
  if ('kind' in end && end.kind === 'released') return end;
  const diagnose = (): Promise<Failure> => world.diagnose({ ...command, step: ref, end });
  if (!('kind' in end)) return { kind: 'failed', ended: undefined, failure: await diagnose() };
  return isSuccess(end)
    ? { kind: 'succeeded', ended: end }
    : { kind: 'failed', ended: end, failure: await diagnose() };
}

/** Death by a signal, or an end that we forced, is never success, whatever the code says. */
function isSuccess(ended: Ended): boolean {
  return ended.endedBy === 'itself' && ended.exit.kind === 'exited' && ended.exit.code === 0;
}

function toWatch(context: Context, command: Command, onOutput: Watch['onOutput']): Watch {
  const cancel: Stop = context.world.stops.cancel;
  return {
    onOutput,
    timeoutMs: command.timeoutMs,
    graceMs: context.assignment.graceMs,
    ...(command.onCancel === 'end' ? { cancel } : { cancel: undefined, release: cancel }),
  };
}

function toSpec({ assignment, handover }: Context, command: Command, tried: Try): CommandSpec {
  return {
    unit: command.unit,
    script: command.script.text,
    shell: command.shell,
    workingDirectory: command.workingDirectory,
    env: toStepEnvironment({
      base: assignment.baseEnv,
      accumulatedEnv: handover.env,
      accumulatedPath: handover.path,
      planAndStepEnv: command.env,
      preflight: {
        PREFLIGHT_STEP: command.ref.id,
        PREFLIGHT_ATTEMPT: String(tried.attempt),
        PREFLIGHT_MAX_ATTEMPTS: String(tried.maxAttempts),
        PREFLIGHT_STATE_DIR: assignment.stateDirectory,
        PREFLIGHT_DEPLOYMENT_ID: assignment.deploymentId,
      },
    }),
    keepAlive: command.keepAlive,
  };
}

/** How long to wait before a probe that could not tell is asked again. */
const ASK_AGAIN_AFTER_MS = 2_000;

/** Asks a step's `done-when`: 0 is done, 1 is not done, anything else is asked once more, then unknown. */
export async function askProbe(context: Context, probe: Command): Promise<ProbeAnswer> {
  const first = await askOnce(context, probe, 1);
  if (first !== 'unknown' || isStopping(context)) return first;
  await context.world.clock.sleep(ASK_AGAIN_AFTER_MS, context.world.stops.cancel);
  return isStopping(context) ? 'unknown' : await askOnce(context, probe, 2);
}

async function askOnce(context: Context, probe: Command, attempt: number): Promise<ProbeAnswer> {
  const end = await runCommand(context, probe, { attempt, maxAttempts: 2, adopt: false });
  await context.world.processes.clear(probe.unit);
  const answer = toAnswer(end);
  const exitCode = end.kind === 'failed' ? end.failure.exitCode : 0;
  context.world.emit({ type: 'probe-answered', step: probe.ref, answer, exitCode });
  return answer;
}

function toAnswer(end: CommandEnd): ProbeAnswer {
  if (end.kind === 'succeeded') return 'done';
  if (end.kind === 'released' || end.ended?.endedBy !== 'itself') return 'unknown';
  return end.ended.exit.kind === 'exited' && end.ended.exit.code === 1 ? 'not-done' : 'unknown';
}
