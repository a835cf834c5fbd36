import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

import type { FileHash, PlanText } from '../app/edges.ts';
import type { Problem } from '../inputs/problem.ts';
import { findLikelyPlans } from '../plan/discover.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { isSystemError } from './system-error.ts';

/** A plan is text for people; what is larger is something else. */
const MOST_PLAN_BYTES = 2 * 1024 * 1024;

/**
 * Reads the plan file, which must lie in the workspace: what is deployed is what was checked out. `hint`:
 * what may be the matter where there is nothing like a plan.
 */
export function readPlan(
  workspace: string,
  path: string,
  hint = 'Is the repository checked out (actions/checkout)?',
): Result<PlanText, Problem> {
  const refuse = (message: string): Result<PlanText, Problem> =>
    failure({ at: { input: 'plan' }, message });
  const full = resolve(workspace, path);
  if (!isInside(workspace, full)) {
    return refuse(
      `"${path}" lies outside of the workspace ${workspace}: name a file of the checkout, such as deploy/preflight.yml`,
    );
  }
  try {
    const real = realpathSync(full);
    if (!isInside(realpathSync(workspace), real)) {
      return refuse(
        `"${path}" is a link to ${real}, outside of the workspace: name a file of the checkout`,
      );
    }
    const stat = statSync(real);
    if (stat.isDirectory())
      return refuse(`"${path}" is a directory${renderCandidates(workspace, hint)}`);
    if (!stat.isFile()) return refuse(`"${path}" is not a regular file`);
    if (stat.size > MOST_PLAN_BYTES) {
      const size = (stat.size / 1024 / 1024).toFixed(1);
      return refuse(`"${path}" has ${size} MiB; a plan has at most 2 MiB. Is it the right file?`);
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(real));
    return success({ label: relative(workspace, full), text });
  } catch (error) {
    if (error instanceof TypeError) return refuse(`"${path}" is not UTF-8 text`);
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return refuse(
        `there is no file "${path}" in the workspace ${workspace}${renderCandidates(workspace, hint)}`,
      );
    }
    return refuse(`"${path}" cannot be read: ${error.message}`);
  }
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

const MOST_LISTED = 5_000;
const DEEPEST = 4;
const NOT_SEARCHED = new Set(['.git', 'node_modules', 'vendor', 'dist', '.venv']);

function renderCandidates(workspace: string, hint: string): string {
  const likely = findLikelyPlans(listFiles(workspace));
  if (likely.length === 0) return `. ${hint}`;
  return `. These look like plans: ${likely.join(', ')}`;
}

/** Paths of the workspace, relative; bounded, for a message only. */
function listFiles(workspace: string): readonly string[] {
  const found: string[] = [];
  const visit = (directory: string, depth: number): void => {
    let entries;
    try {
      entries = readdirSync(join(workspace, directory), { withFileTypes: true });
    } catch (error) {
      if (isSystemError(error)) return;
      throw error;
    }
    for (const entry of entries) {
      if (found.length >= MOST_LISTED) return;
      const path = join(directory, entry.name);
      if (entry.isFile()) found.push(path);
      else if (entry.isDirectory() && depth < DEEPEST && !NOT_SEARCHED.has(entry.name)) {
        visit(path, depth + 1);
      }
    }
  };
  visit('', 0);
  return found;
}

/** Hashes of the files that globs name, sorted by path. A glob that names nothing is an error: a typo would hide every change. */
export async function hashFiles(
  workspace: string,
  globs: readonly string[],
): Promise<Result<readonly FileHash[], string>> {
  // Only plans with `files` pay for the glob library.
  const { glob } = await import('tinyglobby');
  const paths = new Set<string>();
  for (const pattern of globs) {
    const matched = await glob(pattern, {
      cwd: workspace,
      dot: true,
      onlyFiles: true,
      expandDirectories: true,
    });
    if (matched.length === 0) return failure(`"${pattern}" matches no file in ${workspace}`);
    for (const path of matched) paths.add(path);
  }
  const hashes: FileHash[] = [];
  for (const path of [...paths].sort()) {
    try {
      const content = readFileSync(join(workspace, path));
      hashes.push({ path, sha256: createHash('sha256').update(content).digest('hex') });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return failure(`${path}: ${error.message}`);
    }
  }
  return success(hashes);
}

const MOST_SOURCE_BYTES = 1024 * 1024;

/** Text of a source file for an excerpt; undefined when it is not there, too large or not ours to read. */
export function readSource(workspace: string, path: string): string | undefined {
  const full = resolve(workspace, path);
  try {
    const stat = statSync(full);
    if (!stat.isFile() || stat.size > MOST_SOURCE_BYTES) return undefined;
    return readFileSync(full, 'utf8');
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

export function fileExists(workspace: string, path: string): boolean {
  return statSync(resolve(workspace, path), { throwIfNoEntry: false })?.isFile() === true;
}
