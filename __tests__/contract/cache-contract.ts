/* eslint-disable jest/no-export -- a suite that the tests of every server run */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { CacheCalls } from '../../src/edges/cache-calls.ts';
import { toCacheKey, toCurrentKey } from '../../src/state/cache-key.ts';
import { encodePayload, toCachedFiles, toSize } from '../../src/state/cache-payload.ts';
import { deploymentRecord, namesOf, stepRecord } from '../support/records.ts';

/** A server of the Actions cache, and how the action talks to it. */
export interface CacheWorld {
  readonly calls: CacheCalls;
  readonly close: () => Promise<void>;
}

/** How many saves follow each other within what a server may count as one moment. */
const SAVES = 6;

let deployments = 0;

/** The saves of one deployment that no server has seen before: a real one keeps what others left. */
class Deployment {
  private readonly record = deploymentRecord({
    deployment_id: `test-${process.pid}-${Date.now()}-${++deployments}`,
  });
  readonly names = namesOf(this.record);

  wanted(attempt: number) {
    return { ...this.names, run: '4711', attempt, sharesRuns: false };
  }

  key(sequence: number, attempt = 1): string {
    return toCacheKey({ ...this.names, run: '4711', attempt, sequence });
  }

  currentKey(sequence: number): string {
    return toCurrentKey({ ...this.names, run: '4711', attempt: 1, sequence });
  }

  content(sequence: number, attempt = 1, steps = 1): string {
    const records = Array.from({ length: steps }, (_, index) =>
      stepRecord({ step: `step-${index}`, sequence: index + 1 }),
    );
    const files = toCachedFiles({
      record: this.record,
      steps: new Map(records.map((record) => [record.step, record])),
      markers: new Map(),
      lastError: undefined,
      current: undefined,
      name: this.names.deployment,
    });
    const stamp = { run_id: '4711', run_attempt: attempt, generation: attempt, sequence };
    const rest = { host: 'h', saved_at: 1, size: toSize(files), files };
    return encodePayload({ ...this.names, stamp, ...rest });
  }
}

/** What the action relies on, whatever the server does besides: lower keys, overwrite, forget the order. */
export function describeCacheContract(name: string, openWorld: () => Promise<CacheWorld>): void {
  describe(`${name} keeps checkpoints`, () => {
    let world: CacheWorld;
    let calls: CacheCalls;

    beforeAll(async () => {
      world = await openWorld();
      ({ calls } = world);
    }, 60_000);
    afterAll(async () => {
      await world.close();
    });

    async function save(keys: readonly string[], content: string): Promise<void> {
      expect(await calls.save(keys, content)).toEqual({ ok: true, value: undefined });
    }

    test('of a deployment that was never saved: finds nothing, and no fault', async () => {
      const found = await calls.search(new Deployment().wanted(2));
      expect([found.entry, found.rejected, found.fault]).toEqual([undefined, [], undefined]);
    });

    test('of many steps: gives them back as they were', async () => {
      const deployment = new Deployment();
      const content = deployment.content(1, 1, 300);
      await save([deployment.key(1)], content);
      const { entry, rejected, fault } = await calls.search(deployment.wanted(2));
      expect([rejected, fault]).toEqual([[], undefined]);
      expect(entry).toEqual({ key: deployment.key(1), content });
    });

    test(`saved ${SAVES} times in a row: the last one is found`, async () => {
      const deployment = new Deployment();
      for (let sequence = 1; sequence <= SAVES; sequence++) {
        await save([deployment.key(sequence)], deployment.content(sequence));
      }
      const { entry } = await calls.search(deployment.wanted(2));
      expect(entry?.key).toBe(deployment.key(SAVES));
    }, 60_000);

    test('of a later attempt: an older one that comes in late does not hide them', async () => {
      const deployment = new Deployment();
      await save([deployment.key(1)], deployment.content(1));
      await save([deployment.key(2, 2)], deployment.content(2, 2));
      await save([deployment.key(3)], deployment.content(3));
      const { entry } = await calls.search(deployment.wanted(3));
      expect(entry?.key).toBe(deployment.key(2, 2));
    });

    test('of two machines that save at once: none is damaged, the higher number is found', async () => {
      const deployment = new Deployment();
      await Promise.all(
        [1, 2].map((sequence) => save([deployment.key(sequence)], deployment.content(sequence))),
      );
      const { entry, rejected } = await calls.search(deployment.wanted(2));
      expect([entry?.key, rejected]).toEqual([deployment.key(2), []]);
    });

    test('of other deployments: not mixed up, and the one that is current is known', async () => {
      const [one, two] = [new Deployment(), new Deployment()];
      await save([one.currentKey(1), one.key(1)], one.content(1));
      await save([two.currentKey(1), two.key(1)], two.content(1));
      const found = await calls.search(one.wanted(2));
      expect([found.entry?.key, found.rejected]).toEqual([one.key(1), []]);
      expect([one.names.deployment, two.names.deployment]).toContain(found.current);
    });

    test('under a key that is taken: it is refused or replaced, and what is found is whole', async () => {
      const deployment = new Deployment();
      const contents = [deployment.content(1), deployment.content(1, 1, 3)];
      await save([deployment.key(1)], contents[0] ?? '');
      await calls.save([deployment.key(1)], contents[1] ?? '');
      const { entry, rejected } = await calls.search(deployment.wanted(2));
      expect(rejected).toEqual([]);
      expect(contents).toContain(entry?.content);
    });
  });
}
