import type { DeploymentStore, KnownDeployment, Marker, StateFault } from '../../src/ports.ts';
import type { Result } from '../../src/result.ts';
import { failure, success } from '../../src/result.ts';
import {
  encodeDeploymentRecord,
  encodeStepRecord,
  parseDeploymentRecord,
  parseStepRecord,
} from '../../src/state/codec.ts';
import type { DocumentProblem } from '../../src/state/document.ts';
import { parseLastError, renderLastError } from '../../src/state/last-error.ts';

/** A change of the store, as tests name it to interrupt it, and find it in the log. */
export interface StoreOperation {
  readonly kind: Exclude<keyof DeploymentStore, 'load'>;
  /** Steps concerned, with the state for records: `migrate`, `migrate:started`. */
  readonly subject: string;
  /** Counted from 1 over all operations on the disk. */
  readonly number: number;
}

/**
 * What happens at an operation. `fault`: it fails and changes nothing. `fault-after`: it changes the
 * store and fails all the same. `crash-before`, `crash-after`: node dies there.
 */
export type Interruption = 'fault' | 'fault-after' | 'crash-before' | 'crash-after';

/** Node died: everything the dead process asks of the store from now on ends like this too. */
export class Crash extends Error {}

interface StoredFiles {
  record: string | undefined;
  readonly steps: Map<string, string>;
  /** Records whose last change need not have reached the disk. */
  readonly unsynced: Map<string, string>;
  readonly markers: Map<string, string>;
  lastError: string | undefined;
}

/**
 * What outlives a process: stores opened on the same disk see each other's changes. Everything is kept
 * as the text that the real codec makes, so that a record which could not be read back is found here.
 */
export class MemoryDisk {
  readonly #files = new Map<string, StoredFiles>();
  readonly #current = new Map<string, string>();
  /** All changes in the order made, as `saveStep migrate:started`. */
  readonly log: string[] = [];
  /** Decides what happens at an operation; undefined lets it pass. */
  interrupt: (operation: StoreOperation) => Interruption | undefined = () => undefined;
  #operations = 0;

  /** Opens a deployment for a process that is alive until the next crash. */
  open(target: string, deployment: string): DeploymentStore {
    return openMemoryStore(this, target, deployment);
  }

  filesOf(target: string, deployment: string): StoredFiles {
    const key = `${target}/${deployment}`;
    const files = this.#files.get(key) ?? {
      record: undefined,
      steps: new Map(),
      unsynced: new Map(),
      markers: new Map(),
      lastError: undefined,
    };
    this.#files.set(key, files);
    return files;
  }

  /** Markers as a person or a shell library sees and changes them: step to completion time. */
  markersOf(target: string, deployment: string): Map<string, string> {
    return this.filesOf(target, deployment).markers;
  }

  currentOf(target: string): string | undefined {
    return this.#current.get(target);
  }

  pointCurrent(target: string, deployment: string): void {
    this.#current.set(target, deployment);
  }

  /** The host loses power: what need not have been durable is gone. */
  losePower(): void {
    for (const files of this.#files.values()) {
      for (const [step, content] of files.unsynced) files.steps.set(step, content);
      files.unsynced.clear();
    }
  }

  next(kind: StoreOperation['kind'], subject: string): StoreOperation {
    this.#operations += 1;
    return { kind, subject, number: this.#operations };
  }
}

function openMemoryStore(disk: MemoryDisk, target: string, deployment: string): DeploymentStore {
  const files = disk.filesOf(target, deployment);
  let isDead = false;

  const die = (operation: StoreOperation): never => {
    isDead = true;
    throw new Crash(`crashed at ${operation.kind} ${operation.subject}`);
  };
  const change = (
    kind: StoreOperation['kind'],
    subject: string,
    action: () => void,
  ): Promise<Result<void, StateFault>> =>
    inPromise(() => {
      if (isDead) throw new Crash('the process is dead');
      const operation = disk.next(kind, subject);
      const interruption = disk.interrupt(operation);
      if (interruption === 'crash-before') return die(operation);
      if (interruption === 'fault') return failure(toFault(operation));
      action();
      disk.log.push(`${kind} ${subject}`.trimEnd());
      if (interruption === 'crash-after') return die(operation);
      return interruption === 'fault-after' ? failure(toFault(operation)) : success(undefined);
    });

  return {
    load: () =>
      inPromise(() => {
        if (isDead) throw new Crash('the process is dead');
        return success(toKnown(files, disk.currentOf(target), deployment));
      }),
    saveDeployment: (record) =>
      change('saveDeployment', record.status, () => {
        files.record = encodeDeploymentRecord(record);
      }),
    saveStep: (record) =>
      change('saveStep', `${record.step}:${record.state}`, () => {
        files.steps.set(record.step, encodeStepRecord(record));
        files.unsynced.delete(record.step);
      }),
    noteMarked: (record) =>
      change('noteMarked', record.step, () => {
        const before = files.steps.get(record.step);
        if (before !== undefined) files.unsynced.set(record.step, before);
        files.steps.set(record.step, encodeStepRecord({ ...record, marked: true }));
      }),
    putMarker: (step, completedAt) =>
      change('putMarker', step, () => {
        files.markers.set(step, completedAt.split('\n', 1)[0] ?? '');
      }),
    removeMarkers: (steps) =>
      change('removeMarkers', steps.join(' '), () => {
        for (const step of steps) files.markers.delete(step);
      }),
    removeSteps: (steps) =>
      change('removeSteps', steps.join(' '), () => {
        for (const step of steps) files.steps.delete(step);
      }),
    makeCurrent: () =>
      change('makeCurrent', '', () => {
        disk.pointCurrent(target, deployment);
      }),
    saveLastError: (error) =>
      change('saveLastError', error.category, () => {
        files.lastError = renderLastError(error);
      }),
    clearLastError: () =>
      change('clearLastError', '', () => {
        files.lastError = undefined;
      }),
    confirm: () => change('confirm', '', () => undefined),
  };
}

function toKnown(
  files: StoredFiles,
  current: string | undefined,
  deployment: string,
): KnownDeployment {
  const lastError = parseLastError(files.lastError ?? '');
  return {
    record: files.record === undefined ? undefined : must(parseDeploymentRecord(files.record)),
    steps: new Map([...files.steps].map(([step, text]) => [step, must(parseStepRecord(text))])),
    markers: new Map(
      [...files.markers].map(([step, completedAt]): [string, Marker] => [
        step,
        { step, completedAt },
      ]),
    ),
    lastError: lastError.ok ? lastError.value : undefined,
    current,
    name: deployment,
  };
}

function must<T>(parsed: Result<T, DocumentProblem>): T {
  if (parsed.ok) return parsed.value;
  throw new Error(`a stored document ${parsed.error.message}`);
}

function toFault({ kind, subject }: StoreOperation): StateFault {
  return {
    operation: `${kind} ${subject}`,
    path: '/state',
    code: 'ENOSPC',
    message: 'no space left on device',
  };
}

function inPromise<T>(action: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(action());
  });
}
