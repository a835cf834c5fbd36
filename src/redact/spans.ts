/** What stands in the place of a secret. */
export const PLACEHOLDER = '[REDACTED]';

/** A stretch of the original text that must not be shown; end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sorted by start, overlapping and touching spans joined: every stretch is replaced once. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  if (spans.length < 2) return spans;
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.end - b.end);
  const merged: { start: number; end: number }[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ start: span.start, end: span.end });
  }
  return merged;
}
