import type { Problem } from '../inputs/problem.ts';
import type { Outcome } from '../engine/outcome.ts';
import { RESERVED_OUTPUTS } from '../inputs/contract.ts';
import { renderAnnotation, toAnnotations } from '../report/annotations.ts';
import { renderFailureBlock } from '../report/failure-block.ts';
import { renderResult, toJsonReport } from '../report/json.ts';
import { mapTexts } from '../report/map-texts.ts';
import { renderLastLine } from '../report/next-action.ts';
import { toOutputs } from '../report/outputs.ts';
import type { RunReport } from '../report/run-report.ts';
import { renderTerminalEnd } from '../report/terminal-end.ts';
import { renderSummary } from '../report/summary/summary.ts';
import { blocked } from './blocked.ts';
import type { StateFault } from '../ports.ts';
import { renderCommand } from '../report/commands.ts';
import type { Deployed } from './deploy.ts';
import { renderFault } from './gates.ts';
import type { Edges } from './edges.ts';
import { openSession, say } from './session.ts';
import type { Session } from './session.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/parse.ts';

/** Writes what people see at the end, and what the rest of the job gets. */
export async function publish(session: Session, done: Deployed): Promise<Outcome> {
  const { edges, printer, inputs, redactor } = session;
  const { handover } = done;
  // Most of it is redacted already; what is not (names from the plan, say) must not depend on who wrote it.
  const report = mapTexts(done.report, (text) => redactor.redact(text), OUR_WORDS);
  const isJob = edges.venue.kind === 'job';
  if (isJob) say(session, ...renderFailureBlock(report));
  for (const annotation of toAnnotations(report)) printer.command(renderAnnotation(annotation));
  const outputs = mergeOutputs(session, done.report, report, handover?.outputs);
  if (isJob) say(session, renderLastLine(report));
  printer.end();
  const shown =
    inputs.summary === 'always' ||
    (inputs.summary === 'on-failure' && report.outcome !== 'succeeded');
  const { reportFile, needed, niceToHave } = await edges.publish({
    report: toJsonReport(report),
    outputs,
    env: handover?.env ?? new Map(),
    path: handover?.path ?? [],
    summary: shown ? renderSummary(report) : '',
  });
  if (!isJob) say(session, ...renderTerminalEnd(report, reportFile));
  const finished = edges.markFinished(report.outcome);
  const missing = finished.ok ? needed : [...needed, finished.error];
  for (const fault of niceToHave) sayUnpublished(session, 'warning', fault);
  for (const fault of missing) sayUnpublished(session, 'error', fault);
  return missing.length > 0 && report.outcome === 'succeeded' ? 'failed' : report.outcome;
}

const LEVELS = { warning: 'WARN', error: 'ERROR' } as const;

/** The rest of the job would go on without what it relies on: that is no success, though the steps are done. */
function sayUnpublished(session: Session, level: keyof typeof LEVELS, fault: StateFault): void {
  const { edges, printer, redactor } = session;
  const what =
    level === 'error'
      ? 'The rest of the job does not get what this step hands on. What is complete stays so: mend the cause and re-run the job, and it is handed on again.'
      : 'Nothing else is lost.';
  const message = redactor.redact(`${renderFault(fault)}. ${what}`);
  // A terminal shows no annotations.
  if (edges.venue.kind === 'terminal') say(session, `[${LEVELS[level]}] ${message}`);
  else printer.command(renderCommand(level, message, { title: 'preflight: not handed on' }));
}

/** Words of ours, on which decisions are made: somebody's secret may be one of them. */
const OUR_WORDS: ReadonlySet<string> = new Set(
  'outcome mode kind category result status level action rule signal'.split(' '),
);

/** The steps' outputs under their own names; ours are reserved. Those are whole, what is made for reading is redacted. */
function mergeOutputs(
  session: Session,
  report: RunReport,
  shown: RunReport,
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
  merged.set('result', renderResult(shown));
  return merged;
}

/** The inputs themselves are wrong: nothing else is known, but what is secret stays so. */
export async function refuseInputs(edges: Edges, problems: readonly Problem[]): Promise<Outcome> {
  const session = openSession(edges, toFallback(edges.rawInputs));
  const category = 'recoverable:configuration';
  const done = blocked(session, { kind: 'input', category, problems }, {});
  return await publish(session, done);
}

function toFallback({ secrets }: Edges['rawInputs']): Inputs {
  const inputs = parseInputs(secrets === undefined ? {} : { secrets });
  const defaults = inputs.ok ? inputs : parseInputs({});
  if (!defaults.ok) throw new Error('the defaults of the inputs are not valid');
  return defaults.value;
}
