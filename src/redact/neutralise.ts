import { removeControls } from './controls.ts';

/**
 * Goes between the characters that make a command. Not a backslash or another visible sign, so that what people
 * read (and what they search for) looks as the process wrote it. Not before them: the runner compares by the
 * rules of a language, which overlook this character, and takes the command's name from a fixed distance behind
 * the beginning of what it found; only inside does the distance no longer fit, whatever the comparison says.
 */
const BREAKER = '\u200b';

/**
 * What the runner skips before `::`: all white space. Besides, what it (or a viewer) may overlook: invisible
 * characters and colours.
 */
const SKIPPED = String.raw`(?:[^\S\n\r]|[\u0085\p{Cf}\p{Default_Ignorable_Code_Point}]|\u001b\[[\d;:]{0,64}m)`;
const AT_LINE_START = new RegExp(String.raw`((?:^|[\n\r])${SKIPPED}*:)(?=:)`, 'gu');
const AFTER_LINE_START = new RegExp(String.raw`([\n\r]${SKIPPED}*:)(?=:)`, 'gu');
/** The last line as far as it only has what is skipped, with the first colon if it is there. */
const OPEN_START = new RegExp(String.raw`^${SKIPPED}*(:?)$`, 'u');

/** Makes every line of `text` inert for the runner: neither `::name` nor `##[name]` is left. Idempotent. */
export function neutralise(text: string): string {
  return breakCommands(removeControls(text), true);
}

function breakCommands(text: string, atLineStart: boolean): string {
  let out = text;
  if (out.includes('::')) {
    out = out.replace(atLineStart ? AT_LINE_START : AFTER_LINE_START, `$1${BREAKER}`);
  }
  return out.includes('##[') ? out.replaceAll('##[', `##${BREAKER}[`) : out;
}

/** `neutralise` for text that comes in pieces, without holding anything back. Control characters are removed before. */
export interface Neutraliser {
  push(text: string): string;
  /** Somebody else may write next, so that what follows may stand at the start of a line. */
  interrupt(): void;
}

/** Where the text so far ends: at the start of a line, after its first colon, or inside of it. */
type Place = 'start' | 'colon' | 'inside';

export function createNeutraliser(): Neutraliser {
  let place: Place = 'start';
  let mayBeStart = false;
  let hashes = '';
  return {
    push(text) {
      if (text === '') return '';
      const lead = place === 'colon' ? ':' : hashes;
      const all = lead + text;
      const out = breakCommands(all, place !== 'inside' || mayBeStart).slice(lead.length);
      place = placeAfter(all, place !== 'inside' || mayBeStart);
      mayBeStart = false;
      hashes = /#{1,2}$/.exec(all)?.[0] ?? '';
      return out;
    },
    interrupt() {
      mayBeStart = true;
    },
  };
}

function placeAfter(text: string, atLineStart: boolean): Place {
  const feed = text.lastIndexOf('\n') + 1;
  const lineStart = feed + text.slice(feed).lastIndexOf('\r') + 1;
  if (lineStart === 0 && !atLineStart) return 'inside';
  const open = OPEN_START.exec(text.slice(lineStart));
  if (open === null) return 'inside';
  return open[1] === ':' ? 'colon' : 'start';
}
