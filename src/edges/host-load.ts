import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { KnownDeployment, Marker, StateProblem } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { isStepName, parseDeploymentRecord, parseStepRecord } from '../state/codec.ts';
import type { DocumentProblem } from '../state/document.ts';
import { MAX_DOCUMENT_BYTES } from '../state/document.ts';
import { toDeploymentName, toTargetName } from '../state/identity.ts';
import { parseLastError } from '../state/last-error.ts';
import type { DeploymentRecord, LastError, StepRecord } from '../state/record.ts';
import type { FileHead } from './file-reading.ts';
import { createReader, findForeignHand, listEntries, readHead, readLink } from './file-reading.ts';
import type { DeploymentPaths } from './host-layout.ts';
import { RECORD_SUFFIX, toMarkedStep, toMarkerName } from './host-layout.ts';
import { isSystemError } from './system-error.ts';

const MARKER_BYTES = 200;
const LAST_ERROR_BYTES = 64 * 1024;

/** Carries a problem out of the reading functions; never leaves this file. */
class Refusal extends Error {
  readonly problem: StateProblem;

  constructor(path: string, message: string) {
    super(message);
    this.problem = { path, message };
  }
}

/** Reads all that is stored about a deployment, and writes nothing (E8). */
export function loadDeployment(paths: DeploymentPaths): Result<KnownDeployment, StateProblem> {
  return refusable(paths.directory, () => {
    requireOwnDirectories(paths);
    return {
      record: readDeploymentRecord(paths),
      steps: readSteps(paths.steps),
      markers: readMarkers(paths.directory),
      lastError: readLastError(paths.lastError),
      current: readCurrent(paths),
      name: basename(paths.directory),
    };
  });
}

/** Reads `deployment.json` alone; undefined when there is none. */
export function loadRecord(
  paths: DeploymentPaths,
): Result<DeploymentRecord | undefined, StateProblem> {
  return refusable(paths.record, () => readDeploymentRecord(paths));
}

function refusable<T>(path: string, read: () => T): Result<T, StateProblem> {
  try {
    return success(read());
  } catch (error) {
    if (error instanceof Refusal) return failure(error.problem);
    if (!isSystemError(error)) throw error;
    return failure({ path: error.path ?? path, message: `cannot be read: ${error.message}` });
  }
}

/**
 * A link in place of a directory would lead our reads and writes to somewhere else, and what others may
 * write to says what they want it to say.
 */
function requireOwnDirectories(paths: DeploymentPaths): void {
  for (const path of [paths.targetDirectory, paths.directory, paths.steps, paths.run]) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (!stat.isDirectory()) {
      throw new Refusal(path, 'is not a directory. Look what put it there, and remove it');
    }
    const foreign = findForeignHand(stat);
    if (foreign === undefined) continue;
    throw new Refusal(path, `${foreign}. Look whether what lies in it is true, or remove it`);
  }
}

function readDeploymentRecord(paths: DeploymentPaths): DeploymentRecord | undefined {
  const path = paths.record;
  const wayOut = `To start this deployment afresh, remove the directory ${paths.directory}`;
  const record = toDocument(
    path,
    readHead(path, MAX_DOCUMENT_BYTES),
    parseDeploymentRecord,
    wayOut,
  );
  if (record === undefined) return undefined;
  const isOurs =
    toTargetName(record.target) === basename(paths.targetDirectory) &&
    toDeploymentName(record.deployment_id) === basename(paths.directory);
  if (!isOurs) throw new Refusal(path, `belongs to another deployment. ${wayOut}`);
  return record;
}

function readSteps(directory: string): ReadonlyMap<string, StepRecord> {
  const steps = new Map<string, StepRecord>();
  const read = createReader(MAX_DOCUMENT_BYTES);
  for (const entry of listEntries(directory)) {
    const step = entry.name.slice(0, -RECORD_SUFFIX.length);
    if (!entry.name.endsWith(RECORD_SUFFIX) || !isStepName(step)) continue;
    const path = `${directory}/${entry.name}`;
    const wayOut =
      'Once it is clear whether the step took effect, remove the file: the step then counts by its ' +
      `checkpoint alone, ${dirname(directory)}/${toMarkerName(step)}`;
    requireFile(path, entry, wayOut);
    const record = toDocument(path, read(path), parseStepRecord, wayOut);
    if (record === undefined) continue;
    if (record.step !== step) {
      throw new Refusal(path, `is the record of another step, ${record.step}. ${wayOut}`);
    }
    steps.set(step, record);
  }
  return steps;
}

/** Neither we nor a shell library made what is no regular file. */
function requireFile(path: string, entry: Dirent, wayOut: string): void {
  if (entry.isFile()) return;
  const kind = entry.isSymbolicLink() ? 'is a symbolic link' : 'is not a regular file';
  throw new Refusal(path, `${kind}. ${wayOut}`);
}

function toDocument<T>(
  path: string,
  head: FileHead | undefined,
  parse: (content: string) => Result<T, DocumentProblem>,
  wayOut: string,
): T | undefined {
  if (head === undefined) return undefined;
  if (head.size > MAX_DOCUMENT_BYTES) {
    throw new Refusal(path, `is larger than 8 MiB, and nothing of ours is. ${wayOut}`);
  }
  if (!isUtf8(head.bytes)) throw new Refusal(path, `is not UTF-8. ${wayOut}`);
  const parsed = parse(head.bytes.toString('utf8'));
  if (parsed.ok) return parsed.value;
  const { kind, message } = parsed.error;
  const newer = kind === 'newer' ? ' Use the version of the action that wrote it.' : '';
  throw new Refusal(path, `${message}.${newer} ${wayOut}`);
}

/** Every marker that can be a step's, whoever made it. */
function readMarkers(directory: string): ReadonlyMap<string, Marker> {
  const markers = new Map<string, Marker>();
  const read = createReader(MARKER_BYTES);
  for (const entry of listEntries(directory)) {
    const step = toMarkedStep(entry.name);
    if (step === undefined || !isStepName(step)) continue;
    const path = `${directory}/${entry.name}`;
    requireFile(path, entry, 'Remove it, and the step runs again');
    const head = read(path);
    if (head === undefined) continue;
    markers.set(step, { step, completedAt: toPrintableLine(head.bytes) });
  }
  return markers;
}

function toPrintableLine(bytes: Buffer): string {
  const [line = ''] = bytes.toString('utf8').split(/[\r\n]/, 1);
  // eslint-disable-next-line no-control-regex -- control characters are the point
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\uFFFD').trim();
}

/** Only for people: one that is not understood is as good as none. */
function readLastError(path: string): LastError | undefined {
  const head = readHead(path, LAST_ERROR_BYTES);
  if (head === undefined) return undefined;
  const parsed = parseLastError(head.bytes.toString('utf8'));
  return parsed.ok ? parsed.value : undefined;
}

/**
 * The name that `current` points to. It stays a name when its directory is gone: that deployment took
 * place all the same, and older ones stay superseded.
 */
function readCurrent(paths: DeploymentPaths): string | undefined {
  const link = readLink(paths.current);
  if (link === undefined) return undefined;
  const pointedAt = resolve(paths.targetDirectory, link);
  if (dirname(pointedAt) !== resolve(paths.targetDirectory)) {
    throw new Refusal(
      paths.current,
      `points out of its directory, at ${join(link)}. Remove it if no newer deployment took place`,
    );
  }
  return basename(pointedAt);
}
