import type { Insert } from './escapes.ts';
import { PLACEHOLDER, type Span } from './spans.ts';

/** Puts the placeholder for every span of `[from, to)` and the escape sequences back where they were. */
export function render(
  text: string,
  from: number,
  to: number,
  spans: readonly Span[],
  inserts: readonly Insert[],
  last: boolean,
): string {
  let out = '';
  let at = from;
  let next = 0;
  while (next < inserts.length && (inserts[next]?.at ?? 0) < from) next++;
  const plain = (end: number): void => {
    for (
      let insert = inserts[next];
      insert !== undefined && insert.at < end;
      insert = inserts[next]
    ) {
      out += text.slice(at, insert.at) + insert.text;
      at = insert.at;
      next++;
    }
    out += text.slice(at, end);
    at = end;
  };
  for (const span of spans) {
    if (span.end <= from) continue;
    if (span.start >= to) break;
    plain(Math.max(span.start, from));
    out += PLACEHOLDER;
    at = Math.min(span.end, to);
    for (
      let insert = inserts[next];
      insert !== undefined && insert.at < at;
      insert = inserts[next]
    ) {
      out += insert.text;
      next++;
    }
  }
  plain(to);
  if (last) for (const insert of inserts.slice(next)) out += insert.text;
  return out;
}
