import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { familyOf } from '../../src/failure/category.ts';
import { classify } from '../../src/failure/classify.ts';
import { rulesFor } from '../../src/failure/decide.ts';
import { EXIT_RULES } from '../../src/failure/exit-codes.ts';
import { toLines } from '../../src/failure/output.ts';
import { toRuleIndex } from '../../src/failure/rule-index.ts';
import { TABLES } from '../../src/failure/rules/tables.ts';
import { evidenceFrom, loadHeldOut, loadSamples } from './samples.ts';

const RULES = TABLES.flatMap((table) => table.rules);
const SAMPLES = loadSamples();
const OVERLAPS = JSON.parse(
  readFileSync(new URL('../fixtures/failures/overlaps.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;

describe('rules and samples', () => {
  test('ids are unique', () => {
    const ids = [...RULES, ...EXIT_RULES].map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('every rule has a sample', () => {
    const sampled = new Set(SAMPLES.map((sample) => sample.rule));
    const ids = [...RULES, ...EXIT_RULES].map((rule) => rule.id);
    expect(ids.filter((id) => !sampled.has(id))).toEqual([]);
  });

  test.each(SAMPLES)('$id is decided by $rule', (sample) => {
    expect(classify(evidenceFrom(sample), []).rule).toBe(sample.rule);
  });

  test('no other rule takes the line of a sample, except where listed', () => {
    const found = new Map<string, Set<string>>();
    for (const sample of SAMPLES) {
      const verdict = classify(evidenceFrom(sample), []);
      const lines = toLines(sample.output);
      const others = rulesFor(verdict.evidence ?? '', lines, TABLES, sample.command)
        .map((rule) => rule.id)
        .filter((id) => id !== sample.rule && verdict.evidence !== undefined);
      if (others.length === 0) continue;
      found.set(sample.rule, new Set([...(found.get(sample.rule) ?? []), ...others]));
    }
    const overlaps = Object.fromEntries(
      [...found].map(([id, others]) => [id, [...others].sort()] as const).sort(),
    );
    expect(overlaps).toEqual(OVERLAPS);
  });

  test('words alone never make a failure transient', () => {
    const weak = RULES.filter((rule) => rule.strength === 'weak');
    expect(weak.filter((rule) => familyOf(rule.category) === 'transient')).toEqual([]);
  });

  test('samples name no machine of ours', () => {
    const text = JSON.stringify(SAMPLES);
    expect(text).not.toMatch(/\/root\b|\/work\/|\/tmp\/rec|pyenv/u);
  });
});

describe('patterns on hostile output', () => {
  const patterns = RULES.flatMap((rule) => rule.lines.map((pattern) => ({ rule, pattern })));

  test('nothing that matches anything repeats without a bound, and no group does', () => {
    const unbounded = patterns.filter(({ pattern }) =>
      /(?<!\\)[.)][*+]/u.test(pattern.source.replaceAll(/\[[^\]]{1,40}\]/gu, 'x')),
    );
    expect(unbounded.map(({ rule, pattern }) => `${rule.id}: ${pattern.source}`)).toEqual([]);
  });

  test('a pattern keeps no position between lines', () => {
    expect(patterns.filter(({ pattern }) => pattern.global || pattern.sticky)).toEqual([]);
  });

  test('the index finds every rule that a plain search finds', () => {
    const index = toRuleIndex(TABLES);
    const lines = [...SAMPLES, ...loadHeldOut()].flatMap((entry) => toLines(entry.output));
    for (const { text } of lines) {
      const candidates = new Set(index.candidates(text).map(({ rule }) => rule));
      const missed = RULES.filter(
        (rule) => rule.lines.some((pattern) => pattern.test(text)) && !candidates.has(rule),
      );
      expect(missed.map((rule) => `${rule.id} for ${text}`)).toEqual([]);
    }
  });
});
