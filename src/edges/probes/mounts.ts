/** A line of /proc/self/mountinfo (proc_pid_mountinfo(5)), as far as it is of use here. */
export interface Mount {
  /** The part of the file system that is mounted. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly source: string;
  /** Options of the file system itself; for control groups of version 1 they name the controllers. */
  readonly options: readonly string[];
}

/** Blank, tab, newline and backslash stand as octal numbers in the mount table. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/gu, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Mounts in the order of the table; of two at one place the later one is the visible one. */
export function toMounts(mountinfo: string): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split('\n')) {
    const [left = '', right = ''] = line.split(' - ', 2);
    const [, , , root, mountPoint] = left.split(' ');
    const [type, source, options] = right.split(' ');
    if (root === undefined || mountPoint === undefined || type === undefined) continue;
    mounts.push({
      root: unescape(root),
      mountPoint: unescape(mountPoint),
      type,
      source: unescape(source ?? ''),
      options: (options ?? '').split(','),
    });
  }
  return mounts;
}

/** Whether `path` is `directory` or lies below it. */
export function isBelow(path: string, directory: string): boolean {
  const base = directory.endsWith('/') ? directory : `${directory}/`;
  return path === directory || path.startsWith(base);
}

/** The mount that holds an absolute path without symbolic links. */
export function toMountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const deeper = mount.mountPoint.length >= (best?.mountPoint.length ?? 0);
    if (deeper && isBelow(path, mount.mountPoint)) best = mount;
  }
  return best;
}
