import type { CheckKind } from './check-options.ts';
import { CHECK_KINDS, INSIDE_KEYS } from './check-kinds.ts';
import { renderPath } from './schema-issues.ts';
import type { Issue } from './schema-issues.ts';
import { toStepId } from './step-id.ts';
import type { Path } from './yaml-document.ts';

/**
 * Rules that look at more than one value. They are checked on the values as read, so that their problems
 * are reported together with those of the schema; what is not of the right type is the schema's matter.
 */

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toItems(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : [];
}

/** A list of steps, and where in the plan it stands. */
export interface StepList {
  readonly at: Path;
  readonly steps: unknown;
}

/** Every step has an id of its own, given or made from its name. */
export function findIdIssues(
  lists: readonly StepList[],
  lineOf: (path: Path) => number,
): readonly Issue[] {
  const issues: Issue[] = [];
  const known = new Map<string, Path>();
  for (const { at, steps } of lists) {
    for (const [index, step] of toItems(steps).entries()) {
      if (!isMapping(step)) continue;
      const { found, issue } = findId(step, [...at, index]);
      if (issue !== undefined) issues.push(issue);
      if (found === undefined) continue;
      // Ids are names of files, and not every file system tells cases apart.
      const first = known.get(found.id.toLowerCase());
      if (first === undefined) known.set(found.id.toLowerCase(), found.path);
      else issues.push(toDuplicate(found.id, found.path, lineOf(first)));
    }
  }
  return issues;
}

function findId(
  step: Mapping,
  path: Path,
): { readonly found?: { readonly id: string; readonly path: Path }; readonly issue?: Issue } {
  const { id, name } = step;
  if (typeof id === 'string') return { found: { id, path: [...path, 'id'] } };
  if (Object.hasOwn(step, 'id')) return {};
  const namePath = [...path, 'name'];
  if (typeof name === 'string') {
    const made = toStepId(name);
    if (made !== undefined) return { found: { id: made, path: namePath } };
    const message = `${renderPath(namePath)}: no id can be made from this name: give the step an "id"`;
    return name.trim() === '' ? {} : { issue: { path: namePath, on: 'value', message } };
  }
  if (Object.hasOwn(step, 'name') || Object.hasOwn(step, 'uses')) return {};
  const message = `${renderPath(path)}: a step needs an "id" or a "name"`;
  return { issue: { path, on: 'value', message } };
}

function toDuplicate(id: string, path: Path, firstLine: number): Issue {
  const cause =
    path.at(-1) === 'name' ? 'give one of them an "id" of its own' : 'choose another one';
  const message = `${renderPath(path)}: the step id "${id}" is already taken by the step on line ${firstLine}: ${cause}`;
  return { path, on: 'value', message };
}

/** A step must not say two things that cannot both be kept. */
export function findContradictions({ at, steps }: StepList, defaults: unknown): readonly Issue[] {
  const fallback = isMapping(defaults) ? defaults : {};
  return toItems(steps).flatMap((step, index): readonly Issue[] => {
    if (!isMapping(step)) return [];
    const of = (key: string): unknown => step[key] ?? fallback[key];
    if (of('checkpoint') !== false || of('idempotent') !== false) return [];
    const path = [...at, index, Object.hasOwn(step, 'checkpoint') ? 'checkpoint' : 'idempotent'];
    const message =
      `${renderPath([...at, index])}: "checkpoint: false" runs the step on every attempt, ` +
      '"idempotent: false" never a second time: remove one of them';
    return [{ path, on: 'key', message }];
  });
}

/** A check has one kind, and says everything once. */
export function findCheckIssues(at: Path, checks: unknown): readonly Issue[] {
  return toItems(checks).flatMap((check, index) =>
    isMapping(check) ? findIssuesOfCheck([...at, index], check) : [],
  );
}

const KINDS = Object.keys(CHECK_KINDS);
const KNOWN = new Set([...KINDS, 'name', ...INSIDE_KEYS]);

function findIssuesOfCheck(path: Path, check: Mapping): readonly Issue[] {
  const keys = Object.keys(check);
  const kinds = keys.filter((key): key is CheckKind => KINDS.includes(key));
  // An unknown key is likely the misspelt kind: the schema says so.
  if (kinds.length === 0 && keys.some((key) => !KNOWN.has(key))) return [];
  if (kinds.length === 0) {
    const message = `${renderPath(path)}: a check needs a kind. Allowed: ${KINDS.join(', ')}`;
    return [{ path, on: 'value', message }];
  }
  if (kinds.length > 1) {
    const message = `${renderPath(path)}: one check has one kind, not ${kinds.join(' and ')}: write each as its own item`;
    return [{ path: [...path, kinds[1] ?? ''], on: 'key', message }];
  }
  const options = check[kinds[0] ?? ''];
  if (!isMapping(options)) return [];
  const twice = INSIDE_KEYS.filter(
    (key) => Object.hasOwn(check, key) && Object.hasOwn(options, key),
  );
  return twice.map((key) => ({
    path: [...path, key],
    on: 'key',
    message: `${renderPath([...path, key])}: is given twice, here and inside "${kinds.join('')}"`,
  }));
}
