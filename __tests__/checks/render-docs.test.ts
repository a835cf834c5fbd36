import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { CHECKS } from '../../src/checks/kinds.ts';
import { renderCheckDocs, renderCheckTable } from '../../src/checks/render-docs.ts';

describe('the page about the checks', () => {
  test('is what the definitions give (else: node .github/generate-check-docs.js)', () => {
    const page = join(import.meta.dirname, '../../docs/checks.md');
    expect(readFileSync(page, 'utf8')).toBe(renderCheckDocs());
  });

  test.each(Object.keys(CHECKS))('%s has a chapter and a row', (kind) => {
    expect(renderCheckDocs()).toContain(`\n## ${kind}\n`);
    expect(renderCheckTable()).toContain(`| \`${kind}\` `);
  });
});
