/**
 * What the runner gives a JavaScript action and a plain `run:` step does not get: credentials and
 * addresses of its services, and the files that only we may write to.
 */
const WITHHELD: ReadonlySet<string> = new Set([
  'ACTIONS_RUNTIME_TOKEN',
  'ACTIONS_RUNTIME_URL',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_CACHE_URL',
  'ACTIONS_CACHE_SERVICE_V2',
  'GITHUB_ACTION_PATH',
  'GITHUB_ACTION_REF',
  'GITHUB_ACTION_REPOSITORY',
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
]);
/** Our inputs, and what one phase of the action saved for the next. */
const WITHHELD_PREFIXES = ['INPUT_', 'STATE_'] as const;
/** Looks like saved state, but is how shell libraries on a host are told where their checkpoints lie. */
const NEVER_WITHHELD = 'STATE_DIR';

/**
 * Variables that the runner sets for every step, whatever a workflow says: an `env:` entry or a line
 * in GITHUB_ENV cannot change them. Others with these prefixes, GITHUB_TOKEN say, are the user's.
 */
const FIXED: readonly string[] = [
  ...['ACTION', 'ACTIONS', 'ACTOR', 'ACTOR_ID', 'API_URL', 'BASE_REF', 'EVENT_NAME', 'EVENT_PATH'],
  ...['GRAPHQL_URL', 'HEAD_REF', 'JOB', 'REF', 'REF_NAME', 'REF_PROTECTED', 'REF_TYPE'],
  ...['REPOSITORY', 'REPOSITORY_ID', 'REPOSITORY_OWNER', 'REPOSITORY_OWNER_ID', 'RETENTION_DAYS'],
  ...['RUN_ATTEMPT', 'RUN_ID', 'RUN_NUMBER', 'SERVER_URL', 'SHA', 'TRIGGERING_ACTOR'],
  ...['WORKFLOW', 'WORKFLOW_REF', 'WORKFLOW_SHA', 'WORKSPACE'],
]
  .map((name) => `GITHUB_${name}`)
  .concat(
    ['ARCH', 'DEBUG', 'ENVIRONMENT', 'NAME', 'OS', 'TEMP', 'TOOL_CACHE', 'WORKSPACE'].map(
      (name) => `RUNNER_${name}`,
    ),
  );

/** Our own environment as a plain `run:` step would have it: credentials of the action taken out. */
export function toBaseEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const base: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !isWithheld(name)) base[name] = value;
  }
  return base;
}

function isWithheld(name: string): boolean {
  if (name === NEVER_WITHHELD) return false;
  return WITHHELD.has(name) || WITHHELD_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** The layers of a step's environment. */
export interface EnvironmentLayers {
  /** What `toBaseEnvironment` gave. */
  readonly base: Readonly<Record<string, string>>;
  /** What earlier steps wrote to GITHUB_ENV. */
  readonly accumulatedEnv: ReadonlyMap<string, string>;
  /** What earlier steps wrote to GITHUB_PATH, oldest first. */
  readonly accumulatedPath: readonly string[];
  readonly planAndStepEnv: Readonly<Record<string, string>>;
  /** `PREFLIGHT_*`: ours, last word. */
  readonly preflight: Readonly<Record<string, string>>;
}

/**
 * Merges as the runner does: inherited, then GITHUB_ENV, then the step's own `env`; entries of
 * GITHUB_PATH stand before any PATH, newest first; what describes the run itself cannot be changed.
 */
export function toStepEnvironment(layers: EnvironmentLayers): Record<string, string> {
  const { base, accumulatedEnv, accumulatedPath, planAndStepEnv, preflight } = layers;
  const merged: Record<string, string> = {
    ...base,
    ...Object.fromEntries(accumulatedEnv),
    ...planAndStepEnv,
    ...preflight,
  };
  for (const name of FIXED) {
    const value = base[name];
    if (value !== undefined) merged[name] = value;
  }
  const path = toPath(accumulatedPath, merged['PATH']);
  return path === undefined ? merged : { ...merged, PATH: path };
}

function toPath(entries: readonly string[], inherited: string | undefined): string | undefined {
  const newestFirst = [...new Set(entries.toReversed())];
  if (newestFirst.length === 0) return inherited;
  if (inherited === undefined || inherited === '') return newestFirst.join(':');
  return [...newestFirst, inherited].join(':');
}
