import { removeControls } from '../redact/controls.ts';

// eslint-disable-next-line no-control-regex -- colour sequences begin with one
const COLOUR = /\u001b\[[\d;:]{0,64}m|\u001b/gu;
/** They turn the reading direction round, and with it the meaning of what stands beside them. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Nobody sees these; the joiners stay, emoji and some scripts need them. */
const INVISIBLE = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu;
/** More marks on one letter than any language has grow over the lines above and below. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** What a reader would see of a text that may hold anything: no control character, nothing invisible. */
function toVisible(text: string): string {
  return removeControls(text)
    .replace(COLOUR, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(BIDI, (found) => `[U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}]`)
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '$1');
}

/** A text as one line. */
export function toVisibleLine(text: string): string {
  return toVisible(text)
    .replace(/[\s\u0085]+/gu, ' ')
    .trim();
}

/** A text as lines; of a line that was written over (a progress bar), what stood there last. */
export function toVisibleLines(text: string): readonly string[] {
  const lines = toVisible(text.replaceAll('\r\n', '\n'))
    .split(/[\n\u0085\u2028\u2029]/u)
    .map((line) => lastWritten(line).trimEnd());
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function lastWritten(line: string): string {
  if (!line.includes('\r')) return line;
  return line.split('\r').findLast((part) => part.trim() !== '') ?? '';
}
