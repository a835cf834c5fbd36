import { hostname } from 'node:os';
import { bootId, ownProcess, pidNamespace } from '../../src/edges/process-identity.ts';
import type { LockHolder, LockRequest, Stop } from '../../src/ports.ts';
import type { ProcessRef } from '../../src/state/record.ts';

/** Builders for tests of locks; the holder is this very process, and so alive. */

export const LOCK_NAME = 'production-0123456789';

/** A stop that nobody requests. */
export const NEVER: Stop = { requested: false, onRequest: () => () => undefined };

/** A process of this boot that has ended: a pid that is ours, but another start. */
export function deadProcess(): ProcessRef {
  return { ...ownProcess(), start_time: '1' };
}

export function lockHolder(overrides: Partial<LockHolder> = {}): LockHolder {
  return {
    host: hostname(),
    boot_id: bootId(),
    pid_namespace: pidNamespace(),
    process: ownProcess(),
    run_id: '4711',
    run_attempt: 1,
    run_url: 'https://github.com/acme/shop/actions/runs/4711',
    deployment: 'shop-0123456789/4711-0123456789',
    directory: '/nonexistent',
    acquired_at: 1_795_000_000_000,
    ...overrides,
  };
}

export function lockRequest(overrides: Partial<LockRequest> = {}): LockRequest {
  return {
    name: LOCK_NAME,
    holder: lockHolder(),
    timeoutMs: 0,
    cancel: NEVER,
    onWait: () => undefined,
    ...overrides,
  };
}
