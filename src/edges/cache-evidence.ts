import { dirname, join } from 'node:path';
import { isObject } from '../state/decode.ts';
import { attempt } from './durable-files.ts';
import { readHead } from './file-reading.ts';

type Env = Readonly<Record<string, string | undefined>>;

const SETTINGS_BYTES = 64 * 1024;

/** Why the disk of this machine does not outlive the job; undefined when nothing says so. */
export function findDiskLoss(env: Env, inContainer: boolean): string | undefined {
  if (env['RUNNER_ENVIRONMENT'] === 'github-hosted') {
    return 'the disk of this GitHub-hosted runner does not outlive the job';
  }
  if (inContainer) return "the disk of this job's container does not outlive the job";
  if (isEphemeral(env)) return 'this runner is ephemeral, and its disk does not outlive the job';
  return undefined;
}

/** Runner controllers say it by variables, the runner itself in its settings. */
function isEphemeral(env: Env): boolean {
  if (/^(?:1|true)$/i.test(env['RUNNER_EPHEMERAL'] ?? '')) return true;
  if ((env['ACTIONS_RUNNER_POD_NAME'] ?? '') !== '') return true;
  const work = env['RUNNER_WORKSPACE'] ?? '';
  if (work === '') return false;
  // The work folder lies in the runner's own, unless its administrator has moved it.
  return readsEphemeral(join(dirname(dirname(work)), '.runner'));
}

function readsEphemeral(path: string): boolean {
  const read = attempt('read', path, () => readHead(path, SETTINGS_BYTES));
  if (!read.ok || read.value === undefined) return false;
  // The runner writes it with a byte order mark.
  const content = read.value.bytes.toString('utf8').replace(/^\uFEFF/, '');
  try {
    const settings: unknown = JSON.parse(content);
    if (!isObject(settings)) return false;
    return settings['ephemeral'] === true || settings['Ephemeral'] === true;
  } catch {
    return false;
  }
}

/** Whether the runner gave this job what is needed to talk to a cache. */
export function hasCacheAccess(env: Env): boolean {
  const has = (name: string): boolean => (env[name] ?? '') !== '';
  return has('ACTIONS_RUNTIME_TOKEN') && (has('ACTIONS_RESULTS_URL') || has('ACTIONS_CACHE_URL'));
}
