import { createHash } from 'node:crypto';
import type { TargetParts } from './record.ts';

const LONGEST_SLUG = 60;
const HASH_DIGITS = 10;

/** What every name made here looks like: safe as a file name on any file system. */
const NAME = /^(?:[a-z0-9](?:[a-z0-9._-]{0,59})-)?[0-9a-f]{10}$/;

/** Whether a directory or file name is one of ours, as opposed to something that lies beside them. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Directory name of a target: readable parts, and a hash of the exact ones, so that two targets
 * never meet by shortening, slugging or letter case.
 */
export function toTargetName(parts: TargetParts): string {
  const { repository, workflow, job, matrix, action, key } = parts;
  const readable = [
    repository.slice(repository.lastIndexOf('/') + 1),
    toWorkflowBase(workflow),
    job,
    ...toMatrixValues(matrix),
    // The runner's own names for a step without an id say nothing to a reader.
    action.startsWith('__') ? '' : action,
    key,
  ];
  return toName(readable, ['target', repository, workflow, job, matrix, action, key]);
}

/** Directory name of a deployment: `feature/x` and `feature-x` are two. */
export function toDeploymentName(id: string): string {
  return toName([id], ['deployment', id]);
}

/** File name of the lock that users call `name`. */
export function toLockFileName(name: string): string {
  return toName([name], ['lock', name]);
}

function toName(readable: readonly string[], exact: readonly string[]): string {
  const slug = readable
    .map(toSlug)
    .filter((part) => part !== '')
    .join('-')
    .slice(0, LONGEST_SLUG)
    .replace(/[._-]+$/, '');
  const hash = createHash('sha256').update(JSON.stringify(exact)).digest('hex');
  return [slug, hash.slice(0, HASH_DIGITS)].filter((part) => part !== '').join('-');
}

function toSlug(text: string): string {
  return text
    .slice(0, 4 * LONGEST_SLUG)
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '');
}

/** `owner/repo/.github/workflows/deploy.yml@refs/heads/main` is `deploy` to a reader. */
function toWorkflowBase(workflow: string): string {
  const [path = ''] = workflow.split('@', 1);
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '');
}

function toMatrixValues(matrix: string): readonly string[] {
  const values: string[] = [];
  collectValues(parseMatrix(matrix), values);
  return values;
}

function parseMatrix(matrix: string): unknown {
  try {
    return JSON.parse(matrix) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return matrix;
    throw error;
  }
}

function collectValues(value: unknown, values: string[], depth = 0): void {
  if (typeof value === 'string') values.push(value);
  else if (typeof value === 'number' || typeof value === 'boolean') values.push(String(value));
  else if (typeof value === 'object' && value !== null && depth < 4) {
    for (const inner of Object.values(value)) collectValues(inner, values, depth + 1);
  }
}
