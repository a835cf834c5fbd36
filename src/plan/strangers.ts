import { DURABLE_KEYS } from './schema.ts';
import type { KnownStrangers } from './schema-issues.ts';

const IN_FINALLY =
  'makes no sense in "finally": its steps run on every attempt and are not remembered';
const NO_DEFAULT = 'belongs to a single step: there is no default for it';

/** Keys of a workflow's step that a plan's step does not have. */
const FROM_WORKFLOWS = {
  uses:
    'a step of a plan cannot use an action, since only the runner can start one: put the action in ' +
    'a step of the workflow, in front of this one or after it, or write its commands with "run"',
  with: '"with" belongs to an action, and a step of a plan cannot use one: hand values over with "env"',
  if: '"if" is not known in a plan: put the condition in the script, or in a "done-when" probe',
  'timeout-minutes':
    'write "timeout" with a unit instead of "timeout-minutes", such as "timeout: 10m"',
  needs: 'steps run in the order of the list: remove "needs"',
};

/** What to say of keys that people bring along from elsewhere; by the title of the mapping. */
export const STRANGERS: KnownStrangers = {
  plan: {
    jobs: 'this looks like a workflow: a plan has "steps" at its top level, and no jobs',
    on: 'this looks like a workflow: a plan does not say when it runs',
  },
  step: FROM_WORKFLOWS,
  'step of finally': {
    ...FROM_WORKFLOWS,
    ...Object.fromEntries(DURABLE_KEYS.map((key) => [key, `"${key}" ${IN_FINALLY}`])),
  },
  defaults: Object.fromEntries(['id', 'name', 'run'].map((key) => [key, `"${key}" ${NO_DEFAULT}`])),
};
