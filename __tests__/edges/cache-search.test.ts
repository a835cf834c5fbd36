import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { CacheReader } from '../../src/edges/cache-search.ts';
import { searchCheckpoint } from '../../src/edges/cache-search.ts';
import { failure, success } from '../../src/result.ts';
import { parseCacheKey, toCacheKey, toCurrentKey } from '../../src/state/cache-key.ts';
import { encodePayload, toCachedFiles, toSize } from '../../src/state/cache-payload.ts';
import { deploymentRecord, namesOf } from '../support/records.ts';
import { packSingle } from '../support/archives.ts';

const record = deploymentRecord();
const names = namesOf(record);
const wanted = { ...names, run: '4711', attempt: 2, sharesRuns: false };

interface Saved {
  readonly key: string;
  readonly blob: Buffer | 'lost';
}

function save(
  attempt: number,
  sequence: number,
  { run = '4711', generation = attempt } = {},
): Saved {
  const files = toCachedFiles({
    record,
    steps: new Map(),
    markers: new Map(),
    lastError: undefined,
    current: undefined,
    name: names.deployment,
  });
  const stamp = { run_id: run, run_attempt: attempt, generation, sequence };
  const size = toSize(files);
  const content = encodePayload({ ...names, stamp, host: 'web-1', saved_at: 1, size, files });
  const key = toCacheKey({ ...names, run, attempt, sequence });
  return { key, blob: gzipSync(packSingle('preflight-checkpoint', content)) };
}

const damaged = (saved: Saved): Saved => ({ ...saved, blob: Buffer.from('not an archive') });
const lost = (saved: Saved): Saved => ({ ...saved, blob: 'lost' });

/** Entries in the order in which they came in. */
function reader(...entries: readonly Saved[]): CacheReader {
  return {
    find: (keys) => {
      const hits = keys.map((key) => entries.findLast((entry) => entry.key.startsWith(key)));
      return Promise.resolve(success(hits.find((hit) => hit !== undefined)?.key));
    },
    fetch: (key) => {
      const blob = entries.find((entry) => entry.key === key)?.blob;
      return Promise.resolve(
        blob === 'lost' ? failure({ kind: 'failed', reason: 'gone' }) : success(blob),
      );
    },
  };
}

async function search(...entries: readonly Saved[]): Promise<string> {
  const { entry, rejected } = await searchCheckpoint(reader(...entries), wanted);
  const key = parseCacheKey(entry?.key ?? '');
  const found = key === undefined ? 'nothing' : `${key.run} a${key.attempt} s${key.sequence}`;
  return rejected.length === 0 ? found : `${found}, ${rejected.length} rejected`;
}

describe('of all saves of a run', () => {
  test('the latest is taken', async () => {
    expect(await search(save(1, 1), save(1, 2), save(1, 3))).toBe('4711 a1 s3');
  });
  test('the latest attempt counts, although an older one came in last', async () => {
    expect(await search(save(1, 1), save(2, 2), save(1, 3))).toBe('4711 a2 s2');
  });
  test('the highest number counts, although a lower one came in last', async () => {
    expect(await search(save(1, 1), save(1, 3), save(1, 2))).toBe('4711 a1 s3');
  });
  test('none is none', async () => {
    expect(await search()).toBe('nothing');
  });
});

describe('an entry that cannot be used', () => {
  test('gives way to the one before it', async () => {
    expect(await search(save(1, 1), save(1, 2), damaged(save(1, 3)))).toBe(
      '4711 a1 s2, 1 rejected',
    );
    expect(await search(save(1, 1), lost(save(1, 2)))).toBe('4711 a1 s1, 1 rejected');
  });
  test('gives way to an older attempt', async () => {
    expect(await search(save(1, 7), damaged(save(2, 8)))).toBe('4711 a1 s7, 1 rejected');
  });
  test('is not looked for without end', async () => {
    const all = Array.from({ length: 9 }, (_, index) => damaged(save(1, index + 1)));
    expect(await search(...all)).toBe('nothing, 4 rejected');
  });
  test('may be the archive of another deployment under our key', async () => {
    const other = { ...save(1, 2), key: save(1, 3).key };
    expect(await search(save(1, 1), save(1, 2), other)).toBe('4711 a1 s2, 1 rejected');
  });
  test('may be one that a server offers although nobody asked for it', async () => {
    const stranger: CacheReader = {
      find: () => Promise.resolve(success('node-modules-linux')),
      fetch: () => Promise.reject(new Error('it was fetched')),
    };
    const { entry, rejected } = await searchCheckpoint(stranger, wanted);
    expect(entry).toBeUndefined();
    expect(rejected).toEqual(['an entry that is not of this deployment']);
  });
  test('may be a bomb, and is not unpacked', async () => {
    const bomb = { ...save(1, 2), blob: gzipSync(Buffer.alloc(64 * 1024 * 1024)) };
    const { rejected } = await searchCheckpoint(reader(bomb), wanted);
    expect(rejected).toEqual(['save 2 of run attempt 1: is too large']);
  });
});

describe('where runs share a deployment', () => {
  const shared = { ...wanted, attempt: 1, sharesRuns: true };
  async function searchShared(...entries: readonly Saved[]): Promise<string | undefined> {
    return (await searchCheckpoint(reader(...entries), shared)).entry?.key;
  }

  test('the newest of any run is found', async () => {
    const theirs = save(3, 5, { run: '4000' });
    expect(await searchShared(theirs)).toBe(theirs.key);
  });
  test('the one counts that built on the other', async () => {
    const ours = save(1, 9, { generation: 4 });
    const theirs = save(3, 8, { run: '4000', generation: 3 });
    expect(await searchShared(theirs, ours)).toBe(ours.key);
    expect(await searchShared(ours, theirs)).toBe(ours.key);
  });
});

describe('a search', () => {
  test('that meets a fault says so, and asks no more', async () => {
    const fault = { kind: 'failed', reason: 'down' } as const;
    let asked = 0;
    const down: CacheReader = {
      find: () => {
        asked++;
        return Promise.resolve(failure(fault));
      },
      fetch: () => Promise.resolve(success(undefined)),
    };
    expect(await searchCheckpoint(down, { ...wanted, sharesRuns: true })).toEqual({
      rejected: [],
      fault,
    });
    expect(asked).toBe(1);
  });

  test('tells which deployment is current', async () => {
    const key = toCurrentKey({ ...names, run: '4711', attempt: 1, sequence: 1 });
    const current = { key, blob: Buffer.alloc(0) };
    const result = await searchCheckpoint(reader(save(1, 1), current), wanted);
    expect(result.current).toBe(names.deployment);
  });
});
