import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CacheCalls, CacheCallsOptions } from '../../src/edges/cache-calls.ts';
import {
  createCacheCalls,
  DEADLINES_MS as DEFAULT_DEADLINES_MS,
} from '../../src/edges/cache-calls.ts';
import { toCacheKey } from '../../src/state/cache-key.ts';
import { encodePayload, toCachedFiles, toSize } from '../../src/state/cache-payload.ts';
import { describeCacheContract } from '../contract/cache-contract.ts';
import type { CacheOperation, ServerFault } from '../support/cache-server.ts';
import { CacheServer } from '../support/cache-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { deploymentRecord, namesOf } from '../support/records.ts';

/** The real client library, in the shipped program, with the system's own tar. */
const DIST = process.env['PREFLIGHT_TEST_DIST'] ?? join(import.meta.dirname, '../../dist');
const PROGRAM = join(DIST, 'cache', 'index.js');
const DEADLINES_MS = { save: 2_500, search: 2_500 };

const record = deploymentRecord();
const names = namesOf(record);
const wanted = { ...names, run: '4711', attempt: 2, sharesRuns: false };

let server: CacheServer;
let temp: ReturnType<typeof temporaryFolder>;

beforeEach(async () => {
  server = new CacheServer();
  await server.listen();
  temp = temporaryFolder();
});
afterEach(async () => {
  await server.close();
  temp.remove();
});

type Protocol = 'v1' | 'v2';

function toCalls(
  env: Readonly<Record<string, string>>,
  program = PROGRAM,
  folder = temp.path,
  deadlinesMs: CacheCallsOptions['deadlinesMs'] = DEADLINES_MS,
): CacheCalls {
  const machine = {
    PATH: process.env['PATH'] ?? '',
    RUNNER_TEMP: folder,
    GITHUB_SERVER_URL: 'https://github.com',
  };
  return createCacheCalls({ env: { ...machine, ...env }, program, deadlinesMs });
}

function toContent(sequence: number): string {
  const files = toCachedFiles({
    record,
    steps: new Map(),
    markers: new Map(),
    lastError: undefined,
    current: undefined,
    name: names.deployment,
  });
  const stamp = { run_id: '4711', run_attempt: 1, generation: 1, sequence };
  return encodePayload({ ...names, stamp, host: 'h', saved_at: 1, size: toSize(files), files });
}

const toKey = (sequence: number): string =>
  toCacheKey({ ...names, run: '4711', attempt: 1, sequence });

/** Saves one entry; why not, if it was not. */
async function save(calls: CacheCalls, sequence = 1): Promise<string> {
  const saved = await calls.save([toKey(sequence)], toContent(sequence));
  return saved.ok ? 'saved' : `${saved.error.kind}: ${saved.error.reason}`;
}

function failOn(operation: CacheOperation, fault: ServerFault): void {
  server.fault = (asked) => (asked === operation ? fault : undefined);
}

describe.each<Protocol>(['v2', 'v1'])('over protocol %s', (protocol) => {
  test('what is saved is found, in three requests and five', async () => {
    const calls = toCalls(server.env(protocol));
    expect(await save(calls)).toBe('saved');
    expect(server.requests).toEqual(['reserve', 'upload', 'commit']);
    server.requests.length = 0;
    const { entry, rejected, fault } = await calls.search(wanted);
    expect({ entry, rejected, fault }).toEqual({
      entry: { key: toKey(1), content: toContent(1) },
      rejected: [],
      fault: undefined,
    });
    expect(server.requests).toEqual(['find', 'find', 'find', 'download', 'find']);
    expect(readdirSync(temp.path)).toEqual([]);
  });

  const status = (code: number, message?: string): ServerFault =>
    message === undefined
      ? { kind: 'status', status: code }
      : { kind: 'status', status: code, message };

  test.each<[string, CacheOperation, ServerFault]>([
    ['401 when it reserves', 'reserve', status(401)],
    ['403 when it reserves', 'reserve', status(403)],
    ['409 when it reserves', 'reserve', status(409)],
    ['429 when it reserves', 'reserve', status(429)],
    ['500 when it reserves', 'reserve', status(500)],
    ['a page when it reserves', 'reserve', { kind: 'html' }],
    ['a broken connection when it reserves', 'reserve', { kind: 'drop' }],
    ['silence when it reserves', 'reserve', { kind: 'silence' }],
    ['403 when it uploads', 'upload', status(403)],
    ['500 when it uploads', 'upload', status(500)],
    ['silence when it uploads', 'upload', { kind: 'silence' }],
    ['400 when it commits', 'commit', status(400)],
    ['500 when it commits', 'commit', status(500)],
    ['silence when it commits', 'commit', { kind: 'silence' }],
  ])('a save that meets %s is not said to be one, and says why', async (_, operation, fault) => {
    failOn(operation, fault);
    const answer = await save(toCalls(server.env(protocol)));
    expect(answer).toMatch(/^(?:failed|refused): .{10,}/);
    expect(answer).not.toMatch(/undefined|\[object|sig=|::/);
    expect(server.committed).toEqual([]);
  });

  test.each<[string, CacheOperation, ServerFault]>([
    ['401', 'find', status(401)],
    ['403', 'find', status(403, 'cache read denied: no scopes')],
    ['429', 'find', status(429)],
    ['500', 'find', status(500)],
    ['a page', 'find', { kind: 'html' }],
    ['silence', 'find', { kind: 'silence' }],
    ['404 for the content', 'download', status(404)],
    ['half of the content', 'download', { kind: 'half' }],
    ['half of the content as if it were all', 'download', { kind: 'cut' }],
    ['silence for the content', 'download', { kind: 'silence' }],
  ])('a search that meets %s finds nothing, and says so', async (_, operation, fault) => {
    const calls = toCalls(server.env(protocol));
    await save(calls);
    failOn(operation, fault);
    const result = await calls.search(wanted);
    expect(result.entry).toBeUndefined();
    expect(result.fault !== undefined || result.rejected.length > 0).toBe(true);
  });

  test('what was reserved and never committed is not found', async () => {
    failOn('commit', { kind: 'status', status: 500 });
    const calls = toCalls(server.env(protocol));
    await save(calls);
    server.fault = () => undefined;
    expect(await calls.search(wanted)).toEqual({ rejected: [] });
  });

  test('a token of another branch finds nothing, one that may only read saves nothing', async () => {
    server.grant('token-other', { scopes: ['refs/heads/other'], writes: true });
    server.grant('token-read', { scopes: ['refs/heads/main'], writes: false });
    await save(toCalls(server.env(protocol)));
    const other = toCalls(server.env(protocol, 'token-other'));
    expect(await other.search(wanted)).toEqual({ rejected: [] });
    expect(await save(toCalls(server.env(protocol, 'token-read')), 2)).toMatch(
      /^(?:refused|failed): /,
    );
  });
});

describe('the program that talks to the cache', () => {
  test('is ended at its deadline, and says what it waited for', async () => {
    failOn('reserve', { kind: 'silence' });
    expect(await save(toCalls(server.env()))).toBe('failed: the service did not answer within 3 s');
  });

  test('is not even started where the runner gave no access', async () => {
    const calls = toCalls({}, '/nowhere/index.js');
    expect(await save(calls)).toBe('refused: the runner gave this job no access to a cache');
    expect((await calls.search(wanted)).fault?.kind).toBe('refused');
  });

  test('that is not there is a failure like any other', async () => {
    expect(await save(toCalls(server.env(), '/nowhere/index.js'))).toMatch(/^failed: /);
  });

  test('needs tar, and says so', async () => {
    const env = { ...server.env(), RUNNER_TEMP: temp.path, PATH: '/nowhere' };
    const calls = createCacheCalls({
      env: { GITHUB_SERVER_URL: 'https://github.com', ...env },
      program: PROGRAM,
      deadlinesMs: DEADLINES_MS,
      systemFolders: [],
    });
    expect(await save(calls)).toBe('refused: tar is not installed on this machine');
  });

  test('is not disturbed by settings of tar and of the job', async () => {
    const env = { ...server.env(), TAR_OPTIONS: '--nonsense', RUNNER_DEBUG: '1', GZIP: '-x' };
    const calls = toCalls(env, PROGRAM, temp.path, DEFAULT_DEADLINES_MS);
    expect(await save(calls)).toBe('saved');
    expect((await calls.search(wanted)).entry).toBeDefined();
  });

  test('never unpacks what it fetched', async () => {
    const calls = toCalls(server.env(), PROGRAM, temp.path, DEFAULT_DEADLINES_MS);
    await save(calls);
    const [entry] = server.entries;
    if (entry === undefined) throw new Error('nothing was saved');
    entry.blob = await packHostile(temp.path);
    const { rejected } = await calls.search(wanted);
    expect(rejected).toEqual(['save 1 of run attempt 1: holds something else than one checkpoint']);
    expect(readdirSync(temp.path)).toEqual([]);
  });
});

/** An archive that writes to where it wants, if it is unpacked the way the client does it. */
async function packHostile(folder: string): Promise<Buffer> {
  const { execFileSync } = await import('node:child_process');
  const { readFileSync, rmSync, writeFileSync } = await import('node:fs');
  const path = join(folder, 'hostile');
  writeFileSync(path, 'bad');
  execFileSync('tar', ['-P', '-czf', `${path}.tgz`, path]);
  const archive = readFileSync(`${path}.tgz`);
  for (const made of [path, `${path}.tgz`]) rmSync(made);
  return archive;
}

// The old protocol is what act speaks, whose server the end-to-end suite asks.
describeCacheContract('a server in this process', async () => {
  const folder = temporaryFolder();
  const own = new CacheServer();
  await own.listen();
  return {
    calls: toCalls(own.env(), PROGRAM, folder.path, DEFAULT_DEADLINES_MS),
    close: async () => {
      await own.close();
      folder.remove();
    },
  };
});

// Somewhere else than this process: asked for by hand.
const url = process.env['PREFLIGHT_TEST_CACHE_URL'] ?? '';
if (url !== '') {
  describeCacheContract(`the server at ${new URL(url).origin}`, () => {
    const folder = temporaryFolder();
    const env = {
      ACTIONS_RESULTS_URL: url,
      ACTIONS_CACHE_URL: url,
      ACTIONS_RUNTIME_TOKEN: process.env['PREFLIGHT_TEST_CACHE_TOKEN'] ?? '',
      ACTIONS_CACHE_SERVICE_V2: process.env['PREFLIGHT_TEST_CACHE_V1'] === undefined ? '1' : '',
    };
    return Promise.resolve({
      calls: toCalls(env, PROGRAM, folder.path, DEFAULT_DEADLINES_MS),
      close: () => {
        folder.remove();
        return Promise.resolve();
      },
    });
  });
}
