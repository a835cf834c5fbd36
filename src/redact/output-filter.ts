import { parseAddMask } from './add-mask.ts';
import { createControlFilter } from './controls.ts';
import { createNeutraliser } from './neutralise.ts';
import type { Redactor } from './redactor.ts';
import { createUtf8Decoder } from './utf8.ts';

/** Turns the raw output of a process into text that is safe to print; whole lines, as a rule. */
export interface OutputFilter {
  push(chunk: Uint8Array | string): string;
  /** How many characters are held back. */
  pending(): number;
  /** Shows what is held back, as far as it is safe: for when the process has been silent for a while. */
  release(): string;
  flush(): string;
}

/** A line that is longer is passed on in pieces. */
const MAX_LINE = 16_384;
/** Longest value that is learnt from an `add-mask` line. */
const MAX_MASK = 65_536;
const MASKED = '***';

/**
 * The order is the point: controls are removed first, so that nothing can hide behind them; masks are learnt
 * before their line is shown; secrets go; commands are broken last, and nothing changes the text after that.
 */
export function createOutputFilter(redactor: Redactor): OutputFilter {
  const decoder = createUtf8Decoder();
  const controls = createControlFilter();
  const stream = redactor.streamOfFiltered();
  const neutraliser = createNeutraliser();
  /** The unfinished line. */
  let line = '';
  /** The beginning of a very long line was passed on: this is its rest. */
  let isRest = false;
  /** A mask that is too long for one line buffer. */
  let longMask: string | undefined;

  function take(text: string): string {
    const end = lastBreak(text);
    if (end === 0) {
      line += text;
      return line.length > MAX_LINE ? passLongLine() : '';
    }
    const lines = line + text.slice(0, end);
    line = text.slice(end);
    const out = show(lines);
    return line.length > MAX_LINE ? out + passLongLine() : out;
  }

  /** Whole lines. */
  function show(lines: string): string {
    let text = lines;
    let head = '';
    if (isRest) {
      const first = firstBreak(text);
      head = endLongLine(text.slice(0, first));
      text = text.slice(first);
    }
    return print(head + learnMasks(text));
  }

  function print(text: string): string {
    return neutraliser.push(stream.push(text));
  }

  /** Learns from `add-mask` lines, and shows them without their value. */
  function learnMasks(text: string): string {
    if (!text.includes('::') && !text.includes('##[')) return text;
    if (!/add-mask/i.test(text)) return text;
    return text.replace(/[^\n\r]*add-mask[^\n\r]*/gi, (whole) => {
      const mask = parseAddMask(whole);
      if (mask === undefined) return whole;
      learn(mask.value);
      return mask.shown + MASKED;
    });
  }

  function learn(value: string): void {
    redactor.register({ name: 'add-mask', value, explicit: true });
  }

  function passLongLine(): string {
    const text = line;
    line = '';
    if (longMask !== undefined) {
      longMask = (longMask + text).slice(0, MAX_MASK);
      return '';
    }
    const mask = isRest ? undefined : parseAddMask(text);
    isRest = true;
    if (mask === undefined) return print(text);
    longMask = text.slice(mask.shown.length);
    return print(mask.shown + MASKED);
  }

  function endLongLine(rest: string): string {
    isRest = false;
    if (longMask === undefined) return rest;
    learn(parseAddMask(`::add-mask::${(longMask + rest).slice(0, MAX_MASK)}`)?.value ?? '');
    longMask = undefined;
    return '';
  }

  return {
    push: (chunk) => take(controls.push(typeof chunk === 'string' ? chunk : decoder.push(chunk))),
    pending: () => line.length + stream.pending(),
    release() {
      // A command that is not complete stays back: nobody waits for it.
      const isCommand = isRest ? longMask !== undefined : mayBecomeMask(line);
      let out = '';
      if (!isCommand && line !== '') {
        out = print(line);
        line = '';
        isRest = true;
      }
      out += neutraliser.push(stream.release());
      neutraliser.interrupt();
      return out;
    },
    flush() {
      const last = line + controls.push(decoder.flush()) + controls.flush();
      line = '';
      const out = show(last);
      isRest = false;
      return out + neutraliser.push(stream.flush());
    },
  };
}

function mayBecomeMask(line: string): boolean {
  return /^\s*:/.test(line) || line.includes('##[');
}

/** Position after the last line break; 0 when there is none. */
function lastBreak(text: string): number {
  const feed = text.lastIndexOf('\n') + 1;
  return feed + text.slice(feed).lastIndexOf('\r') + 1;
}

/** Position of the first line break, or the end. */
function firstBreak(text: string): number {
  const at = text.search(/[\n\r]/);
  return at === -1 ? text.length : at;
}
