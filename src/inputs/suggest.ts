/**
 * Edits that turn `a` into `b`, counting a swap of two neighbours as one (optimal string alignment):
 * what fingers do wrong.
 */
export function toEditDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const ways = [
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      ];
      if (swapped && row > 1 && column > 1) ways.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...ways));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** Case, `_` and blanks do not count: `Max_Attempts` is as good as `max-attempts`. */
function toComparable(word: string): string {
  return word.toLowerCase().replace(/[_\s]+/gu, '-');
}

/** Longer than any word we know: not a typing mistake, and not worth comparing. */
const LONGEST_WORD = 64;

/** The allowed word that was likely meant, if one is near enough to say so. */
export function suggest(word: string, allowed: readonly string[]): string | undefined {
  const meant = toComparable(word);
  if (meant === '' || meant.length > LONGEST_WORD) return undefined;
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of allowed) {
    const distance = toEditDistance(meant, toComparable(candidate));
    const near = distance <= Math.max(1, Math.floor(Math.max(meant.length, candidate.length) / 3));
    // A short word is all typing mistake: `cpu` must not be taken for `run`.
    if (near && distance < candidate.length - 1 && distance < (best?.distance ?? Infinity)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

/** The end of a sentence about a wrong word: ` Did you mean "retry"?`, or nothing. */
export function renderSuggestion(word: string, allowed: readonly string[]): string {
  const meant = suggest(word, allowed);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}
