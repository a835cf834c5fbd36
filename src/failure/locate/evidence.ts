import { isAbsolute } from 'node:path/posix';

import type { Script } from '../../plan/plan.ts';
import type { Exit } from '../../state/record.ts';
import type { TraceRecord } from '../traces.ts';
import type { Origin } from './origins.ts';
import type { Places } from './paths.ts';

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

/** The part of a location that says where. */
export type Place = Pick<Location, 'file' | 'line' | 'inRepository'> & {
  readonly scriptLine?: number;
};

/** A line of the step's own script, as a line of the plan file where the plan gives it. */
export function toScriptPlace(script: Script, scriptLine: number | undefined): Place {
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

/** Where the files that output or `record` names are looked for. */
export function toPlaces(evidence: LocateEvidence, record: TraceRecord | undefined): Places {
  const start = evidence.workingDirectory ?? evidence.workspace;
  const own = record === undefined ? [] : [record.directory, record.startDirectory];
  return {
    repositoryRoot: evidence.repositoryRoot,
    directories: [...own.filter(isAbsolute), start, evidence.workspace],
    ...(evidence.exists === undefined ? {} : { exists: evidence.exists }),
  };
}
