import type { Step } from '../plan/plan.ts';
import type { KnownDeployment } from '../ports.ts';
import type { StepReport, StepResult } from '../report/run-report.ts';
import type { AttemptRecord, StepRecord } from '../state/record.ts';
import { findDoubtOfFailure, isOfRun, toExitCode } from '../state/record.ts';

/** What the records say of a run that could not report itself. */
export interface KilledRun {
  readonly steps: readonly StepReport[];
  /** The step that was under way, or had failed; empty when none was. */
  readonly failedStep: string;
  /** Epoch milliseconds of the run's first attempt of any step. */
  readonly startedAt: number | undefined;
  /** What happened, in one or two sentences. */
  readonly message: string;
}

/** Reads from the records, written by main and by what post settled since, how far a killed run had come. */
export function describeKilledRun(
  plan: readonly Step[],
  known: KnownDeployment,
  run: { readonly runId: string; readonly runAttempt: number },
): KilledRun {
  const isOurs = (attempt: AttemptRecord): boolean =>
    isOfRun(attempt, { run_id: run.runId, run_attempt: run.runAttempt });
  const steps = plan.map((step) => toStep(step, known, isOurs));
  const stopped = steps.find(({ result }) => result === 'in-doubt' || result === 'failed');
  const starts = steps.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [startedAt]));
  return {
    steps,
    failedStep: stopped?.id ?? '',
    startedAt: starts.length === 0 ? undefined : Math.min(...starts),
    message: renderMessage(stopped),
  };
}

function renderMessage(stopped: StepReport | undefined): string {
  const killed = 'The process of this action was ended from outside before it could report.';
  if (stopped === undefined) return `${killed} No step was under way.`;
  if (stopped.result === 'failed') return `${killed} Step ${stopped.id} ${stopped.reason}.`;
  return `${killed} Step ${stopped.id} is in doubt: ${stopped.reason}.`;
}

function toStep(
  { id, name, idempotent }: Step,
  { steps, markers }: KnownDeployment,
  isOurs: (attempt: AttemptRecord) => boolean,
): StepReport {
  const record = steps.get(id);
  const attempts = (record?.attempts ?? []).filter(isOurs);
  const startedAt = attempts[0]?.started_at;
  const endedAt = attempts.at(-1)?.ended_at;
  const { result, reason } = judge(record, markers.has(id), attempts.length > 0, idempotent);
  return {
    id,
    name,
    result,
    reason,
    attempts: attempts.length,
    startedAt,
    durationMs: startedAt === undefined || endedAt === undefined ? undefined : endedAt - startedAt,
    isFinally: false,
  };
}

function judge(
  record: StepRecord | undefined,
  isComplete: boolean,
  ranNow: boolean,
  isIdempotent: boolean,
): { readonly result: StepResult; readonly reason: string } {
  if (isComplete) return { result: ranNow ? 'succeeded' : 'skipped', reason: '' };
  const exit = record?.attempts.at(-1)?.exit;
  switch (record?.state) {
    case undefined:
      return { result: 'not-reached', reason: '' };
    case 'started':
      return { result: 'in-doubt', reason: 'it was started, and how it ended is not known' };
    case 'failed': {
      const doubt = isIdempotent ? undefined : findDoubtOfFailure(record);
      if (doubt !== undefined) return { result: 'in-doubt', reason: doubt };
      return {
        result: 'failed',
        reason: exit === undefined ? 'failed' : `failed (exit code: ${toExitCode(exit)})`,
      };
    }
    case 'undoing':
      return { result: 'failed', reason: 'its rollback did not finish' };
    case 'undone':
      return { result: 'failed', reason: 'was rolled back' };
    case 'succeeded':
    case 'declared':
      return { result: 'succeeded', reason: '' };
  }
}
