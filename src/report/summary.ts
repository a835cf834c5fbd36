import { renderDuration } from '../inputs/duration.ts';
import { renderExit } from './log.ts';
import type { RunReport, StepReport } from './run-report.ts';

/** Well under the runner's limit of 1 MiB, over which it shows nothing. */
const MOST_BYTES = 900 * 1024;

const ICONS: Readonly<Record<StepReport['result'], string>> = {
  succeeded: '✅ succeeded',
  skipped: '⏭️ skipped',
  declared: '⏭️ nothing to do',
  failed: '❌ failed',
  tolerated: '⚠️ failed, tolerated',
  cancelled: '🛑 cancelled',
  'in-doubt': '❓ in doubt',
  'not-reached': '▫️ not reached',
};

/** The job summary as Markdown. */
export function renderSummary(report: RunReport, nextAction: string): string {
  const parts = [
    `## ${escapeMarkdown(report.planName === '' ? 'Deployment' : report.planName)}: ${report.outcome}`,
    escapeMarkdown(nextAction),
    renderSteps(report),
    ...renderFailure(report),
    ...report.notes.map(({ message }) => `> ${escapeMarkdown(message)}`),
    ...report.summaries.map(({ markdown }) => markdown),
  ];
  return cut(parts.filter((part) => part !== '').join('\n\n'));
}

function renderSteps({ steps }: RunReport): string {
  if (steps.length === 0) return '';
  const rows = steps.map((step) => {
    const time = step.durationMs === undefined ? '' : renderDuration(step.durationMs);
    const cells = [step.id, ICONS[step.result], String(step.attempts), time, step.reason];
    return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  });
  return [
    '| Step | Result | Attempts | Time | Why |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}

function renderFailure({ failure }: RunReport): readonly string[] {
  if (failure === undefined) return [];
  const at = failure.place === undefined ? '' : ` at ${failure.place.file}:${failure.place.line}`;
  return [
    `### ${escapeMarkdown(`${failure.step} failed ${renderExit(failure)}${at}`)}`,
    escapeMarkdown(`${failure.category}: ${failure.advice.meaning}`),
    failure.evidence === '' ? '' : escapeMarkdown(failure.evidence),
  ];
}

/** Text that means nothing to Markdown, HTML or a table. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\r\n]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]{}()#+!|~$@]/gu, (char) => `&#${char.charCodeAt(0)};`);
}

function cut(markdown: string): string {
  if (new TextEncoder().encode(markdown).length <= MOST_BYTES) return markdown;
  return `${markdown.slice(0, MOST_BYTES / 4)}\n\n… shortened`;
}
