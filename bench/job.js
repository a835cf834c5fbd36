import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MAIN, measure, NODE } from './measure.js';

/** A plan of so many steps that do nothing. */
export const toPlan = (steps) =>
  `steps:\n${Array.from({ length: steps }, (_, n) => `  - { id: s${n}, run: 'true' }\n`).join('')}`;

/** A job on a runner of its own, with a state directory of its own; `run` starts the shipped action in it. */
export function createJob(plan) {
  const home = mkdtempSync(join(tmpdir(), 'preflight-bench-'));
  const workspace = join(home, 'workspace');
  for (const name of ['workspace', 'temp']) mkdirSync(join(home, name));
  mkdirSync(join(home, 'state'), { mode: 0o700 });
  writeFileSync(join(workspace, 'preflight.yml'), plan);
  let phase = 0;
  let runId = 0;

  function toEnv(attempt, inputs) {
    const files = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => {
      const path = join(home, 'temp', `${name}-${phase++}`);
      writeFileSync(path, '');
      return [`GITHUB_${name}`, path];
    });
    const given = { 'state-dir': join(home, 'state'), summary: 'never', ...inputs };
    return {
      PATH: process.env.PATH,
      HOME: home,
      ...Object.fromEntries(files),
      GITHUB_ACTION: 'bench',
      GITHUB_JOB: 'bench',
      GITHUB_REPOSITORY: 'bench/bench',
      GITHUB_RUN_ATTEMPT: String(attempt),
      GITHUB_RUN_ID: String(runId),
      GITHUB_WORKFLOW: 'bench',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: join(home, 'temp'),
      ...Object.fromEntries(
        Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    };
  }

  function start({ expected, inputs, under = [], entry = MAIN }, attempt) {
    const [command, ...args] = [...under, NODE, entry];
    return measure(command, args, { expected, cwd: workspace, env: toEnv(attempt, inputs) });
  }

  return {
    home,
    summary: () => join(home, 'temp', `STEP_SUMMARY-${phase - 1}`),
    /** A run of its own, which begins at the first step. */
    run: (options = {}) => {
      runId++;
      return start(options, 1);
    },
    /** Another attempt of the last run. */
    again: (options = {}) => start(options, 2),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
