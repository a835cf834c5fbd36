import type { Finding } from '../checks/check.ts';
import type { Problem } from '../inputs/problem.ts';
import type { LogPart } from './log.ts';

const WORDS = { pass: '[OK]', warn: '[WARN]', fail: '[ERROR]' } as const;

/** The findings as the log tells them: what is well in a group, what is not where everybody sees it. */
export function renderFindings(findings: readonly Finding[]): readonly LogPart[] {
  const passed = findings.filter(({ status }) => status === 'pass');
  const others = findings.filter(({ status }) => status !== 'pass');
  const title = `Pre-flight checks: ${passed.length} of ${findings.length} passed`;
  return [
    ...(passed.length === 0
      ? []
      : [{ kind: 'group', title, lines: passed.flatMap(renderFinding) } as const]),
    ...others.flatMap(renderFinding).map((text) => ({ kind: 'line', text }) as const),
  ];
}

/** A finding as lines of the log: what was found, and, when it is not good, what to do. */
export function renderFinding(finding: Finding): readonly string[] {
  const { name, status, found, wanted, reason, remedy } = finding;
  const head = `${WORDS[status]} check ${name}: ${found}`;
  if (status === 'pass') return [head];
  return [`${head} (wanted: ${wanted})`, ...indent(reason), ...indent(remedy)];
}

function indent(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split('\n').map((line) => `        ${line}`);
}

/** Where a problem of plan or inputs is: `preflight.yml:3:5`, `input timeout`. */
export function renderProblemPlace({ at }: Problem): string {
  if ('input' in at) return `input ${at.input}`;
  if ('path' in at) return at.path;
  return `${at.file}:${at.line}:${at.column}`;
}
