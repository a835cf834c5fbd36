import { execFile } from 'node:child_process';
import { realpath, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { Known, SpaceFacts } from '../../checks/ports.ts';
import { failure, success } from '../../result.ts';
import { toErrorCode } from './kernel-files.ts';
import type { KernelFiles } from './kernel-files.ts';
import { toMountOf, toMounts } from './mounts.ts';
import { findSystemProgram, SYSTEM_ENV } from '../system-programs.ts';
import { findNearest } from './nearest.ts';

/** Beyond any page size: a file system that says so names its preferred transfer, not its unit. */
const LARGEST_UNIT_BYTES = 65_536;

/**
 * The unit that block counts are in. Node hands over f_bsize only, which on FUSE and network file
 * systems may be the preferred transfer size; coreutils' stat knows f_frsize.
 */
async function toUnitBytes(path: string, stats: { readonly bsize: number }): Promise<number> {
  if ('frsize' in stats && typeof stats.frsize === 'number' && stats.frsize > 0) {
    return stats.frsize;
  }
  if (stats.bsize <= LARGEST_UNIT_BYTES) return stats.bsize;
  const stat = findSystemProgram('stat', process.env);
  if (stat === undefined) return stats.bsize;
  try {
    const { stdout } = await promisify(execFile)(stat, ['-f', '-c', '%S', '--', path], {
      env: SYSTEM_ENV,
    });
    return Number(stdout.trim()) || stats.bsize;
  } catch {
    // Another dialect: the transfer size is the best there is.
    return stats.bsize;
  }
}

/** Space on the file system that holds an absolute path, or that would hold it once it is made. */
export async function loadSpace(files: KernelFiles, path: string): Promise<Known<SpaceFacts>> {
  const nearest = await findNearest(path);
  const mountinfo = await files.read('/proc/self/mountinfo');
  const mounts = mountinfo.ok ? toMounts(mountinfo.value) : [];
  try {
    const place = await realpath(nearest.path);
    const mount = toMountOf(place, mounts);
    // Behind a closed directory there may be another mount: then what we would measure is not it.
    if (nearest.blocked !== undefined && toMountOf(path, mounts) !== mount) {
      return failure(`${path} cannot be looked at (${nearest.blocked})`);
    }
    const stats = await statfs(place);
    const unitBytes = await toUnitBytes(place, stats);
    return success({
      mountPoint: mount?.mountPoint ?? place,
      device: mount === undefined ? '' : `${mount.source} (${mount.type})`,
      // What root alone may still use is not for deployments, whoever runs them.
      freeBytes: stats.bavail * unitBytes,
      totalBytes: stats.blocks * unitBytes,
      ...(stats.files > 0 ? { inodes: { free: stats.ffree, total: stats.files } } : {}),
    });
  } catch (error) {
    return failure(`${nearest.path} cannot be measured (${toErrorCode(error)})`);
  }
}
