import type { Problem } from '../inputs/problem.ts';
import type { Outcome } from '../engine/outcome.ts';
import { RESERVED_OUTPUTS } from '../inputs/contract.ts';
import { renderCommand } from '../report/commands.ts';
import { renderFailureBlock, toFailureAnnotation } from '../report/failure-block.ts';
import { renderResult, toJsonReport } from '../report/json.ts';
import { renderLastLine, toNextAction } from '../report/next-action.ts';
import { toOutputs } from '../report/outputs.ts';
import type { RunReport } from '../report/run-report.ts';
import { renderSummary } from '../report/summary.ts';
import { blocked } from './blocked.ts';
import type { Deployed } from './deploy.ts';
import type { Edges } from './edges.ts';
import { openSession, say } from './session.ts';
import type { Session } from './session.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/parse.ts';

/** Writes what people see at the end, and what the rest of the job gets. */
export async function publish(session: Session, { report, handover }: Deployed): Promise<void> {
  const { edges, printer } = session;
  if (report.failure !== undefined) {
    say(session, ...renderFailureBlock(report.failure, toNextAction(report)));
    printer.command(toFailureAnnotation(report.failure));
  } else if (report.outcome !== 'succeeded' && report.blockage?.kind !== 'input') {
    const title = `preflight: ${report.outcome}`;
    printer.command(renderCommand('error', toNextAction(report), { title }));
  }
  const outputs = mergeOutputs(session, report, handover?.outputs);
  say(session, renderLastLine(report));
  printer.end();
  const shown =
    session.inputs.summary === 'always' ||
    (session.inputs.summary === 'on-failure' && report.outcome !== 'succeeded');
  await edges.publish({
    report: toJsonReport(report),
    outputs,
    env: handover?.env ?? new Map(),
    path: handover?.path ?? [],
    summary: shown ? renderSummary(report, toNextAction(report)) : '',
  });
  edges.markFinished(report.outcome);
}

/** The steps' outputs under their own names; ours are reserved. */
function mergeOutputs(
  session: Session,
  report: RunReport,
  steps: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const merged = new Map<string, string>();
  for (const [name, value] of steps ?? []) {
    if (RESERVED_OUTPUTS.has(name.toLowerCase())) {
      say(session, `[WARN] a step wrote the output ${name}, which is this action's own: dropped`);
    } else {
      merged.set(name, value);
    }
  }
  for (const [name, value] of toOutputs(report)) merged.set(name, value);
  merged.set('result', renderResult(report));
  return merged;
}

/** The inputs themselves are wrong: nothing else is known, but what is secret stays so. */
export async function refuseInputs(edges: Edges, problems: readonly Problem[]): Promise<Outcome> {
  const session = openSession(edges, toFallback(edges.rawInputs));
  const category = 'recoverable:configuration';
  const done = blocked(session, { kind: 'input', category, problems }, {});
  await publish(session, done);
  return done.report.outcome;
}

function toFallback({ secrets }: Edges['rawInputs']): Inputs {
  const inputs = parseInputs(secrets === undefined ? {} : { secrets });
  const defaults = inputs.ok ? inputs : parseInputs({});
  if (!defaults.ok) throw new Error('the defaults of the inputs are not valid');
  return defaults.value;
}
