import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { INPUT_NAMES, INPUTS, OUTPUTS, RESERVED_OUTPUTS } from '../../src/inputs/contract.ts';
import type { InputContract } from '../../src/inputs/contract.ts';

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly author: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<
    Record<string, { description: string; required: boolean; default?: unknown }>
  >;
  readonly outputs: Readonly<Record<string, { description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as ActionFile;
const contract: Readonly<Record<string, InputContract>> = INPUTS;

describe('action.yml and the list of the contract', () => {
  test('name the same inputs, in the same order', () => {
    expect(Object.keys(action.inputs)).toEqual(INPUT_NAMES);
  });

  test.each(INPUT_NAMES)('say the same of the input %s', (name) => {
    const { description, default: value } = contract[name] ?? { description: '' };
    expect(action.inputs[name]).toEqual({
      description,
      required: false,
      ...(value !== undefined && { default: value }),
    });
  });

  test('say the same of the outputs, which are all reserved', () => {
    const described = Object.entries(action.outputs).map(([name, { description }]) => [
      name,
      description,
    ]);
    expect(described).toEqual(Object.entries(OUTPUTS));
    expect([...RESERVED_OUTPUTS]).toEqual(Object.keys(action.outputs));
  });
});

test('action.yml starts the shipped bundles, and the marketplace can show it', () => {
  expect(action.runs).toEqual({
    using: 'node24',
    main: 'dist/main/index.js',
    post: 'dist/post/index.js',
  });
  expect(action.branding).toEqual({ icon: 'check-circle', color: 'green' });
  expect(action.description.length).toBeLessThanOrEqual(125);
});
