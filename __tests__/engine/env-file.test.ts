import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  isRefusedEnvName,
  parseEnvFile,
  parsePathFile,
  renderEnvEntry,
} from '../../src/engine/env-file.ts';

function valuesOf(text: string): Record<string, string> {
  const parsed = parseEnvFile(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return Object.fromEntries(parsed.value.map(({ name, value }) => [name, value]));
}

describe('what a step may write to GITHUB_OUTPUT and GITHUB_ENV', () => {
  test.each([
    ['nothing', '', {}],
    ['name=value', 'a=1\n', { a: '1' }],
    ['no newline at the end', 'a=1\nb=2', { a: '1', b: '2' }],
    ['empty lines between', '\n\na=1\n\n\nb=2\n\n', { a: '1', b: '2' }],
    ['an empty value', 'a=\n', { a: '' }],
    ['a value with = and <<', 'a=b=c<<d\n', { a: 'b=c<<d' }],
    ['blanks, kept as they are', ' a = 1 \n', { ' a ': ' 1 ' }],
    ['a byte order mark', '\uFEFFa=1\n', { a: '1' }],
    ['Windows line ends', 'a=1\r\n\r\nb<<E\r\nx\r\ny\r\nE\r\n', { a: '1', b: 'x\r\ny' }],
    ['a value of many lines', 'a<<EOF\none\n\ntwo=2\nEOF\nb=2\n', { a: 'one\n\ntwo=2', b: '2' }],
    ['a block without lines', 'a<<EOF\nEOF\n', { a: '' }],
    ['a block of one empty line', 'a<<EOF\n\nEOF\n', { a: '' }],
    ['a delimiter at the end of the file', 'a<<EOF\nx\nEOF', { a: 'x' }],
    ['a delimiter with blanks and signs', 'a<<-- $(x) =<< "é"\nv\n-- $(x) =<< "é"\n', { a: 'v' }],
    ['lines that only begin like the delimiter', 'a<<E\nEE\n E\nE \nE\n', { a: 'EE\n E\nE ' }],
    ['a carriage return that is the value itself', 'a<<E\nx\r\nE\n', { a: 'x\r' }],
    ['the same name twice: the last one counts', 'a=1\na=2\n', { a: '2' }],
    [
      'names that objects have',
      '__proto__=1\nconstructor=2\n',
      { ['__proto__']: '1', constructor: '2' },
    ],
  ])('%s', (_what, text, expected) => {
    expect(Object.entries(valuesOf(text))).toStrictEqual(Object.entries(expected));
  });

  test.each([
    ['a line without =', 'a=1\nhello\n', 2, "Invalid format 'hello'"],
    ['a comment', '# a comment\n', 1, "Invalid format '# a comment'"],
    ['an empty name', '=x\n', 1, 'the name is empty'],
    ['an empty name of a block', '\n<<EOF\nEOF\n', 2, 'the name is empty'],
    ['an empty delimiter', 'a<<\n', 1, 'the delimiter is empty'],
    ['a block that never ends', 'x=1\na<<EOF\n1\n2\n', 2, "delimiter 'EOF' of 'a' not found"],
    ['a block cut off before its first line', 'a<<EOF', 1, "delimiter 'EOF' of 'a' not found"],
    ['a fault after blocks', 'a<<E\n1\n2\nE\nb=1\noops', 6, "Invalid format 'oops'"],
  ])('refuses %s, naming the line', (_what, text, line, message) => {
    const parsed = parseEnvFile(text);
    expect(parsed).toMatchObject({ ok: false, error: { line } });
    expect(!parsed.ok && parsed.error.message).toContain(message);
  });

  test('a long line is quoted only in part', () => {
    const parsed = parseEnvFile('x'.repeat(1_000_000));
    expect(!parsed.ok && parsed.error.message.length).toBeLessThan(200);
  });

  test('a file of many lines is read in no time', () => {
    const text = 'a<<E\n' + 'x\n'.repeat(500_000) + 'E\n' + 'b=1\n'.repeat(100_000);
    const before = performance.now();
    expect(Object.keys(valuesOf(text))).toEqual(['a', 'b']);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('knows the names that GITHUB_ENV may not set', () => {
    expect(isRefusedEnvName('NODE_OPTIONS')).toBe(true);
    expect(isRefusedEnvName('Node_Options')).toBe(true);
    expect(isRefusedEnvName('GITHUB_TOKEN')).toBe(false);
  });
});

describe('GITHUB_PATH', () => {
  test('has one entry a line, whatever ends it', () => {
    expect(parsePathFile('\uFEFF/a\n\n/b c\r\n/d\r/e')).toEqual(['/a', '/b c', '/d', '/e']);
  });

  test('an entry that comes again counts where it came last', () => {
    expect(parsePathFile('/a\n/b\n/a\n')).toEqual(['/b', '/a']);
  });
});

describe('writing an entry', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('\n', '\r', '\r\n', 'preflight_s', 'preflight_s_1', 'a=b', 'a<<b', '', 'é'),
      )
      .map((parts) => parts.join('')),
  );

  test('a value that ends like the delimiter, with a return behind it, reads back unchanged', () => {
    const value = 'preflight_s\r';
    const read = parseEnvFile(renderEnvEntry({ name: 'a', value }, 's'));
    expect(read).toMatchObject({ ok: true });
  });

  test('any value reads back unchanged', () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const text =
          renderEnvEntry({ name: 'a', value: first }, 's') +
          renderEnvEntry({ name: 'b', value: second }, 's');
        expect(valuesOf(text)).toEqual({ a: first, b: second });
      }),
    );
  });

  test.each(['a<=b\n', '\ufeff\ufeffa=b\n', 'x=1\n\ufeffoutcome=mine\n', '\n\ufeffa<<E\nb\nE\n'])(
    'a name that would read back as another one is refused: %j',
    (text) => {
      const read = parseEnvFile(text);
      expect(!read.ok && read.error.message).toContain('a name cannot begin with');
    },
  );

  test('a value cannot end its own block', () => {
    const entry = renderEnvEntry({ name: 'a', value: 'preflight_s\nevil=1' }, 's');
    expect(valuesOf(entry)).toEqual({ a: 'preflight_s\nevil=1' });
  });
});
