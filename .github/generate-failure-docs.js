/**
 * Writes docs/failures.md from the rules themselves: `node .github/generate-failure-docs.js`. A test
 * holds the committed file against what this would write.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { transpileTree } from '../bench/score/transpile.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const work = await mkdtemp(join(tmpdir(), 'preflight-docs-'));
try {
  for (const folder of ['failure', 'inputs', 'state']) {
    await transpileTree(join(root, 'src', folder), join(work, 'src', folder));
  }
  await writeFile(join(work, 'package.json'), '{"type":"module"}');
  const { renderFailureDocs } = await import(
    pathToFileURL(join(work, 'src/failure/render-docs.js')).href
  );
  await writeFile(join(root, 'docs/failures.md'), renderFailureDocs());
} finally {
  await rm(work, { recursive: true, force: true });
}
