import { describe, expect, test } from '@jest/globals';
import type { StateFacts } from '../../src/state/cache-choice.ts';
import { decideState } from '../../src/state/cache-choice.ts';

function decide(overrides: Partial<StateFacts> = {}): ReturnType<typeof decideState> {
  return decideState({
    asked: 'auto',
    hasStateDir: false,
    diskLoss: 'the disk does not outlive the job',
    hasCache: true,
    ...overrides,
  });
}

describe('state: auto', () => {
  test('is the cache where the disk does not outlive the job', () => {
    expect(decide()).toEqual({ kind: 'cache', why: 'the disk does not outlive the job' });
  });
  test('is the host where it does', () => {
    expect(decide({ diskLoss: undefined })).toMatchObject({ kind: 'host' });
    expect(decide({ diskLoss: undefined }).warning).toBeUndefined();
  });
  test('is the host, with a warning, where there is no cache', () => {
    const choice = decide({ hasCache: false });
    expect(choice.kind).toBe('host');
    expect(choice.warning).toContain('a re-run starts at the first step');
  });
  test('is the host where the user has named a place', () => {
    expect(decide({ hasStateDir: true })).toEqual({ kind: 'host', why: 'state-dir names a place' });
  });
});

describe('a choice of the user', () => {
  test('is kept, with a warning where it cannot do what it is for', () => {
    expect(decide({ asked: 'host' })).toMatchObject({ kind: 'host' });
    expect(decide({ asked: 'host' }).warning).toContain('does not outlive');
    expect(decide({ asked: 'host', diskLoss: undefined }).warning).toBeUndefined();
    expect(decide({ asked: 'cache' }).warning).toBeUndefined();
    expect(decide({ asked: 'cache', hasCache: false }).kind).toBe('cache');
    expect(decide({ asked: 'cache', hasCache: false }).warning).toContain('no access to a cache');
  });
});
