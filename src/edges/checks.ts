import { checksThatFit, renderChanges } from '../checks/after-failure.ts';
import type { Finding } from '../checks/check.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { CheckSpec } from '../plan/plan.ts';
import type { Category } from '../failure/category.ts';
import type { Clock, Stop } from '../ports.ts';
import type { Recheck } from '../report/run-report.ts';
import { createCheckWorld } from './host-facts.ts';

export interface CheckOccasion {
  readonly fresh: boolean;
  readonly cancel: Stop;
  /** The environment that a step will have. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly workspace: string;
}

/** The pre-flight checks on this host. */
export async function carryOutChecks(
  specs: readonly CheckSpec[],
  { fresh, cancel, env, clock, workspace }: CheckOccasion,
): Promise<readonly Finding[]> {
  const world = createCheckWorld({ clock, env, workspace });
  return await runChecks(specs, world, { fresh, cancel });
}

/** The checks that fit a failure once more, as on a fresh start, and what moved since then. */
export async function carryOutChecksAgain(
  category: Category,
  specs: readonly CheckSpec[],
  before: readonly Finding[],
  occasion: Omit<CheckOccasion, 'fresh'>,
): Promise<Recheck> {
  const due = checksThatFit(category, specs);
  const findings = await carryOutChecks(due, { ...occasion, fresh: true });
  return { findings, changes: renderChanges(before, findings) };
}
