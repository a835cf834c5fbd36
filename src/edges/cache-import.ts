import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { success } from '../result.ts';
import type { CachedDeployment } from '../state/cache-payload.ts';
import { attempt, linkDurably, makeDirectory, syncDirectory } from './durable-files.ts';
import { readLink } from './file-reading.ts';
import { toDeploymentPaths } from './host-layout.ts';
import type { HostStoreOptions } from './host-store.ts';
import { openHostStore } from './host-store.ts';

/** Swept together with what pruning leaves when it is killed. */
const ASIDE_PREFIX = '.trash-';

/**
 * Makes the local copy what the cache knows. Written aside first and put in place as a whole: whoever
 * is killed meanwhile leaves the old copy, or none, which is then restored again.
 */
export async function importDeployment(
  options: HostStoreOptions,
  cached: CachedDeployment,
): Promise<Result<void, StateFault>> {
  const { stateDir, target, deployment } = options;
  const paths = toDeploymentPaths(stateDir, target, deployment);
  const aside = (): string =>
    join(paths.targetDirectory, `${ASIDE_PREFIX}${randomBytes(8).toString('hex')}`);
  const stage = aside();
  const made = attempt('make the directory', paths.targetDirectory, () => {
    makeDirectory(stage);
  });
  if (!made.ok) return made;
  const written = await writeAll({ stateDir: stage, target, deployment }, cached);
  if (!written.ok) return written;
  return attempt('put the restored checkpoint in place of', paths.directory, () => {
    const staged = toDeploymentPaths(stage, target, deployment);
    // Commands of ours that are alive on this machine keep their files.
    if (existsSync(paths.run)) renameSync(paths.run, staged.run);
    const old = aside();
    if (existsSync(paths.directory)) renameSync(paths.directory, old);
    renameSync(staged.directory, paths.directory);
    syncDirectory(paths.targetDirectory);
    for (const rest of [old, stage]) rmSync(rest, { recursive: true, force: true });
  });
}

async function writeAll(
  options: HostStoreOptions,
  { record, steps, markers, lastError }: CachedDeployment,
): Promise<Result<void, StateFault>> {
  const store = openHostStore(options);
  const writes = [
    ...steps.map((step) => () => store.saveStep(step)),
    ...markers.map(
      ({ step, completedAt }) =>
        () =>
          store.putMarker(step, completedAt),
    ),
    ...(lastError === undefined ? [] : [() => store.saveLastError(lastError)]),
    () => store.saveDeployment(record),
  ];
  for (const write of writes) {
    const written = await write();
    if (!written.ok) return written;
  }
  return success(undefined);
}

/** Notes which deployment the cache says is the target's current one. */
export function importCurrent(
  { stateDir, target }: Pick<HostStoreOptions, 'stateDir' | 'target'>,
  current: string,
): Result<void, StateFault> {
  const paths = toDeploymentPaths(stateDir, target, current);
  return attempt('point at the current deployment', paths.current, () => {
    makeDirectory(paths.targetDirectory);
    if (readLink(paths.current) !== current) linkDurably(paths.current, current);
  });
}
