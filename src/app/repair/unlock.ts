import { toLockFileName } from '../../state/identity.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Deployed } from '../deploy.ts';
import type { ListedDeployment } from '../edges.ts';
import { renderFault, takeLock, toCandidate } from '../gates.ts';
import type { Session } from '../session.ts';
import { say, toReport } from '../session.ts';
import { toContext } from './act.ts';
import { refuse } from './refusal.ts';

/** How long the note of an unlock waits for a lock that somebody else has taken since. */
const NOTE_WITHIN_MS = 2_000;

/** Removes a lock whose holder is dead, and leaves a note of it in the deployment's record. */
export async function unlock(
  session: Session,
  stateDir: string,
  listed: readonly ListedDeployment[],
): Promise<Deployed> {
  const { edges, inputs } = session;
  const target = inputs.target ?? '';
  const recorded = listed[0]?.record;
  const ofRecord = recorded?.ok === true ? recorded.value?.lock : undefined;
  const name = inputs.lock === undefined ? (ofRecord ?? target) : toLockFileName(inputs.lock);
  const by = toCandidate(session, { target, deployment: 'unlock' }, stateDir);
  const done = edges.unlock(stateDir, name, by);
  if (!done.ok) {
    return refuse(session, {
      message: renderFault(done.error),
      fix: 'Look at that file on the host.',
    });
  }
  const { kind, holder, reason } = done.value;
  switch (kind) {
    case 'absent':
      say(session, `[OK] nobody holds the lock ${name}`);
      break;
    case 'removed':
      say(session, `[OK] the lock ${name} is removed; it was held by ${holder}`);
      await noteUnlock(session, stateDir, name, listed[0]);
      break;
    case 'refused':
      return refuse(session, {
        message: `The lock ${name} is held by ${holder}: ${reason}.`,
        fix: 'Cancel that run, or end its processes on the host, and try again.',
      });
  }
  const report = toReport(session, { outcome: 'succeeded', stateDir, target });
  return { report, handover: undefined };
}

/** Leaves in the deployment's record who removed its lock; the unlock itself does not depend on it. */
async function noteUnlock(
  session: Session,
  stateDir: string,
  lock: string,
  found: ListedDeployment | undefined,
): Promise<void> {
  if (found?.record.ok !== true || found.record.value === undefined) return;
  const { target, deployment, directory } = found;
  const hurried = { ...session, inputs: { ...session.inputs, lockTimeoutMs: NOTE_WITHIN_MS } };
  const held = await takeLock(hurried, stateDir, { target, deployment, lock }, directory);
  if (!held.ok) return;
  try {
    const opened = session.edges.openStore(stateDir, target, deployment);
    const known = await opened.store.load();
    if (!known.ok) return;
    const plan: Plan = { checks: [], steps: [], finally: [] };
    const { ledger } = toContext(session, stateDir, opened, known.value, plan);
    await ledger.note({ outcome: 'unlocked' });
  } finally {
    await held.value.release();
  }
}
