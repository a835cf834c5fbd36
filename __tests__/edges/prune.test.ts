import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listDeployments } from '../../src/edges/deployments.ts';
import { openHostStore } from '../../src/edges/host-store.ts';
import { hostView } from '../../src/edges/lock-judge.ts';
import { openLocks } from '../../src/edges/lock.ts';
import { bootId, processStartTime } from '../../src/edges/process-identity.ts';
import type { PruneReport, PruneRequest } from '../../src/edges/prune.ts';
import { pruneDeployments } from '../../src/edges/prune.ts';
import type { DeploymentRecord } from '../../src/state/record.ts';
import { temporaryFolder } from '../support/folders.ts';
import { lockHolder, lockRequest } from '../support/lock-holders.ts';
import { deploymentRecord, namesOf, stepRecord, targetParts } from '../support/records.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

/** Stores a deployment to which nothing has happened for `ageDays`. */
async function store(
  id: string,
  ageDays: number,
  { isCurrent = false, ...overrides }: Partial<DeploymentRecord> & { isCurrent?: boolean } = {},
): Promise<string> {
  const record = deploymentRecord({
    deployment_id: id,
    updated_at: NOW - ageDays * DAY_MS,
    ...overrides,
  });
  const opened = openHostStore({ stateDir: folder.path, ...namesOf(record) });
  await opened.saveDeployment(record);
  await opened.saveStep(stepRecord());
  await opened.putMarker('migrate', 'now');
  if (isCurrent) await opened.makeCurrent();
  mkdirSync(opened.runDirectory);
  age(opened.directory, ageDays);
  return opened.directory;
}

function age(directory: string, days: number): void {
  const seconds = (NOW - days * DAY_MS) / 1000;
  for (const path of ['', 'steps', 'run', 'deployment.json']) {
    utimesSync(join(directory, path), seconds, seconds);
  }
}

function prune(overrides: Partial<PruneRequest> = {}): Promise<PruneReport> {
  return pruneDeployments({
    stateDir: folder.path,
    olderThanMs: 30 * DAY_MS,
    locks: openLocks(folder.path),
    holder: lockHolder(),
    held: [],
    keep: '',
    signs: { ...hostView().signs, now: () => NOW },
    ...overrides,
  });
}

describe('retention', () => {
  test('removes what is older, and keeps what is not', async () => {
    const old = await store('1', 31);
    const young = await store('2', 29);
    expect(await prune()).toEqual({ removed: [old], faults: [] });
    expect(existsSync(old)).toBe(false);
    expect(readdirSync(young)).toContain('.checkpoint-migrate');
  });

  test('goes by the last sign of life, be it the record’s or a file’s', async () => {
    const touched = await store('1', 31);
    utimesSync(join(touched, 'steps'), NOW / 1000, NOW / 1000);
    const recorded = await store('2', 1);
    age(recorded, 31);
    expect((await prune()).removed).toEqual([]);
  });

  test('removes the current deployment only when it is the last of its target', async () => {
    const current = await store('2', 40, { isCurrent: true });
    const sibling = await store('1', 10);
    expect((await prune()).removed).toEqual([]);
    rmSync(sibling, { recursive: true });
    expect((await prune()).removed).toEqual([current]);
    expect(readdirSync(folder.path)).toEqual(['locks']);
  });

  test('removes a whole target when all of it is old', async () => {
    await store('2', 40, { isCurrent: true });
    await store('1', 50);
    expect((await prune()).removed).toHaveLength(2);
    expect(readdirSync(folder.path)).toEqual(['locks']);
  });

  test('keeps the deployment of the caller', async () => {
    const own = await store('1', 40);
    expect((await prune({ keep: own })).removed).toEqual([]);
  });

  test('keeps what is locked, unless it is the caller who holds that lock', async () => {
    const old = await store('1', 40);
    const name = deploymentRecord().lock;
    await openLocks(folder.path).acquire(lockRequest({ name }));
    expect((await prune()).removed).toEqual([]);
    expect((await prune({ held: [name] })).removed).toEqual([old]);
  });

  test('lets go of the locks that it took', async () => {
    await store('1', 40);
    await prune();
    expect(readdirSync(join(folder.path, 'locks'))).toEqual([]);
  });

  test('keeps what still runs', async () => {
    const directory = await store('1', 40);
    const child = spawn('sleep', ['60']);
    try {
      const pid = child.pid ?? 0;
      mkdirSync(join(directory, 'run/migrate'));
      writeFileSync(
        join(directory, 'run/migrate/process'),
        `pid ${pid} ${processStartTime(pid) ?? ''} ${bootId()}\n`,
      );
      age(directory, 40);
      expect((await prune()).removed).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('keeps what it does not understand: nobody knows its lock', async () => {
    const directory = await store('1', 40);
    truncateSync(join(directory, 'deployment.json'), 10);
    age(directory, 40);
    expect((await prune()).removed).toEqual([]);
    expect(existsSync(directory)).toBe(true);
  });

  test('looks again under the lock: a deployment may have come to life meanwhile', async () => {
    const directory = await store('1', 40);
    const locks = openLocks(folder.path);
    const removed = await prune({
      locks: {
        acquire: (request) => {
          age(directory, 0);
          return locks.acquire(request);
        },
      },
    });
    expect(removed.removed).toEqual([]);
  });

  test('never leaves the state dir by a link', async () => {
    const elsewhere = temporaryFolder();
    try {
      writeFileSync(join(elsewhere.path, 'precious'), '');
      const old = await store('1', 40);
      symlinkSync(elsewhere.path, join(old, 'run/link'));
      symlinkSync(elsewhere.path, join(folder.path, 'linked-0123456789'));
      age(old, 40);
      expect((await prune()).removed).toEqual([old]);
      expect(readdirSync(elsewhere.path)).toEqual(['precious']);
    } finally {
      elsewhere.remove();
    }
  });

  test('finishes what an earlier one began, and leaves what is not ours', async () => {
    const young = await store('1', 1);
    const target = join(young, '..');
    mkdirSync(join(target, '.trash-0123/steps'), { recursive: true });
    mkdirSync(join(target, 'notes'));
    writeFileSync(join(folder.path, 'README'), '');
    await prune();
    expect(readdirSync(target).sort()).toEqual(
      [namesOf(deploymentRecord({ deployment_id: '1' })).deployment, 'notes'].sort(),
    );
    expect(readdirSync(folder.path)).toContain('README');
  });
});

describe('the list of deployments', () => {
  test('is the latest first, and says which is current', async () => {
    await store('1', 3);
    await store('2', 1, { isCurrent: true });
    await store('3', 2, { target: targetParts({ repository: 'acme/other' }) });
    const all = listDeployments(folder.path);
    const idOf = ({ record }: (typeof all)[number]) => record.ok && record.value?.deployment_id;
    expect(all.map((each) => `${String(idOf(each))} ${String(each.isCurrent)}`)).toEqual([
      '2 true',
      '3 false',
      '1 false',
    ]);
    expect(listDeployments(folder.path, 'acme/other').map(idOf)).toEqual(['3']);
  });

  test('shows what cannot be read, with the reason', async () => {
    const directory = await store('1', 3);
    truncateSync(join(directory, 'deployment.json'), 10);
    expect(listDeployments(folder.path, 'acme/shop')).toMatchObject([
      { directory, record: { ok: false, error: { path: join(directory, 'deployment.json') } } },
    ]);
  });

  test('is empty where nothing is', () => {
    expect(listDeployments(join(folder.path, 'nowhere'))).toEqual([]);
  });
});
