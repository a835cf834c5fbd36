import type { DeploymentStatus } from '../../report/deployment-status.ts';
import type { Deployed } from '../deploy.ts';
import type { ListedDeployment } from '../edges.ts';
import type { Session } from '../session.ts';
import { say, toReport } from '../session.ts';
import { renderStatus, toStatus } from '../status.ts';

/** What a state dir holds, in the log and in the report. */
export async function showStatus(
  session: Session,
  stateDir: string,
  listed: readonly ListedDeployment[],
): Promise<Deployed> {
  const { edges } = session;
  say(session, `State dir: ${stateDir}`);
  if (listed.length === 0) say(session, 'Nothing is recorded there.');
  const deployments: DeploymentStatus[] = [];
  for (const found of listed) {
    const opened = edges.openStore(stateDir, found.target, found.deployment);
    const known = await opened.store.load();
    const lock = found.record.ok ? found.record.value?.lock : undefined;
    const holder = lock === undefined ? undefined : edges.lookAtLock(stateDir, lock);
    const living = edges.findLiving(found.directory);
    const status = toStatus({ found, known, holder, living });
    say(session, ...renderStatus(status, edges.clock));
    deployments.push(status);
  }
  const report = toReport(session, { outcome: 'succeeded', stateDir, deployments });
  return { report, handover: undefined };
}
