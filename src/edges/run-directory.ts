import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import type { ProcessFile } from '../state/process-file.ts';
import { parseProcessFile } from '../state/process-file.ts';
import { ASIDE } from './host-layout.ts';
import { isSystemError } from './system-error.ts';

/** The files of one command; all lie in its own directory. */
export const FILES = {
  output: 'output',
  /** The small parent's notes: who it is, how the command ended. */
  process: 'process',
  command: 'command.json',
  /** Why somebody is ending the command, written before the first signal. */
  ending: 'ending',
  startup: 'startup',
  traces: 'traces',
  result: 'result',
  githubOutput: 'github-output',
  githubEnv: 'github-env',
  githubPath: 'github-path',
  githubStepSummary: 'github-step-summary',
  githubState: 'github-state',
} as const;
export type FileName = (typeof FILES)[keyof typeof FILES];

/** `leftovers`: its parent was killed, and then the rest of it was ended. */
const ENDINGS = ['timeout', 'cancel', 'leftovers'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What the next run must know of a command that it did not start itself. */
export interface CommandNote {
  readonly tracking_id: string;
  /** Its shell turns death by signal n into 128+n. */
  readonly reports_signals: boolean;
  /** Epoch milliseconds. */
  readonly started_at: number;
}

/** No such file, or something in its place that is none. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);
/** Room for all that the small parent writes, taken while there still is some. */
const PROCESS_FILE_BYTES = 256;
const LONGEST_PROCESS_FILE = 64 * 1024;

/** The directory of one command. */
export class RunDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /** A link to a directory is none. */
  exists(): boolean {
    return lstatSync(this.path, { throwIfNoEntry: false })?.isDirectory() === true;
  }

  /** False when there is one already; anything else in its place is removed. */
  create(): boolean {
    try {
      mkdirSync(this.path, { mode: 0o700 });
    } catch (error) {
      if (isSystemError(error) && error.code === 'EEXIST') {
        if (this.exists()) return false;
        this.remove();
        return this.create();
      }
      if (!(isSystemError(error) && error.code === 'ENOENT')) throw error;
      mkdirSync(this.path, { mode: 0o700, recursive: true });
    }
    return true;
  }

  /**
   * Moves an older directory out of the way before anything of it is judged: a small parent that has not
   * yet started its command looks for its file at the old place, misses it, and starts nothing.
   */
  setAside(): RunDirectory {
    const aside = new RunDirectory(`${this.path}${ASIDE}`);
    aside.remove();
    renameSync(this.path, aside.path);
    return aside;
  }

  putBack(original: RunDirectory): void {
    renameSync(this.path, original.path);
  }

  /** Symbolic links are removed, never followed. */
  remove(): void {
    try {
      if (!this.exists()) {
        rmSync(this.path, { force: true });
        return;
      }
      // Nearly always a few plain files; the general way takes longer.
      for (const name of readdirSync(this.path)) unlinkSync(this.at(name));
      rmdirSync(this.path);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      rmSync(this.path, { recursive: true, force: true });
    }
  }

  write(name: string, text: string): void {
    writeFileSync(this.at(name), text, { mode: 0o600, flag: 'wx' });
  }

  /** A full disk must not keep anybody from ending a command: then the note is missing. */
  noteEnding(ending: Ending): void {
    // Before a signal nothing may throw: where something else stands in its place, there is no note.
    if (!this.exists()) return;
    try {
      this.write(FILES.ending, ending);
    } catch (error) {
      if (!isSystemError(error)) throw error; // there already, or cannot be written
    }
  }

  readEnding(): Ending | undefined {
    const text = this.read(FILES.ending, PROCESS_FILE_BYTES);
    return ENDINGS.find((ending) => ending === text);
  }

  createEmpty(name: FileName): void {
    closeSync(openSync(this.at(name), 'wx', 0o600));
  }

  /** For a command to append to, and for us to read. */
  openOutput(): number {
    const { O_RDWR, O_APPEND, O_CREAT, O_EXCL } = constants;
    return openSync(this.at(FILES.output), O_RDWR | O_APPEND | O_CREAT | O_EXCL, 0o600);
  }

  openProcessFile(): number {
    const fd = openSync(this.at(FILES.process), 'wx+', 0o600);
    writeSync(fd, '\n'.repeat(PROCESS_FILE_BYTES), 0);
    return fd;
  }

  /** Undefined when there is none: no command was ever started here. */
  readProcessFile(): ProcessFile | undefined {
    const text = this.read(FILES.process, LONGEST_PROCESS_FILE);
    return text === undefined ? undefined : parseProcessFile(text);
  }

  readNote(): CommandNote | undefined {
    const text = this.read(FILES.command, LONGEST_PROCESS_FILE);
    return text === undefined ? undefined : parseNote(text);
  }

  /** Epoch milliseconds of the last change; undefined when there is no such file. */
  changedAt(name: FileName): number | undefined {
    return statSync(this.at(name), { throwIfNoEntry: false })?.mtimeMs;
  }

  /** The file's beginning; undefined when it is not there, or is no file. */
  read(name: FileName, limit: number): string | undefined {
    const read = this.readUpTo(name, limit);
    return read?.text;
  }

  /** A command may have put anything in its place, so a pipe is not waited for, nor a link followed. */
  readUpTo(name: FileName, limit: number): { text: string; size: number } | undefined {
    // Most are not there: an exception for each would be what costs most here.
    if (!existsSync(this.at(name))) return undefined;
    let fd: number;
    try {
      const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
      fd = openSync(this.at(name), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    } catch (error) {
      if (isSystemError(error) && ABSENT.has(error.code)) return undefined;
      throw error;
    }
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return undefined;
      const buffer = Buffer.allocUnsafe(Math.min(stat.size, limit));
      return { text: buffer.toString('utf8', 0, readSync(fd, buffer)), size: stat.size };
    } finally {
      closeSync(fd);
    }
  }
}

/**
 * Where a unit's files lie. The name becomes a path: only a bug hands us one that no plan can have. One
 * that was moved out of the way is found as a unit too when we were killed before it was put back.
 */
export function toRunDirectory(runDirectory: string, unit: string): RunDirectory {
  if (!/^\w[\w.-]*~?$/.test(unit)) throw new Error(`not a unit: ${JSON.stringify(unit)}`);
  return new RunDirectory(join(runDirectory, unit));
}

function parseNote(text: string): CommandNote | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined; // cut off by a crash
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const note = json as Partial<Record<keyof CommandNote, unknown>>;
  if (typeof note.tracking_id !== 'string' || typeof note.started_at !== 'number') return undefined;
  return {
    tracking_id: note.tracking_id,
    reports_signals: note.reports_signals === true,
    started_at: note.started_at,
  };
}
