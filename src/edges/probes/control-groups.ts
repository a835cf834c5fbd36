import { posix } from 'node:path';

import type { KernelFiles } from './kernel-files.ts';
import { isBelow, toMounts } from './mounts.ts';
import type { Mount } from './mounts.ts';

/** A control group that bounds this process: its own, or one above it. */
export interface ControlGroup {
  readonly version: 1 | 2;
  /** As people know it, such as `cgroup /system.slice/actions.runner.service`. */
  readonly name: string;
  /** Directory with its files. */
  readonly directory: string;
}

export type Controller = 'memory' | 'cpu';

/** Where this process is in the hierarchy of a controller (cgroups(7), /proc/self/cgroup). */
interface Membership {
  readonly version: 1 | 2;
  readonly path: string;
  readonly mount: Mount;
}

function toMembership(
  controller: Controller,
  cgroupFile: string,
  mounts: readonly Mount[],
): readonly Membership[] {
  const found: Membership[] = [];
  for (const line of cgroupFile.split('\n')) {
    const [id, controllers, ...rest] = line.split(':');
    const path = rest.join(':');
    if (id === undefined || controllers === undefined || path === '') continue;
    const unified = id === '0' && controllers === '';
    const mount = unified
      ? mounts.find(({ type }) => type === 'cgroup2')
      : mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    const ours = unified || controllers.split(',').includes(controller);
    if (ours && mount !== undefined) found.push({ version: unified ? 2 : 1, path, mount });
  }
  return found;
}

/** A container may see only its own part of the hierarchy; what is outside cannot be looked at. */
function toVisiblePath({ path, mount }: Membership): string {
  if (path.includes('/..') || !isBelow(path, mount.root)) return '/';
  return posix.join('/', path.slice(mount.root === '/' ? 0 : mount.root.length));
}

/** Own group first, then each one above it: the tightest bound of them all holds. */
export async function loadControlGroups(
  files: KernelFiles,
  controller: Controller,
): Promise<readonly ControlGroup[]> {
  const cgroupFile = await files.read('/proc/self/cgroup');
  const mountinfo = await files.read('/proc/self/mountinfo');
  if (!cgroupFile.ok || !mountinfo.ok) return [];
  const groups: ControlGroup[] = [];
  for (const membership of toMembership(controller, cgroupFile.value, toMounts(mountinfo.value))) {
    const { mount, version } = membership;
    let path = toVisiblePath(membership);
    for (;;) {
      const name = path === '/' ? 'the container or root cgroup' : `cgroup ${path}`;
      groups.push({ version, name, directory: posix.join(mount.mountPoint, path) });
      if (path === '/') break;
      path = posix.dirname(path);
    }
  }
  return groups;
}
