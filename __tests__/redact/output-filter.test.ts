import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { parseAddMask } from '../../src/redact/add-mask.ts';
import { createOutputFilter } from '../../src/redact/output-filter.ts';
import { createRedactor } from '../../src/redact/redactor.ts';
import { CREDENTIALS } from './credentials.ts';
import { beginsLikeCommand, parsesAsCommand, toRunnerLines } from './runner-oracle.ts';
import { createMaker } from './samples.ts';

const m = createMaker(23);
const encoder = new TextEncoder();

function filterOf(pieces: readonly (string | Uint8Array)[], known: readonly string[] = []): string {
  const filter = createOutputFilter(
    createRedactor({ known: known.map((value) => ({ name: 'X', value, explicit: true })) }),
  );
  return pieces.map((piece) => filter.push(piece)).join('') + filter.flush();
}

describe('a mask that a process asks for', () => {
  const value = m.word();

  test.each([
    ['::add-mask::', ''],
    ['  ::ADD-MASK::', ''],
    ['::add-mask some=thing::', ''],
    ['text ##[add-mask]', ''],
    ['::add-mask::', '\r'],
  ])('is learnt before its line is shown: %j', (command, end) => {
    for (let cut = 0; cut <= command.length + value.length; cut++) {
      const line = `${command}${value}`;
      const shown = filterOf([line.slice(0, cut), `${line.slice(cut)}${end}\n`, `then ${value}\n`]);
      expect(shown).not.toContain(value);
      expect(shown).toMatch(/add-mask.*\*\*\*\r?\nthen \[REDACTED\]\n$/is);
      for (const one of toRunnerLines(shown)) expect(parsesAsCommand(one)).toBe(false);
    }
  });

  test('is not shown even if it is too short to be looked for', () => {
    expect(filterOf(['::add-mask::ab\n'])).toBe(':\u200b:add-mask::***\n');
  });

  test('may have several lines', () => {
    const [first, second] = [m.alnum(12), m.alnum(12)];
    expect(filterOf([`::add-mask::${first}%0A${second}%25\n${first} ${second}%\n`])).toMatch(
      /\n\[REDACTED\] \[REDACTED\]\n$/,
    );
  });

  test('may be very long', () => {
    const long = m.base64(50_000);
    const shown = filterOf([
      '::add-mask::',
      long.slice(0, 20_000),
      long.slice(20_000, 40_000),
      long.slice(40_000),
      '\n',
      `${long}\nend\n`,
    ]);
    expect(shown).toBe(':\u200b:add-mask::***\n[REDACTED]\nend\n');
  });

  test('is not shown by a release in the middle of it', () => {
    const filter = createOutputFilter(createRedactor({ known: [] }));
    expect(filter.push('::add-mask::hal')).toBe('');
    expect(filter.release()).toBe('');
    expect(filter.push('f\nhalf\n') + filter.flush()).toBe(':\u200b:add-mask::***\n[REDACTED]\n');
  });

  test('is decoded as the runner does', () => {
    expect(parseAddMask('::add-mask::a%25b%0Ac')?.value).toBe('a%b\nc');
    expect(parseAddMask('##[add-mask]a%5Db%3B')?.value).toBe('a]b;');
    expect(parseAddMask('::error::add-mask')).toBeUndefined();
    expect(parseAddMask('see ::add-mask::x')).toBeUndefined();
  });
});

describe('the filter', () => {
  test('uncovers nothing by what it removes', () => {
    const value = m.alnum(16);
    const hidden = Array.from(value).join('\0');
    expect(filterOf([hidden, '\n'], [value])).toBe('[REDACTED]\n');
    expect(filterOf([`${value.slice(0, 5)}\u001b[K${value.slice(5)}\n`], [value])).toBe(
      '[REDACTED]\n',
    );
    expect(filterOf([':\u001b[2K:error::x\n'])).toBe(':\u200b:error::x\n');
    expect(filterOf(['#\0#[error]x\n'])).toBe('##\u200b[error]x\n');
  });

  test('leaves no command by what it replaces', () => {
    const value = m.alnum(12);
    // The value goes, and what was around it must not become a command.
    for (const line of toRunnerLines(
      filterOf([`${value}::error::x\n:${value}:error::x\n`], [value]),
    )) {
      expect(parsesAsCommand(line)).toBe(false);
    }
  });

  test('makes a command inert that comes after a release', () => {
    const filter = createOutputFilter(createRedactor({ known: [] }));
    filter.push('prompt> ');
    expect(filter.release()).toBe('prompt> ');
    expect(filter.pending()).toBe(0);
    expect(filter.push('::error::x\n')).toBe(':\u200b:error::x\n');
  });

  test('shows ordinary output as it is', () => {
    const text = 'compiling\u2026\r\n\u001b[32mok\u001b[0m 50%\r100%\nstd::string\n';
    expect(filterOf([encoder.encode(text)])).toBe(text);
  });

  test('gives the same however the output is cut, and never a command or a secret', () => {
    const secret = m.alnum(18);
    const parts = fc.constantFrom(
      secret,
      '::error::x',
      '::',
      '##[group]y',
      '\n',
      '\r',
      '\r\n',
      ' ',
      '\u001b[1m',
      '\u001b[2K',
      '\u001b]0;t\u0007',
      '\u001b',
      '\0',
      `::add-mask::${secret}`,
      ...CREDENTIALS.slice(0, 40).map(({ text }) => text),
      'é',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (texts, cuts) => {
          const bytes = encoder.encode(texts.join(''));
          const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
            (a, b) => a - b,
          );
          const shown = filterOf(
            ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)),
            [secret],
          );
          expect(shown).toBe(filterOf([bytes], [secret]));
          expect(shown).not.toContain(secret);
          for (const line of toRunnerLines(shown)) {
            expect(parsesAsCommand(line)).toBe(false);
            expect(beginsLikeCommand(line)).toBe(false);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
