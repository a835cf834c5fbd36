import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where systems keep their own programs. They come before any PATH, since what a job has put there is
 * for its steps: our own questions to the host must not be answered by it.
 */
const SYSTEM_FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];

/** The absolute path of a system's program; undefined where there is none. */
export function findSystemProgram(
  name: string,
  env: Env,
  folders: readonly string[] = SYSTEM_FOLDERS,
): string | undefined {
  const others = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return [...folders, ...others].map((folder) => join(folder, name)).find(isExecutable);
}

/** All that such a program gets to see: nothing that would change what it does or how it says it. */
export const SYSTEM_ENV: Readonly<Record<string, string>> = {
  PATH: SYSTEM_FOLDERS.join(':'),
  LC_ALL: 'C',
  TZ: 'UTC',
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
