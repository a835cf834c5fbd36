import { unreachable } from '../result.ts';
import { toExitCode } from '../state/record.ts';
import { decideChain } from './locate/chain.ts';
import { toPlaces, toScriptPlace } from './locate/evidence.ts';
import type { LocateEvidence, Located, Location } from './locate/evidence.ts';
import { findTraces, innermostFrame, toPlainLines } from './locate/frames.ts';
import type { Frame, FrameTrace } from './locate/frames.ts';
import type { Origin } from './locate/origins.ts';
import { findFile } from './locate/paths.ts';
import type { Places } from './locate/paths.ts';
import { findShellMessage } from './locate/shell-messages.ts';
import type { ShellMessage } from './locate/shell-messages.ts';
import { statementOf, toTracedLocation } from './locate/traced.ts';
import { parseTraces } from './traces.ts';
import type { TraceRecord } from './traces.ts';

export type { LocateEvidence, Located, Location } from './locate/evidence.ts';

/** Lines of output after a trace at which it still counts as what made the command fail. */
const NEAR_END = { ofProgram: 80, ofBuiltin: 8 } as const;

const BUILTIN = /^(?:exit|return|false|test|\[\[?|\(\()(?:\s|$)/;

/** Finds where a command failed, from what its shells recorded and what it printed last. */
export function locate(evidence: LocateEvidence): Located | undefined {
  const lines = toPlainLines(evidence.tail);
  const chain = decideChain({
    records: parseTraces(evidence.traces),
    scriptPath: evidence.scriptPath,
    exitCode: toExitCode(evidence.exit),
    statementOf: (record) => statementOf(evidence, record),
  });
  const traced = chain.map((record) => toTracedLocation(evidence, record, lines));
  const places = toPlaces(evidence, chain[0]);
  const message = findShellMessage(lines);
  const inner = findInner(evidence, places, lines, chain[0]);
  const said = message === undefined ? undefined : toMessageLocation(evidence, places, message);
  return combine(traced, said, inner, message, endedOtherwise(chain[0]));
}

function combine(
  traced: readonly Location[],
  said: Location | undefined,
  inner: { readonly location: Location; readonly weak: boolean } | undefined,
  message: ShellMessage | undefined,
  overtaken: boolean,
): Located | undefined {
  const shell = joinShell(traced, said, message, overtaken);
  if (inner?.location.inRepository === true && !(inner.weak && isDeeper(traced))) {
    return pair(inner.location, shell[0]);
  }
  const [primary, ...callers] = shell;
  if (primary !== undefined) {
    return pair(primary, callers[0]);
  }
  return inner === undefined ? undefined : { primary: inner.location };
}

/**
 * Whether the shell ended without running `exit` and without a failed command: then it stopped over a line
 * that it could not parse or expand, its last command is an earlier one, and its own message knows better.
 */
function endedOtherwise(record: TraceRecord | undefined): boolean {
  return record?.kind === 'exit' && !/^(?:exit|return)(?:\s|$)/.test(record.command);
}

/** A tool that only says which target failed knows less than a script that recorded its own line. */
function isDeeper(traced: readonly Location[]): boolean {
  return new Set(traced.map(({ file }) => file)).size > 1;
}

/** Places of the shells, innermost first, one for each script: what traps recorded and what a shell said. */
function joinShell(
  traced: readonly Location[],
  said: Location | undefined,
  message: ShellMessage | undefined,
  overtaken: boolean,
): readonly Location[] {
  const scripts = traced.filter((location, index) => {
    const inner = traced[index - 1];
    return inner === undefined || key(location) !== key(inner);
  });
  const [first, ...rest] = scripts;
  if (said === undefined || message === undefined) {
    return scripts;
  }
  if (first === undefined) {
    return [said];
  }
  if (key(first) === key(said)) {
    const certain = first.line !== undefined || first.scriptLine !== undefined;
    const trusted = certain && !message.syntax && !(overtaken && message.linesAfter === 0);
    return trusted ? scripts : [{ ...first, ...toLine(said) }, ...rest];
  }
  const known = scripts.some((location) => key(location) === key(said));
  return known || !said.inRepository || message.linesAfter > 2 ? scripts : [said, ...scripts];
}

function key({ file, scriptLine }: Location): string {
  return file === undefined || scriptLine !== undefined ? '' : file;
}

function toLine({ line, scriptLine }: Location): Pick<Location, 'line' | 'scriptLine'> {
  return scriptLine === undefined ? { line } : { line, scriptLine };
}

function pair(primary: Location, calledFrom: Location | undefined): Located {
  const same =
    calledFrom === undefined ||
    (calledFrom.file === primary.file &&
      calledFrom.line === primary.line &&
      calledFrom.scriptLine === primary.scriptLine);
  return same ? { primary } : { primary, calledFrom };
}

/** The innermost frame of a program that the failing command ran; outside the repository only for want of others. */
function findInner(
  evidence: LocateEvidence,
  places: Places,
  lines: readonly string[],
  record: TraceRecord | undefined,
): { readonly location: Location; readonly weak: boolean } | undefined {
  const limit =
    record !== undefined && BUILTIN.test(record.command) ? NEAR_END.ofBuiltin : NEAR_END.ofProgram;
  const traces = findTraces(lines, places).filter(({ linesAfter }) => linesAfter <= limit);
  const isOwn = ({ found }: Frame): boolean => found.absolute === evidence.scriptPath;
  const isInside = (frame: Frame): boolean => frame.found.inRepository || isOwn(frame);
  const strongFirst = [
    ...traces.filter(({ rule }) => rule.weak === true),
    ...traces.filter(({ rule }) => rule.weak !== true),
  ];
  const trace =
    strongFirst.findLast((candidate) => innermostFrame(candidate, isInside) !== undefined) ??
    strongFirst.at(-1);
  const frame = trace && (innermostFrame(trace, isInside) ?? innermostFrame(trace, () => true));
  return trace === undefined || frame === undefined
    ? undefined
    : { location: toFrameLocation(evidence, trace, frame), weak: trace.rule.weak === true };
}

function toFrameLocation(evidence: LocateEvidence, trace: FrameTrace, frame: Frame): Location {
  const stack = trace.frames
    .filter(({ found, function: name }) => found.inRepository && name !== undefined)
    .map(({ found, line, function: name = '' }) => ({ file: found.file, line, function: name }));
  const place =
    frame.found.absolute === evidence.scriptPath
      ? toScriptPlace(evidence.script, frame.line)
      : { file: frame.found.file, line: frame.line, inRepository: frame.found.inRepository };
  return {
    ...place,
    ...(frame.column === undefined || 'scriptLine' in place ? {} : { column: frame.column }),
    stack: trace.rule.innermost === 'last' ? stack.reverse() : stack,
    origin: frame.origin,
  };
}

function toMessageLocation(
  evidence: LocateEvidence,
  places: Places,
  message: ShellMessage,
): Location | undefined {
  const found = findFile(message.file, places);
  if (found === undefined) {
    return undefined;
  }
  const origin = toOrigin(message.shell);
  const place =
    found.absolute === evidence.scriptPath
      ? toScriptPlace(evidence.script, message.line)
      : { file: found.file, line: message.line, inRepository: found.inRepository };
  return { ...place, stack: [], origin };
}

function toOrigin(shell: ShellMessage['shell']): Origin {
  switch (shell) {
    case 'bash':
      return 'bash-message';
    case 'sh':
      return 'sh-message';
    default:
      return unreachable(shell);
  }
}
