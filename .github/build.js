// Builds dist/ from src/: one bundle for each entry, and the licences of everything in them.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync } from 'node:fs';

const ENTRIES = ['main', 'post', 'cache', 'cli'];
// Bundles are ESM: a CommonJS one breaks on a dependency of @actions/cache.
const ncc = (...args) =>
  execFileSync(
    'node',
    ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', ...args, '--no-cache', '--quiet'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );

// ncc does not empty its target: chunks of an older build would stay.
rmSync('dist', { recursive: true, force: true });
for (const entry of ENTRIES) ncc(`src/${entry}.ts`, '--out', `dist/${entry}`);

// ncc's list of licences is overwritten by each lazy chunk, so it is taken from a build that has none.
const notices = 'node_modules/.cache/notices';
ncc('.github/notices.js', '--out', notices, '--license', 'licenses.txt');
copyFileSync(`${notices}/licenses.txt`, 'dist/licenses.txt');

// What people start by its name.
chmodSync('dist/cli/index.js', 0o755);
