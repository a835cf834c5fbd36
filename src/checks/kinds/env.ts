import type { EnvOptions } from '../../plan/check-options.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';

function toName({ names }: EnvOptions): string {
  return names[0] ?? '';
}

/** Whether a variable is set and not empty. Its value is looked at and never shown. */
function decideEnv(options: EnvOptions, environment: Readonly<Record<string, string>>): Verdict {
  const name = toName(options);
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (value !== undefined && value.trim() !== '') return { status: 'pass', found: 'set' };
  const hint =
    value === undefined
      ? `Give it to the action in the workflow, under the step's \`env:\` as \`${name}: \${{ secrets.${name} }}\` (or \`vars\`), or set a value that is no secret under \`env\` in the plan.`
      : `It is passed on, but has no value: most often the secret or variable has another name, belongs to another environment (\`environment:\` of the job), or the run comes from a fork, which gets no secrets.`;
  const blank = value === '' ? 'set, but empty' : 'set, but blank';
  return { status: 'fail', found: value === undefined ? 'not set' : blank, remedy: hint };
}

export const env: Check<EnvOptions> = {
  ...ORDINARY,
  how: "The environment that the steps will have: the runner's, the workflow's and the plan's `env`. The value must have something in it besides blanks, and is never shown.",
  unable: '',
  split: (options) => options.names.map((name) => ({ names: [name] })),
  label: (options) => `env ${toName(options)}`,
  wanted: () => 'set and not empty',
  whenStuck: () => 'Re-run the job.',
  look: (options, { world }) => Promise.resolve(decideEnv(options, world.env)),
};
