// Builds dist/ from src/: the bundle, the files that start it, and the licences of everything in it.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What each phase of the action, and the command line, calls in the bundle. */
const STARTERS = { main: 'runMain', post: 'runPost', cli: 'runCli' };
/** What people start by its name. */
const PEOPLE_START = 'cli';
// Bundles are ESM: a CommonJS one breaks on a dependency of @actions/cache.
const ncc = (args, config = 'tsconfig.json') =>
  execFileSync(
    'node',
    ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', ...args, '--no-cache', '--quiet'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      // What stands in for what: only an absolute path is taken.
      env: { ...process.env, TS_NODE_PROJECT: resolve(config) },
    },
  );

// ncc does not empty its target: chunks of an older build would stay.
rmSync('dist', { recursive: true, force: true });
ncc(['src/bundle.ts', '--out', 'dist/bundle']);
// The only one that speaks HTTP.
ncc(['src/cache.ts', '--out', 'dist/cache'], '.github/tsconfig.cache.json');

// Only what is outside a bundle knows where it lies: inside, import.meta is that of the build.
for (const [entry, run] of Object.entries(STARTERS)) {
  mkdirSync(`dist/${entry}`);
  writeFileSync(
    `dist/${entry}/index.js`,
    `${PEOPLE_START === entry ? '#!/usr/bin/env node\n' : ''}import { ${run} } from '../bundle/index.js';\n\nawait ${run}(import.meta.dirname);\n`,
  );
  writeFileSync(`dist/${entry}/package.json`, '{\n  "type": "module"\n}\n');
}

// ncc's list of licences is overwritten by each lazy chunk, so it is taken from a build that has none.
const notices = 'node_modules/.cache/notices';
ncc(
  ['.github/notices.js', '--out', notices, '--license', 'licenses.txt'],
  '.github/tsconfig.cache.json',
);
copyFileSync(`${notices}/licenses.txt`, 'dist/licenses.txt');

chmodSync(`dist/${PEOPLE_START}/index.js`, 0o755);
