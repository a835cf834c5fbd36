import type { Problem } from '../inputs/problem.ts';
import { renderCommand } from '../report/commands.ts';
import type { Blockage, RunReport } from '../report/run-report.ts';
import type { Deployed } from './deploy.ts';
import type { Session } from './session.ts';
import { say, toReport } from './session.ts';

/** The runner shows no more than this many errors of a step. */
const MOST_ANNOTATIONS = 10;

/** The end of a run that started nothing: says all of why, and what to do. */
export function blocked(session: Session, blockage: Blockage, known: Partial<RunReport>): Deployed {
  switch (blockage.kind) {
    case 'input':
      sayProblems(session, blockage.problems);
      break;
    case 'state':
    case 'lock':
    case 'resume':
      for (const { message, fix } of blockage.reasons) {
        say(session, `[ERROR] ${message}`, `        ${fix}`);
      }
      break;
    case 'checks':
      break;
  }
  const outcome = session.edges.stops.cancel.requested ? 'cancelled' : 'blocked';
  return { report: toReport(session, { ...known, outcome, blockage }), handover: undefined };
}

function sayProblems({ printer, redactor }: Session, problems: readonly Problem[]): void {
  const shown = problems.map((problem) => ({
    ...problem,
    message: redactor.redact(problem.message),
  }));
  printer.print(
    shown.map((problem) => ({
      kind: 'line',
      text: `[ERROR] ${renderPlace(problem)}: ${problem.message}`,
    })),
  );
  for (const problem of shown.slice(0, MOST_ANNOTATIONS))
    printer.command(renderAnnotation(problem));
}

export function renderPlace({ at }: Problem): string {
  if ('input' in at) return `input ${at.input}`;
  if ('path' in at) return at.path;
  return `${at.file}:${at.line}:${at.column}`;
}

function renderAnnotation(problem: Problem): string {
  const { at, message } = problem;
  const title = 'preflight: the plan cannot be run';
  if ('line' in at) {
    const { file, line, column } = at;
    return renderCommand('error', message, {
      file,
      line: String(line),
      col: String(column),
      title,
    });
  }
  return renderCommand('error', `${renderPlace(problem)}: ${message}`, { title });
}
