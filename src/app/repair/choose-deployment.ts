import { suggest } from '../../inputs/suggest.ts';
import { renderInputName, renderRepair } from '../../report/venue.ts';
import type { Result } from '../../result.ts';
import { failure, success } from '../../result.ts';
import type { ListedDeployment } from '../edges.ts';
import type { Session } from '../session.ts';
import type { Refusal } from './refusal.ts';

/** The deployment that is meant: the one named, or the target's newest that is not closed. */
export function chooseDeployment(
  { edges, inputs }: Session,
  all: readonly ListedDeployment[],
  ofTarget: readonly ListedDeployment[],
): Result<ListedDeployment, Refusal> {
  const { target = '', deploymentId } = inputs;
  if (ofTarget.length === 0) {
    const targets = [...new Set(all.map((found) => found.target))];
    const meant = suggest(target, targets);
    const hint =
      meant === undefined
        ? `${renderRepair(edges.venue, 'status')} lists what is there`
        : `Did you mean "${meant}"`;
    return failure({
      message: `There is no target "${target}" in this state dir.`,
      fix: `${hint}.`,
    });
  }
  // The input's default is the id of this very run, which a repair from another workflow never means.
  const named = deploymentId === edges.context.runId ? undefined : deploymentId;
  const records = ofTarget.flatMap((found) =>
    found.record.ok && found.record.value !== undefined
      ? [{ found, record: found.record.value }]
      : [],
  );
  const match = records.find(({ record }) =>
    named === undefined ? record.status !== 'closed' : record.deployment_id === named,
  );
  if (match !== undefined) return success(match.found);
  const unreadable = ofTarget.find(({ record }) => !record.ok);
  if (unreadable?.record.ok === false) {
    const { path, message } = unreadable.record.error;
    return failure({ message: `${path}: ${message}.`, fix: 'Remove that deployment by hand.' });
  }
  const ids = records.map(({ record }) => record.deployment_id).join(', ');
  return failure({
    message:
      named === undefined
        ? `Every deployment of "${target}" is closed.`
        : `There is no deployment "${named}" of "${target}".`,
    fix: `Recorded are: ${ids}. Name one by ${renderInputName(edges.venue, 'deployment-id')}.`,
  });
}
