import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_STEP_ID, STEP_ID, toStepId } from '../../src/plan/step-id.ts';

test.each([
  ['Pull images', 'pull-images'],
  ['  Pull -- images! ', 'pull-images'],
  ['Größe prüfen', 'gro-e-prufen'],
  ['Überprüfung', 'uberprufung'],
  ['1. Pull', 'step-1-pull'],
  ['_private', '_private'],
  ['数据', undefined],
  ['---', undefined],
  ['_', undefined],
  ['', undefined],
])('%j gives %s', (name, id) => {
  expect(toStepId(name)).toBe(id);
});

test('what a name gives is always a valid id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
      const id = toStepId(name);
      if (id === undefined) return;
      expect(id).toMatch(STEP_ID);
      expect(id.length).toBeLessThanOrEqual(LONGEST_STEP_ID);
    }),
  );
});
