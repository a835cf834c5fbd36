import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Left } from '../app/close.ts';
import type { Handoff, Published } from '../app/edges.ts';
import { renderEnvEntry } from '../engine/env-file.ts';
import { OUTCOMES } from '../engine/outcome.ts';
import { boolean, Mismatch, object, text } from '../state/decode.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** State for the post step; written with the runner's own file format, since the toolkit is not loaded yet. */
export function saveState(env: Env, token: string, name: string, value: string): void {
  const file = env['GITHUB_STATE'];
  if (file === undefined || file === '') return;
  appendFileSync(file, renderEnvEntry({ name, value }, token));
}

const HANDOFF = 'preflight';
const FINISHED = 'preflight_finished';

export function saveHandoff(env: Env, handoff: Handoff): void {
  saveState(env, handoff.token, HANDOFF, JSON.stringify(handoff));
}

export function saveFinished(env: Env, token: string, outcome: string): void {
  saveState(env, token, FINISHED, outcome);
}

const decodeHandoff = object<Handoff>({
  token: text,
  stateDir: text,
  target: text,
  deployment: text,
  lock: text,
  mode: text,
  inCache: boolean,
});

/** What main left for post; undefined when it did not come so far as to leave anything. */
export function readLeft(env: Env): Left | undefined {
  const saved = env[`STATE_${HANDOFF}`] ?? '';
  if (saved === '') return undefined;
  const handoff = decodeHandoff(JSON.parse(saved));
  if (handoff instanceof Mismatch)
    throw new Error(`${HANDOFF}: ${handoff.where} ${handoff.problem}`);
  const finished = OUTCOMES.find((outcome) => outcome === env[`STATE_${FINISHED}`]);
  return { handoff, finished };
}

/** Outputs, environment, path, job summary and the report file, for the rest of the job. */
export async function publish(env: Env, published: Published): Promise<void> {
  // The toolkit costs more than all the rest to load: not before the deployment is done.
  const core = await import('@actions/core');
  const report = writeReport(env, published);
  for (const [name, value] of published.outputs) setOutput(core, env, name, value);
  if (report !== undefined) setOutput(core, env, 'report', report);
  if (published.env.size > 0 && isSet(env, 'GITHUB_ENV')) {
    for (const [name, value] of published.env) core.exportVariable(name, value);
  }
  if (isSet(env, 'GITHUB_PATH')) for (const entry of published.path) core.addPath(entry);
  if (published.summary !== '' && isSet(env, 'GITHUB_STEP_SUMMARY')) {
    await core.summary.addRaw(published.summary, true).write();
  }
}

function isSet(env: Env, name: string): boolean {
  return (env[name] ?? '') !== '';
}

/** Without its file the toolkit prints the value as a command of old, which no runner takes any more. */
function setOutput(
  core: typeof import('@actions/core'),
  env: Env,
  name: string,
  value: string,
): void {
  if (isSet(env, 'GITHUB_OUTPUT')) core.setOutput(name, value);
}

/** Where the report goes: the runner's temporary directory, which lives as long as the job. */
function writeReport(env: Env, { report }: Published): string | undefined {
  const temp = env['RUNNER_TEMP'];
  if (temp === undefined || temp === '') return undefined;
  const directory = join(temp, 'preflight');
  const action = (env['GITHUB_ACTION'] ?? 'action')
    .slice(0, 100)
    .replaceAll(/[^A-Za-z0-9_-]/gu, '_');
  const path = join(directory, `report-${action}.json`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 });
  return path;
}
