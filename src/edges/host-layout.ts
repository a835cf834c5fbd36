import { join } from 'node:path';

/** Where things lie in a state dir (contract, section 5); the names are those of `state/identity.ts`. */

export const LOCKS_DIRECTORY = 'locks';
export const CURRENT_LINK = 'current';
export const RECORD_SUFFIX = '.json';
const MARKER_PREFIX = '.checkpoint-';

/** The paths of one deployment. */
export interface DeploymentPaths {
  readonly targetDirectory: string;
  readonly directory: string;
  readonly record: string;
  readonly steps: string;
  readonly run: string;
  readonly lastError: string;
  /** The link that names the target's deployment that last started a step. */
  readonly current: string;
}

export function toDeploymentPaths(
  stateDir: string,
  target: string,
  deployment: string,
): DeploymentPaths {
  const targetDirectory = join(stateDir, target);
  const directory = join(targetDirectory, deployment);
  return {
    targetDirectory,
    directory,
    record: join(directory, 'deployment.json'),
    steps: join(directory, 'steps'),
    run: join(directory, 'run'),
    lastError: join(directory, '.last-error'),
    current: join(targetDirectory, CURRENT_LINK),
  };
}

/** The file in `run/<unit>` that names the living command (`state/process-file.ts`). */
export const PROCESS_FILE = 'process';
/** What the name of a run directory that was moved out of the way ends in. */
export const ASIDE = '~';

export function toMarkerName(step: string): string {
  return `${MARKER_PREFIX}${step}`;
}

/** The step that a file name marks as complete; undefined when the file is something else. */
export function toMarkedStep(fileName: string): string | undefined {
  return fileName.startsWith(MARKER_PREFIX) ? fileName.slice(MARKER_PREFIX.length) : undefined;
}
