import { join } from 'node:path';

import type { StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { attempt } from './durable-files.ts';
import { listDirectory } from './file-reading.ts';
import { RunDirectory } from './run-directory.ts';

/**
 * Removes the directories of commands that nobody will adopt or take the result of any more: their raw
 * output lies in them. `toKeep` is asked only when there are any.
 */
export function sweepRuns(
  runDirectory: string,
  toKeep: () => ReadonlySet<string>,
): Result<void, StateFault> {
  return attempt('remove what commands left', runDirectory, () => {
    const units = listDirectory(runDirectory);
    if (units.length === 0) return;
    const kept = toKeep();
    for (const unit of units) {
      // Also one that was moved out of the way, to be removed, unless something of it lives.
      if (!kept.has(unit)) new RunDirectory(join(runDirectory, unit)).remove();
    }
  });
}
