import type { Finding } from '../checks/check.ts';

const WORDS = { pass: '[OK]', warn: '[WARN]', fail: '[ERROR]' } as const;

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
