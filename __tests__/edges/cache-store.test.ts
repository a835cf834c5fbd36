import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CacheLink } from '../../src/app/edges.ts';
import { openCacheLink } from '../../src/edges/cache-link.ts';
import { systemClock } from '../../src/edges/clock.ts';
import { createStop } from '../../src/engine/stop.ts';
import type { KnownDeployment } from '../../src/ports.ts';
import { parseCacheKey } from '../../src/state/cache-key.ts';
import { toDeploymentName } from '../../src/state/identity.ts';
import { describeStoreContract } from '../contract/store-contract.ts';
import { temporaryFolder } from '../support/folders.ts';
import { MemoryCache } from '../support/memory-cache.ts';
import { deploymentRecord, namesOf, stepRecord } from '../support/records.ts';

const NOW = '2026-11-22T10:46:00+00:00';
const record = deploymentRecord();
const names = namesOf(record);

describeStoreContract('the store with a cache behind it', () => {
  const { path: stateDir, remove } = temporaryFolder();
  const cache = new MemoryCache();
  return {
    open: (target, deployment) => open(cache, stateDir, { target, deployment }).store,
    close: remove,
  };
});

interface Where {
  readonly target?: string;
  readonly deployment?: string;
  readonly attempt?: number;
  readonly runId?: string;
  readonly sharesRuns?: boolean;
}

function open(cache: MemoryCache, stateDir: string, where: Where = {}): CacheLink {
  const { attempt = 1, runId = '4711', sharesRuns = false, ...named } = where;
  return openCacheLink({
    stateDir,
    ...names,
    ...named,
    context: { runId, runAttempt: attempt, host: `host-${attempt}` },
    sharesRuns,
    calls: cache.calls(),
    clock: systemClock,
  });
}

let cache: MemoryCache;
let folders: ReturnType<typeof temporaryFolder>[];

beforeEach(() => {
  cache = new MemoryCache();
  folders = [];
});
afterEach(() => {
  for (const { remove } of folders) remove();
});

/** A machine without any state. */
function newMachine(): string {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder.path;
}

/** A deployment with one complete step and one that was started. */
async function saveSome({ store }: CacheLink): Promise<void> {
  await store.saveDeployment(record);
  await store.makeCurrent();
  await store.saveStep(stepRecord({ step: 'pull', state: 'succeeded' }));
  await store.putMarker('pull', NOW);
  await store.noteMarked(stepRecord({ step: 'pull', state: 'succeeded', marked: true }));
  await store.saveStep(stepRecord({ sequence: 2, idempotent: false }));
}

async function load({ store }: CacheLink): Promise<KnownDeployment> {
  const loaded = await store.load();
  if (!loaded.ok) throw new Error(loaded.error.message);
  return loaded.value;
}

describe('another machine', () => {
  test('knows what was saved, and that it is current', async () => {
    const one = open(cache, newMachine());
    await one.restore();
    await saveSome(one);
    expect(await one.flush(undefined)).toMatchObject({ kind: 'saved' });
    const two = open(cache, newMachine(), { attempt: 2 });
    const restored = await two.restore();
    expect(restored.doubt).toBeUndefined();
    expect(restored.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^checkpoint restored .*: save \d+, made in run attempt 1 on host-1/),
    ]);
    const known = await load(two);
    expect([...known.markers.keys()]).toEqual(['pull']);
    expect(known.steps.get('migrate')?.state).toBe('started');
    expect(known.current).toBe(names.deployment);
  });

  test('goes on with the numbers, so that its saves come after ours', async () => {
    const one = open(cache, newMachine());
    await one.restore();
    await saveSome(one);
    await one.flush(undefined);
    const two = open(cache, newMachine(), { attempt: 2 });
    await two.restore();
    await two.store.putMarker('migrate', NOW);
    await two.flush(undefined);
    // The first machine was not dead after all.
    await one.store.putMarker('late', NOW);
    await one.flush(undefined);
    const three = open(cache, newMachine(), { attempt: 3 });
    await three.restore();
    expect([...(await load(three)).markers.keys()].sort()).toEqual(['migrate', 'pull']);
    const sequences = cache.entries.flatMap(({ key }) => parseCacheKey(key)?.sequence ?? []);
    expect(new Set(sequences.slice(0, 2)).size).toBe(2);
  });

  test('takes nothing from the cache that is older than its own copy', async () => {
    const dir = newMachine();
    const one = open(cache, dir);
    await one.restore();
    await saveSome(one);
    await one.flush(undefined);
    cache.fault = { kind: 'failed', reason: 'down' };
    await one.store.putMarker('migrate', NOW);
    await one.flush(undefined);
    cache.fault = undefined;
    const again = open(cache, dir, { attempt: 2 });
    await again.restore();
    expect([...(await load(again)).markers.keys()].sort()).toEqual(['migrate', 'pull']);
  });

  test('replaces an older copy as a whole, and keeps the files of living commands', async () => {
    const dir = newMachine();
    const one = open(cache, dir);
    await one.restore();
    await saveSome(one);
    await one.flush(undefined);
    const two = open(cache, newMachine(), { attempt: 2 });
    await two.restore();
    await two.store.removeMarkers(['pull']);
    await two.store.putMarker('migrate', NOW);
    await two.flush(undefined);
    const run = join(dir, names.target, names.deployment, 'run', 'migrate');
    mkdirSync(run, { recursive: true });
    writeFileSync(join(run, 'process'), 'x');
    const again = open(cache, dir, { attempt: 3 });
    await again.restore();
    expect([...(await load(again)).markers.keys()]).toEqual(['migrate']);
    expect(existsSync(join(run, 'process'))).toBe(true);
    expect(readdirSync(join(dir, names.target)).sort()).toEqual([names.deployment, 'current']);
  });

  test('knows that a newer deployment has taken place, and what that left behind', async () => {
    const newer = deploymentRecord({ deployment_id: '4712', status: 'rolling-back' });
    const ours = open(cache, newMachine());
    await ours.restore();
    await saveSome(ours);
    await ours.flush(undefined);
    const { deployment } = namesOf(newer);
    const theirs = open(cache, newMachine(), { deployment, runId: '4712' });
    await theirs.restore();
    await theirs.store.saveDeployment(newer);
    await theirs.store.makeCurrent();
    await theirs.flush(undefined);
    const dir = newMachine();
    const third = open(cache, dir, { deployment: toDeploymentName('4713'), runId: '4713' });
    await third.restore();
    expect((await load(third)).current).toBe(deployment);
    const predecessor = await load(open(cache, dir, { deployment, runId: '4712' }));
    expect(predecessor.record?.status).toBe('rolling-back');
    const again = open(cache, newMachine(), { attempt: 2 });
    await again.restore();
    expect((await load(again)).current).toBe(deployment);
  });
});

describe('doubt about what was done', () => {
  const doubtOf = async (where: Where): Promise<string | undefined> =>
    (await open(cache, newMachine(), where).restore()).doubt;

  test('there is none in a run that nothing can have come before', async () => {
    expect(await doubtOf({})).toBeUndefined();
    cache.fault = { kind: 'failed', reason: 'down' };
    expect(await doubtOf({})).toBeUndefined();
  });
  test('there is when a later attempt finds nothing', async () => {
    expect(await doubtOf({ attempt: 2 })).toContain('may have expired');
  });
  test('there is when the cache cannot be read', async () => {
    cache.fault = { kind: 'failed', reason: 'down' };
    expect(await doubtOf({ attempt: 2 })).toBe('the Actions cache could not be read (down)');
    expect(await doubtOf({ sharesRuns: true })).toContain('could not be read');
  });
  test('there is when the newest entry is not what it says', async () => {
    const one = open(cache, newMachine());
    await one.restore();
    await saveSome(one);
    await one.flush(undefined);
    const last = cache.entries.pop();
    cache.entries.push({ key: last?.key ?? '', content: '{}' });
    expect(await doubtOf({ attempt: 2 })).toContain('could not be used');
  });
});

describe('uploads', () => {
  test('follow a finished step by themselves, one at a time, the newest state last', async () => {
    let go: () => void = () => undefined;
    cache.gate = new Promise((resolve) => {
      go = resolve;
    });
    const link = open(cache, newMachine());
    await link.restore();
    await link.store.saveDeployment(record);
    for (const id of ['a', 'b', 'c', 'd']) {
      await link.store.putMarker(id, NOW);
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(cache.saves).toBe(1);
    go();
    await link.flush(undefined);
    expect(cache.mostRunning).toBe(1);
    expect(cache.saves).toBe(2);
    const other = open(cache, newMachine(), { attempt: 2 });
    await other.restore();
    expect([...(await load(other)).markers.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('do not repeat what is there already', async () => {
    const link = open(cache, newMachine());
    await link.restore();
    await saveSome(link);
    await link.flush(undefined);
    const { saves } = cache;
    await link.flush(undefined);
    expect(cache.saves).toBe(saves);
  });

  test('are finished by the post step when main was killed', async () => {
    const dir = newMachine();
    const main = open(cache, dir);
    await main.restore();
    cache.fault = { kind: 'failed', reason: 'killed' };
    await saveSome(main);
    await main.flush(undefined);
    cache.fault = undefined;
    const post = open(cache, dir);
    expect(await post.flush(undefined)).toMatchObject({ kind: 'saved', saves: 1 });
    const sequences = cache.entries.flatMap(({ key }) => parseCacheKey(key)?.sequence ?? []);
    expect(sequences).toHaveLength(1);
    expect(sequences[0]).toBeGreaterThan(1);
  });

  test('that fail are not said to have been made, and are tried again with the next step', async () => {
    const link = open(cache, newMachine());
    await link.restore();
    cache.fault = { kind: 'failed', reason: 'down' };
    await saveSome(link);
    expect(await link.flush(undefined)).toEqual({ kind: 'failed', reason: 'down' });
    cache.fault = undefined;
    await link.store.putMarker('migrate', NOW);
    expect(await link.flush(undefined)).toMatchObject({ kind: 'saved', saves: 1 });
  });

  test('that are refused are not tried again', async () => {
    const link = open(cache, newMachine());
    await link.restore();
    cache.fault = { kind: 'refused', reason: 'read-only' };
    await saveSome(link);
    await link.flush(undefined);
    const { saves } = cache;
    await link.store.putMarker('migrate', NOW);
    expect(await link.flush(undefined)).toEqual({ kind: 'failed', reason: 'read-only' });
    expect(cache.saves).toBe(saves);
  });

  test('are not waited for after a cancel', async () => {
    let go: () => void = () => undefined;
    cache.gate = new Promise((resolve) => {
      go = resolve;
    });
    const link = open(cache, newMachine());
    await link.restore();
    await saveSome(link);
    const cancel = createStop();
    cancel.request();
    expect(await link.flush(cancel.stop)).toEqual({ kind: 'unfinished' });
    go();
  });
});

describe('a confirmation', () => {
  test('comes when the start of a step is in the cache', async () => {
    const link = open(cache, newMachine());
    await link.restore();
    await saveSome(link);
    expect((await link.store.confirm()).ok).toBe(true);
    const other = open(cache, newMachine(), { attempt: 2 });
    await other.restore();
    expect((await load(other)).steps.get('migrate')?.state).toBe('started');
  });

  test('does not come when it could not be saved, and says why', async () => {
    const link = open(cache, newMachine());
    await link.restore();
    cache.fault = { kind: 'failed', reason: 'the service failed (500)' };
    await saveSome(link);
    const confirmed = await link.store.confirm();
    expect(confirmed.ok).toBe(false);
    expect(!confirmed.ok && confirmed.error.message).toContain('the service failed (500)');
  });

  test('is waited for, but not required, before an undo that must not run twice', async () => {
    const link = open(cache, newMachine());
    await link.restore();
    await saveSome(link);
    const undoing = stepRecord({ sequence: 2, idempotent: false, state: 'undoing' });
    await link.store.saveStep(undoing);
    expect((await link.store.removeMarkers(['migrate'])).ok).toBe(true);
    const other = open(cache, newMachine(), { attempt: 2 });
    await other.restore();
    expect((await load(other)).steps.get('migrate')?.state).toBe('undoing');
    cache.fault = { kind: 'failed', reason: 'down' };
    await link.store.saveStep(undoing);
    expect((await link.store.removeMarkers(['migrate'])).ok).toBe(true);
  });
});
