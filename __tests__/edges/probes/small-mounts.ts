import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from '../../support/folders.ts';

/** A small file system in memory; `undefined`, with a line that says so, where mounting is not allowed. */
export function mountSmall(options: string) {
  const folder = temporaryFolder();
  const path = join(folder.path, 'a mount');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    folder.remove();
    process.stderr.write(`not tested here, since mounting is not allowed: ${String(error)}\n`);
    return undefined;
  }
  return {
    path,
    remove: () => {
      execFileSync('umount', [path]);
      folder.remove();
    },
  };
}
