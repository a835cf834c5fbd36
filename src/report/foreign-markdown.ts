/** Elements that a browser leaves open until they are closed, and that hide or reshape what follows. */
const ELEMENTS =
  /<(\/?)(details|table|tbody|thead|tr|td|th|ul|ol|li|div|p|pre|code|blockquote|h[1-6]|sub|sup|b|i|em|strong|kbd|picture|samp)\b[^<>]*>/giu;
const FENCE = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(`{3,}|~{3,})(.*)$/u;
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/u;

/** A code block that is open. */
interface Fence {
  readonly marks: string;
  /** It stands in a list item, whose lines are indented so far: with the item it ends, too. */
  readonly inside: number;
}

/**
 * Markdown as its author wrote it, with what it leaves open closed: a code block, a comment or an element
 * that does not end would take in all that comes after it.
 */
export function closeMarkdown(markdown: string): string {
  let fence: Fence | undefined;
  let inList = false;
  let comment = false;
  const open: string[] = [];
  for (const line of markdown.split(/\r\n|\n|\r/u)) {
    if (fence !== undefined && line.trim() !== '' && indentOf(line) < fence.inside)
      fence = undefined;
    if (!comment) {
      const [, before = '', marks, rest = ''] = FENCE.exec(line) ?? [];
      if (fence !== undefined) {
        if (marks?.startsWith(fence.marks) === true && rest.trim() === '') fence = undefined;
        continue;
      }
      if (LIST_ITEM.test(line)) inList = true;
      else if (line.trim() !== '' && indentOf(line) === 0) inList = false;
      if (marks !== undefined && !(marks.startsWith('`') && rest.includes('`'))) {
        fence = { marks, inside: inList ? before.length : 0 };
        continue;
      }
    }
    comment = isCommentOpen(line, comment);
    if (!comment) followElements(line.replace(/`[^`]*`/gu, ''), open);
  }
  const ends = [
    ...(fence === undefined ? [] : [' '.repeat(fence.inside) + fence.marks]),
    ...(comment ? ['-->'] : []),
    ...open.toReversed().map((name) => `</${name}>`),
  ];
  return ends.length === 0 ? markdown : `${markdown.trimEnd()}\n${ends.join('\n')}`;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function isCommentOpen(line: string, before: boolean): boolean {
  const begin = line.lastIndexOf('<!--');
  const end = line.lastIndexOf('-->');
  if (begin === -1 && end === -1) return before;
  return begin > end;
}

function followElements(line: string, open: string[]): void {
  for (const [, slash, name = ''] of line.matchAll(ELEMENTS)) {
    const element = name.toLowerCase();
    if (slash === '') {
      open.push(element);
      continue;
    }
    // What was opened inside of it, and not closed, ends with it.
    const at = open.lastIndexOf(element);
    if (at !== -1) open.length = at;
  }
}
