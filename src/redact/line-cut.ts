import type { Span } from './spans.ts';

/** What keeps a line from being shown. */
export interface Undecided {
  readonly spans: readonly Span[];
  /** Position of the first thing that needs more text; infinite when there is none. */
  readonly open: number;
}

/** Position after the last line break before `length`; 0 when there is none. */
export function lastLineEnd(text: string, length: number): number {
  const feed = text.lastIndexOf('\n', length - 1) + 1;
  return feed + text.slice(feed, length).lastIndexOf('\r') + 1;
}

/** The last line end with nothing undecided before it. */
export function toLineCut(text: string, complete: number, judged: Undecided): number {
  let cut = complete;
  for (;;) {
    const before = cut;
    if (judged.open < cut) cut = lineStart(text, judged.open);
    const at = cut;
    const across = judged.spans.find((span) => span.start < at && span.end > at);
    if (across !== undefined) cut = lineStart(text, across.start);
    while (cut > 0 && isJoined(text, cut)) cut = lineStart(text, cut - 1);
    if (cut === before) return cut;
  }
}

/** Whether the line that ends before `cut` goes on in the next one by a backslash. */
function isJoined(text: string, cut: number): boolean {
  let end = cut - 1;
  if (text[end] === '\n' && text[end - 1] === '\r') end--;
  return text[end - 1] === '\\' && isBreak(text.charCodeAt(end));
}

function lineStart(text: string, at: number): number {
  let start = at;
  if (
    start > 0 &&
    isBreak(text.charCodeAt(start)) &&
    text[start] === '\n' &&
    text[start - 1] === '\r'
  )
    start--;
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--;
  return start;
}

/** End of the word that a cut went through. */
export function endOfSecret(text: string, from: number): number {
  let end = from;
  while (end < text.length && !/[\s"'`<>]/.test(text[end] ?? '')) end++;
  return end;
}

export function isWhole(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (isBreak(text.charCodeAt(i))) return false;
  return true;
}

export function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}
