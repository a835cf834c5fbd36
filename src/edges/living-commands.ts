import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { parseStepRecord } from '../state/codec.ts';
import { MAX_DOCUMENT_BYTES } from '../state/document.ts';
import { parseProcessFile } from '../state/process-file.ts';
import type { ProcessRef } from '../state/record.ts';
import { listDirectory, readHead } from './file-reading.ts';
import { ASIDE, PROCESS_FILE, RECORD_SUFFIX } from './host-layout.ts';
import type { Life } from './process-identity.ts';
import { isSystemError } from './system-error.ts';

const PROCESS_FILE_BYTES = 64 * 1024;
/** A command that has just been started writes its process file within this time, or never. */
const START_GRACE_MS = 10_000;

/** A command of a deployment that runs, or may. */
export interface LivingCommand {
  /** Run directory's or step's name. */
  readonly unit: string;
  readonly life: Exclude<Life, 'dead'>;
  /** Absent while the command is only about to start. */
  readonly process?: ProcessRef;
}

/** How the living are told from the dead: processes, and the time (epoch milliseconds). */
export interface LifeSigns {
  readonly isAlive: (process: ProcessRef) => Life;
  /** Whether a command that this process started has outlived it. */
  readonly isGroupAlive: (leader: ProcessRef) => boolean;
  readonly now: () => number;
}

/**
 * What still runs, or may, of the deployment in `directory`: the commands in `run/`, and the processes
 * of finished steps that could not be ended. What cannot be read may be alive.
 */
export function findLivingCommands(directory: string, signs: LifeSigns): readonly LivingCommand[] {
  return [
    ...inEach(join(directory, 'run'), (unit, path) => lookAtRun(unit, path, signs)),
    ...inEach(join(directory, 'steps'), (file, path) => lookAtSurvivors(file, path, signs)),
  ];
}

function inEach(
  directory: string,
  look: (name: string, path: string) => readonly LivingCommand[],
): readonly LivingCommand[] {
  const names = whenReadable(() => listDirectory(directory));
  if (names === undefined) return [{ unit: directory, life: 'unknown' }];
  return names.flatMap(
    (name) =>
      whenReadable(() => look(name, join(directory, name))) ?? [{ unit: name, life: 'unknown' }],
  );
}

function lookAtRun(unit: string, path: string, signs: LifeSigns): readonly LivingCommand[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return [];
  const head = readHead(join(path, PROCESS_FILE), PROCESS_FILE_BYTES);
  // It is there before anything is started: what has none is a part of a directory that was being made, or removed.
  if (head === undefined) return [];
  const { process, exitCode } = parseProcessFile(head.bytes.toString('utf8'));
  if (exitCode !== undefined) return [];
  if (process === undefined) {
    // Whoever finds its directory moved away when it starts up starts nothing.
    const isStarting =
      !unit.endsWith(ASIDE) && Math.abs(signs.now() - stat.mtimeMs) < START_GRACE_MS;
    return isStarting ? [{ unit, life: 'unknown' }] : [];
  }
  const living = toLiving(unit, process, signs);
  if (living.length > 0 || !signs.isGroupAlive(process)) return living;
  return [{ unit, life: 'alive', process }];
}

function lookAtSurvivors(file: string, path: string, signs: LifeSigns): readonly LivingCommand[] {
  if (!file.endsWith(RECORD_SUFFIX)) return [];
  const content = readHead(path, MAX_DOCUMENT_BYTES)?.bytes.toString('utf8') ?? '';
  if (!content.includes('"survivors"')) return [];
  const step = file.slice(0, -RECORD_SUFFIX.length);
  const record = parseStepRecord(content);
  if (!record.ok) return [{ unit: step, life: 'unknown' }];
  return (record.value.survivors ?? []).flatMap((process) => toLiving(step, process, signs));
}

function toLiving(unit: string, process: ProcessRef, signs: LifeSigns): readonly LivingCommand[] {
  const life = signs.isAlive(process);
  return life === 'dead' ? [] : [{ unit, life, process }];
}

function whenReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}
