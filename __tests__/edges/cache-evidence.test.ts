import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findDiskLoss, hasCacheAccess } from '../../src/edges/cache-evidence.ts';
import { temporaryFolder } from '../support/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

function withSettings(settings: string): Readonly<Record<string, string>> {
  mkdirSync(join(folder.path, '_work', 'repo'), { recursive: true });
  writeFileSync(join(folder.path, '.runner'), settings);
  return { RUNNER_WORKSPACE: join(folder.path, '_work', 'repo') };
}

describe('the disk goes with the job', () => {
  test('on a GitHub-hosted runner, and in a container', () => {
    expect(findDiskLoss({ RUNNER_ENVIRONMENT: 'github-hosted' }, false)).toContain('GitHub-hosted');
    expect(findDiskLoss({}, true)).toContain('container');
  });
  test('of a runner that its controller or its settings call ephemeral', () => {
    expect(findDiskLoss({ RUNNER_EPHEMERAL: 'true' }, false)).toContain('ephemeral');
    expect(findDiskLoss({ ACTIONS_RUNNER_POD_NAME: 'runner-x7' }, false)).toContain('ephemeral');
    expect(findDiskLoss(withSettings('\uFEFF{"ephemeral":true}'), false)).toContain('ephemeral');
  });
  test('of no other, as far as can be known', () => {
    expect(findDiskLoss({ RUNNER_ENVIRONMENT: 'self-hosted' }, false)).toBeUndefined();
    expect(findDiskLoss(withSettings('{"agentId":1}'), false)).toBeUndefined();
    expect(findDiskLoss(withSettings('{"ephemeral":'), false)).toBeUndefined();
    expect(findDiskLoss({ RUNNER_WORKSPACE: '/nowhere/at/all' }, false)).toBeUndefined();
  });
});

test('a cache needs a token and an address', () => {
  expect(hasCacheAccess({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'u' })).toBe(true);
  expect(hasCacheAccess({ ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'u' })).toBe(true);
  expect(hasCacheAccess({ ACTIONS_RUNTIME_TOKEN: 't' })).toBe(false);
  expect(hasCacheAccess({ ACTIONS_RESULTS_URL: 'u', ACTIONS_RUNTIME_TOKEN: '' })).toBe(false);
});
