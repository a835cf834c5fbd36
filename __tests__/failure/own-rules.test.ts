import { describe, expect, test } from '@jest/globals';

import { classify } from '../../src/failure/classify.ts';
import { parsePattern } from '../../src/failure/own-rules.ts';
import { evidenceOf, exited, signalled } from './evidence-builder.ts';

describe('rules of the plan', () => {
  test('the first rule whose conditions all hold decides', () => {
    const rules = [
      { exitCode: 75, match: 'schema', as: 'transient:service' },
      { exitCode: 75, as: 'transient:conflict' },
      { match: 'locked', as: 'transient:lock' },
    ] as const;
    const evidence = evidenceOf({ exit: exited(75), tail: 'table is locked' });
    expect(classify(evidence, rules)).toMatchObject({
      category: 'transient:conflict',
      rule: 'plan:2',
    });
  });

  test('an exit code holds for a signal as 128+n, a signal by either name', () => {
    const killed = evidenceOf({ exit: signalled('SIGTERM') });
    expect(classify(killed, [{ exitCode: 143, as: 'transient:service' }]).rule).toBe('plan:1');
    expect(classify(killed, [{ signal: 'SIGTERM', as: 'transient:service' }]).rule).toBe('plan:1');
    expect(classify(killed, [{ signal: 'TERM', as: 'transient:service' }]).rule).toBe('plan:1');
    const reported = evidenceOf({ exit: exited(143) });
    expect(classify(reported, [{ signal: 'SIGTERM', as: 'transient:service' }]).rule).toBe(
      'plan:1',
    );
  });

  test('a rule without conditions holds for nothing', () => {
    expect(classify(evidenceOf(), [{ as: 'transient:service' }]).rule).toBe('none');
  });

  test('the pattern sees single lines, warnings and retries included', () => {
    const evidence = evidenceOf({ tail: 'WARN quota low\nbye' });
    const rules = [{ match: '^WARN quota low$', as: 'recoverable:resource' as const }];
    expect(classify(evidence, rules)).toMatchObject({ rule: 'plan:1', evidence: 'WARN quota low' });
    expect(classify(evidence, [{ match: 'low\\s+bye', as: 'critical:data' }]).rule).toBe('none');
  });

  test('a pattern that could run for ever is left out with a note, and the next rule tried', () => {
    const evidence = evidenceOf({ tail: `${'a'.repeat(5000)}!` });
    const started = performance.now();
    const verdict = classify(evidence, [
      { match: '^(a+)+$', as: 'transient:service' },
      { match: 'a!$|aaa', as: 'critical:data' },
    ]);
    expect(verdict).toMatchObject({ category: 'critical:data', rule: 'plan:2' });
    expect(verdict.note).toContain('rule 1 of classify');
    expect(performance.now() - started).toBeLessThan(500);
  });

  test.each([
    ['.*.*.*.*x', 'y'],
    ['(.*),(.*),(.*),(.*)x', ','],
    ['\\s+\\s+\\s+x', ' '],
    ['a?'.repeat(12) + 'b', 'a'],
    ['^.*error.*$', 'e'],
  ])('%s is quick on 64 KiB of %j', (match, piece) => {
    const line = piece.repeat(1990);
    const evidence = evidenceOf({
      tail: `${`${line}\n`.repeat(28)}${`${piece.repeat(100)}\n`.repeat(80)}`,
    });
    const before = process.cpuUsage();
    classify(evidence, [{ match, as: 'transient:service' }]);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });

  test.each(['(a+)+', '(a*)*b', '((ab)*c+)*', '(?:x+y?){2,}', '([ab]+|c)+'])(
    'refuses %s',
    (source) => {
      expect(parsePattern(source).ok).toBe(false);
    },
  );

  test.each([
    'schema is locked',
    '(foo|bar)+',
    'a+b+',
    '[(+*)]+',
    '\\(a+\\)+',
    'x{2,5}(y{1,3})?',
    '(?<n>\\d+) rows',
  ])('allows %s', (source) => {
    expect(parsePattern(source).ok).toBe(true);
  });

  test('an expression that is none is a sentence', () => {
    const parsed = parsePattern('a(');
    expect(parsed.ok ? '' : parsed.error).toContain('not a regular expression');
  });
});
