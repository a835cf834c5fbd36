import { randomBytes } from 'node:crypto';
import { lstatSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LockHolder, Locks, StateFault, Stop } from '../ports.ts';
import type { Result } from '../result.ts';
import type { DeploymentRecord } from '../state/record.ts';
import type { StoredDeployment } from './deployments.ts';
import { listTarget, listTargets } from './deployments.ts';
import { attempt, isTemporary, removeFile, syncDirectory } from './durable-files.ts';
import { listDirectory, readLink } from './file-reading.ts';
import { CURRENT_LINK } from './host-layout.ts';
import type { LifeSigns } from './living-commands.ts';
import { findLivingCommands } from './living-commands.ts';
import { isSystemError } from './system-error.ts';

const TRASH_PREFIX = '.trash-';
/** State that could not be read and that a person said to start over: kept for the retention. */
const ASIDE_PREFIX = '.aside-';
const STALE_TEMPORARY_MS = 3_600_000;
const NEVER: Stop = { requested: false, onRequest: () => () => undefined };

export interface PruneRequest {
  readonly stateDir: string;
  readonly olderThanMs: number;
  readonly locks: Locks;
  /** Who prunes, for the locks that are taken meanwhile. */
  readonly holder: Omit<LockHolder, 'acquired_at'>;
  /** Names of locks that the caller holds already. */
  readonly held: readonly string[];
  /** Directory of the caller's own deployment, which stays. */
  readonly keep: string;
  readonly signs: LifeSigns;
}

export interface PruneReport {
  /** Directories that are gone. */
  readonly removed: readonly string[];
  /** What could not be removed; nothing else is affected by it. */
  readonly faults: readonly StateFault[];
}

/**
 * Removes deployments that nothing has happened to for longer than the retention. Each goes only under
 * its own lock, if that is free at once, and if nothing of it runs; one whose record cannot be read
 * stays, since nobody knows its lock.
 */
export async function pruneDeployments(request: PruneRequest): Promise<PruneReport> {
  const removed: string[] = [];
  const faults: StateFault[] = [];
  for (const target of listTargets(request.stateDir)) {
    for (const stored of currentLast(listTarget(request.stateDir, target))) {
      const outcome = await pruneOne(stored, request);
      if (outcome === 'kept') continue;
      if (outcome.ok) removed.push(stored.directory);
      else faults.push(outcome.error);
    }
    tidyTarget(join(request.stateDir, target), request);
  }
  return { removed, faults };
}

/** While others of its target are there, the current one says that they are superseded. */
function currentLast(deployments: readonly StoredDeployment[]): readonly StoredDeployment[] {
  return deployments.toSorted((one, other) => Number(one.isCurrent) - Number(other.isCurrent));
}

type Outcome = 'kept' | ReturnType<typeof attempt<void>>;

async function pruneOne(stored: StoredDeployment, request: PruneRequest): Promise<Outcome> {
  const record = findExpired(stored, request);
  if (record === undefined) return 'kept';
  if (request.held.includes(record.lock)) return removeIfStillExpired(stored, request);
  const lock = await request.locks.acquire({
    name: record.lock,
    holder: request.holder,
    timeoutMs: 0,
    cancel: NEVER,
    onWait: () => undefined,
  });
  if (!lock.ok) return 'kept';
  try {
    return removeIfStillExpired(stored, request);
  } finally {
    await lock.value.release();
  }
}

/** The record of a deployment that may go; undefined when it must stay. */
function findExpired(
  stored: StoredDeployment,
  { keep, olderThanMs, signs }: PruneRequest,
): DeploymentRecord | undefined {
  const { directory, record, touchedAt } = stored;
  const isExpired = directory !== keep && signs.now() - touchedAt > olderThanMs;
  return isExpired && record.ok ? record.value : undefined;
}

/** Looks once more under the lock: the deployment may have come to life while we waited for nothing. */
function removeIfStillExpired(seen: StoredDeployment, request: PruneRequest): Outcome {
  const siblings = listTarget(request.stateDir, seen.target);
  const stored = siblings.find(({ deployment }) => deployment === seen.deployment);
  if (stored === undefined || (stored.isCurrent && siblings.length > 1)) return 'kept';
  const record = findExpired(stored, request);
  if (record === undefined || (seen.record.ok && record.lock !== seen.record.value?.lock)) {
    return 'kept';
  }
  if (findLivingCommands(stored.directory, request.signs).length > 0) return 'kept';
  return attempt('remove an expired deployment', stored.directory, () => {
    remove(stored, request.stateDir);
  });
}

/** Out of sight in one step, so that a crash never leaves half a deployment; then file by file. */
function remove({ target, deployment, directory, isCurrent }: StoredDeployment, stateDir: string) {
  const targetDirectory = join(stateDir, target);
  const trash = join(targetDirectory, `${TRASH_PREFIX}${randomBytes(8).toString('hex')}`);
  renameSync(directory, trash);
  const current = join(targetDirectory, CURRENT_LINK);
  if (isCurrent && readLink(current) === deployment) removeFile(current);
  syncDirectory(targetDirectory);
  empty(trash);
}

/** Moves a deployment's directory out of the way, without losing it; returns where to. */
export function setAside(directory: string): Result<string, StateFault> {
  return attempt('set aside a deployment', directory, () => {
    const name = `${ASIDE_PREFIX}${basename(directory)}-${randomBytes(4).toString('hex')}`;
    const aside = join(dirname(directory), name);
    renameSync(directory, aside);
    syncDirectory(dirname(directory));
    return aside;
  });
}

/** Removes a tree; a link in it is removed, not followed. */
function empty(trash: string): void {
  rmSync(trash, { recursive: true, force: true });
}

/** Finishes what an earlier prune or a killed writer began, and removes the directory if that was all. */
function tidyTarget(directory: string, { signs, olderThanMs }: PruneRequest): void {
  const now = signs.now();
  // What cannot be tidied now waits for the next time.
  attempt('tidy a target', directory, () => {
    for (const name of listDirectory(directory)) {
      const path = join(directory, name);
      if (name.startsWith(TRASH_PREFIX)) empty(path);
      else if (name.startsWith(ASIDE_PREFIX)) {
        if (now - lstatSync(path).ctimeMs > olderThanMs) empty(path);
      } else if (isTemporary(name) && now - lstatSync(path).mtimeMs > STALE_TEMPORARY_MS) {
        removeFile(path);
      }
    }
    removeIfEmpty(directory);
  });
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (isSystemError(error) && ['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code)) return;
    throw error;
  }
}
