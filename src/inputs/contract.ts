/** An input of the action, as `action.yml` declares it. */
export interface InputContract {
  readonly description: string;
  /** Undefined: none that could be told from a value that the user chose. */
  readonly default?: string;
}

/**
 * Every input of the action; a test holds it against `action.yml`. An input whose default may fall back
 * (`state-dir`), depends on others (`plan`) or stands for something computed (`lock`) has no default
 * here: empty means that the user has not chosen, and the description says what happens then.
 */
export const INPUTS = {
  plan: {
    description: 'Path of the plan file. Default: preflight.yml, when `steps` is not given.',
  },
  steps: { description: 'The steps inline, as a YAML list, instead of a plan file.' },
  checks: { description: "Pre-flight checks, as a YAML list; they add to the plan's." },
  'working-directory': {
    description: 'Where the steps run that say nothing else. Default: the workspace.',
  },
  shell: {
    description:
      'Shell of the steps that say nothing else: bash, sh, python, pwsh, or a template with {0}.',
    default: 'bash',
  },
  state: {
    description:
      'Where progress is kept: `host` (the state directory), `cache` (the Actions cache), or `auto`: ' +
      "the host, or the cache where the host's disk does not outlive the job.",
    default: 'auto',
  },
  'state-dir': {
    description:
      'State directory on the host. Default: /var/lib/freshtrack-deploy, with fallbacks when it cannot ' +
      'be used; one that is given here and cannot be used is an error.',
  },
  'deployment-id': {
    description:
      'Progress belongs to this id: same id, resume; new id, start fresh. Set it to the commit or a ' +
      'version to let a new run go on where an older one stopped.',
    default: '${{ github.run_id }}',
  },
  'deployment-key': {
    description:
      'Keeps apart deployments that share repository, job and matrix; the name of an environment, say.',
  },
  resume: {
    description:
      '`auto`; `never`: start fresh, whatever is recorded; `require`: on run attempt 2 and later, fail ' +
      'when there is nothing to resume from.',
    default: 'auto',
  },
  'max-attempts': {
    description: 'Attempts of a step in all, the first included.',
    default: '3',
  },
  'initial-delay': {
    description: 'Longest wait before the second attempt; waits are random below their bound.',
    default: '2s',
  },
  multiplier: {
    description: 'By how much that bound grows from attempt to attempt.',
    default: '2',
  },
  'max-delay': { description: 'Longest wait between two attempts.', default: '60s' },
  'retry-budget': {
    description: 'Bound of all attempts and waits of a step together.',
    default: '15m',
  },
  timeout: { description: 'How long one attempt of a step may take.', default: '1h' },
  'grace-period': {
    description: 'Time between TERM and KILL when a step is ended.',
    default: '5s',
  },
  'on-transient': {
    description: 'After a failure that may pass by itself: `retry` or `fail`.',
    default: 'retry',
  },
  'on-recoverable': {
    description:
      'After a failure that something must be changed for: `fail`, with the fix, or `retry`.',
    default: 'fail',
  },
  'on-critical': {
    description: 'After a failure that may have broken the target: `rollback` or `fail`.',
    default: 'rollback',
  },
  'on-unknown': {
    description: 'After a failure that no rule knows: `fail`, `retry` or `rollback`.',
    default: 'fail',
  },
  remedies: {
    description:
      'YAML map from a kind of recoverable failure to the command that removes its cause, such as ' +
      '`resource: docker image prune -f`; it runs once and is followed by one more attempt.',
  },
  rollback: { description: "Command that runs after the steps' own rollbacks." },
  lock: {
    description:
      'Name of the lock: deployments on this host with the same name wait for each other. ' +
      'Default: the target.',
  },
  'lock-timeout': { description: 'How long to wait for the lock.', default: '10m' },
  secrets: {
    description:
      'Names of environment variables whose values must never be shown or stored, besides those that ' +
      'look like secrets; blanks, commas or newlines between.',
  },
  diagnostics: { description: 'Commands to run, and show, when a step failed: one a line.' },
  summary: {
    description: 'When to write the job summary: `always`, `on-failure` or `never`.',
    default: 'always',
  },
  mode: {
    description:
      '`run`, `check` (pre-flight only), `plan` (print what would happen), `status`, `rollback`, ' +
      '`mark-done`, `forget` or `unlock`.',
    default: 'run',
  },
  target: {
    description:
      'For the modes that look at or repair a deployment: its target, as `status` prints it. ' +
      '`status` without it shows all of this repository.',
  },
  step: { description: 'The step for `mark-done` and `forget`; `forget` without it forgets all.' },
  retention: {
    description: 'Finished and abandoned deployments older than this are removed from the host.',
    default: '30d',
  },
  matrix: {
    description: 'Not for users: tells the jobs of a matrix apart.',
    default: '${{ toJSON(matrix) }}',
  },
  'job-status': {
    description: 'Not for users: how the job has ended, for the post step.',
    default: '${{ job.status }}',
  },
} as const satisfies Readonly<Record<string, InputContract>>;

export type InputName = keyof typeof INPUTS;
export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[];

/** Every output of the action that is ours, with its description; steps add their own. */
export const OUTPUTS = {
  outcome:
    '`succeeded`, `failed`, `rolled-back`, `rollback-incomplete`, `cancelled`, `in-doubt` or `blocked`.',
  'failed-step': 'Id of the step that failed.',
  category: 'What kind of failure it was, as `family:kind`.',
  'exit-code': 'Exit code of the failed step; 128+n after signal n.',
  resumed: '`true` if an earlier attempt was resumed, else `false`.',
  'steps-run': 'How many steps ran.',
  'steps-skipped': 'How many steps were skipped, because they were complete.',
  attempts: 'Attempts of the failed step, or else of the last one.',
  'deployment-id': 'The id that the progress belongs to.',
  'state-dir': 'The state directory that was used.',
  report: 'Path of the report, a JSON file.',
  result: 'Everything above and more as one JSON document, with `schema_version` 1.',
} as const satisfies Readonly<Record<string, string>>;

/** Names that a step's own outputs cannot have. */
export const RESERVED_OUTPUTS: ReadonlySet<string> = new Set(Object.keys(OUTPUTS));
