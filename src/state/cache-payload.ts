import { createHash } from 'node:crypto';
import type { KnownDeployment, Marker } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { CacheKey } from './cache-key.ts';
import { toRunName } from './cache-key.ts';
import {
  encodeDeploymentRecord,
  encodeStepRecord,
  isStepName,
  parseDeploymentRecord,
  parseStepRecord,
} from './codec.ts';
import { integer, list, object, text, textLike } from './decode.ts';
import { MAX_DOCUMENT_BYTES, parseDocument, SCHEMA_VERSION, VERSION_FIELD } from './document.ts';
import { toDeploymentName, toTargetName } from './identity.ts';
import { parseLastError, renderLastError } from './last-error.ts';
import type { AttemptRecord, DeploymentRecord, LastError, StepRecord } from './record.ts';

/**
 * What an entry of the Actions cache holds: one document with all records of a deployment, each with
 * its hash, and whose they are. One document and not a tree: what comes back is read in memory and
 * judged as a whole before any of it touches a disk.
 */

/** Larger payloads are neither saved nor read. */
export const MAX_PAYLOAD_BYTES = MAX_DOCUMENT_BYTES;
const MOST_FILES = 20_000;

/** Where a save stands among all saves of its deployment. */
export interface CacheStamp {
  readonly run_id: string;
  readonly run_attempt: number;
  /** Rises with every run that goes on from what another saved. */
  readonly generation: number;
  /** Rises with every save. */
  readonly sequence: number;
}

/** One file of the deployment's directory. */
export interface CachedFile {
  readonly name: string;
  readonly sha256: string;
  readonly content: string;
}

export interface CachePayload {
  readonly target: string;
  readonly deployment: string;
  readonly stamp: CacheStamp;
  readonly host: string;
  readonly saved_at: number;
  /** Characters of all contents together. */
  readonly size: number;
  readonly files: readonly CachedFile[];
}

const hash = textLike(/^[0-9a-f]{64}$/, 'a hash');
const count = integer(0, Number.MAX_SAFE_INTEGER);

export const decodeStamp = object<CacheStamp>({
  run_id: text,
  run_attempt: integer(1, Number.MAX_SAFE_INTEGER),
  generation: count,
  sequence: count,
});

const payload = object<CachePayload>(
  {
    target: text,
    deployment: text,
    stamp: decodeStamp,
    host: text,
    saved_at: integer(0, 8.64e15),
    size: count,
    files: list(object<CachedFile>({ name: text, sha256: hash, content: text })),
  },
  [VERSION_FIELD],
);

const RECORD = 'deployment.json';
const LAST_ERROR = '.last-error';
const STEP = /^steps\/(.+)\.json$/;
const MARKER = /^\.checkpoint-(.+)$/;

/** Everything that is known about a deployment, as files, in a fixed order. */
export function toCachedFiles(known: KnownDeployment): readonly CachedFile[] {
  const { record, steps, markers, lastError } = known;
  const files: [string, string][] = [];
  if (record !== undefined) files.push([RECORD, encodeDeploymentRecord(record)]);
  for (const step of steps.values()) {
    files.push([`steps/${step.step}.json`, encodeStepRecord(step)]);
  }
  for (const marker of markers.values()) {
    files.push([`.checkpoint-${marker.step}`, `${marker.completedAt}\n`]);
  }
  if (lastError !== undefined) files.push([LAST_ERROR, renderLastError(lastError)]);
  return files
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, content]) => ({ name, sha256: toHash(content), content }));
}

/** Says whether two sets of files are the same. */
export function toDigest(files: readonly CachedFile[]): string {
  return toHash(files.map(({ name, sha256 }) => `${sha256} ${name}\n`).join(''));
}

function toHash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

export function toSize(files: readonly CachedFile[]): number {
  return files.reduce((sum, { content }) => sum + content.length, 0);
}

export function encodePayload(content: CachePayload): string {
  return `${JSON.stringify({ [VERSION_FIELD]: SCHEMA_VERSION, ...content })}\n`;
}

/** A deployment as an entry tells it: every part of it read, and none of it a command. */
export interface CachedDeployment {
  readonly stamp: CacheStamp;
  readonly host: string;
  readonly record: DeploymentRecord;
  readonly steps: readonly StepRecord[];
  readonly markers: readonly Marker[];
  readonly lastError: LastError | undefined;
}

/**
 * Reads an entry that was found under `key`. The error says what is wrong, as the rest of a sentence
 * about the entry: it is not used, whatever it is.
 */
export function parsePayload(content: string, key: CacheKey): Result<CachedDeployment, string> {
  const parsed = parseDocument(content, payload);
  if (!parsed.ok) return failure(parsed.error.message);
  const { target, deployment, stamp, files, size, host } = parsed.value;
  if (target !== key.target || deployment !== key.deployment) {
    return failure('belongs to another deployment');
  }
  const isKeyed =
    toRunName(stamp.run_id) === key.run &&
    stamp.run_attempt === key.attempt &&
    stamp.sequence === key.sequence;
  if (!isKeyed) return failure('is not what its key says');
  if (files.length > MOST_FILES || toSize(files) !== size) return failure('is not complete');
  const read = readFiles(files);
  if (!read.ok) return read;
  const { record } = read.value;
  const isOurs =
    toTargetName(record.target) === target && toDeploymentName(record.deployment_id) === deployment;
  if (!isOurs) return failure('holds the record of another deployment');
  return success({ stamp, host, ...read.value });
}

type Contents = Omit<CachedDeployment, 'stamp' | 'host'>;

function readFiles(files: readonly CachedFile[]): Result<Contents, string> {
  let record: DeploymentRecord | undefined;
  let lastError: LastError | undefined;
  const steps: StepRecord[] = [];
  const markers: Marker[] = [];
  const names = new Set<string>();
  for (const { name, sha256, content } of files) {
    if (names.has(name)) return failure('holds a file twice');
    names.add(name);
    if (toHash(content) !== sha256) return failure('is damaged: a hash does not match');
    const step = STEP.exec(name)?.[1];
    const marked = MARKER.exec(name)?.[1];
    if (name === RECORD) {
      const parsed = parseDeploymentRecord(content);
      if (!parsed.ok) return failure(`holds a record that ${parsed.error.message}`);
      record = parsed.value;
    } else if (name === LAST_ERROR) {
      const parsed = parseLastError(content);
      if (parsed.ok) lastError = parsed.value;
    } else if (step !== undefined) {
      const parsed = parseStepRecord(content);
      if (!parsed.ok) return failure(`holds a step's record that ${parsed.error.message}`);
      if (parsed.value.step !== step) return failure("holds a step's record under a wrong name");
      steps.push(toForeign(parsed.value));
    } else if (marked !== undefined && isStepName(marked)) {
      markers.push({ step: marked, completedAt: toPrintable(content) });
    } else return failure('holds a file that is none of ours');
  }
  if (record === undefined) return failure('holds no record of the deployment');
  return success({ record, steps, markers, lastError });
}

/**
 * A command that comes out of a cache is never executed: the step's undo counts as not stored. And
 * what is not found of its processes proves nothing: containers share the boot of their host, but not
 * their files.
 */
function toForeign(record: StepRecord): StepRecord {
  const { rollback, ...rest } = record;
  return {
    ...rest,
    attempts: record.attempts.map(toForeignAttempt),
    undo_attempts: record.undo_attempts.map(toForeignAttempt),
    ...(rollback === undefined ? {} : { rollback_withheld: true }),
  };
}

const ELSEWHERE = 'elsewhere ';

function toForeignAttempt(attempt: AttemptRecord): AttemptRecord {
  const { boot_id } = attempt.run;
  const marked = boot_id.startsWith(ELSEWHERE) ? boot_id : `${ELSEWHERE}${boot_id}`;
  return { ...attempt, run: { ...attempt.run, boot_id: marked } };
}

/** Completion times are shown to people, and are one line. */
function toPrintable(content: string): string {
  const [line = ''] = content.split('\n', 1);
  return /^[\x20-\x7e]{0,200}$/.test(line) ? line : '';
}

/**
 * Which of two saves is the one to go on from; positive: the first. Attempts of one run follow each
 * other, whatever came in late; across runs the one counts that built on the other.
 */
export function compareStamps(one: CacheStamp, other: CacheStamp): number {
  const sameRun = one.run_id === other.run_id;
  const first = sameRun ? one.run_attempt - other.run_attempt : one.generation - other.generation;
  return first === 0 ? one.sequence - other.sequence : first;
}
