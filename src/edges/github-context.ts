import { hostname } from 'node:os';

import type { RunContext } from '../app/edges.ts';
import { bootId, ownProcess, pidNamespace } from './process-identity.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Reads who and where we are from the runner's variables; some of them are absent under `act`. */
export function readRunContext(env: Env): RunContext {
  const get = (name: string): string => env[name] ?? '';
  const runId = get('GITHUB_RUN_ID') || 'local';
  const server = get('GITHUB_SERVER_URL');
  const repository = get('GITHUB_REPOSITORY');
  return {
    repository,
    workflow: toWorkflow(get('GITHUB_WORKFLOW_REF'), repository) || get('GITHUB_WORKFLOW'),
    job: get('GITHUB_JOB'),
    action: get('GITHUB_ACTION'),
    runId,
    runAttempt: toAttempt(get('GITHUB_RUN_ATTEMPT')),
    runUrl:
      server === '' || repository === '' ? '' : `${server}/${repository}/actions/runs/${runId}`,
    actor: get('GITHUB_TRIGGERING_ACTOR') || get('GITHUB_ACTOR'),
    workspace: get('GITHUB_WORKSPACE') || process.cwd(),
    host: hostname(),
    bootId: bootId(),
    pidNamespace: pidNamespace(),
    process: ownProcess(),
    isHosted: get('RUNNER_ENVIRONMENT') === 'github-hosted',
    platform: process.platform,
  };
}

/** `owner/repo/.github/workflows/x.yml@refs/heads/main` without repository and ref, which may change. */
function toWorkflow(reference: string, repository: string): string {
  const path = reference.replace(/@.*$/su, '');
  return path.startsWith(`${repository}/`) ? path.slice(repository.length + 1) : path;
}

function toAttempt(text: string): number {
  const attempt = Number(text);
  return Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 1;
}

const INPUT_PREFIX = 'INPUT_';

/** The inputs as the runner hands them over: upper case, blanks as underscores; by name in lower case. */
export function readRawInputs(env: Env): Readonly<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith(INPUT_PREFIX) && value !== undefined) {
      inputs[name.slice(INPUT_PREFIX.length).toLowerCase()] = value;
    }
  }
  return inputs;
}
