import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileMatch } from '../../src/plan/match-pattern.ts';

test.each([
  'schema is locked',
  'a+b*c?',
  '(?:foo|bar)+',
  '^\\s*error: .*$',
  '(\\d{1,3}\\.){3}\\d{1,3}',
  '[(+*]+',
  '\\(a+\\)+',
  '(a|b)?',
  '(?<n>x)',
  'a{2,5}',
  '{',
  '(abc)*',
  '(?:ab|cd){2,50}',
])('%s is allowed', (pattern) => {
  expect(compileMatch(pattern)).toEqual({ ok: true, value: new RegExp(pattern) });
});

test.each([
  '(a+)+',
  '(a*)*',
  '(?:a+b?)*x',
  '((a+)b)+',
  '(a|aa)+',
  '(a|a)*',
  '(\\d|1)+',
  '((a|ab))*',
  '(.*,)+',
  '(?:[a-z]+\\s?)+$',
  '(a{1,20}){1,20}',
  '(a||b)+',
  '(x+x+)+y',
])('%s is refused: it can take forever', (pattern) => {
  const result = compileMatch(pattern);
  expect(!result.ok && result.error).toContain('can take forever');
});

test.each([
  '.*.*.*.*.*x',
  'a?'.repeat(26) + 'a'.repeat(26),
  '(.*)\\1\\1\\1\\1x',
  '\\w+\\w+\\w+\\w+\\w+\\w+:',
  '.* in .* at .* of .* with .* failed',
])('%s is refused: its parts can share out a line in too many ways', (pattern) => {
  const result = compileMatch(pattern);
  expect(!result.ok && result.error).toContain('can take forever');
});

test.each([
  '^\\s*ERROR\\s+\\[\\w+\\]\\s+\\S+: .*timeout.*',
  '^\\d+-\\d+-\\d+ \\d+:\\d+:\\d+ error: .* in .* at .* line \\d+',
  'https?://[^/ ]+/[^ ]* (?:50[234]|429)',
  '"code":\\s*"[^"]*",\\s*"message":\\s*"[^"]*locked"',
])('%s is allowed: most of its parts end where the next one begins', (pattern) => {
  expect(compileMatch(pattern).ok).toBe(true);
});

test.each([
  ['', 'must not be empty'],
  ['(', 'Unterminated group'],
  ['x'.repeat(501), 'is too long'],
])('%j is refused', (pattern, reason) => {
  const result = compileMatch(pattern);
  expect(!result.ok && result.error).toContain(reason);
});

test('no text makes it throw, and what it allows is not exponential', () => {
  const parts = fc.constantFrom(
    'a',
    'b',
    '(',
    '(?:',
    ')',
    '|',
    '*',
    '+',
    '?',
    '{2}',
    '{1,}',
    '[ab]',
    '.',
    '\\w',
    '$',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 9 }), (pieces) => {
      const result = compileMatch(pieces.join(''));
      if (!result.ok) return;
      const started = performance.now();
      result.value.test(`${'ab'.repeat(14)}!`);
      expect(performance.now() - started).toBeLessThan(1000);
    }),
    { numRuns: 3000 },
  );
});
