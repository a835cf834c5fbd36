import { expect, test } from '@jest/globals';
import { findLikelyPlans } from '../../src/plan/discover.ts';

test('files that look like plans are named, the likeliest first', () => {
  const paths = [
    'README.md',
    '.github/workflows/deploy.yml',
    'node_modules/x/preflight.yml',
    'deploy/production.plan.yaml',
    'deploy.yml',
    'deploy/preflight.yml',
    'preflight.yaml',
    'ops/preflight-staging.yml',
    'compose.yaml',
  ];
  expect(findLikelyPlans(paths)).toEqual([
    'preflight.yaml',
    'deploy/preflight.yml',
    'ops/preflight-staging.yml',
    'deploy.yml',
    'deploy/production.plan.yaml',
  ]);
});

test('the list stays short, and may be empty', () => {
  const many = Array.from({ length: 20 }, (_, index) => `d${index}/preflight.yml`);
  expect(findLikelyPlans(many)).toHaveLength(5);
  expect(findLikelyPlans(['a.txt', 'compose.yml'])).toEqual([]);
});
