import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { createPlainCheck } from '../../src/redact/plain-check.ts';

// eslint-disable-next-line no-control-regex -- what the check is about
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const isPlain = createPlainCheck();

describe('plain check', () => {
  test('never calls text plain that has a control character, wherever it stands', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 9 }),
      fc.constantFrom(
        '\t',
        '\n',
        '\r\n',
        'é',
        '✔',
        '😀',
        '\u001b[1m',
        '\u007f',
        '\u0085',
        '\u00a0',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(CONTROL.test(text) && isPlain(text)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('finds each control character at each place of a word, and behind the first slice', () => {
    for (let code = 0; code < 0xa0; code++) {
      if (!CONTROL.test(String.fromCharCode(code))) continue;
      for (const before of [0, 1, 2, 3, 32_767, 32_768, 70_001]) {
        const text = `${'x'.repeat(before)}${String.fromCharCode(code)}yz`;
        expect([code, before, isPlain(text)]).toEqual([code, before, false]);
      }
    }
  });

  test('calls ordinary output plain', () => {
    expect(isPlain('deploy: ok\n\tnächster Schritt ✔ 😀\r\n'.repeat(3_000))).toBe(true);
    expect(isPlain('')).toBe(true);
  });

  test('does not remember an earlier, longer text', () => {
    isPlain('\u001b'.repeat(100));
    expect(isPlain('abc')).toBe(true);
  });
});
