import type { OpenedStore } from './edges.ts';
import { renderFault } from './gates.ts';
import type { Session } from './session.ts';
import { note, say } from './session.ts';

/** The deployment is done with: the next run starts fresh. Needs its lock. */
export async function closeDeployment(session: Session, opened: OpenedStore): Promise<void> {
  const known = await opened.store.load();
  if (!known.ok || known.value.record?.status !== 'open') return;
  const record = {
    ...known.value.record,
    status: 'closed',
    updated_at: session.edges.clock.now(),
  } as const;
  const saved = await opened.store.saveDeployment(record);
  if (saved.ok) {
    say(session, `[OK] deployment ${record.deployment_id} is closed`);
    return;
  }
  const what = session.edges.venue.kind === 'job' ? 'A re-run of this job' : 'The next run';
  note(
    session,
    'warning',
    'Not closed',
    `The deployment could not be closed: ${renderFault(saved.error)}. ${what} will find nothing to do.`,
  );
}
