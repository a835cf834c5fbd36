/** A command as it stands in a shell script: continuation lines joined. */
interface LogicalLine {
  /** Of its first physical line, from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** Blanks collapsed. */
  readonly text: string;
}

/** What is known about a command whose line is looked for. */
export interface CommandSearch {
  /** As bash prints it. */
  readonly command: string;
  /** The line bash named: right, or a few lines late for commands of several lines. Undefined: none. */
  readonly hint: number | undefined;
  /** Innermost function that it ran in; undefined at the top level. */
  readonly function: string | undefined;
  /** What was said or used last before it: tells equal commands apart. */
  readonly context: readonly string[];
}

/** Of a line with the head of a function. */
const MAX_LINE_LENGTH = 500;

/** How far above the line that bash names a command of several lines may begin. */
const MAX_LINES_ABOVE = 40;

function toLogicalLines(text: string): readonly LogicalLine[] {
  const result: LogicalLine[] = [];
  let pending: { line: number; text: string } | undefined;
  text.split('\n').forEach((raw, index) => {
    const joined: string = pending === undefined ? raw : `${pending.text} ${raw}`;
    const line: number = pending?.line ?? index + 1;
    if (/(?:^|[^\\])(?:\\\\)*\\\r?$/.test(raw)) {
      pending = { line, text: joined.replace(/\\\r?$/, '') };
      return;
    }
    pending = undefined;
    result.push({ line, lastLine: index + 1, text: collapse(joined) });
  });
  return result;
}

function collapse(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** The part of a printed command that the source is likely to have literally: up to a redirection or line end. */
function headOf(command: string): string {
  const first = command.split('\n', 1)[0] ?? '';
  const end = /(?:\s\d*[<>]|\s*&>|\$\(|<\(|;)/.exec(first)?.index ?? first.length;
  return collapse(first.slice(0, Math.min(end, 400)));
}

function containsCommand(text: string, head: string): boolean {
  if (text.startsWith('#')) {
    return false;
  }
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, at + 1)) {
    const before = at === 0 ? '' : text.charAt(at - 1);
    const after = text.charAt(at + head.length);
    if (/^[\s;&|({`!"]?$/.test(before) && /^[\s;&|)}`<>"$]?$/.test(after)) {
      return true;
    }
  }
  return false;
}

/** First and last line of each definition of a function, by the indentation of its closing brace. */
function findBodies(
  lines: readonly string[],
  name?: string,
): readonly (readonly [number, number])[] {
  const bodies: (readonly [number, number])[] = [];
  lines.forEach((line, index) => {
    const text = line.slice(0, MAX_LINE_LENGTH);
    const match =
      /^(\s*)(?:function\s+([^\s(){}]+)\s*(?:\(\s*\))?|([^\s(){}#]+)\s*\(\s*\))\s*[{(]?/.exec(text);
    const found = match?.[2] ?? match?.[3];
    if (match === null || found === undefined || (name !== undefined && found !== name)) {
      return;
    }
    const indent = match[1] ?? '';
    const oneLine = /[})]\s*(?:[<>].*)?(?:#.*)?$/.test(text) && /\)\s*[{(].*[})]/.test(text);
    const end = lines.findIndex(
      (other, at) =>
        at > index && other.startsWith(indent) && /^[})]/.test(other.slice(indent.length)),
    );
    bodies.push([
      index + 1,
      oneLine || end === -1 ? (oneLine ? index + 1 : lines.length) : end + 1,
    ]);
  });
  return bodies;
}

/**
 * The line on which `search.command` begins in the text of a shell script. Undefined when there is no
 * hint and the text does not say which of several equal commands it was: no line is invented.
 */
export function findCommandLine(text: string, search: CommandSearch): number | undefined {
  const { hint } = search;
  const logical = toLogicalLines(text);
  const head = headOf(search.command);
  const candidates = head === '' ? [] : logical.filter((line) => containsCommand(line.text, head));
  if (hint !== undefined) {
    const fits = ({ line, lastLine }: LogicalLine): boolean =>
      lastLine >= hint - MAX_LINES_ABOVE && line <= hint;
    return candidates.findLast(fits)?.line ?? startOf(logical, hint);
  }
  const physical = text.split('\n');
  const bodies = findBodies(physical, search.function);
  const inBody = ({ line }: LogicalLine): boolean =>
    bodies.some(([first, last]) => line >= first && line <= last);
  const inScope = candidates.filter((line) =>
    search.function === undefined ? !inBody(line) : inBody(line),
  );
  return inScope.length <= 1 ? inScope[0]?.line : tellApart(logical, inScope, head, search.context);
}

/** The first line of the command that goes over the given one. */
function startOf(logical: readonly LogicalLine[], line: number): number {
  return logical.find((entry) => entry.line <= line && line <= entry.lastLine)?.line ?? line;
}

const LINES_BEFORE = 4;

/** Of several equal commands, the one that what was said last before it points to. */
function tellApart(
  logical: readonly LogicalLine[],
  candidates: readonly LogicalLine[],
  head: string,
  context: readonly string[],
): number | undefined {
  const words = new Set(context.flatMap(toWords));
  const scored = candidates.map((candidate) => {
    const at = logical.indexOf(candidate);
    const before: string[] = [candidate.text.slice(0, candidate.text.indexOf(head))];
    for (let index = at - 1; index >= Math.max(0, at - LINES_BEFORE); index -= 1) {
      const text = logical[index]?.text ?? '';
      if (containsCommand(text, head) || /^(?:fi|done|esac|\})/.test(text)) {
        break;
      }
      before.push(text);
    }
    const source = new Set(before.flatMap(toWords));
    return { line: candidate.line, score: [...words].filter((word) => source.has(word)).length };
  });
  const best = Math.max(...scored.map(({ score }) => score));
  const winners = scored.filter(({ score }) => score === best);
  return best > 0 && winners.length === 1 ? winners[0]?.line : undefined;
}

function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_./-]+/gu) ?? [];
}

/** The statement around a line: lines that a pipe, a list operator or a continuation joins. */
export function statementAt(text: string, line: number): string {
  const lines = text.split('\n');
  const joins = (index: number): boolean => /(?:\\|\||&&)\s*$/.test(lines[index] ?? '');
  let first = Math.min(line, lines.length) - 1;
  let last = first;
  while (first > 0 && joins(first - 1)) {
    first -= 1;
  }
  while (last < lines.length - 1 && joins(last)) {
    last += 1;
  }
  return lines.slice(first, last + 1).join('\n');
}
