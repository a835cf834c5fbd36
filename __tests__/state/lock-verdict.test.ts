import { describe, expect, test } from '@jest/globals';
import type { LockHolder } from '../../src/ports.ts';
import type { HolderTraces } from '../../src/state/lock-verdict.ts';
import { decideLock } from '../../src/state/lock-verdict.ts';

const FROM = { host: 'web-1', bootId: 'boot-1', pidNamespace: '4026531836' };
const DEAD: HolderTraces = { node: 'dead', step: 'dead', stepEvidence: '' };

function holder(overrides: Partial<LockHolder> = {}): LockHolder {
  return {
    host: FROM.host,
    boot_id: FROM.bootId,
    pid_namespace: FROM.pidNamespace,
    process: { pid: 4711, start_time: '1', boot_id: FROM.bootId },
    run_id: '1',
    run_attempt: 1,
    run_url: '',
    deployment: 't/d',
    directory: '/state/t/d',
    acquired_at: 0,
    ...overrides,
  };
}

function mustNotLook(): HolderTraces {
  throw new Error('looked at processes that cannot be seen from here');
}

describe('a lock', () => {
  test('may be broken when everything of its holder is gone', () => {
    expect(decideLock(holder(), FROM, () => DEAD).kind).toBe('dead');
  });

  test('may be broken after a restart of the host, whatever runs under the same pids', () => {
    expect(decideLock(holder({ boot_id: 'boot-0' }), FROM, mustNotLook).kind).toBe('dead');
  });

  test.each<[string, Partial<HolderTraces>, string, boolean]>([
    ['node lives', { node: 'alive' }, 'alive', true],
    ['node cannot be looked at', { node: 'unknown' }, 'unproven', false],
    ['its step lives', { step: 'alive', stepEvidence: 'migrate' }, 'orphaned', true],
    ['its step may live', { step: 'unknown', stepEvidence: 'migrate' }, 'orphaned', false],
  ])('is not broken while %s', (_, traces, kind, isSeenAlive) => {
    const verdict = decideLock(holder(), FROM, () => ({ ...DEAD, ...traces }));
    expect(verdict).toMatchObject({ kind, isSeenAlive });
  });

  test.each<[string, Partial<LockHolder>]>([
    ['another host', { host: 'web-2' }],
    ['another host with another boot', { host: 'web-2', boot_id: 'boot-0' }],
    ['another container', { pid_namespace: '4026531999' }],
    ['a platform without boot ids', { boot_id: '' }],
  ])('of %s is never broken', (_, overrides) => {
    expect(decideLock(holder(overrides), FROM, mustNotLook).kind).toBe('unproven');
  });

  test('is never broken for its age', () => {
    const verdict = decideLock(holder({ acquired_at: 0 }), FROM, () => ({
      ...DEAD,
      node: 'alive',
    }));
    expect(verdict.kind).toBe('alive');
  });

  test('that is kept says which process keeps it', () => {
    const verdict = decideLock(holder(), FROM, () => ({
      ...DEAD,
      step: 'alive',
      stepEvidence: 'migrate (process 12)',
    }));
    expect(verdict.reason).toBe('its process 4711 is gone, but migrate (process 12) still runs');
  });
});
