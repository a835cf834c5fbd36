import { describe, expect, test } from '@jest/globals';

import { createRedactor } from '../../src/redact/redactor.ts';

/** Has every sign that some tool escapes. */
const SIGNS = 'Zq7!vR2&xK"9\'m<T>$p/L+w=8%d\\e';
const LETTERS = ['plain', 'Value', '42xk'].join('');
const FOREIGN = 'gänse🔑füß-7';

const json = (value: string): string => JSON.stringify(value);
const bytes = (value: string): readonly number[] => [...new TextEncoder().encode(value)];
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const u = (char: string): string =>
  `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
const before = (sign: string, signs: RegExp) => (value: string) =>
  value.replace(signs, (char) => sign + char);

const PRINTERS: readonly (readonly [string, (value: string) => string])[] = [
  ['JSON in JSON in JSON', (value) => json(json(json(value)))],
  ['JSON safe for HTML', (value) => json(value).replace(/[<>&'+=]/g, u)],
  [
    'JSON of .NET',
    (value) =>
      json(value)
        .replace(/\\"/g, '\\u0022')
        .replace(/[<>&'+]/g, u),
  ],
  ['JSON in ASCII', (value) => json(value).replace(/[^\0-\x7f]/g, u)],
  ['JSON safe for HTML, again as JSON', (value) => json(json(value).replace(/[<>&']/g, u))],
  [
    'bytes of Python',
    (value) =>
      bytes(value)
        .map((byte) => `\\x${hex(byte)}`)
        .join(''),
  ],
  ['repr of Python', before('\\', /[\\']/g)],
  [
    'escape_unicode of Rust',
    (value) =>
      Array.from(value, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`).join(''),
  ],
  [
    '%+q of Go',
    (value) =>
      value.replace(/[^\0-\x7f]/gu, (char) =>
        char.length === 2
          ? `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
          : u(char),
      ),
  ],
  [
    "$'…' of the shell",
    (value) =>
      bytes(value)
        .map((byte) =>
          byte > 126 ? `\\${byte.toString(8)}` : String.fromCharCode(byte).replace(/[\\']/, '\\$&'),
        )
        .join(''),
  ],
  ['history of the shell', (value) => value.replace(/!/g, "'\\!'")],
  ['PowerShell, SQL', (value) => value.replace(/'/g, "''")],
  ['PowerShell in double quotes', before('`', /[`"$]/g)],
  ['cmd', before('^', /[&<>|^%!"]/g)],
  ['batch file, printf', (value) => value.replace(/%/g, '%%')],
  ['CSV', (value) => value.replace(/"/g, '""')],
  ['regular expression', before('\\', /[.*+?^${}()|[\]\\/&]/g)],
  ['properties of Java', before('\\', /[=:#!\\]/g)],
  ['Markdown', before('\\', /[\\`*_{}[\]()#+\-.!<>|]/g)],
  [
    'systemd',
    (value) => value.replace(/[!-,/;-@[-`{-~]/g, (char) => `\\x${hex(char.charCodeAt(0))}`),
  ],
  [
    'entities by number',
    (value) => Array.from(value, (char) => `&#${String(char.codePointAt(0))};`).join(''),
  ],
  [
    'entities by name and by number',
    (value) =>
      value
        .replace(/&/g, '&amp;')
        .replace(/"/g, '&quot;')
        .replace(/[<>'/=]/g, (char) => `&#x${hex(char.charCodeAt(0)).toUpperCase()};`),
  ],
  [
    'URL in mixed case',
    (value) =>
      encodeURIComponent(value).replace(/%../g, (code, at: number) =>
        at % 2 === 0 ? code.toLowerCase() : code,
      ),
  ],
  [
    'URL, all of it',
    (value) =>
      bytes(value)
        .map((byte) => `%${hex(byte)}`)
        .join(''),
  ],
  [
    'password of a URL',
    (value) => {
      const url = new URL('https://u@h');
      url.password = value;
      return url.password;
    },
  ],
  ['fingerprint', (value) => bytes(value).map(hex).join(':')],
  ['Buffer of Node', (value) => `<Buffer ${bytes(value).map(hex).join(' ')}>`],
  [
    'source in C',
    (value) =>
      bytes(value)
        .map((byte) => `0x${hex(byte).toUpperCase()}`)
        .join(', '),
  ],
  ['base64 of base64', (value) => base64(`a: ${base64(`u:${value}`)}`)],
  ['base64 in a URL', (value) => encodeURIComponent(base64(`>${value}`))],
  ['base64 in JSON safe for HTML', (value) => base64(`ab${value}`).replace(/[+=]/g, u)],
  ['encoded command of PowerShell', (value) => Buffer.from(value, 'utf16le').toString('base64')],
  [
    'base64 with written line ends',
    (value) => base64(`${'x'.repeat(41)}${value}`).replace(/.{64}/, '$&\\n'),
  ],
  ['command over two lines', (value) => value.replace(/^.{9}/u, '$&\\\n')],
  ['no width in between', (value) => value.replace(/^.{7}/u, '$&\u200b')],
  ['soft hyphen', (value) => value.replace(/^.{7}/u, '$&\u00ad')],
];

describe.each([SIGNS, LETTERS, FOREIGN])('a known value, %s, is hidden as printed by', (value) => {
  const redactor = createRedactor({ known: [{ name: 'PLANTED', value, explicit: true }] });

  test.each(PRINTERS)('%s', (_, print) => {
    const printed = print(value);
    const text = `> ${printed} <\nend`;
    const shown = redactor.redact(text);
    expect(shown).toMatch(/^> .{0,20}\[REDACTED\].{0,20} <\nend$/s);
    expect(redactor.contains(printed)).toBe(true);
    for (let cut = 1; cut < text.length; cut += 3) {
      const stream = redactor.stream();
      expect(stream.push(text.slice(0, cut)) + stream.push(text.slice(cut)) + stream.flush()).toBe(
        shown,
      );
    }
  });
});

test('half of a character at a cut of a long value is no reason to fail', () => {
  const value = `${'a7'.repeat(99)}b🔑${'c8'.repeat(30)}`;
  const redactor = createRedactor({ known: [{ name: 'PLANTED', value }] });
  expect(redactor.redact(`x ${value} y`)).toBe('x [REDACTED] y');
});

test('what differs by more than escapes stays', () => {
  const redactor = createRedactor({ known: [{ name: 'PLANTED', value: SIGNS, explicit: true }] });
  const other = json(SIGNS.replace('8', '9'));
  expect(redactor.redact(other)).toBe(other);
});
