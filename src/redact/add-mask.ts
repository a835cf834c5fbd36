/** What a line of the runner's commands says, as far as we need it. */
export interface AddMask {
  /** The value to hide, the runner's escapes decoded. */
  readonly value: string;
  /** The line up to the value: what can be shown. */
  readonly shown: string;
}

/** White space as the runner trims it, and what its comparison overlooks. */
const COMMAND = /^[\s\u0085\p{Cf}\p{Default_Ignorable_Code_Point}]*::([^\s:]+)(?: [^\n\r]*?)?::/u;
/** How far into a line the older form is looked for. */
const MAX_PREFIX = 16_384;

/** Reads `::add-mask::value` or `##[add-mask]value`; undefined for any other line. */
export function parseAddMask(line: string): AddMask | undefined {
  const head = COMMAND.exec(line.slice(0, MAX_PREFIX));
  if (head?.[1]?.toLowerCase() === 'add-mask') {
    return { value: unescapeData(line.slice(head[0].length)), shown: head[0] };
  }
  const at = line.slice(0, MAX_PREFIX).indexOf('##[');
  const close = at === -1 ? -1 : line.indexOf(']', at);
  if (close === -1 || !/^add-mask(?: |$)/i.test(line.slice(at + 3, Math.min(close, at + 100))))
    return undefined;
  return { value: unescapeOld(line.slice(close + 1)), shown: line.slice(0, close + 1) };
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeOld(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%25', '%');
}
