import { Handover } from '../../engine/context.ts';
import type { Context } from '../../engine/context.ts';
import { settleHostFailure } from '../../engine/host-failure.ts';
import { Ledger } from '../../engine/ledger.ts';
import { runRollback } from '../../engine/rollback.ts';
import { suggest } from '../../inputs/suggest.ts';
import type { Plan } from '../../plan/plan.ts';
import type { KnownDeployment, StateFault } from '../../ports.ts';
import type { Blockage } from '../../report/run-report.ts';
import type { Result } from '../../result.ts';
import { failure, success } from '../../result.ts';
import { blocked } from '../blocked.ts';
import type { Deployed } from '../deploy.ts';
import { toAssignment, toWorld } from '../deploy.ts';
import type { OpenedStore } from '../edges.ts';
import type { Identity } from '../gates.ts';
import { openPlan, renderFault } from '../gates.ts';
import type { Session } from '../session.ts';
import { learnSecretsOf, say, toReport } from '../session.ts';
import { refuse, toModeEnd } from './refusal.ts';

/** Carries out `mark-done`, `forget` or `rollback`, under the deployment's lock. */
export async function act(
  session: Session,
  stateDir: string,
  opened: OpenedStore,
  known: KnownDeployment,
): Promise<Deployed> {
  const { edges, inputs } = session;
  const living = edges.findLiving(opened.directory);
  if (living.length > 0 && inputs.mode !== 'rollback') {
    const who = living.map(({ unit, process }) => `${unit} (process ${process?.pid ?? 'unknown'})`);
    return refuse(session, {
      message: `Commands of this deployment are still running: ${who.join(', ')}.`,
      fix: 'Wait for them, or end them on the host, and try again.',
    });
  }
  const plan = openOptionalPlan(session);
  if (!plan.ok) return toModeEnd(blocked(session, plan.error, { stateDir }));
  const context = toContext(session, stateDir, opened, known, plan.value);
  const step = inputs.step;
  switch (inputs.mode) {
    case 'mark-done':
      return await settleStep(session, context, known, step ?? '', 'mark-done');
    case 'forget':
      if (step !== undefined) return await settleStep(session, context, known, step, 'forget');
      return end(
        session,
        await context.ledger.forgetAll(),
        'all steps are forgotten: the next run starts at the first step',
      );
    case 'rollback':
      return await rollback(session, context, plan.value);
    case 'run':
    case 'check':
    case 'plan':
    case 'status':
    case 'unlock':
      throw new Error(`mode ${inputs.mode} is not carried out here`);
  }
}

/** A plan is welcome, for its undo commands, but the records will do. */
function openOptionalPlan(session: Session): Result<Plan, Blockage> {
  const { inputs, edges } = session;
  const none: Plan = { checks: [], steps: [], finally: [] };
  // The default is always there in the inputs, whoever chose it.
  const named = (edges.rawInputs['plan'] ?? '').trim() !== '' || inputs.steps !== undefined;
  const plan = inputs.mode === 'rollback' ? openPlan(session) : success(none);
  if (plan.ok) {
    learnSecretsOf(session, plan.value);
    return plan;
  }
  // No such file is no plan; one that is there and wrong is not passed over.
  const isMissing = plan.error.every(({ at }) => 'input' in at && at.input === 'plan');
  if (!named && isMissing) return success(none);
  return failure({ kind: 'input', category: 'recoverable:configuration', problems: plan.error });
}

/** The engine's context for a deployment that is known by its records alone. */
export function toContext(
  session: Session,
  stateDir: string,
  opened: OpenedStore,
  known: KnownDeployment,
  plan: Plan,
): Context {
  const { edges } = session;
  const { record } = known;
  if (record === undefined) throw new Error('a deployment without a record was chosen');
  const identity: Identity = {
    parts: record.target,
    target: '',
    deploymentId: record.deployment_id,
    deployment: known.name,
    lock: record.lock,
  };
  const processes = edges.createProcesses(opened.runDirectory, stateDir);
  const site = { plan, identity, stateDir, opened, processes };
  const world = toWorld(session, site);
  const assignment = toAssignment(session, site);
  const ledger = new Ledger(world.store, world.clock, assignment, known);
  const handover = new Handover();
  for (const step of known.steps.values()) handover.add(step.results);
  return { world, assignment, ledger, handover };
}

async function settleStep(
  session: Session,
  { ledger, assignment }: Context,
  known: KnownDeployment,
  step: string,
  mode: 'mark-done' | 'forget',
): Promise<Deployed> {
  const planned = known.record?.plan.steps.map(({ id }) => id) ?? [];
  const ids = [...new Set([...planned, ...known.steps.keys(), ...known.markers.keys()])];
  if (!ids.includes(step)) {
    const meant = suggest(step, ids);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    return refuse(session, {
      message: `The deployment ${assignment.deploymentId} has no step "${step}".${hint}`,
      fix: `Its steps are: ${ids.join(', ')}.`,
    });
  }
  if (mode === 'forget') {
    return end(session, await ledger.forget([step]), `${step} is forgotten: it runs again`);
  }
  const by = `${assignment.actor === '' ? 'somebody' : assignment.actor}, run ${assignment.run.run_id}`;
  return end(
    session,
    await ledger.declareByHand(step, by),
    `${step} is marked done: it is skipped`,
  );
}

function end(session: Session, written: Result<void, StateFault>, said: string): Deployed {
  if (!written.ok) {
    return refuse(session, {
      message: renderFault(written.error),
      fix: 'Mend that, and try again.',
    });
  }
  say(session, `[OK] ${said}`);
  return { report: toReport(session, { outcome: 'succeeded' }), handover: undefined };
}

async function rollback(session: Session, context: Context, plan: Plan): Promise<Deployed> {
  const ran = await settleHostFailure(() => runRollback(context, plan.steps, undefined));
  const ended = ran.ok ? ran.value : ({ kind: 'fault', fault: ran.error } as const);
  switch (ended.kind) {
    case 'fault':
      return refuse(session, {
        message: renderFault(ended.fault),
        fix: 'Mend that, and try again.',
      });
    case 'cut-off':
    case 'ended': {
      const outcome = ended.report.complete ? 'succeeded' : 'failed';
      const noted = await context.ledger.note({ outcome });
      if (!noted.ok) {
        return refuse(session, {
          message: renderFault(noted.error),
          fix: 'Mend that, and try again.',
        });
      }
      const report = toReport(session, { outcome, rollback: ended.report });
      return { report, handover: undefined };
    }
  }
}
