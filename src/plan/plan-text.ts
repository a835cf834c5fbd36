import type { Problem } from '../inputs/problem.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import type { Position } from './plan.ts';
import type { Issue } from './schema-issues.ts';
import { readYaml } from './yaml-document.ts';
import type { Finding, Path, PlaceOf, YamlDocument } from './yaml-document.ts';

/** Where a text comes from: a file of the repository, or an input of the action. */
export type Origin =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'input'; readonly input: 'steps' | 'checks' };

/** Bigger plans are a mistake, and would only be slow to refuse. */
const LARGEST_PLAN_BYTES = 2 * 2 ** 20;

/** A part of a plan that was read as YAML and can say where its values stand. */
export interface PlanText {
  readonly origin: Origin;
  readonly text: string;
  readonly document: YamlDocument;
  readonly placeOf: PlaceOf;
  /** Where the document's root stands in a plan: nowhere special for a file, `steps` for that input. */
  readonly root: Path;
}

/** A problem with the offset that it is sorted by. */
export interface Located {
  readonly offset: number;
  readonly problem: Problem;
}

/** Reads one part of a plan; the failures are complete, nothing more can be said of such a text. */
export function parsePlanText(origin: Origin, text: string): Result<PlanText, readonly Located[]> {
  const what = origin.kind === 'file' ? 'the plan' : `the input "${origin.input}"`;
  const atStart = (message: string): Result<never, readonly Located[]> =>
    failure([toLocated(origin, () => ({ line: 1, column: 1 }), { offset: 0, message })]);
  // A character takes up to three bytes: only long texts need to be measured.
  if (text.length > LARGEST_PLAN_BYTES) {
    return atStart(`${what} is larger than 2 MiB: put long scripts into files of their own`);
  }
  const { placeOf, document } = readYaml(text);
  if (!document.ok) {
    return failure(document.error.map((finding) => toLocated(origin, placeOf, finding)));
  }
  if (document.value.value === null) return atStart(`${what} is empty: ${WANTED[origin.kind]}`);
  const root = origin.kind === 'file' ? [] : [origin.input];
  return success({ origin, text, document: document.value, placeOf, root });
}

const WANTED = {
  file: 'it needs a list of "steps"',
  input: 'it needs a list',
};

/** The problem that a finding is, at its place in a file, or with the place in words. */
export function toLocated(origin: Origin, placeOf: PlaceOf, finding: Finding): Located {
  const { line, column } = placeOf(finding.offset);
  const problem: Problem =
    origin.kind === 'file'
      ? { at: { file: origin.file, line, column }, message: finding.message }
      : {
          at: { input: origin.input },
          message: `line ${line}, column ${column}: ${finding.message}`,
        };
  return { offset: finding.offset, problem };
}

/** The problem that an issue is; its path is one of the plan. */
export function locateIssue(part: PlanText, issue: Issue): Located {
  const offset = offsetOf(part, issue.path, issue.on === 'key' ? 'key' : 'value');
  return toLocated(part.origin, part.placeOf, { offset, message: issue.message });
}

export function offsetOf(part: PlanText, path: Path, on: 'key' | 'value'): number {
  return part.document.offsetOf(path.slice(part.root.length), on);
}

/** The place of a value of the plan. A part that is no file has none, and an empty name for it. */
export function positionOf(part: PlanText, path: Path): Position {
  const file = part.origin.kind === 'file' ? part.origin.file : '';
  return { file, ...part.placeOf(offsetOf(part, path, 'value')) };
}
