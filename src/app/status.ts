import { renderDuration } from '../inputs/duration.ts';
import type { Clock, KnownDeployment, LivingCommandRef, StateProblem } from '../ports.ts';
import type { DeploymentStatus, StepStatus, StoredStep } from '../report/deployment-status.ts';
import type { Result } from '../result.ts';
import type { StepRecord } from '../state/record.ts';
import { findDoubtOfFailure, toExitCode } from '../state/record.ts';
import type { ListedDeployment } from './edges.ts';

export interface StatusFacts {
  readonly found: ListedDeployment;
  readonly known: Result<KnownDeployment, StateProblem>;
  /** Who holds the lock, in words. */
  readonly holder: string | undefined;
  readonly living: readonly LivingCommandRef[];
}

/** What there is to say about one deployment. */
export function toStatus({ found, known, holder, living }: StatusFacts): DeploymentStatus {
  const { target, deployment, directory, isCurrent, touchedAt } = found;
  const place = { target, directory, isCurrent, touchedAt, lockedBy: holder };
  if (!known.ok) {
    const nothing = { status: undefined, failure: undefined, steps: [] };
    return { ...place, ...nothing, deploymentId: deployment, problem: known.error.message };
  }
  const { record, steps, markers } = known.value;
  const running = new Map(living.map(({ unit, process }) => [unit, process?.pid]));
  const planned = record?.plan.steps.map(({ id }) => id) ?? [];
  const ids = [...new Set([...planned, ...steps.keys(), ...markers.keys()])];
  return {
    ...place,
    deploymentId: record?.deployment_id ?? deployment,
    status: record?.status,
    failure: record?.failure,
    steps: ids.map((id) =>
      toStep(id, steps.get(id), markers.get(id)?.completedAt, running.get(id)),
    ),
    problem: '',
  };
}

function toStep(
  id: string,
  record: StepRecord | undefined,
  completedAt: string | undefined,
  pid: number | undefined,
): StoredStep {
  const exit = record?.attempts.at(-1)?.exit;
  return {
    id,
    status: pid === undefined ? toStepStatus(record, completedAt !== undefined) : 'running',
    doubt: toDoubt(record),
    completedAt,
    declaredBy: record?.state === 'declared' ? (record.declared_by ?? 'somebody') : undefined,
    exitCode: exit === undefined ? undefined : toExitCode(exit),
    pid,
  };
}

/** Why nobody knows whether the step took effect, unless something of it still runs, or says so. */
function toDoubt(record: StepRecord | undefined): string | undefined {
  if (record?.state === 'started') return 'started, and no record of how it ended';
  if (record?.state !== 'failed' || record.idempotent) return undefined;
  return findDoubtOfFailure(record);
}

function toStepStatus(record: StepRecord | undefined, isComplete: boolean): StepStatus {
  if (isComplete) return 'complete';
  switch (record?.state) {
    case undefined:
      return 'not-done';
    case 'started':
      return 'in-doubt';
    case 'succeeded':
    case 'declared':
      return 'no-checkpoint';
    case 'failed':
      return toDoubt(record) === undefined ? 'failed' : 'in-doubt';
    case 'undoing':
    case 'undone':
      return record.state;
  }
}

/** One deployment as `status` prints it. */
export function renderStatus(status: DeploymentStatus, clock: Clock): readonly string[] {
  const { target, deploymentId, isCurrent, touchedAt, lockedBy, failure, steps, problem } = status;
  if (problem !== '') return [`target: ${target}`, `  ${deploymentId}: cannot be read: ${problem}`];
  const age = renderDuration(Math.max(0, clock.now() - touchedAt));
  const current = isCurrent ? ', current' : '';
  return [
    `target: ${target}`,
    `  deployment-id: ${deploymentId} (${status.status ?? 'no record'}${current}, last touched ${age} ago)`,
    ...(lockedBy === undefined ? [] : [`  locked by: ${lockedBy}`]),
    ...(failure === undefined ? [] : [`  failed at: ${failure.step} (${failure.category})`]),
    ...steps.map((step) => `  ${renderStep(step)}`),
  ];
}

function renderStep({
  id,
  status,
  doubt,
  completedAt = '',
  declaredBy,
  exitCode,
  pid,
}: StoredStep): string {
  switch (status) {
    case 'running':
      return `${id}: running (process ${pid ?? 'unknown'})`;
    case 'complete': {
      const by = declaredBy === undefined ? '' : `, declared by ${declaredBy}`;
      return `${id}: complete (completed at: ${completedAt}${by})`;
    }
    case 'not-done':
      return `${id}: not done yet`;
    case 'in-doubt':
      return `${id}: in doubt (${doubt ?? 'it may have taken effect'})`;
    case 'failed':
      return `${id}: failed (exit code: ${exitCode ?? 1})`;
    case 'undoing':
      return `${id}: its rollback did not finish`;
    case 'undone':
      return `${id}: rolled back`;
    case 'no-checkpoint':
      return `${id}: done, without a checkpoint`;
  }
}
