import { findClassFile, findFile } from './paths.ts';
import type { FoundFile, Places } from './paths.ts';
import { FRAME_RULES, NEW_TRACE } from './origins.ts';
import type { FrameRule, Origin } from './origins.ts';

/** A place in a file that output names. */
export interface Frame {
  readonly origin: Origin;
  readonly found: FoundFile;
  readonly line: number;
  readonly column: number | undefined;
  readonly function: string | undefined;
}

/** A stack trace, or the errors of one compiler run. */
export interface FrameTrace {
  /** In the order printed. */
  readonly frames: readonly Frame[];
  readonly rule: FrameRule;
  /** Lines of output after its last line. */
  readonly linesAfter: number;
}

/** Bytes of a line that are looked at: no tool names a place further right. */
const MAX_LINE = 2000;

/** Lines of the tail that are looked at. */
const MAX_LINES = 400;

// eslint-disable-next-line no-control-regex -- colours are control sequences
const COLOUR = /\u001B\[[0-9;:]*[A-Za-z]/g;

/** What multiplexers put before each line: `web-1  | `, `#12 0.345 `. */
const PREFIX = /^(?:[\w.-]{1,80} +\| |#\d+ \d+\.\d+ )/;

/** Lines of output, plain text, the last 400. */
export function toPlainLines(tail: string): readonly string[] {
  const lines = tail.split('\n').slice(-MAX_LINES - 1);
  const plain = lines.map((line) =>
    line.slice(0, MAX_LINE).replace(COLOUR, '').replace(/\r$/, '').replace(PREFIX, ''),
  );
  while (plain.at(-1)?.trim() === '') {
    plain.pop();
  }
  return plain;
}

/** All traces in the output, oldest first. */
export function findTraces(lines: readonly string[], places: Places): readonly FrameTrace[] {
  const traces: { rule: FrameRule; frames: Frame[]; lastLine: number; lastNew: number }[] = [];
  let newestTrace = -1;
  lines.forEach((line, index) => {
    if (NEW_TRACE.test(line)) {
      newestTrace = index;
    }
    const hit = toFrame(line, places);
    if (hit === undefined) {
      return;
    }
    const open = traces.findLast(
      ({ rule, lastLine, lastNew }) =>
        rule.origin === hit.rule.origin &&
        index - lastLine - 1 <= Math.max(rule.gap, hit.rule.gap) &&
        lastNew === newestTrace,
    );
    if (open === undefined) {
      traces.push({ rule: hit.rule, frames: hit.frames, lastLine: index, lastNew: newestTrace });
    } else {
      open.frames.push(...hit.frames);
      open.lastLine = index;
    }
  });
  return traces.map(({ rule, frames, lastLine }) => ({
    rule,
    frames,
    linesAfter: lines.slice(lastLine + 1).filter((line) => line.trim() !== '').length,
  }));
}

function toFrame(line: string, places: Places): { rule: FrameRule; frames: Frame[] } | undefined {
  for (const rule of FRAME_RULES) {
    const groups = rule.pattern.exec(line)?.groups;
    if (groups === undefined) {
      continue;
    }
    const frame = readFrame(rule, groups, places);
    return { rule, frames: frame === undefined ? [] : [frame] };
  }
  return undefined;
}

function readFrame(
  rule: FrameRule,
  groups: Readonly<Record<string, string | undefined>>,
  places: Places,
): Frame | undefined {
  const { file, class: className, column, function: name } = groups;
  const line = Number(groups['line']);
  if (file === undefined || line < 1 || line > 10_000_000) {
    return undefined;
  }
  const found =
    className === undefined ? findFile(file, places) : findClassFile(className, file, places);
  return found === undefined
    ? undefined
    : {
        origin: rule.origin,
        found,
        line,
        column: column === undefined ? undefined : Number(column),
        function: name,
      };
}

/** The innermost frame of a trace that `accept` takes. */
export function innermostFrame(
  trace: FrameTrace,
  accept: (frame: Frame) => boolean,
): Frame | undefined {
  return trace.rule.innermost === 'first'
    ? trace.frames.find(accept)
    : trace.frames.findLast(accept);
}
