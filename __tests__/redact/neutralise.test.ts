import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createNeutraliser, neutralise } from '../../src/redact/neutralise.ts';
import { beginsLikeCommand, parsesAsCommand, toRunnerLines } from './runner-oracle.ts';

const ESC = '\u001b';
const hostile = fc
  .array(
    fc.constantFrom(
      '::',
      ':',
      '#',
      '##',
      '##[',
      '[',
      ']',
      'error',
      'set-env name=x',
      'add-mask',
      ' ',
      '\t',
      '\n',
      '\r',
      '\r\n',
      '\u0085',
      '\u00a0',
      '\ufeff',
      '\u200b',
      '\u00ad',
      '\u2028',
      '\0',
      '\b',
      `${ESC}[31m`,
      `${ESC}[0m`,
      `${ESC}[2K`,
      `${ESC}]0;t\u0007`,
      ESC,
      '\u009b',
      'x',
      '\u3000',
      'é',
      '😀',
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

function inPieces(text: string, cuts: readonly number[]): string {
  const neutraliser = createNeutraliser();
  const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  return ends.map((end, i) => neutraliser.push(text.slice(ends[i - 1] ?? 0, end))).join('');
}

describe('neutralise', () => {
  test.each([
    '::error::x',
    '  ::set-env name=A::b',
    '\t::add-mask::x',
    'text\n::error file=a,line=1::x',
    'text\r::error::x',
    '\u00a0\u2003\u3000\u0085::error::x',
    '\ufeff::error::x',
    '\u200b::error::x',
    `${ESC}[31m::error::x`,
    '##[error]x',
    'behind text ##[add-mask]x and ##[error]y',
    ':\0:error::x',
    `:${ESC}[2K:error::x`,
    `#${ESC}]0;title\u0007#[error]x`,
    `${ESC}]8;;http://x\u0007::error::x`,
  ])('leaves no command in %j', (text) => {
    const shown = neutralise(text);
    for (const line of toRunnerLines(shown)) {
      expect(parsesAsCommand(line)).toBe(false);
      expect(beginsLikeCommand(line)).toBe(false);
    }
  });

  test.each([
    'std::vector<int>::size',
    'a ::b',
    'IPv6 ::1 is up',
    '# Heading',
    '## [x](y)',
    'plain',
    `${ESC}[32mgreen${ESC}[0m`,
    'a\tb\r\nc',
  ])('does not touch %j', (text) => {
    expect(neutralise(text)).toBe(text);
  });

  test('removes what acts instead of saying something', () => {
    expect(
      neutralise(`a\0b\bc${ESC}[2Jd${ESC}]0;title\u0007e${ESC}[1;31mf${ESC}[0m\u007fg\u009bh`),
    ).toBe(`abcde${ESC}[1;31mf${ESC}[0mgh`);
  });

  test('keeps the text of a hyperlink, and of a string that never ends', () => {
    expect(neutralise(`${ESC}]8;;https://x.example\u0007docs${ESC}]8;;\u0007`)).toBe('docs');
    expect(neutralise(`${ESC}]0;never ended\nnext`)).toBe(']0;never ended\nnext');
  });

  test('is idempotent and never leaves a command, whatever it is given', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = neutralise(text);
        expect(neutralise(shown)).toBe(shown);
        for (const line of toRunnerLines(shown)) {
          expect(parsesAsCommand(line)).toBe(false);
          expect(beginsLikeCommand(line)).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('text in pieces', () => {
  test('gives the same as in one piece', () => {
    fc.assert(
      fc.property(hostile.map(neutralise), fc.array(fc.nat(), { maxLength: 6 }), (text, cuts) => {
        const plain = text.replaceAll('\u200b', '');
        // Colours are whole when they come here: cut between them only.
        fc.pre(!plain.includes(ESC));
        expect(inPieces(plain, cuts)).toBe(neutralise(plain));
      }),
      { numRuns: 1_000 },
    );
  });

  test('may be interrupted by somebody else at any place', () => {
    const neutraliser = createNeutraliser();
    neutraliser.push('prompt> ');
    neutraliser.interrupt();
    expect(parsesAsCommand(neutraliser.push('::error::x\n'))).toBe(false);
  });
});
