import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CHECK_KINDS } from '../../src/plan/check-kinds.ts';
import { renderJsonSchema } from '../../src/plan/json-schema.ts';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly description?: string;
  readonly additionalProperties?: unknown;
  readonly definitions?: Readonly<Record<string, Node>>;
  readonly $ref?: string;
}

const committed = readFileSync('preflight.schema.json', 'utf8');
const schema = JSON.parse(committed) as Node;

test('the committed JSON Schema is what the sources give (node .github/generate-schema.js)', () => {
  expect(committed === renderJsonSchema()).toBe(true);
});

test('every key of the JSON Schema is described, and no other key is allowed', () => {
  const { step, check } = schema.definitions ?? {};
  for (const node of [schema, step, schema.definitions?.['finally-step'], check]) {
    expect(node?.additionalProperties).toBe(false);
    const bare = Object.entries(node?.properties ?? {}).filter(
      ([, property]) => property.description === undefined,
    );
    expect(bare).toEqual([]);
  }
  expect(Object.keys(step?.properties ?? {})).toContain('done-when');
  expect(Object.keys(check?.properties ?? {})).toEqual(
    expect.arrayContaining(Object.keys(CHECK_KINDS)),
  );
});
