import { INPUT_NAMES, INPUTS } from '../inputs/contract.ts';
import type { InputContract, InputName } from '../inputs/contract.ts';

/** Inputs that are no flags: the mode is the command, and the others are filled in by the runner. */
const NO_FLAGS = ['mode', 'matrix', 'job-status'] as const satisfies readonly InputName[];
export type FlagName = Exclude<InputName, (typeof NO_FLAGS)[number]>;

/** A flag of the command line. */
export interface Flag {
  readonly name: FlagName;
  readonly description: string;
  /** As text; empty where there is none, or the description says it. */
  readonly default: string;
}

/** Where the terminal is another place than a job: the description and default that hold there. */
const AT_TERMINAL: Partial<Record<FlagName, Pick<InputContract, 'description' | 'default'>>> = {
  plan: {
    description:
      'Path of the plan file. Default: preflight.yml, in this directory or at the root of the repository.',
  },
  'working-directory': {
    description:
      'Where the steps run that say nothing else. Default: the root of the repository, or this directory.',
  },
  'deployment-id': {
    description:
      'Progress belongs to this id: same id, resume; new id, start fresh. Default: GITHUB_RUN_ID, or ' +
      '`local`. For repairs: the newest that is not closed.',
  },
  resume: {
    description:
      '`auto`; `never`: start fresh, whatever is recorded; `require`: fail when there is nothing to ' +
      'resume from.',
    default: 'auto',
  },
  summary: {
    description:
      'When to write the job summary, where GITHUB_STEP_SUMMARY names a file: `always`, `on-failure` ' +
      'or `never`.',
    default: 'always',
  },
  target: {
    description:
      'The target, as `preflight status` prints it. Default: that of this directory and plan; for ' +
      '`status`, all.',
  },
};

/** Every flag that is an input of the action, in the order of the contract. */
export const FLAGS: readonly Flag[] = INPUT_NAMES.filter(isFlag).map((name) => {
  const { description, default: value = '' }: InputContract = AT_TERMINAL[name] ?? INPUTS[name];
  return { name, description, default: value };
});

/** Flags that make sense more than once: each adds a line. */
export const REPEATABLE: ReadonlySet<string> = new Set<FlagName>(['secrets', 'diagnostics']);

/** Flags of the command line itself. */
export const OWN_FLAGS = {
  json: 'One JSON document on standard output; what is for people goes to standard error.',
  help: 'Show help, for a command when one is named.',
  version: 'Show the version.',
} as const satisfies Readonly<Record<string, string>>;

/** Every word that may stand behind `--`. */
export const FLAG_NAMES: readonly string[] = [
  ...FLAGS.map(({ name }) => name),
  ...Object.keys(OWN_FLAGS),
];

function isFlag(name: InputName): name is FlagName {
  return !(NO_FLAGS as readonly string[]).includes(name);
}
