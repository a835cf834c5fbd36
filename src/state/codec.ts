import { CATEGORIES } from '../failure/category.ts';
import type { LockHolder } from '../ports.ts';
import type { Result } from '../result.ts';
import {
  boolean,
  byKind,
  integer,
  list,
  object,
  oneOf,
  optional,
  text,
  textLike,
} from './decode.ts';
import type { DocumentProblem } from './document.ts';
import { parseDocument, SCHEMA_VERSION, VERSION_FIELD } from './document.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  Exit,
  Fingerprint,
  HistoryEntry,
  NamedValue,
  ProcessRef,
  RunRef,
  StepRecord,
  StepResults,
  TargetParts,
} from './record.ts';

const count = integer(0, Number.MAX_SAFE_INTEGER);
const counted = integer(1, Number.MAX_SAFE_INTEGER);
/** The greatest time that a `Date` can hold. */
const epochMs = integer(0, 8.64e15);
const exitCode = integer(0, 255);
const category = oneOf(CATEGORIES);
const signal = textLike(/^SIG[A-Z0-9+-]{1,20}$/, 'the name of a signal');

/** What names a step in files: safe as part of any file name, with room for what surrounds it. */
const STEP_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;
const step = textLike(STEP_NAME, 'the id of a step');

/** Whether records and markers can be kept under this id; `../../x` is none. */
export function isStepName(id: string): boolean {
  return STEP_NAME.test(id);
}

const exit = byKind<Exit>({
  exited: object({ kind: oneOf(['exited']), code: exitCode }),
  signalled: object({ kind: oneOf(['signalled']), signal }),
});

const run = object<RunRef>({
  run_id: text,
  run_attempt: counted,
  host: text,
  boot_id: text,
});

const processRef = object<ProcessRef>({
  pid: integer(1, 2 ** 31 - 1),
  start_time: text,
  boot_id: text,
  command: optional(text),
});

const attempt = object<AttemptRecord>({
  attempt: counted,
  run,
  started_at: epochMs,
  ended_at: optional(epochMs),
  exit: optional(exit),
  ended_by: optional(oneOf(['itself', 'signal', 'timeout', 'cancel'])),
  category: optional(category),
});

/**
 * As `engine/env-file.ts` reads them. Names are written to the runner's files as they are: with a line
 * end or `<<` in it, one would be several, or swallow those that follow.
 */
const valueName = textLike(
  /^(?!\uFEFF)(?:[^=<\n\0]|<(?![<]|$))+$/u,
  'the name of an output or a variable',
);
const namedValues = list(object<NamedValue>({ name: valueName, value: text }));

const stepRecord = object<StepRecord>(
  {
    step,
    name: text,
    sequence: count,
    state: oneOf(['started', 'succeeded', 'failed', 'declared', 'undoing', 'undone']),
    fingerprint: object<Fingerprint>({
      run: text,
      shell: text,
      working_directory: text,
      env: text,
      files: text,
    }),
    idempotent: boolean,
    irreversible: boolean,
    attempts: list(attempt),
    undo_attempts: list(attempt),
    marked: boolean,
    results: object<StepResults>({
      outputs: namedValues,
      env: namedValues,
      path: list(text),
      summary: text,
    }),
    withheld: list(text),
    rollback: optional(
      object<NonNullable<StepRecord['rollback']>>({
        run: text,
        shell: text,
        working_directory: text,
      }),
    ),
    rollback_withheld: optional(boolean),
    declared_by: optional(text),
    survivors: optional(list(processRef)),
  },
  [VERSION_FIELD],
);

const deploymentRecord = object<DeploymentRecord>(
  {
    target: object<TargetParts>({
      repository: text,
      workflow: text,
      job: text,
      matrix: text,
      action: text,
      key: text,
    }),
    deployment_id: text,
    status: oneOf([
      'open',
      'resetting',
      'closed',
      'rolling-back',
      'rolled-back',
      'rollback-incomplete',
    ]),
    lock: text,
    created_at: epochMs,
    updated_at: epochMs,
    plan: object<DeploymentRecord['plan']>({
      source: text,
      steps: list(object<DeploymentRecord['plan']['steps'][number]>({ id: step, name: text })),
    }),
    rollback_command_started: boolean,
    failure: optional(
      object<NonNullable<DeploymentRecord['failure']>>({
        step,
        category,
        exit_code: exitCode,
      }),
    ),
    history: list(
      object<HistoryEntry>({
        mode: text,
        at: epochMs,
        run,
        actor: text,
        outcome: optional(text),
        step: optional(text),
      }),
    ),
  },
  [VERSION_FIELD],
);

/** A lock file's content; the token makes every acquisition's file unlike any other. */
export interface LockContent {
  readonly token: string;
  readonly holder: LockHolder;
}

const lockContent = object<LockContent>(
  {
    token: textLike(/^[0-9a-f]{16,64}$/, 'a token'),
    holder: object<LockHolder>({
      host: text,
      boot_id: text,
      pid_namespace: text,
      process: processRef,
      run_id: text,
      run_attempt: counted,
      run_url: text,
      deployment: text,
      directory: text,
      acquired_at: epochMs,
    }),
  },
  [VERSION_FIELD],
);

/**
 * Where an encoded step record says whether it is marked, and how: both values are equally long, so
 * that one small write in place turns one into the other, and a crash leaves either of them.
 */
export const MARKED = {
  offset: `{"${VERSION_FIELD}":${SCHEMA_VERSION},"marked":`.length,
  yes: 'true ',
  no: 'false',
} as const;

export function encodeStepRecord(record: StepRecord): string {
  const { marked, ...rest } = record;
  const flag = marked ? MARKED.yes : MARKED.no;
  const fields = JSON.stringify(rest).slice(1);
  return `{"${VERSION_FIELD}":${SCHEMA_VERSION},"marked":${flag},${fields}\n`;
}

export function parseStepRecord(content: string): Result<StepRecord, DocumentProblem> {
  return parseDocument(content, stepRecord);
}

export function encodeDeploymentRecord(record: DeploymentRecord): string {
  return encode(record);
}

export function parseDeploymentRecord(content: string): Result<DeploymentRecord, DocumentProblem> {
  return parseDocument(content, deploymentRecord);
}

export function encodeLock(content: LockContent): string {
  return encode(content);
}

export function parseLock(content: string): Result<LockContent, DocumentProblem> {
  return parseDocument(content, lockContent);
}

function encode(fields: object): string {
  return `${JSON.stringify({ [VERSION_FIELD]: SCHEMA_VERSION, ...fields })}\n`;
}
