import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edges, Handoff, Published } from '../../app/edges.ts';
import { COLOUR_END, createPaint, renderFaint } from '../../cli/paint.ts';
import { createProgress } from '../../cli/progress.ts';
import { renderAtTerminal } from '../../cli/tell.ts';
import type { EngineEvent } from '../../engine/events.ts';
import type { Stops } from '../../ports.ts';
import { success } from '../../result.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { JsonReport } from '../../report/json-shape.ts';
import { createPrinter } from '../../report/printer.ts';
import type { Printer } from '../../report/printer.ts';
import type { Venue } from '../../report/venue.ts';
import { toDeploymentName } from '../../state/identity.ts';
import { createEdges, DEFAULT_STATE_DIR } from '../edges.ts';
import { readPlan } from '../plan-files.ts';
import { isSystemError } from '../system-error.ts';
import type { Place } from './place.ts';
import type { Screen } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a command at a terminal is carried out with. */
export interface TerminalRequest {
  readonly env: Env;
  /** The directory of the file that was started. */
  readonly home: string;
  readonly place: Place;
  readonly stops: Stops;
  readonly screen: Screen;
  readonly venue: Venue;
  readonly inputs: Readonly<Record<string, string>>;
}

/** The world as a terminal gives it, and what a run has left in it. */
export interface TerminalEdges {
  readonly edges: Edges;
  readonly handoff: () => Handoff | undefined;
  readonly report: () => JsonReport | undefined;
}

const NOTHING_MISSING = { needed: [], niceToHave: [] };
const NO_PLAN = 'Start this in the directory of the plan, or name the plan behind the command.';

/** The same edges as under the runner, but for who says what, and what is left to whom. */
export function createTerminalEdges(request: TerminalRequest): TerminalEdges {
  const { env, home, place, stops, screen, venue, inputs } = request;
  const { isCheckout } = place;
  const log = { write: screen.write, isBehind: screen.isBehind };
  const base = createEdges({ env: place.env, stops, log, home, isCheckout });
  let handoff: Handoff | undefined;
  let report: JsonReport | undefined;
  return {
    handoff: () => handoff,
    report: () => report,
    edges: {
      ...base,
      // The steps get what was there, not what we made of it.
      env,
      venue,
      rawInputs: inputs,
      openPrinter: (redactor) => openPrinter(base, screen, redactor),
      readPlan: (path) => readPlan(place.workspace, path, NO_PLAN),
      chooseState: (asked) => {
        const chosen = base.chooseState(asked);
        // A host that was never provisioned, a laptop say, is not told so on every run.
        if (!chosen.ok || existsSync(DEFAULT_STATE_DIR)) return chosen;
        return { ...chosen, value: { ...chosen.value, notes: [] } };
      },
      saveHandoff: (left) => {
        handoff = left;
        return success(undefined);
      },
      markFinished: () => success(undefined),
      publish: async (published) => {
        report = published.report;
        const inJob = hasFiles(env) ? await base.publish(published) : NOTHING_MISSING;
        const reportFile = saveReport(published);
        return { ...inJob, ...(reportFile === undefined ? {} : { reportFile }) };
      },
    },
  };
}

function openPrinter(base: Edges, screen: Screen, redactor: Redactor): Printer {
  const { clock } = base;
  const { colour, unicode } = screen;
  const printer = createPrinter({
    write: screen.write,
    redactor,
    clock,
    groups: { open: (title) => `${title}\n`, close: '' },
    plain: {
      paint: createPaint(colour),
      prefix: renderFaint(unicode ? '  │ ' : '  | ', colour),
      after: screen.isLive ? COLOUR_END : '',
      showsLife: screen.isLive,
    },
  });
  const progress = createProgress((text) => redactor.redact(text));
  const startedAt = new Map<string, number>();
  screen.follow((columns) => progress.render(clock.monotonic(), columns));
  return {
    ...printer,
    tell: (event) => {
      const now = clock.monotonic();
      progress.on(event, now);
      printer.print(renderAtTerminal(event, takeTime(startedAt, event, now)));
    },
  };
}

/** How long what an event ends took, all its attempts together. */
function takeTime(
  startedAt: Map<string, number>,
  event: EngineEvent,
  now: number,
): number | undefined {
  if (event.type === 'attempt-started') {
    if (event.role === 'probe') return undefined;
    const key = `${event.role === 'undo' ? 'undo' : 'step'} ${event.step.id}`;
    if (!startedAt.has(key)) startedAt.set(key, now);
    return undefined;
  }
  const isUndo = event.type === 'undo-ended';
  if (!isUndo && event.type !== 'step-completed' && event.type !== 'step-failed') return undefined;
  const since = startedAt.get(`${isUndo ? 'undo' : 'step'} ${event.step.id}`);
  return since === undefined ? undefined : now - since;
}

/** Somebody uses the command in a step of a workflow: then the rest of the job gets what the steps wrote. */
function hasFiles(env: Env): boolean {
  return ['OUTPUT', 'ENV', 'PATH', 'STEP_SUMMARY'].some(
    (name) => (env[`GITHUB_${name}`] ?? '') !== '',
  );
}

/** Beside the records, where they are: only what has changed something has one. */
function saveReport({ report }: Published): string | undefined {
  const { mode, state_dir: stateDir, target, deployment_id: deploymentId } = report;
  if ((mode !== 'run' && mode !== 'rollback') || stateDir === '' || target === '') return undefined;
  const directory = join(stateDir, target, toDeploymentName(deploymentId));
  const path = join(directory, 'report.json');
  try {
    // Nothing was recorded: then there is no place for it.
    if (!existsSync(directory)) return undefined;
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
    return path;
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
