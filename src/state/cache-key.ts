import { createHash } from 'node:crypto';
import { isName } from './identity.ts';

/**
 * Names of the entries in the Actions cache. Servers match keys as prefixes and some change letter
 * case: every field is lower case and ends with a slash, which no field contains, so the key of one
 * deployment is never the beginning of another's.
 */

const ROOT = 'preflight-v1/';
const CURRENT = 'current';
/** A client takes no more than these in one question. */
export const MOST_KEYS = 10;

/** Which save of which deployment an entry holds. */
export interface CacheKey {
  /** Directory name of the target. */
  readonly target: string;
  /** Directory name of the deployment. */
  readonly deployment: string;
  /** As `toRunName` gives it. */
  readonly run: string;
  readonly attempt: number;
  /** Rises with every save of the deployment, through all of its runs. */
  readonly sequence: number;
}

/** The run's id as part of a key. GitHub's are numbers; anything else is hashed. */
export function toRunName(runId: string): string {
  if (/^\d{1,20}$/.test(runId)) return runId;
  return `x${createHash('sha256').update(runId).digest('hex').slice(0, 10)}`;
}

export function toDeploymentPrefix({
  target,
  deployment,
}: Pick<CacheKey, 'target' | 'deployment'>) {
  return `${ROOT}${target}/${deployment}/`;
}

export function toAttemptPrefix(key: Omit<CacheKey, 'sequence'>): string {
  return `${toDeploymentPrefix(key)}r${key.run}/a${key.attempt}/`;
}

export function toCacheKey(key: CacheKey): string {
  return `${toAttemptPrefix(key)}s${key.sequence}/`;
}

const KEY =
  /^preflight-v1\/([^/]+)\/([^/]+)\/r(\d{1,20}|x[0-9a-f]{10})\/a(\d{1,9})\/s(\d{1,15})\/$/;

/** Undefined when the key is none of ours. */
export function parseCacheKey(text: string): CacheKey | undefined {
  const [, target = '', deployment = '', run = '', attempt, sequence] =
    KEY.exec(text.toLowerCase()) ?? [];
  if (!isName(target) || !isName(deployment)) return undefined;
  return { target, deployment, run, attempt: Number(attempt), sequence: Number(sequence) };
}

/** Entries that say, by their order, which deployment of a target last started something. */
export function toCurrentPrefix(target: string): string {
  return `${ROOT}${target}/${CURRENT}/`;
}

/** A name that was reserved and never filled is lost for good: this one, too, is unlike any other. */
export function toCurrentKey({ target, deployment, run, attempt, sequence }: CacheKey): string {
  return `${toCurrentPrefix(target)}${deployment}/r${run}/a${attempt}/s${sequence}/`;
}

/** Directory name of the deployment that such an entry names; undefined when it is none of ours. */
export function parseCurrentKey(text: string, target: string): string | undefined {
  const lower = text.toLowerCase();
  const prefix = toCurrentPrefix(target);
  const [name = ''] = lower.slice(prefix.length).split('/', 1);
  return lower.startsWith(prefix) && isName(name) ? name : undefined;
}

/** How many older attempts are asked for by name; a general question follows for the rest. */
const NAMED_ATTEMPTS = 6;

/** Where to look first: the attempts of this run, newest first, then any run's newest entry. */
export function toFirstQuestion(key: Omit<CacheKey, 'sequence'>): readonly string[] {
  return [...toAttemptPrefixes(key, key.attempt), toDeploymentPrefix(key)];
}

/** Entries of the same attempt that were saved after `key`, but may have come in before it. */
export function toLaterKeys(key: CacheKey): readonly string[] {
  const ahead = Array.from({ length: MOST_KEYS - 1 }, (_, index) => key.sequence + 1 + index);
  return ahead.reverse().map((sequence) => toCacheKey({ ...key, sequence }));
}

/** Where to look when `key` cannot be used: its predecessors, then older attempts. */
export function toEarlierKeys(key: CacheKey): readonly string[] {
  const before = [1, 2, 3, 4]
    .map((back) => key.sequence - back)
    .filter((sequence) => sequence > 0)
    .map((sequence) => toCacheKey({ ...key, sequence }));
  return [...before, ...toAttemptPrefixes(key, key.attempt - 1)];
}

function toAttemptPrefixes(key: Omit<CacheKey, 'sequence'>, from: number): readonly string[] {
  const attempts = Array.from({ length: NAMED_ATTEMPTS }, (_, index) => from - index);
  return attempts
    .filter((attempt) => attempt > 0)
    .map((attempt) => toAttemptPrefix({ ...key, attempt }));
}
