import type { OpenedStore } from './edges.ts';
import type { Session } from './session.ts';
import { note, say } from './session.ts';

/** Brings the local copy up to what the cache knows. Says why that may not be all, if so. */
export async function restoreCheckpoints(
  session: Session,
  { cache }: OpenedStore,
): Promise<string | undefined> {
  if (cache === undefined) return undefined;
  const { lines, doubt } = await cache.restore();
  // Without access there is nothing to add to what was said when the state was opened.
  if (!session.edges.cache.hasAccess) return doubt;
  say(session, ...lines.map(({ isWarning, text }) => `[${isWarning ? 'WARN' : 'INFO'}] ${text}`));
  return doubt;
}

/** Waits for the last upload, and says what came of the uploads: nothing that is not so. */
export async function flushCheckpoints(
  session: Session,
  { cache }: OpenedStore,
  phase: 'main' | 'post',
): Promise<void> {
  const { edges } = session;
  if (cache === undefined || !edges.cache.hasAccess) return;
  const flushed = await cache.flush(phase === 'main' ? edges.stops.cancel : undefined);
  switch (flushed.kind) {
    case 'saved': {
      const { saves, failedSaves, bytes } = flushed;
      if (saves === 0) return;
      const failed = failedSaves === 0 ? '' : `; ${failedSaves} failed before`;
      const count = saves === 1 ? '1 upload' : `${saves} uploads, the last`;
      say(
        session,
        `[INFO] checkpoints saved in the Actions cache: ${count} of ${bytes} bytes${failed}`,
      );
      return;
    }
    case 'failed': {
      const message = `The last checkpoints could not be saved in the Actions cache: ${flushed.reason}. This job cannot be resumed on another machine from where it stands.`;
      note(session, 'warning', 'Cannot be resumed elsewhere', message);
      return;
    }
    case 'unfinished':
      say(session, '[INFO] the last upload to the Actions cache is left to the post step');
  }
}
