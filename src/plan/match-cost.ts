/** One token: an escape, a class, the opening of a group, or a single character. */
const TOKEN = /\\k<[^>]*>|\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|[\s\S]/y;
const QUANTIFIER = /(?:[*+?]|\{\d+,?\d*\})\??/y;
const BACK_REFERENCE = /^\\(?:[1-9]|k<)/u;

/** Characters that tell whether two tokens can match the same one. */
const SAMPLES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...['\u00a0', 'é', '\u2028', '漢'],
];

interface Piece {
  readonly token: string;
  readonly quantifier: string;
}

/**
 * How many parts of a valid pattern can give characters to what follows them and take them back: each of
 * them multiplies the time that a line may take by its length (`open`), or by a small number (`narrow`).
 * A part whose end is told by the next character, as in `\d+:`, is none of them.
 */
export function countChoices(pattern: string): { readonly open: number; readonly narrow: number } {
  const pieces = toPieces(pattern);
  let open = 0;
  let narrow = 0;
  for (const [index, { token, quantifier }] of pieces.entries()) {
    if (BACK_REFERENCE.test(token)) open += 1;
    if (quantifier === '' || /^\{\d+\}/u.test(quantifier)) continue;
    if (token !== ')' && isTold(token, pieces.slice(index + 1))) continue;
    if (/^(?:[*+]|\{\d+,\})/u.test(quantifier)) open += 1;
    else narrow += 1;
  }
  return { open, narrow };
}

function toPieces(pattern: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < pattern.length;) {
    const token = execAt(TOKEN, pattern, at) ?? '';
    at += Math.max(1, token.length);
    const quantifier = /^[(|]/u.test(token) ? '' : (execAt(QUANTIFIER, pattern, at) ?? '');
    at += quantifier.length;
    pieces.push({ token, quantifier });
  }
  return pieces;
}

function execAt(expression: RegExp, text: string, index: number): string | undefined {
  expression.lastIndex = index;
  return expression.exec(text)?.[0];
}

/** Whether the next character tells where a repeated one ends; at the end of the pattern nothing is taken back. */
function isTold(token: string, [next]: readonly Piece[]): boolean {
  if (next === undefined) return true;
  if (next.quantifier !== '' && /^(?:[*?]|\{0)/u.test(next.quantifier)) return false;
  if (/^[()|^]/u.test(next.token) || /^\\[bB]/u.test(next.token)) return false;
  if (BACK_REFERENCE.test(next.token) || BACK_REFERENCE.test(token)) return false;
  if (next.token === '$') return false;
  const [one, other] = [token, next.token].map((each) => new RegExp(`^(?:${each})$`));
  return !SAMPLES.some((sample) => one?.test(sample) === true && other?.test(sample) === true);
}
