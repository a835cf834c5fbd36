/** A word of a command line, without its quotes. */
export interface Word {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const MAX_WORDS = 200;
const MAX_LENGTH = 4_096;

/**
 * The words of the command whose arguments begin at `at`: to the end of the line, of the pipeline's part, or of
 * the quotes that the command stands in. Lists such as `['mysql', '-px']` are read as words too.
 */
export function readWords(text: string, at: number, limit: number): readonly Word[] {
  const end = Math.min(limit, at + MAX_LENGTH);
  const words: Word[] = [];
  let i = at;
  while (i < end && words.length < MAX_WORDS) {
    i = skipBlanks(text, i, end);
    if (i >= end || endsCommand(text, i)) break;
    const word = readWord(text, i, end);
    if (word === undefined) break;
    words.push(word.word);
    i = word.next;
  }
  return words;
}

/** Blanks, joined lines, and the `', '` between the words of a list. */
function skipBlanks(text: string, at: number, end: number): number {
  let i = at;
  while (i < end) {
    const char = text[i] ?? '';
    if (char === ' ' || char === '\t' || char === '\n' || char === '\r') i++;
    else if (char === '\\' && (text[i + 1] === '\n' || text[i + 1] === '\r')) i++;
    else if (/["']/.test(char) && /^["'],[ \t]{0,2}(?=["'])/.test(text.slice(i, i + 4)))
      i += text[i + 2] === ' ' ? 3 : 2;
    else break;
  }
  return i;
}

function endsCommand(text: string, at: number): boolean {
  return /[|;)\]}]/.test(text[at] ?? '') || text.startsWith('&&', at);
}

function readWord(text: string, at: number, end: number): { word: Word; next: number } | undefined {
  const quote = /^(\\{0,3}["'])/.exec(text.slice(at, at + 4))?.[1];
  if (quote !== undefined) {
    const start = at + quote.length;
    const close = text.indexOf(quote, start);
    if (close === -1 || close >= end) return undefined;
    return {
      word: toWord(text, start, close),
      next: close + (isListGap(text, close) ? 0 : quote.length),
    };
  }
  let i = at;
  let open = '';
  while (i < end) {
    const char = text[i] ?? '';
    if (open === '') {
      if (/[\s|;]/.test(char) || (char === '&' && text[i + 1] === '&')) break;
      if (/["'`]/.test(char)) {
        // A quote inside a word (-p'x') opens; one with nothing to close it ends the surrounding string.
        const close = text.indexOf(char, i + 1);
        if (
          char === '`' ||
          close === -1 ||
          close >= end ||
          !/^$|[\s"'`|;)\]},]/.test(text[close + 1] ?? '') ||
          i === at ||
          /["'],/.test(text.slice(i, i + 2))
        )
          break;
        open = char;
      } else if (char === '\\' && /["'\r\n]/.test(text[i + 1] ?? '')) break;
    } else if (char === open) open = '';
    i++;
  }
  if (i === at) return undefined;
  return { word: toWord(text, at, i), next: i };
}

function isListGap(text: string, close: number): boolean {
  return /^["'],[ \t]{0,2}["']/.test(text.slice(close, close + 5));
}

function toWord(text: string, start: number, end: number): Word {
  return { start, end, text: text.slice(start, end) };
}
