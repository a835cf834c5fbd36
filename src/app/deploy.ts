import { decideGate } from '../checks/check.ts';
import type { Finding } from '../checks/check.ts';
import type { DeploymentRequest, DeploymentResult } from '../engine/engine.ts';
import { runDeployment } from '../engine/engine.ts';
import { toBaseEnvironment } from '../engine/environment.ts';
import { settleHostFailure } from '../engine/host-failure.ts';
import type { Assignment, World } from '../engine/world.ts';
import type { Diagnosis, DiagnosisFacts } from '../failure/diagnose.ts';
import type { Plan } from '../plan/plan.ts';
import type { Decision } from '../plan/decision.ts';
import { renderReason } from '../plan/decision.ts';
import type { Processes, StateFault } from '../ports.ts';
import { failure } from '../result.ts';
import { toStepReport } from '../report/collect.ts';
import { renderFindings } from '../report/findings.ts';
import { renderResumePlan } from '../report/log.ts';
import { renderSchedules } from '../report/schedule.ts';

import type { Blockage, RunReport } from '../report/run-report.ts';
import { watchAftermath } from './aftermath.ts';
import type { OpenedStore } from './edges.ts';
import type { Identity } from './gates.ts';
import { closed, openPlan, openState, renderFault, takeLock, toIdentity } from './gates.ts';
import { blocked } from './blocked.ts';
import { flushCheckpoints, restoreCheckpoints } from './checkpoints.ts';
import { closeDeployment } from './closing.ts';
import type { Resuming } from './resuming.ts';
import { judgePredecessor, prepareResume, renderHeadline, toReasons } from './resuming.ts';
import type { Session } from './session.ts';
import { learnSecretsOf, note, say, tell, toReport } from './session.ts';
import { sweepRuns } from './sweep.ts';

/** The report of a run, and what its steps hand to the rest of the job. */
export interface Deployed {
  readonly report: RunReport;
  readonly handover: DeploymentResult['handover'] | undefined;
}

/** Everything of one deployment that is decided by the time its gates are looked at. */
export interface Site {
  readonly plan: Plan;
  readonly identity: Identity;
  readonly stateDir: string;
  readonly opened: OpenedStore;
  readonly processes: Processes;
}

/** Modes `run`, `check` and `plan`: the same way, which the latter two leave before anything changes. */
export async function deploy(session: Session): Promise<Deployed> {
  const { edges, inputs } = session;
  if (edges.context.platform === 'win32') return refuseWindows(session);
  const plan = openPlan(session);
  if (!plan.ok) {
    const category = 'recoverable:configuration';
    return blocked(session, { kind: 'input', category, problems: plan.error }, {});
  }
  learnSecretsOf(session, plan.value);
  const identity = toIdentity(session);
  const writes = inputs.mode === 'run';
  const state = openState(session, identity, writes);
  if (!state.ok) return blocked(session, state.error, { target: identity.target });
  const { place, opened } = state.value;
  const processes = edges.createProcesses(opened.runDirectory, place.dir);
  const site: Site = { plan: plan.value, identity, stateDir: place.dir, opened, processes };
  if (!writes) return await look(session, site);
  const saved = edges.saveHandoff({
    token: edges.token,
    stateDir: place.dir,
    target: identity.target,
    deployment: identity.deployment,
    lock: identity.lock,
    mode: inputs.mode,
    inCache: opened.cache !== undefined,
  });
  if (!saved.ok) return blocked(session, toFileBlockage(saved.error), toKnown(site));
  const lock = await takeLock(session, place.dir, identity, opened.directory);
  if (!lock.ok) return blocked(session, lock.error, toKnown(site));
  try {
    const done = await run(session, site);
    // A command at a terminal is the whole job: nothing after it could fail (contract, section 5).
    if (edges.venue.kind === 'terminal' && done.report.outcome === 'succeeded') {
      await closeDeployment(session, opened);
    }
    return done;
  } finally {
    await flushCheckpoints(session, opened, 'main');
    await lock.value.release();
  }
}

function refuseWindows(session: Session): Deployed {
  const { error } = closed('state', 'recoverable:configuration', {
    message:
      'Windows is not supported: the steps need a POSIX shell, process groups and durable renames.',
    fix: `Run this ${session.edges.venue.kind === 'job' ? 'job ' : ''}on Linux (or macOS).`,
  });
  return blocked(session, error, {});
}

function toKnown({ plan, identity, stateDir }: Site): Partial<RunReport> {
  return { planName: plan.name ?? '', target: identity.target, stateDir };
}

async function run(session: Session, site: Site): Promise<Deployed> {
  const prepared = await prepare(session, site);
  if (!prepared.ok) return blocked(session, prepared.error, toKnown(site));
  const { resuming } = prepared;
  sweepRuns(session, site.opened, resuming.known, resuming.leftovers);
  const checks = await check(session, site, resuming);
  if (decideGate(checks) === 'blocked') {
    const blockage: Blockage = { kind: 'checks', category: 'recoverable:configuration' };
    return blocked(session, blockage, { ...toKnown(site), checks });
  }
  const request: DeploymentRequest = { plan: site.plan, ...resuming };
  const aftermath = watchAftermath(session, site, resuming);
  const world = toWorld(session, site);
  const emit: World['emit'] = (event) => {
    world.emit(event);
    aftermath.on(event);
  };
  const assignment = toAssignment(session, site);
  const result = await runDeployment({ ...world, emit }, assignment, request);
  const looked = await aftermath.look(result, checks);
  return {
    report: { ...toRunReport(session, site, resuming, checks, result), ...looked },
    handover: result.handover,
  };
}

/** Modes `check` and `plan` take no lock and write nothing (E8). */
async function look(session: Session, site: Site): Promise<Deployed> {
  const prepared = await prepare(session, site);
  if (!prepared.ok) return blocked(session, prepared.error, toKnown(site));
  if (session.inputs.mode === 'plan') {
    say(session, ...renderSchedules(site.plan.steps));
    const preview = prepared.resuming.resume.steps.map(({ step: { id, name }, decision }) => {
      return { id, name, action: decision.action, reason: renderReason(decision) };
    });
    const report = toReport(session, { outcome: 'succeeded', ...toKnown(site), preview });
    return { report, handover: undefined };
  }
  const checks = await check(session, site, prepared.resuming);
  const outcome = decideGate(checks) === 'blocked' ? 'failed' : 'succeeded';
  const report = toReport(session, { outcome, ...toKnown(site), checks });
  return { report, handover: undefined };
}

type Prepared =
  | { readonly ok: true; readonly resuming: Resuming }
  | { readonly ok: false; readonly error: Blockage };

async function prepare(session: Session, site: Site): Promise<Prepared> {
  const prepared = await settleHostFailure(() => prepareOnHost(session, site));
  return prepared.ok ? prepared.value : failure(toFileBlockage(prepared.error));
}

/** A gate that a fault of the host has closed. */
function toFileBlockage(fault: StateFault): Blockage {
  const fix = 'Mend what the host refuses there: room, limits or rights. Then re-run the job.';
  return {
    kind: 'state',
    category: 'fatal:state',
    reasons: [{ message: `${renderFault(fault)}.`, fix }],
  };
}

async function prepareOnHost(session: Session, site: Site): Promise<Prepared> {
  const { edges, inputs, printer } = session;
  const { plan, identity, opened, processes, stateDir } = site;
  const doubt = await restoreCheckpoints(session, opened);
  const resuming = await prepareResume(session, plan, opened, processes, doubt);
  if (!resuming.ok) return resuming;
  const { known, resume } = resuming.value;
  const open = (runDirectory: string): Processes => edges.createProcesses(runDirectory, stateDir);
  const predecessor = await judgePredecessor(session, stateDir, identity, known, open);
  if (!predecessor.ok) return predecessor;
  const { runAttempt } = edges.context;
  printer.print(
    renderResumePlan(
      resume,
      renderHeadline(resume, identity.deploymentId, runAttempt, edges.venue),
    ),
  );
  if (runAttempt > 1 && resume.fresh === 'first-run' && inputs.resume === 'auto') {
    const where = opened.cache === undefined ? stateDir : 'the Actions cache';
    const message = `This is run attempt ${runAttempt}, but nothing is recorded in ${where}: another host of the pool, or expired? It starts at the first step.`;
    note(session, 'warning', 'Nothing to resume from', message);
  }
  if (resume.obstacles.length > 0) {
    const reasons = toReasons(resume.obstacles, identity, edges.venue);
    return { ok: false, error: { kind: 'resume', category: 'fatal:state', reasons } };
  }
  return { ok: true, resuming: resuming.value };
}

async function check(
  session: Session,
  site: Site,
  { resume }: Resuming,
): Promise<readonly Finding[]> {
  const { edges, inputs } = session;
  const { plan } = site;
  const nothingToRun = resume.steps.every(({ decision }) => decision.action === 'skip');
  if (plan.checks.length === 0 || (nothingToRun && inputs.mode === 'run')) return [];
  const findings = await edges.runChecks(plan.checks, {
    fresh: resume.steps.every(({ decision }) => decision.action !== 'skip'),
    cancel: edges.stops.cancel,
    env: toBaseEnvironment(edges.env),
    shell: inputs.shell,
    workingDirectory: inputs.workingDirectory,
  });
  const shown = findings.map((finding) => redactFinding(session, finding));
  session.printer.print(renderFindings(shown));
  return shown;
}

function redactFinding({ redactor }: Session, finding: Finding): Finding {
  const { name, found, wanted, remedy, reason } = finding;
  return {
    ...finding,
    name: redactor.redact(name),
    found: redactor.redact(found),
    wanted: redactor.redact(wanted),
    ...(remedy === undefined ? {} : { remedy: redactor.redact(remedy) }),
    ...(reason === undefined ? {} : { reason: redactor.redact(reason) }),
  };
}

export function toWorld(
  session: Session,
  site: Pick<Site, 'opened' | 'processes' | 'plan'>,
): World {
  const { edges, printer, redactor } = session;
  return {
    clock: edges.clock,
    random: edges.random,
    store: site.opened.store,
    processes: site.processes,
    redaction: session.redaction,
    stops: edges.stops,
    emit: (event) => {
      tell(session, event);
    },
    output: (unit) => printer.output(unit),
    ...diagnoseLate({
      redact: (text) => redactor.redact(text),
      workspace: edges.context.workspace,
      scriptPath: (unit, shell) => edges.scriptPathOf(site.opened.runDirectory, unit, shell),
      steps: [...site.plan.steps, ...site.plan.finally],
      readSource: edges.readSource,
      fileExists: edges.fileExists,
    }),
  };
}

/** The rules for failures are the largest part of all this: only a run in which something fails loads them. */
function diagnoseLate(facts: DiagnosisFacts): Pick<World, 'diagnose' | 'refute'> {
  let loading: Promise<Diagnosis> | undefined;
  const load = (): Promise<Diagnosis> =>
    (loading ??= import('../failure/diagnose.ts').then(({ createDiagnosis }) =>
      createDiagnosis(facts),
    ));
  return {
    diagnose: async (ending) => (await load()).diagnose(ending),
    refute: async (command, problem) => (await load()).refute(command, problem),
  };
}

export function toAssignment(session: Session, site: Site): Assignment {
  const { edges, inputs, redactor } = session;
  const { runId, runAttempt, host, bootId, actor } = edges.context;
  const { plan, identity, opened } = site;
  return {
    target: identity.parts,
    deploymentId: identity.deploymentId,
    lock: identity.lock,
    mode: inputs.mode,
    actor,
    run: { run_id: runId, run_attempt: runAttempt, host, boot_id: bootId },
    planSource: plan.file ?? 'inline steps',
    steps: plan.steps.map(({ id, name }) => ({ id, name: redactor.redact(name) })),
    policy: inputs.policy,
    diagnostics: inputs.diagnostics,
    graceMs: inputs.gracePeriodMs,
    baseEnv: toBaseEnvironment(edges.env),
    stateDirectory: opened.directory,
    shell: inputs.shell,
    workingDirectory: inputs.workingDirectory,
    timeoutMs: inputs.timeoutMs,
    retry: inputs.retry,
    holdsSecret: (text) => redactor.redact(text) !== text,
  };
}

function toRunReport(
  session: Session,
  site: Site,
  { resume }: Resuming,
  checks: readonly Finding[],
  result: DeploymentResult,
): RunReport {
  const { collected } = session.collector;
  const decisions = new Map(resume.steps.map(({ step, decision }) => [step.id, decision] as const));
  return toReport(session, {
    ...toKnown(site),
    outcome: result.outcome,
    deploymentId: site.identity.deploymentId,
    resumed:
      resume.fresh === undefined && resume.steps.some(({ decision }) => decision.action !== 'run'),
    steps: [
      ...result.steps.map((entry) =>
        toStepReport(entry, collected, false, renderSpecialReason(decisions.get(entry.step.id))),
      ),
      ...result.finally.map((entry) => toStepReport(entry, collected, true)),
    ],
    failure: result.failure,
    failedStep: result.failure?.step ?? '',
    rollback: result.rollback,
    checks,
  });
}

/** Why a step was to run, unless it is simply its turn. */
function renderSpecialReason(decision: Decision | undefined): string {
  if (decision === undefined || decision.action === 'skip') return '';
  const ordinary =
    decision.action === 'run' && ['not-done', 'no-checkpoint'].includes(decision.reason.kind);
  return ordinary ? '' : renderReason(decision);
}
