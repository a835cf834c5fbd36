import { markFolded } from './name-value.ts';
import type { Name } from './name-verdict.ts';
import type { Line, Page } from './page.ts';
import { readValue } from './read-value.ts';
import { isHarmless, isReference, looksGenerated } from './secret-value.ts';

/** Whether the rest of a line is only the mark of YAML's block scalar. */
export function isBlockMark(rest: string): boolean {
  return (
    /^(?:!!?\w+[ \t]+)?[|>][+-]?\d?[ \t]*(?:#.*)?$/.test(rest.slice(0, 80)) && rest.length < 80
  );
}

/** YAML's block scalar: all deeper lines below. */
export function markBlock(page: Page, name: Name, line: Line): void {
  const indent = indentOf(page.text, { start: page.lineAt(name.start).start, end: name.start });
  let end = line.end;
  for (let n = 0; n < 200; n++) {
    const next = page.nextLine(end, line.start);
    if (next === undefined) return;
    const depth = indentOf(page.text, next);
    if (next.end - next.start > depth) {
      if (depth <= indent) return;
      if (!isReference(page.text.slice(next.start + depth, next.end)))
        page.redact(next.start + depth, next.end);
    }
    end = next.end;
  }
}

/** `password:` and nothing more on the line: the value stands alone on the next one. */
export function findBelow(page: Page, name: Name, line: Line, tie: RegExpExecArray): void {
  if (name.kind === 'weak' || (tie[2] === '=' && tie[1] === undefined)) return;
  const next = page.nextLine(line.end, line.start);
  if (next === undefined) return;
  const depth = indentOf(page.text, next);
  const rest = page.text.slice(next.start + depth, next.end).trimEnd();
  if (rest === '' || /\s/.test(rest) || /[:={[(]$|^[-{[<#+$>]|[:=]/.test(rest)) return;
  const value = readValue(page.text, next.start + depth, next.end);
  if (value === undefined) return;
  const inner = page.text.slice(value.start, value.end);
  if (isHarmless(inner) || (!value.quoted && !looksGenerated(inner, 6))) return;
  page.redact(value.start, value.end);
  markFolded(page, value, line);
}

function indentOf(text: string, line: Line): number {
  let at = line.start;
  while (at < line.end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at - line.start;
}
