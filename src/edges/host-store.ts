import { dirname, join } from 'node:path';
import type { DeploymentStore, StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { success } from '../result.ts';
import { encodeDeploymentRecord, encodeStepRecord, isStepName, MARKED } from '../state/codec.ts';
import { MAX_DOCUMENT_BYTES } from '../state/document.ts';
import { renderLastError } from '../state/last-error.ts';
import type { StepRecord } from '../state/record.ts';
import type { DirectoryGuard } from './directory-guard.ts';
import { guardDirectories } from './directory-guard.ts';
import {
  attempt,
  linkDurably,
  makeDirectory,
  patchInPlace,
  removeFile,
  sweepTemporaries,
  syncDirectory,
  writeDurably,
} from './durable-files.ts';
import { readHead, readLink } from './file-reading.ts';
import type { DeploymentPaths } from './host-layout.ts';
import { RECORD_SUFFIX, toDeploymentPaths, toMarkerName } from './host-layout.ts';
import { loadDeployment } from './host-load.ts';
import { UnfitFile } from './system-error.ts';

/** Which deployment, by the names that `state/identity.ts` gives. */
export interface HostStoreOptions {
  readonly stateDir: string;
  readonly target: string;
  readonly deployment: string;
}

/** State in files of this host, and where they are. */
export interface HostStore extends DeploymentStore {
  readonly directory: string;
  /** Where the run directories of commands belong; made by whoever runs them. */
  readonly runDirectory: string;
}

/** Opens a deployment's directory without touching it: it is made by the first write. */
export function openHostStore({ stateDir, target, deployment }: HostStoreOptions): HostStore {
  const paths = toDeploymentPaths(stateDir, target, deployment);
  const prepare = once(() => {
    prepareDirectories(paths);
  });
  const guard = guardDirectories([stateDir, paths.targetDirectory, paths.directory, paths.steps]);
  const change = (
    operation: string,
    path: string,
    action: () => void,
  ): Promise<Result<void, StateFault>> =>
    inPromise(() =>
      attempt(operation, path, () => {
        guard.check();
        prepare();
        action();
      }),
    );
  const recordPath = (step: string) =>
    join(paths.steps, `${requireStepName(step, paths.steps)}${RECORD_SUFFIX}`);
  const markerPath = (step: string) =>
    join(paths.directory, toMarkerName(requireStepName(step, paths.directory)));

  return {
    directory: paths.directory,
    runDirectory: paths.run,
    load: () => inPromise(() => loadDeployment(paths)),
    saveDeployment: (record) =>
      change('save the deployment', paths.record, () => {
        writeDocument(paths.record, encodeDeploymentRecord(record), guard);
      }),
    saveStep: (record) =>
      change(`save the record of ${record.step}`, paths.steps, () => {
        writeDocument(recordPath(record.step), encodeStepRecord(record), guard);
      }),
    noteMarked: (record) =>
      change(`note the checkpoint of ${record.step}`, paths.steps, () => {
        noteMarked(recordPath(record.step), record, guard);
      }),
    putMarker: (step, completedAt) =>
      change(`make the checkpoint of ${step}`, paths.directory, () => {
        const [line = ''] = completedAt.split('\n', 1);
        writeDurably(markerPath(step), `${line}\n`, guard);
      }),
    removeMarkers: (steps) =>
      change('remove checkpoints', paths.directory, () => {
        removeAll(paths.directory, steps.map(markerPath));
      }),
    removeSteps: (steps) =>
      change('remove records', paths.steps, () => {
        removeAll(paths.steps, steps.map(recordPath));
      }),
    makeCurrent: () =>
      change('point at the current deployment', paths.current, () => {
        // Preparing has made a link that an earlier run left durable.
        if (readLink(paths.current) !== deployment) linkDurably(paths.current, deployment);
      }),
    saveLastError: (error) =>
      change('save the last error', paths.lastError, () => {
        writeDurably(paths.lastError, renderLastError(error), guard);
      }),
    clearLastError: () =>
      change('remove the last error', paths.lastError, () => {
        removeAll(paths.directory, [paths.lastError]);
      }),
    confirm: () => Promise.resolve(success(undefined)),
  };
}

/**
 * Makes the directories and removes what a killed run left half-written. An earlier run may also have
 * been killed between changing a name and syncing it: what we read is made durable before anything is
 * built on it.
 */
function prepareDirectories(paths: DeploymentPaths): void {
  // From the top, so that nothing is made below a link that stands in for a directory.
  makeDirectory(paths.targetDirectory);
  makeDirectory(paths.directory);
  makeDirectory(paths.steps);
  sweepTemporaries(paths.directory);
  sweepTemporaries(paths.steps);
  syncDirectory(paths.steps);
  syncDirectory(paths.directory);
  syncDirectory(paths.targetDirectory);
  syncDirectory(dirname(paths.targetDirectory));
}

function writeDocument(path: string, content: string, guard: DirectoryGuard): void {
  // What could not be read again must not take the place of what can.
  if (Buffer.byteLength(content) > MAX_DOCUMENT_BYTES) {
    throw new UnfitFile('EFBIG', path, 'would become larger than 8 MiB');
  }
  writeDurably(path, content, guard);
}

/**
 * Sets the flag in place when that is all that changed: one small write to a block that is already on
 * disk. Renaming a new file without syncing it would be as quick, but a power cut can leave such a
 * file empty, and with it a record that was safe before.
 */
function noteMarked(path: string, record: StepRecord, guard: DirectoryGuard): void {
  const content = encodeStepRecord({ ...record, marked: true });
  const stored = readHead(path, MAX_DOCUMENT_BYTES)?.bytes.toString('utf8');
  if (stored === content) return;
  if (stored === encodeStepRecord({ ...record, marked: false })) {
    patchInPlace(path, MARKED.offset, MARKED.yes);
  } else writeDocument(path, content, guard);
}

/**
 * The directory is synced even when nothing was there: whoever removed it before may have been killed
 * before its sync.
 */
function removeAll(directory: string, paths: readonly string[]): void {
  for (const path of paths) removeFile(path);
  syncDirectory(directory);
}

function requireStepName(step: string, directory: string): string {
  if (isStepName(step)) return step;
  throw new UnfitFile('EINVAL', directory, `no file can be kept for a step called ${step}`);
}

/** Runs `action` until it has succeeded once. */
function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    action();
    isDone = true;
  };
}

/** The port is asynchronous; an error that is not a value stays one of the promise. */
function inPromise<T>(action: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(action());
  });
}
