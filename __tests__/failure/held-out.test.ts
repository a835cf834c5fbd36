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

  test.each([
    'curl: (56) Recv failure: Connection reset by peer',
    'curl: (22) The requested URL returned error: 503',
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12 (apt)',
    'toomanyrequests: Rate exceeded',
    'dial tcp 203.0.113.4:443: i/o timeout',
    'database is locked',
    'connect ECONNREFUSED 203.0.113.5:5432\nretrying in 2s',
  ])('a transient trouble earlier in the output makes none of them transient: %s', (trouble) => {
    const wrong = ENTRIES.filter((entry) => {
      const settled = entry.expected.every((category) => /^(?:rec|cri|fat)/u.test(category));
      if (!settled || SAYS_NOTHING.has(entry.id)) return false;
      const verdict = classify(
        evidenceFrom({ ...entry, output: `${trouble}\n${entry.output}` }),
        [],
      );
      return familyOf(verdict.category) === 'transient';
    });
    expect(wrong.map((entry) => entry.id)).toEqual([]);
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
