import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { transform } from '@swc/core';

/** Writes the TypeScript files below `from` as JavaScript below `to`, imports rewritten to match. */
export async function transpileTree(from, to) {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    if (entry.isDirectory()) await transpileTree(source, join(to, entry.name));
    else if (entry.name.endsWith('.ts')) {
      const { code } = await transform(await readFile(source, 'utf8'), {
        filename: source,
        configFile: false,
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2023',
          rewriteRelativeImportExtensions: true,
        },
        module: { type: 'es6' },
      });
      const name = entry.name.replace(/\.ts$/, '.js');
      await writeFile(join(to, name), code.replace(/(from\s+['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
    }
  }
}
