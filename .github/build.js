// Builds dist/ from src/: the bundle, the files that start it, and the licences of everything in it.
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What each phase of the action, and the command line, calls in the bundle. */
const STARTERS = { main: 'runMain', post: 'runPost', cli: 'runCli' };
/** What people start by its name. */
const PEOPLE_START = 'cli';
const NCC = fileURLToPath(import.meta.resolve('@vercel/ncc/dist/ncc/cli.js'));
// Bundles are ESM: a CommonJS one breaks on a dependency of @actions/cache.
const ncc = async (args, config = 'tsconfig.json') => {
  // What stands in for what: only an absolute path is taken.
  const env = { ...process.env, TS_NODE_PROJECT: resolve(config) };
  await promisify(execFile)('node', [NCC, 'build', ...args, '--no-cache', '--quiet'], { env });
};
/** The only one that speaks HTTP. */
const WITH_HTTP = '.github/tsconfig.cache.json';
const notices = 'node_modules/.cache/notices';

// ncc does not empty its target: chunks of an older build would stay.
rmSync('dist', { recursive: true, force: true });
await Promise.all([
  ncc(['src/bundle.ts', '--out', 'dist/bundle']),
  ncc(['src/cache.ts', '--out', 'dist/cache'], WITH_HTTP).then(() =>
    // ncc's list of licences is overwritten by each lazy chunk, so it is taken from a build that has none.
    ncc(['.github/notices.js', '--out', notices, '--license', 'licenses.txt'], WITH_HTTP),
  ),
]);

// Only what is outside a bundle knows where it lies: inside, import.meta is that of the build.
for (const [entry, run] of Object.entries(STARTERS)) {
  mkdirSync(`dist/${entry}`);
  writeFileSync(
    `dist/${entry}/index.js`,
    `${PEOPLE_START === entry ? '#!/usr/bin/env node\n' : ''}import { ${run} } from '../bundle/index.js';\n\nawait ${run}(import.meta.dirname);\n`,
  );
  writeFileSync(`dist/${entry}/package.json`, '{\n  "type": "module"\n}\n');
}

copyFileSync(`${notices}/licenses.txt`, 'dist/licenses.txt');

chmodSync(`dist/${PEOPLE_START}/index.js`, 0o755);
