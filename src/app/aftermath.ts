/** What is looked at once something has failed: the host then and now, the checks that fit, what a re-run would do. */
import type { Finding } from '../checks/check.ts';
import type { DeploymentResult } from '../engine/engine.ts';
import { toBaseEnvironment } from '../engine/environment.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { HostSnapshot, Recheck, Rerun, RunReport } from '../report/run-report.ts';
import type { Site } from './deploy.ts';
import { foresee } from './foresee.ts';
import type { Resuming } from './resuming.ts';
import type { Session } from './session.ts';

/** Follows one run, so that the host is looked at when something fails and not when all is undone again. */
export interface Aftermath {
  readonly on: (event: EngineEvent) => void;
  /** All there is to add to the report of a run that did not succeed. */
  readonly look: (
    result: DeploymentResult,
    checks: readonly Finding[],
  ) => Promise<Pick<RunReport, 'host' | 'recheck' | 'rerun'>>;
}

const NOTHING = { host: undefined, recheck: undefined, rerun: undefined };

/** Begins before the first step: `before` is read at once. */
export function watchAftermath(session: Session, site: Site, resuming: Resuming): Aftermath {
  const { edges } = session;
  const directories = ['/', edges.context.workspace, site.stateDir];
  const before = edges.readHost(directories);
  let failed: Promise<HostSnapshot> | undefined;
  return {
    on: (event) => {
      if (event.type === 'step-failed' && !event.tolerated) failed = edges.readHost(directories);
    },
    look: async (result, checks) => {
      if (result.outcome === 'succeeded') return NOTHING;
      const after = failed ?? edges.readHost(directories);
      const host = { name: edges.context.host, before: await before, after: await after };
      return {
        host,
        recheck: await checkAgain(session, site, result, checks),
        rerun: await lookAhead(site, resuming, result),
      };
    },
  };
}

/** After a cancel every second counts. */
async function checkAgain(
  { edges, redactor }: Session,
  { plan }: Site,
  { failure }: DeploymentResult,
  before: readonly Finding[],
): Promise<Recheck | undefined> {
  const { cancel, workerGone } = edges.stops;
  if (failure === undefined || cancel.requested || workerGone.requested) return undefined;
  if (plan.checks.length === 0) return undefined;
  const env = toBaseEnvironment(edges.env);
  const { findings, changes } = await edges.recheck(failure.category, plan.checks, before, {
    cancel,
    env,
  });
  if (findings.length === 0) return undefined;
  return { findings, changes: changes.map((change) => redactor.redact(change)) };
}

/** What the next run would make of what is recorded now; undefined when that cannot be read. */
async function lookAhead(
  { opened }: Site,
  { replan }: Resuming,
  { steps, failure }: DeploymentResult,
): Promise<Rerun | undefined> {
  const known = await opened.store.load();
  if (!known.ok) return undefined;
  const tolerated = new Set(
    steps.flatMap(({ step, outcome }) => (outcome?.kind === 'tolerated' ? [step.id] : [])),
  );
  return foresee(replan(known.value), { failed: failure?.step, tolerated });
}
