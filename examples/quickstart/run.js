// Runs the quick start through the shipped bundle as a runner would: it fails at a step, and the
// second run goes on from there. Everything it makes is in .preflight-quickstart/.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const place = join(root, '.preflight-quickstart');
const site = join(place, 'site');
const stop = () => {
  if (existsSync(join(site, 'pid'))) {
    try {
      process.kill(Number(readFileSync(join(site, 'pid'), 'utf8')));
    } catch {
      // it has ended already
    }
  }
};
stop();
rmSync(place, { recursive: true, force: true });
mkdirSync(join(place, 'temp'), { recursive: true });

// An input as the runner hands it over.
const input = (name, value) => [`INPUT_${name.toUpperCase()}`, value];

function runAction(attempt) {
  console.log(`\n════════ run attempt ${attempt} ════════`);
  const files = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => {
    const path = join(place, `${name.toLowerCase()}-${attempt}`);
    writeFileSync(path, '');
    return [`GITHUB_${name}`, path];
  });
  const main = spawnSync(process.execPath, [join(root, 'dist/main/index.js')], {
    cwd: root,
    stdio: 'inherit',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME ?? place,
      ...Object.fromEntries(files),
      GITHUB_ACTION: 'deploy',
      GITHUB_JOB: 'quickstart',
      GITHUB_REPOSITORY: 'you/your-repository',
      GITHUB_RUN_ATTEMPT: String(attempt),
      GITHUB_RUN_ID: '1',
      GITHUB_WORKFLOW: 'deploy',
      GITHUB_WORKSPACE: root,
      RUNNER_TEMP: join(place, 'temp'),
      ...Object.fromEntries([
        input('plan', 'examples/quickstart/preflight.yml'),
        input('state-dir', STATE_DIR),
      ]),
    },
  });
  return main.status;
}

const STATE_DIR =
  process.env.PREFLIGHT_QUICKSTART_STATE ??
  join(process.env.TMPDIR ?? '/tmp', `preflight-quickstart-${process.getuid?.() ?? 0}`);
rmSync(STATE_DIR, { recursive: true, force: true });

writeFileSync(join(place, 'fail'), '');
const first = runAction(1);
rmSync(join(place, 'fail'));
const second = runAction(2);
const ledger = readFileSync(join(site, 'data/ledger'), 'utf8').trim().split('\n');
stop();
console.log(
  `\nThe first run failed (exit code ${first}), the second one resumed (exit code ${second}).`,
);
console.log(`The migration ran ${ledger.length === 1 ? 'once' : `${ledger.length} times`}.`);
process.exitCode = first === 1 && second === 0 && ledger.length === 1 ? 0 : 1;
