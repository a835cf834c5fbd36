import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from '../../support/folders.ts';
import { canTest } from '../../support/machine.ts';

/** A small file system in memory; `undefined`, with a line that says so, where mounting is not allowed. */
export function mountSmall(options: string) {
  const folder = temporaryFolder();
  const path = join(folder.path, 'a mount');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    folder.remove();
    canTest(false, `the right to mount: ${String(error)}`);
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
