import type { Problem } from '../inputs/problem.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { findCheckIssues, findContradictions, findIdIssues } from './cross-rules.ts';
import type { CheckSpec, Plan, Step } from './plan.ts';
import { locateIssue, offsetOf, parsePlanText, toLocated } from './plan-text.ts';
import type { Located, Origin, PlanText } from './plan-text.ts';
import { CHECKS, MOST_CHECKS, MOST_STEPS, PLAN, STEPS } from './schema.ts';
import type { RawCheck, RawDefaults, RawFinallyStep, RawPlan, RawStep } from './schema.ts';
import { renderPath, validate } from './schema-issues.ts';
import type { Issue } from './schema-issues.ts';
import { STRANGERS } from './strangers.ts';
import { toCheck, toEnv, toFinallyStep, toLabel, toStep } from './to-plan.ts';
import type { Inherited, PlanDefaults } from './to-plan.ts';
import type { Path } from './yaml-document.ts';

/** The texts that a plan is made of: a file, or inline steps; inline checks add to either. */
export interface PlanTexts {
  /** The label is what problems and annotations call the file. */
  readonly file?: { readonly label: string; readonly text: string };
  readonly steps?: string;
  readonly checks?: string;
}

/** More problems than this help nobody. */
const MOST_PROBLEMS = 50;

/** The plan that some texts describe, or everything that is wrong with them, in their order. */
export function parsePlan(
  texts: PlanTexts,
  defaults: PlanDefaults,
): Result<Plan, readonly Problem[]> {
  const read = toParts(texts);
  const parts = read.flatMap((part) => (part.ok ? [part.value] : []));
  const found = read.map((part) => (part.ok ? [] : part.error));
  const valid = parts.map((part) => validatePart(part));
  const problems = [...found, ...valid.map((part) => (part.ok ? [] : part.error))].flatMap(sorted);
  if (problems.length > 0) return failure(capped(problems));

  const contents = valid.flatMap((part) => (part.ok ? [part.value] : []));
  const taken = new Map<string, number>();
  const shared = toShared(contents);
  const plans = contents.map((content) => toPartialPlan(content, shared, defaults, taken));
  return success(plans.reduce(merge, { checks: [], steps: [], finally: [] }));
}

function toParts(texts: PlanTexts): readonly Result<PlanText, readonly Located[]>[] {
  const { file, steps, checks } = texts;
  const parts: [Origin, string | undefined][] = [
    [{ kind: 'file', file: file?.label ?? '' }, file?.text],
    [{ kind: 'input', input: 'steps' }, steps],
    [{ kind: 'input', input: 'checks' }, checks],
  ];
  return parts.flatMap(([origin, text]) =>
    text === undefined ? [] : [parsePlanText(origin, text)],
  );
}

/** What a part says, valid: a whole plan, or one of its lists. */
interface Content {
  readonly part: PlanText;
  readonly raw: Partial<RawPlan>;
}

function validatePart(part: PlanText): Result<Content, readonly Located[]> {
  const { origin, document, placeOf, root } = part;
  const findings = [...document.findings, ...findExpressions(part)].map((finding) =>
    toLocated(origin, placeOf, finding),
  );
  const raw = asPlan(part);
  const tooMany = findTooMany(raw);
  const misplaced = tooMany ?? findMisplacedRoot(part);
  if (misplaced !== undefined) return failure([...findings, locateIssue(part, misplaced)]);

  const validated = validateBySchema(part, root);
  const issues = [...(validated.ok ? [] : validated.error), ...findCrossIssues(part, raw)];
  const located = withoutFollowUps(issues).map((issue) => locateIssue(part, issue));
  const all = [...findings, ...located];
  if (!validated.ok || all.length > 0) return failure(all);
  return success({ part, raw: validated.value });
}

/** The values of a part, unchecked, under the names that they have in a plan. */
function asPlan({ origin, document: { value } }: PlanText): Readonly<Record<string, unknown>> {
  if (origin.kind === 'input') return { [origin.input]: value };
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function validateBySchema(part: PlanText, root: Path): Result<Partial<RawPlan>, readonly Issue[]> {
  const { value } = part.document;
  if (part.origin.kind === 'file') return validate(PLAN, value, root, STRANGERS);
  if (part.origin.input === 'steps') {
    const steps = validate(STEPS, value, root, STRANGERS);
    return steps.ok ? success({ steps: steps.value }) : steps;
  }
  const checks = validate(CHECKS, value, root, STRANGERS);
  return checks.ok ? success({ checks: checks.value }) : checks;
}

/** Lists too long to look at, which would only give thousands of problems. */
function findTooMany(raw: Readonly<Record<string, unknown>>): Issue | undefined {
  const limits = [
    ['steps', MOST_STEPS],
    ['finally', MOST_STEPS],
    ['checks', MOST_CHECKS],
  ] as const;
  for (const [key, most] of limits) {
    const list = raw[key];
    if (!Array.isArray(list) || list.length <= most) continue;
    const message = `${key}: ${list.length} are too many: at most ${most} are allowed`;
    return { path: [key], on: 'key', message };
  }
  return undefined;
}

/** A list where a plan is wanted, or a plan where a list is. */
function findMisplacedRoot({ origin, document: { value }, root }: PlanText): Issue | undefined {
  const isList = Array.isArray(value);
  if (origin.kind === 'file' && isList) {
    const message = 'a plan is a mapping: put this list under the key "steps"';
    return { path: root, on: 'value', message };
  }
  const isMapping = typeof value === 'object' && value !== null && !isList;
  if (origin.kind === 'input' && isMapping && Object.hasOwn(value, origin.input)) {
    const message = `write the list only, without the key "${origin.input}"`;
    return { path: root, on: 'value', message };
  }
  return undefined;
}

/** The runner fills in `${{ }}` in a workflow and so in inputs, but never in a file. */
function findExpressions({ origin, text, document }: PlanText) {
  if (origin.kind === 'input' || !text.includes('${{')) return [];
  return document.offsetsOfTextWith('${{').map((offset) => ({
    offset,
    message:
      'the runner does not fill in "${{ }}" in a plan file: set an environment variable in the ' +
      'workflow (env: of the step that uses this action), and use that',
  }));
}

function findCrossIssues(part: PlanText, raw: Readonly<Record<string, unknown>>): readonly Issue[] {
  const steps = { at: ['steps'], steps: raw['steps'] };
  const last = { at: ['finally'], steps: raw['finally'] };
  const lineOf = (path: Path): number => part.placeOf(offsetOf(part, path, 'value')).line;
  return [
    ...findIdIssues([steps, last], lineOf),
    ...findContradictions(steps, raw['defaults']),
    ...findCheckIssues(['checks'], raw['checks']),
  ];
}

/**
 * Drops what is wrong only because of something else that is reported: a key is missing because it is
 * misspelt, or because an action stands in its place.
 */
function withoutFollowUps(issues: readonly Issue[]): readonly Issue[] {
  const explained = new Set<string>();
  for (const { path, on, meant } of issues) {
    if (on !== 'key') continue;
    const parent = path.slice(0, -1);
    if (meant !== undefined) explained.add(renderPath([...parent, meant]));
    if (path.at(-1) !== 'uses') continue;
    for (const key of ['run', 'with']) explained.add(renderPath([...parent, key]));
  }
  return issues.filter(({ path, on }) => on === 'value' || !explained.has(renderPath(path)));
}

function sorted(problems: readonly Located[]): readonly Problem[] {
  return [...problems].sort((a, b) => a.offset - b.offset).map(({ problem }) => problem);
}

function capped(problems: readonly Problem[]): readonly Problem[] {
  const next = problems[MOST_PROBLEMS];
  if (next === undefined) return problems;
  const count = problems.length - MOST_PROBLEMS;
  const rest = { at: next.at, message: `${count} more problems from here on are not listed` };
  return [...problems.slice(0, MOST_PROBLEMS), rest];
}

/** What a plan file says for all of its steps and checks, and for checks given inline beside it. */
interface Shared {
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: RawDefaults;
  readonly defaultEnv: Readonly<Record<string, string>>;
}

function toShared(contents: readonly Content[]): Shared {
  const file = contents.find(({ part }) => part.origin.kind === 'file');
  if (file === undefined) return { env: {}, defaults: {}, defaultEnv: {} };
  const { part, raw } = file;
  const defaults = raw.defaults ?? {};
  return {
    env: toEnv(part, ['env'], raw.env ?? {}),
    defaults,
    defaultEnv: toEnv(part, ['defaults', 'env'], defaults.env ?? {}),
  };
}

function toPartialPlan(
  { part, raw }: Content,
  { env, defaults, defaultEnv }: Shared,
  inputs: PlanDefaults,
  taken: Map<string, number>,
): Plan {
  const forChecks: Inherited = { part, env, defaults, inputs };
  const forSteps: Inherited = { ...forChecks, env: { ...env, ...defaultEnv } };
  return {
    ...(raw.name !== undefined && { name: toLabel(raw.name) }),
    ...(part.origin.kind === 'file' && { file: part.origin.file }),
    checks: (raw.checks ?? []).map((check: RawCheck, index): CheckSpec =>
      toCheck(check, ['checks', index], forChecks, taken),
    ),
    steps: (raw.steps ?? []).map((step: RawStep, index): Step =>
      toStep(step, ['steps', index], forSteps),
    ),
    finally: (raw.finally ?? []).map((step: RawFinallyStep, index): Step =>
      toFinallyStep(step, ['finally', index], forSteps),
    ),
  };
}

function merge(plan: Plan, part: Plan): Plan {
  return {
    ...plan,
    ...part,
    checks: [...plan.checks, ...part.checks],
    steps: [...plan.steps, ...part.steps],
    finally: [...plan.finally, ...part.finally],
  };
}
