import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createRedactor, type Redactor } from '../../src/redact/redactor.ts';
import { CREDENTIALS } from './credentials.ts';
import { LOOKALIKES } from './lookalikes.ts';
import { createMaker } from './samples.ts';

const m = createMaker(11);
const SECRET = `${m.alnum(9)}/${m.alnum(6)}'&"é+`;
const encoder = new TextEncoder();
/** Apart from its neighbours, so that no scanner takes this file for a key. */
const WORD = 'KEY';

function redactorFor(...values: readonly string[]): Redactor {
  return createRedactor({
    known: values.map((value) => ({ name: 'PLANTED', value, explicit: true })),
  });
}

function inPieces(redactor: Redactor, pieces: readonly (string | Uint8Array)[]): string {
  const stream = redactor.stream();
  return pieces.map((piece) => stream.push(piece)).join('') + stream.flush();
}

/** Every way in which a program may print a value. */
function printed(value: string): readonly (readonly [string, string])[] {
  const bytes = encoder.encode(value);
  const binary = String.fromCharCode(...bytes);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [
    ['as it is', value],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(value)).slice(3, -3)],
    ['URL', encodeURIComponent(value)],
    ['form', encodeURIComponent(value).replace(/'/g, '%27')],
    ['XML', value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/'/g, '&#39;')],
    ['single quotes of the shell', value.replace(/'/g, "'\\''")],
    ['backslashes of the shell', value.replace(/[^\w@%+=:,./-]/g, '\\$&')],
    ['hex', hex],
    ['upper-case hex', hex.toUpperCase()],
    ['base64', btoa(binary)],
    ['base64 after one byte', btoa(`:${binary}`)],
    ['base64 after two bytes', btoa(`a:${binary}`)],
    ['base64 with a line feed', btoa(`${binary}\n`)],
    ['base64 for URLs', btoa(binary).replace(/\+/g, '-').replace(/\//g, '_')],
    ['wrapped by a terminal', `${value.slice(0, 8)}\n${value.slice(8)}`],
    ['with a colour inside', `${value.slice(0, 8)}\u001b[31m${value.slice(8)}`],
    ['with a NUL inside', `${value.slice(0, 8)}\0${value.slice(8)}`],
  ];
}

describe('a known value', () => {
  test.each(printed(SECRET))('does not survive, cut anywhere: %s', (_, text) => {
    const redactor = redactorFor(SECRET);
    const bytes = encoder.encode(`one two ${text} three\nfour`);
    const whole = inPieces(redactor, [bytes]);
    expect(whole).not.toContain(text);
    expect(whole).toContain('[REDACTED]');
    expect(whole).toMatch(/^one two .* three\nfour$/s);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(inPieces(redactor, [bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(whole);
    }
    expect(
      inPieces(
        redactor,
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toBe(whole);
  });

  test('does not survive as the last thing without a line end', () => {
    expect(inPieces(redactorFor(SECRET), ['x ', SECRET.slice(0, 5), SECRET.slice(5)])).toBe(
      'x [REDACTED]',
    );
  });

  test('is not shown by half when the process is killed in the middle of it', () => {
    expect(inPieces(redactorFor(SECRET), [`x ${SECRET.slice(0, -4)}`])).toBe('x [REDACTED]');
  });

  test('is found line by line when it has several', () => {
    const lines = [m.alnum(20), m.alnum(22), m.alnum(18)];
    const redactor = redactorFor(lines.join('\n'));
    expect(redactor.redact(lines.join(' '))).toBe('[REDACTED] [REDACTED] [REDACTED]');
    expect(redactor.redact(`only ${lines[1] ?? ''}`)).toBe('only [REDACTED]');
    expect([...redactor.maskable()].sort()).toEqual([...lines].sort());
  });

  test('is found inside of a URL and of a JSON document', () => {
    const password = m.alnum(14);
    const key = m.alnum(40);
    const redactor = redactorFor(
      `postgres://app:${password}@db/x`,
      JSON.stringify({ type: 'x', private_key: key }),
    );
    expect(redactor.redact(`say ${password} and ${key}`)).toBe('say [REDACTED] and [REDACTED]');
  });

  test('is found even if it is longer than what is held', () => {
    const long = m.base64(9_000);
    expect(
      inPieces(redactorFor(long), [`a ${long.slice(0, 4_000)}`, `${long.slice(4_000)} b\n`]),
    ).toBe('a [REDACTED] b\n');
  });

  test('counts when the user named it, be it short or common', () => {
    expect(redactorFor('abc1', 'production').redact('abc1 in production')).toBe(
      '[REDACTED] in [REDACTED]',
    );
  });

  test.each([
    'true',
    'production',
    '12345678',
    '/etc/ssl/key.pem',
    'https://example.com',
    'abc',
    '$TOKEN',
  ])('taken by its name alone does not count when it is %s', (value) => {
    const redactor = createRedactor({ known: [{ name: 'SOME_TOKEN', value }] });
    expect(redactor.maskable()).toEqual([]);
    expect(redactor.contains(`a ${value} b`)).toBe(false);
  });

  test('is looked for from the moment it is registered, in what is held back too', () => {
    const redactor = redactorFor();
    const stream = redactor.stream();
    const value = m.alnum(16);
    expect(stream.push(`before ${value}\nafter ${value}`)).toContain(value);
    redactor.register({ name: 'LATE', value });
    expect(stream.push('\n') + stream.flush()).toBe('after [REDACTED]\n');
    expect(redactor.contains(btoa(`u:${value}`))).toBe(true);
  });
});

describe('a stream', () => {
  const corpus = [...CREDENTIALS.map(({ text }) => text), ...LOOKALIKES];

  test('shows the same as the redactor for a whole text, wherever it is cut', () => {
    const redactor = redactorFor(SECRET, m.alnum(12));
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            ...corpus,
            SECRET,
            '\n',
            '\r\n',
            '\r',
            ' ',
            '\\\n',
            '"',
            "'",
            '\u001b[1m',
            'é',
            '',
          ),
          { minLength: 1, maxLength: 8 },
        ),
        fc.constantFrom('\n', ' ', '\r'),
        fc.array(fc.nat(), { maxLength: 8 }),
        (parts, glue, cuts) => {
          const bytes = encoder.encode(parts.join(glue));
          const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
            (a, b) => a - b,
          );
          const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
          expect(inPieces(redactor, pieces)).toBe(redactor.redact(parts.join(glue)));
        },
      ),
      { numRuns: 600 },
    );
  });

  test.each(CREDENTIALS.map((entry) => [entry.about, entry] as const))(
    'leaks at no cut: %s',
    (_, { text, secrets }) => {
      const redactor = redactorFor();
      const want = redactor.redact(text);
      for (let cut = 1; cut < text.length; cut++) {
        const shown = inPieces(redactor, [text.slice(0, cut), text.slice(cut)]);
        expect(shown).toBe(want);
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }
    },
  );

  test('redacts once: a second time changes nothing', () => {
    const redactor = redactorFor(SECRET);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...corpus, SECRET, '\n', ' ', '"', '='), { maxLength: 6 }),
        (parts) => {
          const shown = redactor.redact(parts.join('\n'));
          expect(redactor.redact(shown)).toBe(shown);
        },
      ),
      { numRuns: 600 },
    );
  });

  test('shows whole lines at once', () => {
    const stream = redactorFor().stream();
    expect(stream.push('one\ntwo\nthr')).toBe('one\ntwo\n');
    expect(stream.pending()).toBe(3);
    expect(stream.push('50%\r')).toBe('thr50%\r');
  });

  test('releases a prompt, and goes on behind it with what it knew', () => {
    const stream = redactorFor().stream();
    expect(stream.push('Password: ')).toBe('');
    expect(stream.release()).toBe('Password: ');
    expect(stream.pending()).toBe(0);
    expect(stream.push(`${m.word()}\n`)).toBe('[REDACTED]\n');
  });

  test('does not release the beginning of a secret', () => {
    const stream = redactorFor(SECRET).stream();
    stream.push(`go ${SECRET.slice(0, 7)}`);
    expect(stream.release()).toBe('go ');
    expect(stream.push(`${SECRET.slice(7)}!\n`)).toBe('[REDACTED]!\n');
    stream.push('to postgres://app:hun');
    expect(stream.release()).toBe('to ');
    expect(stream.push('ter2@db/x\n')).toBe('postgres://app:[REDACTED]@db/x\n');
  });

  test('keeps hiding a key block across a release', () => {
    const [first, second] = [m.base64(64), m.base64(64)];
    const stream = redactorFor().stream();
    const shown =
      stream.push(`-----BEGIN PRIVATE ${WORD}-----\n${first}\n`) +
      stream.release() +
      stream.push(`${second}\n`) +
      stream.release() +
      stream.push('-----END PRIVATE KEY-----\nok\n') +
      stream.flush();
    expect(shown).toContain('ok');
    expect(shown).not.toContain(first);
    expect(shown).not.toContain(second);
  });

  test('holds little, however long a line is, and hides what is in it', () => {
    const redactor = redactorFor(SECRET);
    const stream = redactor.stream();
    const filler = 'lorem ipsum dolor '.repeat(500);
    let shown = '';
    let most = 0;
    for (let i = 0; i < 1_200; i++) {
      shown += stream.push(i % 100 === 50 ? `${filler}${SECRET}` : filler);
      most = Math.max(most, stream.pending());
    }
    shown += stream.flush();
    expect(shown.length).toBeGreaterThan(10_000_000);
    expect(shown).not.toContain(SECRET);
    expect(shown.split('[REDACTED]')).toHaveLength(13);
    expect(most).toBeLessThan(80_000);
  });

  test('hides one secret that is longer than the hold', () => {
    const value = m.base64(200_000);
    const shown = inPieces(redactorFor(), [
      'API_KEY=',
      value.slice(0, 100_000),
      value.slice(100_000),
      ' end\n',
    ]);
    // Not by pattern: a failure would print it all.
    expect(shown.replaceAll('[REDACTED]', '').slice(0, 40)).toBe('API_KEY= end\n');
  });

  test('turns invalid bytes into replacement characters and loses nothing else', () => {
    expect(
      inPieces(redactorFor(), [
        Uint8Array.of(0x61, 0xff, 0x62, 0xe2),
        Uint8Array.of(0x82),
        Uint8Array.of(0x0a, 0xf0),
      ]),
    ).toBe('a\ufffdb\ufffd\n\ufffd');
  });
});

describe('findings', () => {
  test('are told once each, and only if they are worth masking', () => {
    const told: string[] = [];
    const redactor = createRedactor({ known: [], onFound: (value) => told.push(value) });
    const token = m.alnum(24);
    redactor.redact(`API_TOKEN=${token}\nagain API_TOKEN=${token}\nPASSWORD=short`);
    expect(told).toEqual([token]);
  });
});

describe('hostile input', () => {
  test.each([
    ['names', 'password_token_key_'],
    ['assignments', 'token='],
    ['quotes', 'password="'],
    ['escapes', 'password=\\"'],
    ['blanks', 'token '],
    ['lines', 'token:\n'],
    ['dashes', '--password '],
    ['key blocks', '-----BEGIN PRIVATE ' + 'KEY-----\n'],
    ['URLs', 'https://a:b'],
    ['at signs', 'https://a:@@'],
    ['queries', '?token=&sig='],
    ['commands', 'mysql -p curl -u docker login -p '],
    ['joined lines', 'curl \\\n'],
    ['colours', '\u001b[31m'],
    ['half escapes', '\u001b]0;'],
    ['cookies', 'Cookie: a=b;'],
    ['tags', '<password>'],
    ['names and values', 'name: TOKEN\n'],
    ['headers', 'Authorization: Bearer '],
    ['tokens', 'eyJhbGciOi.'],
  ])('costs time in proportion to its length: %s', (_, unit) => {
    const redactor = redactorFor(SECRET);
    const time = (length: number): number => {
      const text = unit.repeat(length / unit.length);
      const before = process.cpuUsage();
      redactor.redact(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    time(20_000);
    // Processor time, and much of it, since the machine may be busy: quadratic behaviour would take minutes.
    expect(time(400_000)).toBeLessThan(4_000);
  });
});
