const BEGIN = '\u001b';
/** No sequence is longer. */
const LONGEST = 4_200;
/** Characters that move, ring or pad but say nothing; tab, line feed and carriage return are text. */
// eslint-disable-next-line no-control-regex -- control characters are what this file is about
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * One escape sequence: CSI, a string (OSC, DCS, PM, APC, SOS) with its end, or a short one; a lone ESC in the
 * end. Every part is bounded, so that a stray ESC cannot swallow the log.
 */
export const ESCAPE_OR_CONTROL =
  // eslint-disable-next-line no-control-regex -- as above
  /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|[\]PX^_][^\u0007\u001b\n\r]{0,4096}(?:\u0007|\u001b\\)|[ -/]{1,8}[0-~]|[0-OQ-WYZ\\`-~])?/g;

const UNFINISHED =
  // eslint-disable-next-line no-control-regex -- as above
  /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}|[\]PX^_][^\u0007\u001b\n\r]{0,4096}\u001b?|[ -/]{0,8})?$/y;
// eslint-disable-next-line no-control-regex -- as above
const COLOUR = /^\u001b\[[\d;:]{0,64}m$/;

/** Whether the sequence only sets colour and weight (SGR). */
export function isColour(sequence: string): boolean {
  return COLOUR.test(sequence);
}

/** Length of the beginning of an escape sequence that the text ends with; more text may complete it. */
export function unfinishedEscapeLength(text: string): number {
  if (text.length > LONGEST) return unfinishedEscapeLength(text.slice(-LONGEST));
  const last = text.lastIndexOf(BEGIN);
  if (last === -1) return 0;
  // The last ESC may be half of the end of a string that an earlier one began.
  const earlier = last === text.length - 1 && last > 0 ? text.lastIndexOf(BEGIN, last - 1) : -1;
  for (const at of [earlier, last]) {
    if (at === -1) continue;
    UNFINISHED.lastIndex = at;
    if (UNFINISHED.test(text)) return text.length - at;
  }
  return 0;
}

/** A piece of the text that is not part of what it says: an escape sequence or a control character, and where it stood. */
export interface Insert {
  /** Position in the text without inserts. */
  readonly at: number;
  readonly text: string;
}

/** Finds the next control character, or -1. */
export type FindControl = (text: string, from: number) => number;

/** Any control character. */
export const findControl: FindControl = (text, from) => {
  CONTROL.lastIndex = from;
  return CONTROL.test(text) ? CONTROL.lastIndex - 1 : -1;
};

/** For text that has been through the control filter: only colours can be left, and to find ESC alone is much faster. */
export const findColour: FindControl = (text, from) => text.indexOf(BEGIN, from);

/** Takes the escape sequences and control characters out of `text`; their positions count from `offset`. */
export function takeEscapes(
  text: string,
  offset: number,
  inserts: Insert[],
  find: FindControl,
): string {
  let at = find(text, 0);
  if (at === -1) return text;
  let plain = '';
  let from = 0;
  for (; at !== -1; at = find(text, from)) {
    const end = colourEnd(text, at) ?? sequenceEnd(text, at);
    plain += text.slice(from, at);
    inserts.push({ at: offset + plain.length, text: text.slice(at, end) });
    from = end;
  }
  return plain + text.slice(from);
}

/** End of the colour sequence at `at`, the most frequent one by far. */
function colourEnd(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== 27 || text.charCodeAt(at + 1) !== 91) return undefined;
  for (let i = at + 2; i < at + 66; i++) {
    const code = text.charCodeAt(i);
    if (code === 109) return i + 1;
    if (code < 48 || code > 59) return undefined;
  }
  return undefined;
}

function sequenceEnd(text: string, at: number): number {
  ESCAPE_OR_CONTROL.lastIndex = at;
  return ESCAPE_OR_CONTROL.test(text) ? ESCAPE_OR_CONTROL.lastIndex : at + 1;
}
