import { createPlainCheck } from './plain-check.ts';
import { ESCAPE_OR_CONTROL, isColour, unfinishedEscapeLength } from './escapes.ts';

const MORE_THAN_COLOURS =
  // eslint-disable-next-line no-control-regex -- control characters are what this file is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[[\d;:]{0,64}m)/;
const FORM_FEED = '\u000c';
const VERTICAL_TAB = '\u000b';

/**
 * Takes out everything that acts instead of saying something: cursor movements, titles, hyperlinks' targets,
 * bells, NUL. Colours stay, as do tab, line feed and carriage return. What is left is what a reader sees, so
 * that nothing that is removed later can join the halves of a secret or of a command.
 */
export function removeControls(text: string): string {
  if (!MORE_THAN_COLOURS.test(text)) return text;
  return text.replace(ESCAPE_OR_CONTROL, (found) => {
    if (isColour(found)) return found;
    return found === FORM_FEED || found === VERTICAL_TAB ? ' ' : '';
  });
}

/** `removeControls` for text that comes in pieces. */
export interface ControlFilter {
  push(text: string): string;
  flush(): string;
}

export function createControlFilter(): ControlFilter {
  const isPlain = createPlainCheck();
  let rest = '';
  return {
    push(text) {
      if (rest === '' && isPlain(text)) return text;
      const all = rest === '' ? text : rest + text;
      const unfinished = unfinishedEscapeLength(all);
      rest = unfinished === 0 ? '' : all.slice(-unfinished);
      return removeControls(unfinished === 0 ? all : all.slice(0, -unfinished));
    },
    flush() {
      const text = removeControls(rest);
      rest = '';
      return text;
    },
  };
}
