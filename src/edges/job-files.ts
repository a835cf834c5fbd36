import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Left } from '../app/close.ts';
import type { Handoff, Published, Publication } from '../app/edges.ts';
import { renderEnvEntry } from '../engine/env-file.ts';
import { OUTCOMES } from '../engine/outcome.ts';
import type { StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { success } from '../result.ts';
import { boolean, Mismatch, object, text } from '../state/decode.ts';
import { attempt } from './durable-files.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** State for the post step; written with the runner's own file format, since the toolkit is not loaded yet. */
export function saveState(
  env: Env,
  token: string,
  name: string,
  value: string,
): Result<void, StateFault> {
  const file = env['GITHUB_STATE'];
  if (file === undefined || file === '') return success(undefined);
  return attempt('write to GITHUB_STATE', file, () => {
    appendFileSync(file, renderEnvEntry({ name, value }, token));
  });
}

const HANDOFF = 'preflight';
const FINISHED = 'preflight_finished';

export function saveHandoff(env: Env, handoff: Handoff): Result<void, StateFault> {
  return saveState(env, handoff.token, HANDOFF, JSON.stringify(handoff));
}

export function saveFinished(env: Env, token: string, outcome: string): Result<void, StateFault> {
  return saveState(env, token, FINISHED, outcome);
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

/**
 * Outputs, environment, path, job summary and the report file, for the rest of the job. What cannot be
 * written does not keep the others from it.
 */
export async function publish(env: Env, token: string, published: Published): Promise<Publication> {
  // The toolkit costs more than all the rest to load: not before the deployment is done.
  const core = await import('@actions/core');
  const needed: StateFault[] = [];
  const niceToHave: StateFault[] = [];
  const report = keep(
    niceToHave,
    attempt('write the report', env['RUNNER_TEMP'] ?? '', () => writeReport(env, published)),
  );
  const intoFile = (file: string, action: () => void): void => {
    if (isSet(env, file)) keep(needed, attempt(`write to ${file}`, env[file] ?? '', action));
  };
  intoFile('GITHUB_OUTPUT', () => {
    for (const [name, value] of published.outputs) core.setOutput(name, value);
    if (report !== undefined) core.setOutput('report', report);
  });
  // Not by the toolkit, which would also change our own environment: a step's GITHUB_STATE or PATH in it
  // would lead what we write, and run, from then on.
  intoFile('GITHUB_ENV', () => {
    const entries = [...published.env].map(([name, value]) => ({ name, value }));
    appendText(env['GITHUB_ENV'], entries.map((entry) => renderEnvEntry(entry, token)).join(''));
  });
  intoFile('GITHUB_PATH', () => {
    appendText(env['GITHUB_PATH'], published.path.map((entry) => `${entry}\n`).join(''));
  });
  if (published.summary !== '' && isSet(env, 'GITHUB_STEP_SUMMARY')) {
    const wrote = await core.summary
      .addRaw(published.summary, true)
      .write()
      .then(
        () => success(undefined),
        (error: unknown) =>
          attempt('write to GITHUB_STEP_SUMMARY', env['GITHUB_STEP_SUMMARY'] ?? '', () => {
            throw error;
          }),
      );
    keep(niceToHave, wrote);
  }
  return { ...(report === undefined ? {} : { reportFile: report }), needed, niceToHave };
}

function appendText(file: string | undefined, text: string): void {
  if (file !== undefined && text !== '') appendFileSync(file, text);
}

function keep<T>(faults: StateFault[], result: Result<T, StateFault>): T | undefined {
  if (result.ok) return result.value;
  faults.push(result.error);
  return undefined;
}

/** Without their files the toolkit prints values as commands of old, which no runner takes any more. */
function isSet(env: Env, name: string): boolean {
  return (env[name] ?? '') !== '';
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
