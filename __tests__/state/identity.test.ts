import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  isName,
  toDeploymentName,
  toLockFileName,
  toTargetName,
} from '../../src/state/identity.ts';
import { targetParts } from '../support/records.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 80 });

describe('the name of a target', () => {
  test('can be read by a person', () => {
    const parts = targetParts({ matrix: '{"host":"web-1","region":"EU"}', key: 'production' });
    expect(toTargetName(parts)).toMatch(
      /^shop-deploy-deploy-web-1-eu-deploy-production-[0-9a-f]{10}$/,
    );
  });

  test('leaves out what the runner calls a step without an id', () => {
    expect(toTargetName(targetParts({ action: '__freshtrack_preflight-action' }))).toMatch(
      /^shop-deploy-deploy-[0-9a-f]{10}$/,
    );
  });

  test('is the same for the same target', () => {
    expect(toTargetName(targetParts())).toBe(toTargetName({ ...targetParts() }));
  });

  test.each([
    ['repository', { repository: 'other/shop' }],
    ['workflow path', { workflow: 'acme/shop/other/deploy.yml@refs/heads/main' }],
    ['letter case', { job: 'Deploy' }],
    ['matrix keys with equal values', { matrix: '{"a":"1"}' }],
    ['key', { key: 'x' }],
    ['action', { action: 'deploy-2' }],
  ])('differs when the %s differs', (_, change) => {
    const base = targetParts({ matrix: '{"b":"1"}' });
    expect(toTargetName({ ...base, ...change })).not.toBe(toTargetName(base));
  });

  test('does not confuse parts that would read the same side by side', () => {
    expect(toTargetName(targetParts({ job: 'a-b', key: 'c' }))).not.toBe(
      toTargetName(targetParts({ job: 'a', key: 'b-c' })),
    );
  });

  test('survives a matrix that is not JSON, or deep', () => {
    const deep = `${'['.repeat(5000)}1${']'.repeat(5000)}`;
    for (const matrix of ['not json', 'null', deep, '{"__proto__":"x"}', '"text"']) {
      expect(isName(toTargetName(targetParts({ matrix })))).toBe(true);
    }
  });
});

describe('names', () => {
  test('are safe file names whatever they are made of', () => {
    fc.assert(
      fc.property(anyText, anyText, (id, other) => {
        const names = [
          toDeploymentName(id),
          toLockFileName(id),
          toTargetName(targetParts({ repository: id, job: other, matrix: other, key: id })),
        ];
        for (const name of names) {
          expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{0,70}$/);
          expect(isName(name)).toBe(true);
        }
      }),
    );
  });

  test('of two different things are different', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(toDeploymentName(one) === toDeploymentName(other)).toBe(one === other);
      }),
    );
  });

  test.each([
    ['feature/x', 'feature-x'],
    ['Main', 'main'],
    ['..', '.'],
    ['', ' '],
    ['a'.repeat(100), 'a'.repeat(101)],
  ])('%j and %j do not meet', (one, other) => {
    expect(toDeploymentName(one)).not.toBe(toDeploymentName(other));
    expect(toLockFileName(one)).not.toBe(toLockFileName(other));
  });

  test('keep what is readable of a run id, a branch and a version', () => {
    expect(toDeploymentName('17654321')).toMatch(/^17654321-[0-9a-f]{10}$/);
    expect(toDeploymentName('feature/X')).toMatch(/^feature-x-[0-9a-f]{10}$/);
    expect(toDeploymentName('v1.2.3')).toMatch(/^v1\.2\.3-[0-9a-f]{10}$/);
    expect(toDeploymentName('-../')).toMatch(/^[0-9a-f]{10}$/);
  });

  test('are told from what else may lie in a state dir', () => {
    for (const other of ['locks', 'current', '.trash-0123456789', 'x', '../x-0123456789']) {
      expect(isName(other)).toBe(false);
    }
  });
});
