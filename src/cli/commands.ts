import type { Mode } from '../inputs/inputs.ts';
import type { FlagName } from './flags.ts';

/** What the words behind a command mean. */
export type Takes = 'plan' | 'target' | 'target-and-step' | 'command' | 'nothing';

/** A command, as help and documentation have it. */
export interface Command {
  /** Undefined: nothing of the action is started. */
  readonly mode?: Mode;
  readonly takes: Takes;
  /** The words behind it, as usage shows them. */
  readonly usage: string;
  readonly summary: string;
  /** More that a person must know before using it, a paragraph each. */
  readonly details: readonly string[];
  /** Flags that change what it does; `all`: every one of a run. The others are accepted and mean nothing. */
  readonly flags: 'all' | readonly FlagName[];
}

const PLACE = ['state', 'state-dir'] as const satisfies readonly FlagName[];
const REPAIR = [...PLACE, 'deployment-id', 'deployment-key', 'lock-timeout', 'plan'] as const;
const TARGET_DETAIL =
  'TARGET is a name as `preflight status` prints it. Without it the target of this directory and plan is meant.';
const WHICH_DETAIL =
  'TARGET is a name as `preflight status` prints it, with ten hexadecimal digits at its end; another word is the step. Without TARGET the target of this directory and plan is meant.';

export const COMMANDS = {
  run: {
    mode: 'run',
    takes: 'plan',
    usage: '[PLAN]',
    summary: 'Run the steps of a plan; after a failure, go on where it stopped.',
    details: [
      'The same command again goes on from the step that failed, until the deployment has succeeded. After that it starts at the first step.',
      'Ctrl-C ends the running step and keeps what is done.',
    ],
    flags: 'all',
  },
  check: {
    mode: 'check',
    takes: 'plan',
    usage: '[PLAN]',
    summary: 'Carry out the pre-flight checks only.',
    details: ['Writes no state.'],
    flags: [...PLACE, 'plan', 'steps', 'checks', 'working-directory', 'shell', 'secrets'],
  },
  plan: {
    mode: 'plan',
    takes: 'plan',
    usage: '[PLAN]',
    summary: 'Show what a run would do with each step, and why.',
    details: ['Starts nothing and writes no state.'],
    flags: 'all',
  },
  status: {
    mode: 'status',
    takes: 'target',
    usage: '[TARGET]',
    summary: 'Show what a state directory holds: deployments, steps, locks, what is running.',
    details: ['Shows all that is there, also what the action has written. Writes nothing.'],
    flags: [...PLACE, 'target', 'deployment-id'],
  },
  rollback: {
    mode: 'rollback',
    takes: 'target',
    usage: '[TARGET]',
    summary: 'Undo a deployment now, newest step first.',
    details: [
      'The undo commands are those of the plan, or the recorded ones where there is no plan.',
      TARGET_DETAIL,
    ],
    flags: [...REPAIR, 'target', 'steps', 'rollback', 'grace-period', 'secrets'],
  },
  'mark-done': {
    mode: 'mark-done',
    takes: 'target-and-step',
    usage: '[TARGET] STEP',
    summary: 'Say that a step is done: it is skipped from now on.',
    details: [WHICH_DETAIL],
    flags: [...REPAIR, 'target', 'step'],
  },
  forget: {
    mode: 'forget',
    takes: 'target-and-step',
    usage: '[TARGET] [STEP]',
    summary: 'Say that a step is not done: it runs again. Without a step: all of them.',
    details: [WHICH_DETAIL],
    flags: [...REPAIR, 'target', 'step'],
  },
  unlock: {
    mode: 'unlock',
    takes: 'target',
    usage: '[TARGET]',
    summary: 'Remove a lock that nobody can judge; one whose holder is seen alive stays.',
    details: [TARGET_DETAIL],
    flags: [...PLACE, 'target', 'lock', 'plan', 'deployment-key'],
  },
  schema: {
    takes: 'nothing',
    usage: '',
    summary: 'Print the JSON Schema of a plan, for editors.',
    details: [],
    flags: [],
  },
  help: {
    takes: 'command',
    usage: '[COMMAND]',
    summary: 'Show help.',
    details: [],
    flags: [],
  },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;
export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

/** The commands that take a target, or a step. */
export function findCommandsTaking(what: 'target' | 'step'): readonly CommandName[] {
  return COMMAND_NAMES.filter((name) => {
    const { takes } = COMMANDS[name];
    return takes === 'target-and-step' || (what === 'target' && takes === 'target');
  });
}
