import { byteLength, cutToBytes } from '../bounds.ts';
import { closeMarkdown } from '../foreign-markdown.ts';
import { code, stack, text } from '../markdown.ts';
import type { RunReport, StepSummary } from '../run-report.ts';
import { renderTimeline } from '../timeline.ts';
import { renderDiagnostics, renderFailure, renderTolerated } from './failure.ts';
import { renderChecks, renderPreview, renderProblems } from './gates.ts';
import { renderHead, toCauseNote } from './head.ts';
import { renderHost, renderRecheck } from './host.ts';
import { renderRollback } from './rollback.ts';
import type { Room } from './room.ts';
import { ROOMS } from './room.ts';
import { renderSteps } from './steps.ts';

/** Well under the runner's limit of 1 MiB, over which it shows nothing. Bytes, as the runner counts. */
export const MOST_SUMMARY_BYTES = 900 * 1024;

/**
 * The job summary as Markdown: in ten seconds how it ended and what to do, then in depth. What does not
 * fit is shortened in the order that `ROOMS` says.
 */
export function renderSummary(report: RunReport): string {
  for (const room of ROOMS) {
    const summary = `${renderWithin(report, room)}\n`;
    if (byteLength(summary) <= MOST_SUMMARY_BYTES) return summary;
  }
  return `${renderHead(report)}\n`;
}

function renderWithin(report: RunReport, room: Room): string {
  return stack([
    renderHead(report),
    renderProblems(report, room),
    renderSteps(report, room),
    renderPreview(report, room),
    renderNotes(report),
    renderTolerated(report, room),
    renderFailure(report, room),
    renderRollback(report, room),
    renderChecks(report, room),
    renderHost(report.host),
    renderRecheck(report.recheck),
    renderTimeline(report.timeline),
    renderDiagnostics(report.diagnostics, room),
    renderOwnSummaries(report.summaries, room),
  ]);
}

const MOST_NOTES = 20;

/** What a person should know besides: what limits a resume, what helped. */
function renderNotes(report: RunReport): string {
  const { remedies, withheld, steps } = report;
  const notes = report.notes.filter((note) => note !== toCauseNote(report));
  const done = new Set(steps.filter(({ result }) => result === 'succeeded').map(({ id }) => id));
  const lines = [
    ...remedies
      .filter(({ step, ok }) => ok && done.has(step))
      .map(
        ({ step, remedy }) =>
          `🔧 The remedy for ${code(remedy)} worked: ${code(step)} succeeded after it.`,
      ),
    ...withheld.map(
      ({ step, values }) =>
        `🔒 ${text(values.join(', '), 300)} of ${code(step)} contains a secret and is not stored: on a resume the step runs again.`,
    ),
    ...notes.map(
      ({ level, message }) => `${level === 'warning' ? '⚠️' : 'ℹ️'} ${text(message, 1_000)}`,
    ),
  ];
  return stack(lines.slice(0, MOST_NOTES));
}

/** What the steps wrote themselves, as they wrote it; at the very end, with what they left open closed. */
function renderOwnSummaries(summaries: readonly StepSummary[], { summaryBytes }: Room): string {
  if (summaries.length === 0) return '';
  const total = summaries.reduce((sum, { markdown }) => sum + byteLength(markdown), 0);
  const most = total <= summaryBytes ? summaryBytes : Math.floor(summaryBytes / summaries.length);
  return stack(
    summaries.map(({ step, attempt, markdown }) => {
      const again = attempt > 1 ? `, attempt ${attempt}` : '';
      const shown = closeMarkdown(cutToBytes(markdown.trim(), most));
      return `### From ${code(step)}${again}\n\n${shown}`;
    }),
  );
}
