import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { StateProblem } from '../ports.ts';
import type { Result } from '../result.ts';
import { isName } from '../state/identity.ts';
import type { DeploymentRecord } from '../state/record.ts';
import { listDirectory, readLink } from './file-reading.ts';
import { CURRENT_LINK, toDeploymentPaths } from './host-layout.ts';
import { loadRecord } from './host-load.ts';
import { isSystemError } from './system-error.ts';

/** A deployment as it lies in the state dir. */
export interface StoredDeployment {
  readonly target: string;
  readonly deployment: string;
  readonly directory: string;
  /** It is the deployment of its target that last started a step. */
  readonly isCurrent: boolean;
  /** Undefined inside when it was given up before its first record. */
  readonly record: Result<DeploymentRecord | undefined, StateProblem>;
  /** Epoch milliseconds of its last sign of life, recorded or seen on its files. */
  readonly touchedAt: number;
}

/**
 * Every deployment in the state dir, or those of one repository (and those whose record does not say),
 * the latest first. Writes nothing.
 */
export function listDeployments(
  stateDir: string,
  repository?: string,
): readonly StoredDeployment[] {
  return listTargets(stateDir)
    .flatMap((target) => listTarget(stateDir, target))
    .filter(({ record }) => {
      const owner = record.ok ? record.value?.target.repository : undefined;
      return repository === undefined || owner === undefined || owner === repository;
    })
    .sort((one, other) => other.touchedAt - one.touchedAt);
}

export function listTargets(stateDir: string): readonly string[] {
  return listNames(stateDir);
}

/** The deployments of one target, in no particular order. */
export function listTarget(stateDir: string, target: string): readonly StoredDeployment[] {
  const directory = join(stateDir, target);
  const current = readCurrent(directory);
  return listNames(directory).map((deployment) => {
    const paths = toDeploymentPaths(stateDir, target, deployment);
    const record = loadRecord(paths);
    const recordedAt = record.ok ? (record.value?.updated_at ?? 0) : 0;
    const seenAt = [paths.directory, paths.steps, paths.run, paths.record].map(toModifiedAt);
    return {
      target,
      deployment,
      directory: paths.directory,
      isCurrent: deployment === current,
      record,
      touchedAt: Math.max(recordedAt, ...seenAt),
    };
  });
}

/** Directories with names of ours: what else lies there, and links, are none of our business. */
function listNames(directory: string): readonly string[] {
  return orElse([], () =>
    listDirectory(directory).filter(
      (name) => isName(name) && lstatSync(join(directory, name)).isDirectory(),
    ),
  );
}

function readCurrent(targetDirectory: string): string | undefined {
  return orElse(undefined, () => readLink(join(targetDirectory, CURRENT_LINK)));
}

function toModifiedAt(path: string): number {
  return orElse(0, () => lstatSync(path).mtimeMs);
}

/** What cannot be read, or went away while we looked, is not there. */
function orElse<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isSystemError(error)) return fallback;
    throw error;
  }
}
