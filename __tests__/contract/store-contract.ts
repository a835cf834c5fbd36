/* eslint-disable jest/no-export -- a suite that the tests of every store run */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeploymentStore, KnownDeployment } from '../../src/ports.ts';
import { toDeploymentName } from '../../src/state/identity.ts';
import {
  attemptRecord,
  deploymentRecord,
  lastError,
  namesOf,
  stepRecord,
} from '../support/records.ts';

/** Somewhere that deployments are stored, and what stores are opened on. */
export interface StoreWorld {
  /** A store as a new process would open it. */
  open(target: string, deployment: string): DeploymentStore;
  close(): void;
}

const NOW = '2026-11-22T10:46:00+00:00';

/** What every implementation of `DeploymentStore` promises; run by each of them. */
export function describeStoreContract(name: string, openWorld: () => StoreWorld): void {
  describe(`${name} keeps the contract of a store`, () => {
    const record = deploymentRecord();
    const { target, deployment } = namesOf(record);
    let world: StoreWorld;
    let store: DeploymentStore;

    beforeEach(() => {
      world = openWorld();
      store = world.open(target, deployment);
    });
    afterEach(() => {
      world.close();
    });

    async function loadAnew(): Promise<KnownDeployment> {
      const loaded = await world.open(target, deployment).load();
      if (!loaded.ok) throw new Error(`${loaded.error.path} ${loaded.error.message}`);
      return loaded.value;
    }

    test('knows nothing of a deployment that was never stored', async () => {
      expect(await loadAnew()).toEqual({
        record: undefined,
        steps: new Map(),
        markers: new Map(),
        lastError: undefined,
        current: undefined,
        name: deployment,
      });
    });

    test('gives back what was saved, to another process as well', async () => {
      const step = stepRecord({
        state: 'failed',
        attempts: [
          attemptRecord({
            ended_at: 1_795_000_001_000,
            exit: { kind: 'signalled', signal: 'SIGKILL' },
            ended_by: 'signal',
            category: 'fatal:signal',
          }),
        ],
        results: {
          outputs: [{ name: '__proto__', value: 'a\nb\u0000c' }],
          env: [{ name: 'PATH_LIKE', value: 'ü€😀' }],
          path: ['/opt/bin'],
          summary: '# done\n',
        },
        withheld: ['output token'],
        rollback: { run: 'undo', shell: 'bash', working_directory: '' },
        survivors: [{ pid: 12, start_time: '34', boot_id: 'boot-1', command: 'sudo' }],
      });
      expect((await store.saveDeployment(record)).ok).toBe(true);
      expect((await store.saveStep(step)).ok).toBe(true);
      expect((await store.putMarker('migrate', NOW)).ok).toBe(true);
      expect((await store.saveLastError(lastError())).ok).toBe(true);
      expect((await store.makeCurrent()).ok).toBe(true);
      expect((await store.confirm()).ok).toBe(true);

      expect(await loadAnew()).toEqual({
        record,
        steps: new Map([['migrate', step]]),
        markers: new Map([['migrate', { step: 'migrate', completedAt: NOW }]]),
        lastError: lastError(),
        current: deployment,
        name: deployment,
      });
    });

    test('a later record of a step replaces the earlier one, and no other', async () => {
      await store.saveStep(stepRecord({ step: 'pull' }));
      await store.saveStep(stepRecord({ state: 'started' }));
      await store.saveStep(stepRecord({ state: 'succeeded' }));
      const { steps } = await loadAnew();
      expect([...steps.values()].map(({ step, state }) => `${step} ${state}`).sort()).toEqual([
        'migrate succeeded',
        'pull started',
      ]);
    });

    test('notes that a checkpoint was made, and forgets it with the next start', async () => {
      const ended = stepRecord({ state: 'succeeded' });
      await store.saveStep(ended);
      await store.noteMarked({ ...ended, marked: true });
      expect((await loadAnew()).steps.get('migrate')).toEqual({ ...ended, marked: true });

      await store.saveStep(stepRecord({ sequence: 2 }));
      expect((await loadAnew()).steps.get('migrate')).toEqual(stepRecord({ sequence: 2 }));
    });

    test('notes a checkpoint together with whatever else changed in the record', async () => {
      await store.saveStep(stepRecord());
      const other = stepRecord({ state: 'declared', declared_by: 'probe', marked: true });
      await store.noteMarked(other);
      expect((await loadAnew()).steps.get('migrate')).toEqual(other);
    });

    test('removes the markers named, absent ones included, and leaves the others', async () => {
      await store.putMarker('pull', NOW);
      await store.putMarker('migrate', NOW);
      await store.putMarker('up', NOW);
      expect((await store.removeMarkers(['pull', 'never-made', 'up'])).ok).toBe(true);
      expect([...(await loadAnew()).markers.keys()]).toEqual(['migrate']);
    });

    test('removes the records named and leaves their markers', async () => {
      await store.saveStep(stepRecord({ step: 'pull' }));
      await store.saveStep(stepRecord({ step: 'up' }));
      await store.putMarker('pull', NOW);
      expect((await store.removeSteps(['pull', 'never-saved'])).ok).toBe(true);
      const { steps, markers } = await loadAnew();
      expect([...steps.keys()]).toEqual(['up']);
      expect([...markers.keys()]).toEqual(['pull']);
    });

    test('the last error is gone once cleared, and clearing none is no fault', async () => {
      expect((await store.clearLastError()).ok).toBe(true);
      await store.saveLastError(lastError());
      expect((await store.clearLastError()).ok).toBe(true);
      expect((await loadAnew()).lastError).toBeUndefined();
    });

    test('the deployment that was made current last is current for all of its target', async () => {
      const newer = toDeploymentName('4712');
      await store.makeCurrent();
      await world.open(target, newer).makeCurrent();
      expect((await loadAnew()).current).toBe(newer);
      await store.makeCurrent();
      expect((await loadAnew()).current).toBe(deployment);
    });

    test('deployments of one target are kept apart', async () => {
      await store.saveStep(stepRecord());
      await store.putMarker('migrate', NOW);
      const other = await world.open(target, toDeploymentName('4712')).load();
      expect(other.ok && other.value.steps.size + other.value.markers.size).toBe(0);
    });

    test('loading again sees what the same store saved since', async () => {
      await store.load();
      await store.putMarker('pull', NOW);
      const loaded = await store.load();
      expect(loaded.ok && loaded.value.markers.has('pull')).toBe(true);
    });
  });
}
