import type { Finding } from '../checks/check.ts';
import { runChecks } from '../checks/run-checks.ts';
import type { CheckSpec } from '../plan/plan.ts';
import type { Clock, Stop } from '../ports.ts';
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
