import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { CATEGORIES } from '../../src/failure/category.ts';
import { renderFailureDocs } from '../../src/failure/render-docs.ts';
import { TABLES } from '../../src/failure/rules/tables.ts';
import { loadSamples } from './samples.ts';

describe('the page about failures', () => {
  const page = renderFailureDocs(loadSamples());

  test('is what the rules give (else: node .github/generate-failure-docs.js)', () => {
    const committed = new URL('../../docs/failures.md', import.meta.url);
    expect(readFileSync(committed, 'utf8')).toBe(page);
  });

  test('has every category and every rule', () => {
    const rules = TABLES.flatMap((table) => table.rules).map((rule) => rule.id);
    for (const name of [...CATEGORIES, ...rules]) expect(page).toContain(`| \`${name}\` |`);
  });
});
