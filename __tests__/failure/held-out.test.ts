import { describe, expect, test } from '@jest/globals';

import { familyOf, parseCategory } from '../../src/failure/category.ts';
import type { Category } from '../../src/failure/category.ts';
import { classify } from '../../src/failure/classify.ts';
import { evidenceFrom, loadHeldOut } from './samples.ts';

const ENTRIES = loadHeldOut();
/** Their output gives no reason at all, so that the exit code decides. */
const SAYS_NOTHING = new Set(['silent-1', 'docker-oom-137-compose']);

describe('failures that no rule was written for', () => {
  test('there are enough of them', () => {
    expect(ENTRIES.length).toBeGreaterThan(80);
  });

  test.each(ENTRIES)('$id', (entry) => {
    expect(entry.expected.map(parseCategory)).not.toContain(undefined);
    expect(entry.expected).toContain(classify(evidenceFrom(entry), []).category);
  });

  test('nothing is called transient that is not, even when the exit code changes', () => {
    const harmless = ENTRIES.filter((entry) =>
      entry.expected.every((category) => familyOf(category as Category) !== 'transient'),
    );
    const wrong = harmless.filter((entry) => {
      const verdict = classify(evidenceFrom({ ...entry, exit_code: 7 }), []);
      return familyOf(verdict.category) === 'transient' && !SAYS_NOTHING.has(entry.id);
    });
    expect(wrong.map((entry) => entry.id)).toEqual([]);
  });
});
