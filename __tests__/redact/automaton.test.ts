import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { buildAutomaton, WRAP_DEPTH, type Literal } from '../../src/redact/automaton.ts';

type Hit = readonly [id: number, end: number];

const byPlace = (a: Hit, b: Hit): number => a[1] - b[1] || a[0] - b[0];

/** What the automaton promises, said the slow way. */
function findAll(literals: readonly Literal[], text: string): readonly Hit[] {
  const folded = text.toLowerCase();
  return literals
    .flatMap(({ text: literal, wraps }, id) =>
      Array.from({ length: text.length }, (_, start): Hit => [
        id,
        endOfMatch(folded, start, literal, wraps),
      ]),
    )
    .filter(([, end]) => end !== -1)
    .toSorted(byPlace);
}

function endOfMatch(text: string, start: number, literal: string, wraps: boolean): number {
  let at = start;
  for (let i = 0; i < literal.length; i++) {
    while (wraps && i >= WRAP_DEPTH && text[at] === '\n') at++;
    if (text[at] !== literal[i]) return -1;
    at++;
  }
  return at;
}

function scan(literals: readonly Literal[], pieces: readonly string[]): readonly Hit[] {
  const automaton = buildAutomaton(literals);
  const hits: Hit[] = [];
  let state = automaton.start;
  let text = '';
  for (const piece of pieces) {
    const from = text.length;
    text += piece;
    state = automaton.scan(text, from, text.length, state, (id, end) => hits.push([id, end]));
  }
  return hits.toSorted(byPlace);
}

const letters = (maxLength: number, alphabet: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: 1, maxLength });
const literal: fc.Arbitrary<Literal> = fc.record({
  text: letters(6, 'abc'),
  wraps: fc.constant(false),
});

describe('automaton', () => {
  test('finds every place of every literal, however they overlap and however the text was cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(literal, { selector: ({ text }) => text, minLength: 1, maxLength: 12 }),
        fc.array(letters(20, 'abcABCx é😀\n'), { maxLength: 6 }),
        (literals, pieces) => {
          expect(scan(literals, pieces)).toEqual(findAll(literals, pieces.join('')));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('overlooks line breaks inside of a literal that wraps, from its third character on', () => {
    const secret: Literal = { text: 'abcabc', wraps: true };
    expect(scan([secret], ['xabc\nab\n\nc'])).toEqual([[0, 10]]);
    expect(scan([secret], ['ab\ncabc'])).toEqual([]);
    fc.assert(
      fc.property(fc.array(letters(12, 'abc\n'), { maxLength: 5 }), (pieces) => {
        // Where another beginning competes with the wrapped one, the automaton may follow either.
        const text = pieces.join('');
        const plain = findAll([{ ...secret, wraps: false }], text);
        expect(scan([secret], pieces)).toEqual(expect.arrayContaining([...plain]));
      }),
    );
  });

  test('knows how much of a wrapping literal has been read', () => {
    const automaton = buildAutomaton([
      { text: 'token', wraps: false },
      { text: 'hunter', wraps: true },
    ]);
    const depthAfter = (text: string): number =>
      automaton.depthOf(automaton.scan(text, 0, text.length, automaton.start, () => undefined));
    expect(['tok', 'hun', 'xhunte', 'hunt\n', 'hunter'].map(depthAfter)).toEqual([0, 3, 5, 4, 6]);
  });
});
