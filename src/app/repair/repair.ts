import { renderInputName } from '../../report/venue.ts';
import type { Result } from '../../result.ts';
import { success } from '../../result.ts';
import { NO_ACCESS } from '../../state/cache-fault.ts';
import { toDeploymentName } from '../../state/identity.ts';
import { blocked } from '../blocked.ts';
import { flushCheckpoints, restoreCheckpoints } from '../checkpoints.ts';
import type { Deployed } from '../deploy.ts';
import type { ListedDeployment } from '../edges.ts';
import { chooseKind, linkToCache, takeLock } from '../gates.ts';
import type { Session } from '../session.ts';
import { say } from '../session.ts';
import { sweepRuns } from '../sweep.ts';
import { act } from './act.ts';
import { chooseDeployment } from './choose-deployment.ts';
import { refuse, toModeEnd } from './refusal.ts';
import { showStatus } from './show-status.ts';
import { unlock } from './unlock.ts';

/** The modes for people without a shell on the host; they usually run from another workflow. */
export async function repair(session: Session): Promise<Deployed> {
  const { edges, inputs } = session;
  const { target } = inputs;
  const holds = ({ has }: { has: (path: string) => boolean }): boolean =>
    target === undefined || has(target);
  const inCache = chooseKind(session).kind === 'cache';
  const place = inCache
    ? await fetchFromCache(session)
    : edges.chooseState({ chosen: inputs.stateDir, create: false, holds });
  if (!place.ok) {
    const byWhom =
      edges.venue.kind === 'job' ? '' : ', and start this as the user that owns it (sudo -u USER)';
    const fix = `Name the state dir that the deployments use, by ${renderInputName(edges.venue, 'state-dir')}${byWhom}.`;
    return refuse(session, { message: place.error, fix });
  }
  const stateDir = place.value.dir;
  // Who is on the host looks at the host: all are shown. So where no repository is known.
  const isAll = edges.venue.kind === 'terminal' || edges.context.repository === '';
  const own = isAll ? undefined : edges.context.repository;
  const repository = target === undefined ? own : undefined;
  const listed = edges.listDeployments(stateDir, repository);
  const ofTarget =
    target === undefined ? listed : listed.filter((found) => found.target === target);
  if (inputs.mode === 'status') return await showStatus(session, stateDir, ofTarget);
  if (inputs.mode === 'unlock') return await unlock(session, stateDir, ofTarget);
  const found = chooseDeployment(session, listed, ofTarget);
  if (!found.ok) return refuse(session, found.error, { stateDir });
  return await underLock(session, stateDir, found.value, inCache);
}

/** A copy to look at and to work on, of the deployment that is meant or of the target's current one. */
async function fetchFromCache(session: Session): Promise<Result<{ readonly dir: string }, string>> {
  const { edges, inputs } = session;
  const scratch = edges.cache.makeScratch();
  if (!scratch.ok) return scratch;
  const { target } = inputs;
  if (!edges.cache.hasAccess) {
    say(session, `[WARN] the Actions cache could not be read: ${NO_ACCESS}`);
  } else if (target === undefined) {
    say(session, '[INFO] the Actions cache cannot be listed: name the target to see what it holds');
  } else {
    const deploymentId = inputs.deploymentId ?? edges.context.runId;
    const deployment = toDeploymentName(deploymentId);
    const opened = linkToCache(session, { target, deployment, deploymentId }, scratch.value);
    await restoreCheckpoints(session, opened);
  }
  return success({ dir: scratch.value });
}

async function underLock(
  session: Session,
  stateDir: string,
  found: ListedDeployment,
  inCache: boolean,
): Promise<Deployed> {
  const { edges } = session;
  const { target, deployment, directory } = found;
  const record = found.record.ok ? found.record.value : undefined;
  const site = { stateDir, target, deployment, lock: record?.lock ?? target };
  const held = await takeLock(session, stateDir, site, directory);
  if (!held.ok) return toModeEnd(blocked(session, held.error, { stateDir, target }));
  const deploymentId = record?.deployment_id ?? '';
  try {
    const opened = inCache
      ? linkToCache(session, { target, deployment, deploymentId }, stateDir)
      : edges.openStore(stateDir, target, deployment);
    // Once more, now under the lock: what is written must follow what is there.
    await restoreCheckpoints(session, opened);
    const known = await opened.store.load();
    if (!known.ok) {
      const { path, message } = known.error;
      return refuse(session, { message: `${path}: ${message}.`, fix: 'Remove that file by hand.' });
    }
    sweepRuns(session, opened, known.value, []);
    const { report, handover } = await act(session, stateDir, opened, known.value);
    await flushCheckpoints(session, opened, 'main');
    // The report is about the deployment that was repaired, not about the run that did it.
    return { report: { ...report, stateDir, target, deploymentId }, handover };
  } finally {
    await held.value.release();
  }
}
