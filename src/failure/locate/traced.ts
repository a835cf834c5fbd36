import { isAbsolute, join } from 'node:path/posix';

import type { TraceRecord } from '../traces.ts';
import { toPlaces, toScriptPlace } from './evidence.ts';
import type { LocateEvidence, Location, Place, StackFrame } from './evidence.ts';
import { findFile } from './paths.ts';
import type { Places } from './paths.ts';
import { findCommandLine, statementAt } from './source-match.ts';

/** Longer files are no scripts that a person wrote; they are not searched. */
const MAX_SOURCE_LENGTH = 2_000_000;

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
  const text = path === evidence.scriptPath ? evidence.script.text : evidence.readText?.(path);
  return text !== undefined && text.length <= MAX_SOURCE_LENGTH ? text : undefined;
}

/** The statement that a record's command belongs to, with the command as bash printed it. */
export function statementOf(evidence: LocateEvidence, record: TraceRecord): string | undefined {
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

/** The place that a trap recorded; its line checked against the source. */
export function toTracedLocation(
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
