import type { DeploymentStore, StateFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure } from '../result.ts';
import type { CacheFault } from '../state/cache-fault.ts';
import type { StepRecord } from '../state/record.ts';
import type { Uploads } from './cache-uploads.ts';

/** Name of the cache in messages about it. */
export const CACHE_NAME = 'the Actions cache';

/**
 * The local copy, with the cache behind it: a change is durable here first, and what ends something is
 * then uploaded while the deployment goes on. What is only about to happen goes with the next upload,
 * unless it must never happen twice.
 */
export function createCacheStore(inner: DeploymentStore, uploads: Uploads): DeploymentStore {
  const undoing = new Set<string>();
  const changed = async (
    writing: Promise<Result<void, StateFault>>,
    then: 'upload' | 'wait',
  ): Promise<Result<void, StateFault>> => {
    const written = await writing;
    if (!written.ok) return written;
    uploads.changed();
    if (then === 'upload') uploads.schedule();
    return written;
  };
  return {
    load: () => inner.load(),
    saveDeployment: (record) =>
      changed(inner.saveDeployment(record), record.status === 'open' ? 'wait' : 'upload'),
    saveStep: async (record) => {
      const saved = await changed(inner.saveStep(record), isEnd(record) ? 'upload' : 'wait');
      if (record.state === 'undoing' && !record.idempotent) undoing.add(record.step);
      return saved;
    },
    noteMarked: (record) => changed(inner.noteMarked(record), 'upload'),
    putMarker: (step, completedAt) => changed(inner.putMarker(step, completedAt), 'upload'),
    removeMarkers: async (steps) => {
      const removed = await changed(inner.removeMarkers(steps), 'wait');
      // The last write before an undo. Another machine must not undo a second time unknowingly; but a
      // cache that is down is no reason to leave the target half rolled back.
      if (removed.ok && steps.some((step) => undoing.delete(step))) await uploads.settle();
      return removed;
    },
    removeSteps: (steps) => changed(inner.removeSteps(steps), 'wait'),
    makeCurrent: async () => {
      const pointed = await inner.makeCurrent();
      if (!pointed.ok) return pointed;
      uploads.becameCurrent();
      // From here on the cache can say that a step was not started, instead of nothing.
      uploads.schedule();
      return pointed;
    },
    saveLastError: (error) => changed(inner.saveLastError(error), 'upload'),
    clearLastError: () => changed(inner.clearLastError(), 'wait'),
    confirm: async () => {
      const settled = await uploads.settle();
      return settled.ok ? settled : failure(toStateFault(settled.error));
    },
  };
}

function isEnd({ state }: StepRecord): boolean {
  switch (state) {
    case 'started':
    case 'succeeded': // its checkpoint follows
      return false;
    case 'failed':
    case 'declared':
    case 'undoing':
    case 'undone':
      return true;
  }
}

function toStateFault({ reason }: CacheFault): StateFault {
  return {
    operation: 'save the checkpoint in',
    path: CACHE_NAME,
    code: 'ECACHE',
    message: `${reason}. A step that is not idempotent starts only when another machine would know of it`,
  };
}
