import type { Problem } from '../inputs/problem.ts';
import { renderProblemPlace } from '../report/findings.ts';
import type { Blockage, RunReport } from '../report/run-report.ts';
import type { Venue } from '../report/venue.ts';
import { renderInputName } from '../report/venue.ts';
import type { Deployed } from './deploy.ts';
import type { Session } from './session.ts';
import { say, toReport } from './session.ts';

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

function renderPlace(problem: Problem, venue: Venue): string {
  return venue.kind === 'terminal' && 'input' in problem.at
    ? renderInputName(venue, problem.at.input)
    : renderProblemPlace(problem);
}

function sayProblems({ printer, edges }: Session, problems: readonly Problem[]): void {
  printer.print(
    problems.map((problem) => ({
      kind: 'line',
      text: `[ERROR] ${renderPlace(problem, edges.venue)}: ${problem.message}`,
    })),
  );
}
