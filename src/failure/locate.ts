import { isAbsolute, join } from 'node:path/posix';

import { unreachable } from '../result.ts';
import type { Script } from '../plan/plan.ts';
import { toExitCode } from '../state/record.ts';
import type { Exit } from '../state/record.ts';
import { decideChain } from './locate/chain.ts';
import { findTraces, innermostFrame, toPlainLines } from './locate/frames.ts';
import type { Frame, FrameTrace } from './locate/frames.ts';
import type { Origin } from './locate/origins.ts';
import { findFile } from './locate/paths.ts';
import type { Places } from './locate/paths.ts';
import { findShellMessage } from './locate/shell-messages.ts';
import type { ShellMessage } from './locate/shell-messages.ts';
import { findCommandLine, statementAt } from './locate/source-match.ts';
import { parseTraces } from './traces.ts';
import type { TraceRecord } from './traces.ts';

/** All that a failed command left behind that can tell where it failed. */
export interface LocateEvidence {
  /** Raw content of the traces file. */
  readonly traces: string;
  /** Last raw output, decoded. */
  readonly tail: string;
  readonly exit: Exit;
  /** As in the plan. */
  readonly shell: string;
  /** Absolute path of the file that the script ran from. */
  readonly scriptPath: string;
  readonly script: Script;
  /** Absolute paths. */
  readonly workspace: string;
  readonly repositoryRoot: string;
  /** Absolute path where the command started; undefined: the workspace. */
  readonly workingDirectory?: string;
  /** Whether a file exists; given it, only files that do are named as the repository's. */
  readonly exists?: (path: string) => boolean;
  /** Text of a file, to find and correct lines of commands that span several. */
  readonly readText?: (path: string) => string | undefined;
}

/** A place that a reader can open. What is unknown is absent: nothing is invented. */
export interface Location {
  /**
   * Relative to the repository's root when inside, else absolute. Undefined for a script given inline in
   * the workflow: then only `scriptLine` is known.
   */
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column?: number;
  /** Line within the step's own script, when that is where it failed. */
  readonly scriptLine?: number;
  /** The command, unexpanded; may quote literals of the script, so it passes the redactor like output. */
  readonly command?: string;
  /** Callers within the same script, innermost first. */
  readonly stack: readonly StackFrame[];
  /** Only such a location is annotated. */
  readonly inRepository: boolean;
  readonly origin: Origin;
}

export interface StackFrame {
  readonly file: string | undefined;
  readonly line: number;
  readonly function: string;
}

/** Where it failed; `calledFrom` is the line of the step's script, or of one it called, that led there. */
export interface Located {
  readonly primary: Location;
  readonly calledFrom?: Location;
}

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
  const scripts = traced.filter(
    (location, index) => index === 0 || key(location) !== key(traced[index - 1] as Location),
  );
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

function toPlaces(evidence: LocateEvidence, record: TraceRecord | undefined): Places {
  const start = evidence.workingDirectory ?? evidence.workspace;
  const own = record === undefined ? [] : [record.directory, record.startDirectory];
  return {
    repositoryRoot: evidence.repositoryRoot,
    directories: [...own.filter(isAbsolute), start, evidence.workspace],
    ...(evidence.exists === undefined ? {} : { exists: evidence.exists }),
  };
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

type Place = Pick<Location, 'file' | 'line' | 'inRepository'> & { readonly scriptLine?: number };

/** A line of the step's own script, as a line of the plan file where the plan gives it. */
function toScriptPlace(script: Script, scriptLine: number | undefined): Place {
  const { source } = script;
  const own = scriptLine === undefined ? {} : { scriptLine };
  if (source === undefined) {
    return { file: undefined, line: undefined, inRepository: false, ...own };
  }
  const offset = source.linear && scriptLine !== undefined ? scriptLine - 1 : 0;
  return {
    file: source.file,
    line: source.line + offset,
    inRepository: !isAbsolute(source.file),
    ...own,
  };
}

/** Absolute path of the file that a record's innermost frame, or another, is in. */
function toSourcePath(evidence: LocateEvidence, record: TraceRecord, source: string): string {
  if (isAbsolute(source)) {
    return source;
  }
  const directories = [record.startDirectory, record.directory, evidence.workspace];
  const candidates = directories.filter(isAbsolute).map((directory) => join(directory, source));
  return candidates.find((path) => evidence.exists?.(path) ?? true) ?? candidates[0] ?? source;
}

function sourceOf(record: TraceRecord): string {
  return record.sources[0] ?? record.script;
}

function readSource(evidence: LocateEvidence, path: string): string | undefined {
  return path === evidence.scriptPath ? evidence.script.text : evidence.readText?.(path);
}

function statementOf(evidence: LocateEvidence, record: TraceRecord): string | undefined {
  const path = toSourcePath(evidence, record, sourceOf(record));
  const text = readSource(evidence, path);
  const line = text === undefined ? undefined : lineOf(text, record, []);
  return text === undefined || line === undefined
    ? undefined
    : `${statementAt(text, line)}\n${record.command}`;
}

/** The line of a record in its source; without the source what bash itself said. */
function lineOf(
  text: string | undefined,
  record: TraceRecord,
  context: readonly string[],
): number | undefined {
  const hint = record.kind === 'err' && record.lastLine > 0 ? record.lastLine : undefined;
  if (text === undefined) {
    return hint;
  }
  const name = record.functions[0];
  return findCommandLine(text, {
    command: record.command,
    hint,
    function: name === undefined || name === 'main' || name === 'source' ? undefined : name,
    context,
  });
}

function toTracedLocation(
  evidence: LocateEvidence,
  record: TraceRecord,
  lines: readonly string[],
): Location {
  const path = toSourcePath(evidence, record, sourceOf(record));
  const text = readSource(evidence, path);
  const line = lineOf(text, record, [record.lastArgument, lines.at(-1) ?? '']);
  const places = toPlaces(evidence, record);
  return {
    ...toPlace(evidence, places, path, line),
    command: record.command,
    stack: toStack(evidence, places, record),
    origin: 'trap',
  };
}

function toPlace(
  evidence: LocateEvidence,
  places: Places,
  path: string,
  line: number | undefined,
): Place {
  if (path === evidence.scriptPath) {
    return toScriptPlace(evidence.script, line);
  }
  const found = findFile(path, places);
  return { file: found?.file ?? path, line, inRepository: found?.inRepository ?? false };
}

/** Callers of the failing function, innermost first, without the script's top level. */
function toStack(
  evidence: LocateEvidence,
  places: Places,
  record: TraceRecord,
): readonly StackFrame[] {
  return record.sources.slice(1).flatMap((source, index) => {
    const line = record.lines[index] ?? 0;
    const name = record.functions[index] ?? 'source';
    if (line === 0) {
      return [];
    }
    const place = toPlace(evidence, places, toSourcePath(evidence, record, source), line);
    return [{ file: place.file, line: place.line ?? line, function: name }];
  });
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
