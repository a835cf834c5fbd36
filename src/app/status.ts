import { renderDuration } from '../inputs/duration.ts';
import type { Clock, KnownDeployment, LivingCommandRef, StateProblem } from '../ports.ts';
import type { Result } from '../result.ts';
import type { StepRecord } from '../state/record.ts';
import { toExitCode } from '../state/record.ts';
import type { ListedDeployment } from './edges.ts';

export interface StatusFacts {
  readonly found: ListedDeployment;
  readonly known: Result<KnownDeployment, StateProblem>;
  /** Who holds the lock, in words. */
  readonly holder: string | undefined;
  readonly living: readonly LivingCommandRef[];
  readonly clock: Clock;
}

/** One deployment as `mode: status` prints it. */
export function renderStatus({
  found,
  known,
  holder,
  living,
  clock,
}: StatusFacts): readonly string[] {
  const age = renderDuration(Math.max(0, clock.now() - found.touchedAt));
  const current = found.isCurrent ? ', current' : '';
  if (!known.ok) {
    return [
      `target: ${found.target}`,
      `  ${found.deployment}: cannot be read: ${known.error.message}`,
    ];
  }
  const { record, steps, markers } = known.value;
  const running = new Map(living.map(({ unit, process }) => [unit, process?.pid]));
  const planned = record?.plan.steps.map(({ id }) => id) ?? [];
  const ids = [...new Set([...planned, ...steps.keys(), ...markers.keys()])];
  return [
    `target: ${found.target}`,
    `  deployment-id: ${record?.deployment_id ?? found.deployment} (${record?.status ?? 'no record'}${current}, last touched ${age} ago)`,
    ...(holder === undefined ? [] : [`  locked by: ${holder}`]),
    ...(record?.failure === undefined
      ? []
      : [`  failed at: ${record.failure.step} (${record.failure.category})`]),
    ...ids.map(
      (id) => `  ${renderStep(id, steps.get(id), markers.get(id)?.completedAt, running.get(id))}`,
    ),
  ];
}

function renderStep(
  id: string,
  record: StepRecord | undefined,
  completedAt: string | undefined,
  pid: number | undefined,
): string {
  if (pid !== undefined) return `${id}: running (process ${pid})`;
  if (completedAt !== undefined) {
    const by =
      record?.state === 'declared' ? `, declared by ${record.declared_by ?? 'somebody'}` : '';
    return `${id}: complete (completed at: ${completedAt}${by})`;
  }
  if (record === undefined) return `${id}: not done yet`;
  const exit = record.attempts.at(-1)?.exit;
  switch (record.state) {
    case 'started':
      return `${id}: in doubt (started, and no record of how it ended)`;
    case 'failed':
      return `${id}: failed (exit code: ${exit === undefined ? 1 : toExitCode(exit)})`;
    case 'undoing':
      return `${id}: its rollback did not finish`;
    case 'undone':
      return `${id}: rolled back`;
    case 'succeeded':
    case 'declared':
      return `${id}: done, without a checkpoint`;
  }
}
