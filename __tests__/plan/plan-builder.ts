import type { Problem } from '../../src/inputs/problem.ts';
import { parsePlan } from '../../src/plan/load.ts';
import type { PlanTexts } from '../../src/plan/load.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import type { PlanDefaults } from '../../src/plan/to-plan.ts';

/** What the inputs say when nothing is given. */
export const DEFAULTS: PlanDefaults = {
  shell: 'bash',
  timeoutMs: 3_600_000,
  retry: {
    maxAttempts: 3,
    initialDelayMs: 2000,
    multiplier: 2,
    maxDelayMs: 60_000,
    budgetMs: 900_000,
  },
};

function toTexts(given: string | PlanTexts): PlanTexts {
  return typeof given === 'string' ? { file: { label: 'preflight.yml', text: given } } : given;
}

/** A plan that must be valid. */
export function planOf(given: string | PlanTexts, defaults: Partial<PlanDefaults> = {}): Plan {
  const result = parsePlan(toTexts(given), { ...DEFAULTS, ...defaults });
  if (!result.ok) throw new Error(renderProblems(result.error).join('\n'));
  return result.value;
}

/** The one step of a plan whose step says this, as lines of YAML; a key may replace the usual ones. */
export function stepOf(lines: string, rest = '', defaults: Partial<PlanDefaults> = {}): Step {
  const [step] = planOf(`${rest}\nsteps:\n${toItem(lines)}`, defaults).steps;
  if (step === undefined) throw new Error('there is no step');
  return step;
}

/** Problems of a plan as `line:column message`. */
export function problemsOf(given: string | PlanTexts): readonly string[] {
  const result = parsePlan(toTexts(given), DEFAULTS);
  return result.ok ? [] : renderProblems(result.error);
}

/** Problems of a plan with one step that says this. */
export function stepProblemsOf(lines: string): readonly string[] {
  return problemsOf(`steps:\n${toItem(lines)}`);
}

function toItem(lines: string): string {
  const usual = [/^id:/mu.test(lines) ? '' : 'id: a', /^run:/mu.test(lines) ? '' : 'run: echo'];
  const all = [...usual.filter((line) => line !== ''), ...lines.split('\n')];
  return all.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('');
}

function renderProblems(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ at, message }) => {
    if ('line' in at) return `${at.line}:${at.column} ${message}`;
    return `${'input' in at ? at.input : at.path}: ${message}`;
  });
}
