/**
 * How the runner reads commands, written from its behaviour: the oracle for what must not be left in a log.
 */
const NAMES = new Set([
  'add-mask',
  'set-env',
  'set-output',
  'save-state',
  'error',
  'warning',
  'notice',
  'group',
  'endgroup',
  'debug',
  'stop-commands',
  'add-path',
  'add-matcher',
  'echo',
]);

export function toRunnerLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

export function parsesAsCommand(line: string): boolean {
  return parsesV2(line) || parsesV1(line);
}

function parsesV2(line: string): boolean {
  const text = line.replace(/^[\s\u0085\ufeff]+/, '');
  if (!text.startsWith('::')) return false;
  const end = text.indexOf('::', 2);
  return end !== -1 && NAMES.has((text.slice(2, end).split(' ')[0] ?? '').toLowerCase());
}

function parsesV1(line: string): boolean {
  const start = line.indexOf('##[');
  const end = start === -1 ? -1 : line.indexOf(']', start);
  return end !== -1 && NAMES.has((line.slice(start + 3, end).split(' ')[0] ?? '').toLowerCase());
}

/** Stricter than the runner: no line may even begin like a command, behind colours and invisible characters. */
export function beginsLikeCommand(line: string): boolean {
  // eslint-disable-next-line no-control-regex -- colours
  return /^(?:[\s\u0085\p{Cf}]|\u001b\[[\d;:]*m)*::/u.test(line) || line.includes('##[');
}
