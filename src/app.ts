import { deploy } from './app/deploy.ts';
import type { Deployed } from './app/deploy.ts';
import type { Edges } from './app/edges.ts';
import { publish, refuseInputs } from './app/publish.ts';
import { repair } from './app/repair/repair.ts';
import { openSession } from './app/session.ts';
import type { Session } from './app/session.ts';
import type { Outcome } from './engine/outcome.ts';
import { parseInputs } from './inputs/parse.ts';

/**
 * One run of the action, start to end: inputs, then what the mode says, then what people and the rest
 * of the job get to see. Returns how it ended; anything but `succeeded` fails the job.
 */
export async function runAction(edges: Edges): Promise<Outcome> {
  const inputs = parseInputs(edges.rawInputs);
  if (!inputs.ok) return await refuseInputs(edges, inputs.error);
  const session = openSession(edges, inputs.value);
  const done = await dispatch(session);
  return await publish(session, done);
}

async function dispatch(session: Session): Promise<Deployed> {
  switch (session.inputs.mode) {
    case 'run':
    case 'check':
    case 'plan':
      return await deploy(session);
    case 'status':
    case 'rollback':
    case 'mark-done':
    case 'forget':
    case 'unlock':
      return await repair(session);
  }
}
