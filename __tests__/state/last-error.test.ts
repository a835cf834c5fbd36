import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLastError, renderLastError } from '../../src/state/last-error.ts';
import type { LastError } from '../../src/state/record.ts';
import { temporaryFolder } from '../support/folders.ts';
import { lastError } from '../support/records.ts';

const HOSTILE = [
  '$(touch CANARY)',
  '`touch CANARY`',
  '"; touch CANARY; "',
  "'; touch CANARY; '",
  "'\\''; touch CANARY; #",
  "\\'; touch CANARY #",
  'a\ntouch CANARY\n',
  'a\nexit_code=0',
  "a\n'; touch CANARY; '",
  '${IFS}$HOME ~ ~root * ? [a-z] {a,b}',
  '& touch CANARY &',
  '| touch CANARY',
  '> CANARY',
  '<(touch CANARY)',
  '!touch CANARY !!',
  'trailing backslash \\',
  '\\',
  '\\\n',
  "'",
  '"',
  "''",
  '$',
  "$'",
  "$'\\''; touch CANARY; '",
  ' leading and trailing ',
  '',
  '#comment',
  '=',
  'key=value',
  '\t\r\v\f\b\u0007\u001b[31mred\u001b[0m\u007f',
  '\u0001\u0002\u0080\u0081\u0088\u009f\u2028\u2029\u202e',
  'ü € 😀 漢字',
  '-n',
  'timestamp',
  'EOF',
  '/srv/my app/it\'s "here"/$x.sh',
];

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

/** One file for each error, and what a shell has in its variables after sourcing it, in their order. */
function sourceAll(shell: string, errors: readonly LastError[]): readonly (readonly string[])[] {
  errors.forEach((error, index) => {
    writeFileSync(
      join(folder.path, `${String(index).padStart(5, '0')}.env`),
      renderLastError(error),
    );
  });
  const script = `
    for file in ./*.env; do
      (
        . "$file"
        printf '%s\\0' "$timestamp" "$script" "$line" "$exit_code" "$category"
      )
    done`;
  const fields = execFileSync(shell, ['-c', script], { cwd: folder.path, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
  return errors.map((_, index) => fields.slice(5 * index, 5 * index + 5));
}

function valuesOf(error: LastError): readonly string[] {
  return [error.timestamp, error.script, error.line, error.exit_code, error.category];
}

function spread(value: string): readonly LastError[] {
  return (['timestamp', 'script', 'line', 'exit_code', 'category'] as const).map((key) =>
    lastError({ [key]: value }),
  );
}

describe('.last-error in a shell', () => {
  test('bash gets every value exactly, and runs nothing', () => {
    const errors = HOSTILE.flatMap(spread);
    expect(sourceAll('bash', errors)).toEqual(errors.map(valuesOf));
    expect(readdirSync(folder.path)).not.toContain('CANARY');
  });

  test('bash in POSIX mode and in the C locale gets the same', () => {
    const errors = HOSTILE.flatMap((value) => lastError({ script: value }));
    writeFileSync(join(folder.path, 'posix'), '#!/bin/sh\nLC_ALL=C exec bash --posix "$@"\n', {
      mode: 0o755,
    });
    expect(sourceAll(join(folder.path, 'posix'), errors)).toEqual(errors.map(valuesOf));
  });

  test('a POSIX shell gets everything but control characters exactly, and runs nothing', () => {
    const sourced = sourceAll('dash', HOSTILE.flatMap(spread));
    // eslint-disable-next-line no-control-regex -- control characters are the point
    const plain = HOSTILE.filter((value) => !/[\u0000-\u001f\u007f]/.test(value));
    expect(sourced).toEqual(expect.arrayContaining(plain.flatMap(spread).map(valuesOf)));
    expect(sourced.every((values) => values.length === 5)).toBe(true);
    expect(readdirSync(folder.path)).not.toContain('CANARY');
  });

  test('any text at all comes through bash', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const errors = fc.sample(
      fc.record({ timestamp: text, script: text, line: text, exit_code: text, category: text }),
      { numRuns: 300, seed: 20261122 },
    );
    const expected = errors.map((error) =>
      valuesOf(error).map((value) =>
        Buffer.from(value.replaceAll('\0', '\uFFFD'), 'utf8').toString('utf8'),
      ),
    );
    expect(sourceAll('bash', errors)).toEqual(expected);
  });

  test('sourcing it is five assignments and not one command more', () => {
    for (const value of HOSTILE) {
      const error = lastError({ script: value, category: value });
      writeFileSync(join(folder.path, 'one.env'), renderLastError(error));
      const script = `
        set -o functrace
        trap 'printf "%s\\0" "\${BASH_COMMAND%%=*}"' DEBUG
        source ./one.env
        trap - DEBUG`;
      const commands = execFileSync('bash', ['-c', script], { cwd: folder.path, encoding: 'utf8' });
      expect(commands.split('\0').slice(1, -2)).toEqual([
        'timestamp',
        'script',
        'line',
        'exit_code',
        'category',
      ]);
    }
  });

  test('is five lines, for those who read it with grep and cut', () => {
    for (const value of HOSTILE) {
      const lines = renderLastError(lastError({ line: value, script: value })).split('\n');
      expect(lines.map((line) => line.split('=', 1)[0])).toEqual([
        'timestamp',
        'script',
        'line',
        'exit_code',
        'category',
        '',
      ]);
    }
    expect(renderLastError(lastError())).toBe(
      'timestamp=2026-11-22T10:46:00+00:00\nscript=scripts/migrate.sh\nline=42\nexit_code=3\n' +
        'category=unknown:exit\n',
    );
  });
});

describe('.last-error as we read it', () => {
  test('is what we wrote, except for a NUL that no shell could hold', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    const anyError = fc.record({
      timestamp: text,
      script: fc.oneof(text, fc.constantFrom(...HOSTILE)),
      line: text,
      exit_code: text,
      category: text,
    });
    fc.assert(
      fc.property(anyError, (error) => {
        expect(parseLastError(renderLastError(error))).toEqual({ ok: true, value: error });
      }),
    );
    expect(parseLastError(renderLastError(lastError({ script: 'a\0b' })))).toEqual({
      ok: true,
      value: lastError({ script: 'a\uFFFDb' }),
    });
  });

  test.each([
    ['bare', 'script=deploy.sh', 'deploy.sh'],
    ['bare with blanks, not meant for a shell', 'script=my deploy.sh', 'my deploy.sh'],
    ['in single quotes', "script='my deploy.sh'", 'my deploy.sh'],
    ['in double quotes', 'script="my \\"deploy\\" \\$x \\d.sh"', 'my "deploy" $x \\d.sh'],
    ['as printf %q writes it', 'script=my\\ deploy\\$.sh', 'my deploy$.sh'],
    ['as printf %q writes a line break', "script=$'a\\nb\\tc'", 'a\nb\tc'],
    ['as bytes', String.raw`script=$'\303\274 \xc3\xbc ü'`, 'ü ü ü'],
    ['pieced together', `script='it'"'"'s'\\'`, "it's'"],
    ['over two lines', "script='a\nb'", 'a\nb'],
    ['with a substitution, which stays text', 'script=$(touch CANARY)', '$(touch CANARY)'],
    ['with a substitution in quotes', 'script="$(id) `id`"', '$(id) `id`'],
    ['with a quote that never ends', "script=it's", "it's"],
    ['exported', 'export script=x', 'x'],
    ['with a comment', 'script=x # what failed', 'x'],
    ['with a carriage return', 'script=x\r', 'x'],
    ['empty', 'script=', ''],
    ['twice', 'script=a\nscript=b', 'b'],
  ])('understands a value %s', (_, line, expected) => {
    const parsed = parseLastError(`timestamp=2026\nother=1\n${line}\nline=7\n`);
    expect(parsed).toEqual({
      ok: true,
      value: { timestamp: '2026', script: expected, line: '7', exit_code: '', category: '' },
    });
  });

  test.each(['', '\n\n', 'hello', '{"line":1}', '\0\0\0'])('finds nothing in %j', (content) => {
    expect(parseLastError(content).ok).toBe(false);
  });

  test('is never an exception, and quick on hostile text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(() => parseLastError(`script=${text}\nline='${text}`)).not.toThrow();
      }),
    );
    const started = performance.now();
    parseLastError("script='\n".repeat(8000));
    parseLastError(`script=${"$'\\".repeat(16_000)}`);
    parseLastError('line="\\'.repeat(16_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
