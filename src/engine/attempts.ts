import type { Failure } from '../failure/failure.ts';
import type { RetryPolicy } from '../plan/plan.ts';
import type { Ended, StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import type { EndedBy } from '../state/record.ts';
import type { Command } from './command.ts';
import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { isStopping } from './context.ts';
import type { ProbeAnswer } from './events.ts';
import type { AttemptEnd } from './ledger.ts';
import { decideNext } from './retry.ts';
import { anyOf } from './stop.ts';

/** A command that may be tried more than once, and how its attempts are put on record. */
export interface Job {
  readonly command: Command;
  readonly retry: RetryPolicy;
  readonly idempotent: boolean;
  readonly hasOwnRetry: boolean;
  /** Durable before the attempt starts (E1). */
  readonly begin: (attempt: number) => Promise<Result<void, StateFault>>;
  /** Takes back what `begin` put on record: a stop came before the command could be started. */
  readonly withdraw: () => Promise<Result<void, StateFault>>;
  /** The command exited with 0: collects, verifies and records; a failure makes the attempt a failed one. */
  readonly succeed: (end: AttemptEnd, attempt: number) => Promise<Succeeded>;
  readonly fail: (end: AttemptEnd) => Promise<Result<void, StateFault>>;
  /** Asks whether the effect is in place; undefined when there is no probe. */
  readonly probe: (() => Promise<ProbeAnswer>) | undefined;
  /** Number of the attempt that is taken over from an earlier run; undefined: start one. */
  readonly adopted: number | undefined;
}

export type Succeeded =
  /** `summary`: what the attempt wrote for the job summary, redacted. */
  | { readonly kind: 'recorded'; readonly summary: string }
  | { readonly kind: 'refuted'; readonly failure: Failure }
  /** A stop came before all was known; nothing is on record, the next run takes the command over. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'fault'; readonly fault: StateFault };

export type AttemptsEnd =
  | { readonly kind: 'succeeded'; readonly attempts: number }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      readonly then: 'fail' | 'rollback';
      readonly attempts: number;
    }
  /** Stopped by a cancel or because nobody reads us; `failure` when that ended a command. */
  | { readonly kind: 'stopped'; readonly failure: Failure | undefined; readonly attempts: number }
  | { readonly kind: 'released' }
  /** State could not be written; `failure` when the command itself had failed before. */
  | {
      readonly kind: 'fault';
      readonly fault: StateFault;
      readonly failure?: Failure;
      /** How many had been started by then. */
      readonly attempts: number;
    };

/** Tries a command until it succeeds or policy says stop. */
export async function runAttempts(context: Context, job: Job): Promise<AttemptsEnd> {
  const { world, assignment } = context;
  const startedAt = world.clock.monotonic();
  const remediesUsed = new Set<string>();
  let previous: Failure | undefined;
  let adopt = job.adopted !== undefined;
  if (!adopt) await clearStaleTrace(context, job.command.unit);
  for (let attempt = job.adopted ?? 1; ; attempt++) {
    const tried = await runAttempt(context, job, attempt, adopt);
    adopt = false;
    if (tried.kind !== 'failed') return tried;
    const { failure, ended } = tried;
    const probe =
      isStopping(context) || job.idempotent || job.probe === undefined
        ? undefined
        : await job.probe();
    if (isStopping(context)) return { kind: 'stopped', failure, attempts: attempt };
    const next = decideNext(
      job,
      failure,
      {
        attempt,
        elapsedMs: world.clock.monotonic() - startedAt,
        lastDurationMs: ended === undefined ? 0 : ended.endedAt - ended.startedAt,
        endedBy: toEndedBy(ended),
        previous,
        remediesUsed,
        probe,
        exitedWell: ended?.exit.kind === 'exited' && ended.exit.code === 0,
        hasSurvivors: (ended?.survivors.length ?? 0) > 0,
      },
      assignment.policy,
      world.random,
    );
    previous = failure;
    switch (next.kind) {
      case 'stop':
        if (next.why !== undefined) {
          world.emit({ type: 'retries-ended', step: job.command.ref, why: next.why });
        }
        return { kind: 'failed', failure, then: next.then, attempts: attempt };
      case 'remedy':
        remediesUsed.add(next.name);
        await runRemedy(context, job, next);
        break;
      case 'retry':
        world.emit({
          type: 'retry-waiting',
          role: job.command.role,
          step: job.command.ref,
          at: world.clock.now(),
          delayMs: next.delayMs,
          nextAttempt: attempt + 1,
          maxAttempts: job.retry.maxAttempts,
          because: failure,
        });
        await world.clock.sleep(next.delayMs, anyOf([world.stops.cancel, world.stops.workerGone]));
        break;
    }
    if (isStopping(context)) return { kind: 'stopped', failure, attempts: attempt };
  }
}

/**
 * An end that an older attempt left behind, recorded long ago, must not be taken for that of the attempt
 * about to begin, should we be cut off before it starts. What vanished stays: `run` must see who of it lives.
 */
async function clearStaleTrace({ world }: Context, unit: string): Promise<void> {
  const trace = await world.processes.inspect(unit);
  if (trace.kind === 'exited') await world.processes.clear(unit);
}

type Tried =
  | AttemptsEnd
  | { readonly kind: 'failed'; readonly failure: Failure; readonly ended: Ended | undefined };

async function runAttempt(
  context: Context,
  job: Job,
  attempt: number,
  adopt: boolean,
): Promise<Exclude<Tried, { then: unknown }>> {
  const { world } = context;
  const { command } = job;
  if (!adopt) {
    if (isStopping(context)) return { kind: 'stopped', failure: undefined, attempts: attempt - 1 };
    const begun = await job.begin(attempt);
    if (!begun.ok) return { kind: 'fault', fault: begun.error, attempts: attempt - 1 };
    if (isStopping(context)) {
      const withdrawn = await job.withdraw();
      if (!withdrawn.ok) return { kind: 'fault', fault: withdrawn.error, attempts: attempt - 1 };
      return { kind: 'stopped', failure: undefined, attempts: attempt - 1 };
    }
  }
  const end = await runCommand(context, command, {
    attempt,
    // A remedy is always followed by one more attempt, beyond the limit if need be.
    maxAttempts: Math.max(attempt, job.retry.maxAttempts),
    adopt,
  });
  if (end.kind === 'released') return end;
  let failure = end.kind === 'failed' ? end.failure : undefined;
  let summary = '';
  if (end.kind === 'succeeded') {
    const recorded = await job.succeed(toAttemptEnd(context, end.ended, undefined), attempt);
    if (recorded.kind === 'fault') return { ...recorded, attempts: attempt };
    if (recorded.kind === 'interrupted') {
      return { kind: 'stopped', failure: undefined, attempts: attempt };
    }
    if (recorded.kind === 'refuted') failure = recorded.failure;
    else summary = recorded.summary;
  }
  if (failure !== undefined) {
    summary = await collectSummary(context, command.unit);
    const failed = await job.fail(toAttemptEnd(context, end.ended, failure));
    if (!failed.ok) return { kind: 'fault', fault: failed.error, failure, attempts: attempt };
  }
  await world.processes.clear(command.unit);
  world.emit({
    type: 'attempt-ended',
    role: command.role,
    step: command.ref,
    unit: command.unit,
    at: end.ended?.endedAt ?? world.clock.now(),
    startedAt: end.ended?.startedAt ?? world.clock.now(),
    attempt,
    exit: end.ended?.exit,
    failure,
    summary,
  });
  if (failure === undefined) return { kind: 'succeeded', attempts: attempt };
  return { kind: 'failed', failure, ended: end.ended };
}

/** What a failed attempt wrote for its summary is shown too; its other results are dropped. */
async function collectSummary({ world }: Context, unit: string): Promise<string> {
  const collected = await world.processes.collect(unit);
  return collected.ok ? world.redaction.redact(collected.value.summary) : '';
}

function toEndedBy(ended: Ended | undefined): EndedBy {
  if (ended === undefined) return 'itself';
  if (ended.endedBy !== 'itself') return ended.endedBy;
  return ended.exit.kind === 'signalled' ? 'signal' : 'itself';
}

function toAttemptEnd(
  { world }: Context,
  ended: Ended | undefined,
  failure: Failure | undefined,
): AttemptEnd {
  return {
    at: ended?.endedAt ?? world.clock.now(),
    exit: ended?.exit ?? { kind: 'exited', code: failure?.exitCode ?? 1 },
    endedBy: toEndedBy(ended),
    category: failure?.category,
    survivors: ended?.survivors ?? [],
  };
}

async function runRemedy(
  context: Context,
  job: Job,
  remedy: { readonly name: string; readonly command: string },
): Promise<void> {
  const { world, assignment } = context;
  const command: Command = {
    ...job.command,
    role: 'remedy',
    unit: `${job.command.unit}.remedy`,
    script: { text: remedy.command },
    shell: assignment.shell,
    workingDirectory: assignment.workingDirectory,
    timeoutMs: assignment.timeoutMs,
    classify: [],
    keepAlive: false,
    onCancel: 'end',
  };
  const end = await runCommand(context, command, { attempt: 1, maxAttempts: 1, adopt: false });
  await world.processes.clear(command.unit);
  world.emit({
    type: 'remedy-ended',
    step: job.command.ref,
    remedy: remedy.name,
    failure: end.kind === 'failed' ? end.failure : undefined,
  });
}
