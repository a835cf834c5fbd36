import type { RunReport } from '../../report/run-report.ts';
import { blocked } from '../blocked.ts';
import type { Deployed } from '../deploy.ts';
import { closed } from '../gates.ts';
import type { Session } from '../session.ts';

/** Why a repair is not made, and what to do instead. */
export interface Refusal {
  readonly message: string;
  readonly fix: string;
}

export function refuse(
  session: Session,
  reason: Refusal,
  known: Partial<RunReport> = {},
): Deployed {
  const { error } = closed('state', 'recoverable:configuration', reason);
  return toModeEnd(blocked(session, error, known));
}

/** Modes other than `run` end as `succeeded` or `failed` (contract, section 4). */
export function toModeEnd({ report, handover }: Deployed): Deployed {
  const outcome = report.outcome === 'succeeded' ? 'succeeded' : 'failed';
  return { report: { ...report, outcome }, handover };
}
