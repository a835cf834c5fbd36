/**
 * The only place where foreign text becomes Markdown. What comes from a process, a plan or an input must
 * stay what it is: no element, no link, no mention, no reference, no emoji code, no end of a table cell
 * or code block.
 */
import { shorten } from './bounds.ts';
import { toVisibleLine, toVisibleLines } from './visible.ts';

/** Longest text inside of a line. */
const LONGEST_INLINE = 600;
/** Longest line of a block. */
const LONGEST_LINE = 2_000;

/** Code and URLs in a sentence; both are shown as code. */
const QUOTED = /`[^`]+`|\b(?:https?|ftp):\/\/[^\s<>"'`|]+/giu;
const URL = /\b(?:https?|ftp):\/\/[^\s<>"'`|]+/giu;

/** Foreign text in a sentence. URLs in it become code: nothing is linked that we did not link. */
export function text(foreign: string, most = LONGEST_INLINE): string {
  return toSentence(foreign, most, URL);
}

/** Advice, in which a colleague's `commands` stand between backticks. */
export function advice(foreign: string, most = LONGEST_INLINE): string {
  return toSentence(foreign, most, QUOTED);
}

/** What is far behind the end that is shown need not be looked at. */
function toShortLine(foreign: string, most: number): string {
  return shorten(toVisibleLine(foreign.slice(0, most * 8)), most);
}

function toSentence(foreign: string, most: number, codes: RegExp): string {
  const line = toShortLine(foreign, most);
  let out = '';
  let end = 0;
  for (const [found] of line.matchAll(codes)) {
    const at = line.indexOf(found, end);
    const isQuoted = found.startsWith('`');
    const shown = isQuoted ? found.slice(1, -1) : found.replace(/[.,;:!?)\]]+$/u, '');
    out += escape(line.slice(end, at)) + codeLine(shown.trim());
    end = at + (isQuoted ? found.length : shown.length);
  }
  out += escape(line.slice(end));
  // What would make a block of the line: a list, a rule, a heading's underline.
  return out.replace(/^[-=]|^\d{1,9}(?=\.(?:\s|$))/u, (start) =>
    start.replace(/./gu, (char) => `&#${char.charCodeAt(0)};`),
  );
}

/** Foreign text as code inside of a line; empty for an empty one. */
export function code(foreign: string, most = LONGEST_INLINE): string {
  return codeLine(toShortLine(foreign, most));
}

function codeLine(line: string): string {
  if (line === '') return '';
  // In a table a bar ends the cell even inside of code, and a backslash before it is a matter of opinion.
  return /[|`]/u.test(line) ? `<code>${escape(line)}</code>` : `\`${line}\``;
}

/** Foreign text in a place where HTML is read, not Markdown. */
export const html = (foreign: string, most = LONGEST_INLINE): string =>
  escape(toShortLine(foreign, most));

/** Keeps what follows from being taken for the rest of a name or number; nobody sees it. */
const BREAKER = '&#8203;';

/**
 * In this order: what refers to an issue or a person; an emoji's code (to its end may
 * come a colon of ours), which a time of day is not; what makes a link of a URL; and every sign that means something.
 */
const SIGNS =
  /#(?=\d)|@|\bGH-(?=\d)|:(?=(?:[\w+-]*[a-z][\w+-]*|[+-]1|100|1234):)|(?<!\w):(?=[\w+-]+$)|:(?=\/\/)|\bwww\.|[&<>\\`*_[\]{}()+!|~$^#]/giu;

function escape(line: string): string {
  return line.replace(SIGNS, (found, at: number) => {
    const entity = `&#${found.charCodeAt(0)};`;
    switch (found) {
      case '&':
        return '&amp;';
      case '@':
        return entity + BREAKER;
      case '#':
        return /\d/u.test(line[at + 1] ?? '') ? entity + BREAKER : entity;
      case ':':
        return line[at + 1] === '/' ? entity : entity + BREAKER;
      default:
        if (found.length === 1) return entity;
        return found.endsWith('.') ? `${found.slice(0, -1)}&#46;` : found + BREAKER;
    }
  });
}

/** Lines of foreign text as a code block that nothing in them can end. */
export function block(lines: readonly string[], language = ''): string {
  const body = lines.map((line) => shorten(line, LONGEST_LINE)).join('\n');
  const longest = Math.max(2, ...[...body.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

/** A foreign text as a code block. */
export function blockOf(foreign: string, language = ''): string {
  return block(toVisibleLines(foreign), language);
}

/** What opens, or closes, when it is clicked on. `title` is HTML. */
export function fold(title: string, body: string, isOpen = false): string {
  const start = isOpen ? '<details open>' : '<details>';
  return `${start}\n<summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/**
 * A table; cells are Markdown of one line, made by the functions above. A last column in which there is
 * nothing is left out.
 */
export function table(
  head: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const isUsed = rows.length === 0 || rows.some((cells) => cells.at(-1) !== '');
  const columns = isUsed ? head.length : head.length - 1;
  const toRow = (cells: readonly string[]): string => `| ${cells.slice(0, columns).join(' | ')} |`;
  const rule = align.map((side) => (side === 'right' ? '---:' : '---'));
  return [head, rule, ...rows].map(toRow).join('\n');
}

/** A box in the colour of its kind. Paragraphs are Markdown. */
export function alert(
  kind: 'NOTE' | 'TIP' | 'IMPORTANT' | 'WARNING' | 'CAUTION',
  paragraphs: readonly string[],
): string {
  const lines = paragraphs
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')
    .split('\n');
  return [`> [!${kind}]`, ...lines.map((line) => `> ${line}`.trimEnd())].join('\n');
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** Paragraphs and blocks, with the empty ones left out. */
export function stack(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
