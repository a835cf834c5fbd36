import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { KernelFiles } from '../../../src/edges/probes/kernel-files.ts';
import { temporaryFolder } from '../../support/folders.ts';

/** A tree with the files in which a kernel and a distribution describe a host. */
export function describeHost(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder.path, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return { root: folder.path, files: new KernelFiles(folder.path), remove: folder.remove };
}
