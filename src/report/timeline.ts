import { renderDuration } from '../inputs/duration.ts';
import { shorten } from './bounds.ts';
import type { TimelineEntry } from './run-report.ts';
import { toVisibleLine } from './visible.ts';

/** A longer picture is not looked at. */
const MOST_BARS = 60;
const LONGEST_NAME = 30;
/** Pixels for the names beside the bars. */
const LEFT_PADDING = 160;

type Bar = TimelineEntry & { readonly kind: keyof typeof LABELS };

/** What is drawn; probes and diagnostics are details. */
const LABELS = {
  attempt: 'attempt',
  wait: 'wait',
  remedy: 'remedy',
  undo: 'rollback',
  rollback: 'rollback command',
  finally: 'finally',
} as const;

/**
 * Steps, attempts, waits, remedies and rollback over time, as a Mermaid diagram; empty when the table
 * of steps says as much: fewer than two bars, or one attempt of each step and nothing else.
 */
export function renderTimeline(timeline: readonly TimelineEntry[]): string {
  const bars = timeline.filter(isBar).toSorted((a, b) => a.startedAt - b.startedAt);
  if (bars.length < 2 || bars.every(isPlain)) return '';
  const chosen = choose(bars);
  const start = Math.min(...chosen.map(({ startedAt }) => startedAt));
  const end = Math.max(...chosen.map(({ endedAt }) => endedAt));
  // A bar of no length would not be seen.
  const shortest = Math.max(1, Math.round((end - start) / 250));
  const lines = [
    `%%{init: {"gantt": {"leftPadding": ${LEFT_PADDING}}}}%%`,
    'gantt',
    '  dateFormat x',
    `  axisFormat ${end - start < 10 * 60_000 ? '%H:%M:%S' : '%H:%M'}`,
  ];
  for (const step of new Set(chosen.map((bar) => bar.step))) {
    const group = chosen.filter((bar) => bar.step === step);
    lines.push(`  section ${toName(group[0]?.name ?? '') || toName(step) || 'step'}`);
    for (const bar of group) lines.push(`  ${renderBar(bar, shortest)}`);
  }
  const omitted = bars.length - chosen.length;
  const note = omitted === 0 ? '' : `\n\n${omitted} shorter ones are left out.`;
  return `### Timeline\n\n\`\`\`mermaid\n${lines.join('\n')}\n\`\`\`${note}`;
}

function isBar(entry: TimelineEntry): entry is Bar {
  return Object.hasOwn(LABELS, entry.kind);
}

function isPlain({ kind, attempt, ok }: Bar): boolean {
  return (kind === 'attempt' || kind === 'finally') && attempt === 1 && ok;
}

/** Not more than are looked at: first what is not plain, then what took long. */
function choose(bars: readonly Bar[]): readonly Bar[] {
  if (bars.length <= MOST_BARS) return bars;
  const weight = (bar: Bar): number =>
    (isPlain(bar) ? 0 : Number.MAX_SAFE_INTEGER / 2) + (bar.endedAt - bar.startedAt);
  const kept = new Set(bars.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_BARS));
  return bars.filter((bar) => kept.has(bar));
}

function renderBar({ kind, attempt, startedAt, endedAt, ok }: Bar, shortest: number): string {
  const duration = renderDuration(endedAt - startedAt);
  const count = kind === 'attempt' || (kind === 'undo' && attempt > 1) ? ` ${attempt}` : '';
  // Mermaid's `active` is not legible beside a small bar in dark.
  const tag = ok ? (kind === 'attempt' ? '' : 'done, ') : 'crit, ';
  const end = Math.max(endedAt, startedAt + shortest);
  return `${LABELS[kind]}${count} (${duration}) :${tag}${startedAt}, ${end}`;
}

/** Letters, digits and a few harmless signs: nothing that Mermaid, or the code block, could take for its own. */
function toName(name: string): string {
  const harmless = toVisibleLine(name)
    .replace(/[^\p{L}\p{M}\p{N} _.()/-]+/gu, ' ')
    .replace(/ +/gu, ' ')
    .trim();
  return shorten(harmless, LONGEST_NAME);
}
