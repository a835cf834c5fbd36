/** Lines of a source file around the one that failed. */
export interface Excerpt {
  /** Number of the first line shown. */
  readonly first: number;
  readonly lines: readonly string[];
  /** Number of the line that failed. */
  readonly failing: number;
}

const MAX_LINE_LENGTH = 240;

/** The lines around `line` (from 1); undefined when the text has no such line: the file has changed. */
export function toExcerpt(text: string, line: number, context = 3): Excerpt | undefined {
  if (!Number.isInteger(line) || line < 1) {
    return undefined;
  }
  const first = Math.max(1, line - context);
  const lines: string[] = [];
  let start = 0;
  for (let number = 1; number <= line + context; number += 1) {
    const end = text.indexOf('\n', start);
    const last = end === -1;
    if (last && start === text.length) {
      break;
    }
    if (number >= first) {
      lines.push(shorten(text.slice(start, last ? text.length : end)));
    }
    if (last) {
      break;
    }
    start = end + 1;
  }
  return lines.length > line - first ? { first, lines, failing: line } : undefined;
}

/** Cuts a long line without splitting a character. */
function shorten(raw: string): string {
  const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (line.length <= MAX_LINE_LENGTH) {
    return line;
  }
  const cut = line.slice(0, MAX_LINE_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut}…`;
}
