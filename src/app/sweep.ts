import type { Leftover } from '../engine/engine.ts';
import type { KnownDeployment } from '../ports.ts';
import type { OpenedStore } from './edges.ts';
import { renderFault } from './gates.ts';
import type { Session } from './session.ts';
import { say } from './session.ts';

/**
 * E7: a run that was killed may have left the raw output of commands whose end is on record, or that
 * are no step's. Kept is what can still be adopted, or is waited for.
 */
export function sweepRuns(
  session: Session,
  { directory, runDirectory }: OpenedStore,
  { record, steps }: KnownDeployment,
  leftovers: readonly Leftover[],
): void {
  const { edges } = session;
  const swept = edges.sweepRuns(runDirectory, () => {
    const keep = new Set([...leftovers, ...edges.findLiving(directory)].map(({ unit }) => unit));
    for (const { step, state } of steps.values()) {
      if (state === 'started') keep.add(step);
      if (state === 'undoing') keep.add(`${step}.undo`);
    }
    if (record?.status === 'rolling-back') keep.add('deployment.rollback');
    return keep;
  });
  if (!swept.ok) say(session, `[WARN] ${renderFault(swept.error)}`);
}
