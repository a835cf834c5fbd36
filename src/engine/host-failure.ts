import type { StateFault } from '../ports.ts';
import { HostFailure } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';

/** Carries out `action`; a failure of the host under a command becomes a value, anything else is a bug. */
export async function settleHostFailure<T>(
  action: () => Promise<T>,
): Promise<Result<T, StateFault>> {
  try {
    return success(await action());
  } catch (error) {
    if (error instanceof HostFailure) return failure(error.fault);
    throw error;
  }
}
