import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from '@jest/globals';

import { decideDisk } from '../../../src/checks/kinds/disk.ts';
import { loadSpace } from '../../../src/edges/probes/file-systems.ts';
import { KernelFiles } from '../../../src/edges/probes/kernel-files.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { mountSmall } from './small-mounts.ts';

const HOST = new KernelFiles();
const MB = 1_000_000;

let removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals.reverse()) remove();
  removals = [];
});

function small(options: string): string | undefined {
  const mount = mountSmall(options);
  if (mount !== undefined) removals.push(mount.remove);
  return mount?.path;
}

async function verdict(path: string, wanted: { freeBytes?: number; freeInodes?: number }) {
  const space = await loadSpace(HOST, path);
  if (!space.ok) throw new Error(space.error);
  return decideDisk({ path, ...wanted }, space.value);
}

describe('space on a real file system', () => {
  test('is that of the mount that holds the path', async () => {
    const path = small('size=8m');
    if (path === undefined) return;
    writeFileSync(join(path, 'data'), Buffer.alloc(5 * 2 ** 20));
    expect(await verdict(path, { freeBytes: 2 * MB })).toMatchObject({ status: 'pass' });
    expect(await verdict(path, { freeBytes: 5 * MB })).toEqual({
      status: 'fail',
      found: expect.stringMatching(
        /^3\.1 MB free of 8\.3 MB, [\d ]+ inodes free on .*a mount, tmpfs \(tmpfs\)$/u,
      ),
      remedy: expect.stringMatching(
        /^Free 1\.8 MB more on .*: `sudo du -xh --max-depth=2 '.*a mount' \| sort -h/u,
      ),
      measures: [
        { label: 'free', value: 3 * 2 ** 20, unit: 'bytes' },
        { label: 'inodes', value: expect.any(Number), unit: 'inodes' },
      ],
    });
  });

  test('that can never be enough says so instead of asking for a clean-up', async () => {
    const path = small('size=4m');
    if (path === undefined) return;
    const found = await verdict(path, { freeBytes: 100 * MB });
    expect(found).toMatchObject({ remedy: expect.stringContaining('can never pass') });
  });

  test('does not help when the inodes have run out', async () => {
    const path = small('size=8m,nr_inodes=40');
    if (path === undefined) return;
    for (let index = 0; index < 39; index += 1) writeFileSync(join(path, `${index}`), '');
    expect(await verdict(path, { freeBytes: MB })).toMatchObject({
      status: 'fail',
      found: expect.stringContaining(', 0 inodes free'),
      remedy: expect.stringContaining('du --inodes -x'),
    });
  });

  test('has as many inodes as are wanted, or not', async () => {
    const path = small('size=8m,nr_inodes=5000');
    if (path === undefined) return;
    expect(await verdict(path, { freeInodes: 4000 })).toMatchObject({ status: 'pass' });
    expect(await verdict(path, { freeInodes: 6000 })).toMatchObject({ status: 'fail' });
  });

  test('of a path that does not exist yet is that of the nearest directory that does', async () => {
    const path = small('size=8m');
    if (path === undefined) return;
    const space = await loadSpace(HOST, join(path, 'not/yet/there'));
    expect(space).toMatchObject({ value: { mountPoint: path, totalBytes: 8 * 2 ** 20 } });
  });

  test('is looked for where a link leads, also one that leads nowhere yet', async () => {
    const path = small('size=8m');
    if (path === undefined) return;
    const folder = temporaryFolder();
    removals.push(folder.remove);
    symlinkSync(path, join(folder.path, 'link'));
    symlinkSync(join(path, 'later'), join(folder.path, 'dangling'));
    for (const name of ['link', 'dangling', 'dangling/deeper']) {
      const space = await loadSpace(HOST, join(folder.path, name));
      expect(space).toMatchObject({ value: { mountPoint: path } });
    }
  });

  test('of a loop of links is still found', async () => {
    const folder = temporaryFolder();
    removals.push(folder.remove);
    symlinkSync(join(folder.path, 'b'), join(folder.path, 'a'));
    symlinkSync(join(folder.path, 'a'), join(folder.path, 'b'));
    expect((await loadSpace(HOST, join(folder.path, 'a'))).ok).toBe(true);
  });

  test('is told from that of another mount whose name begins alike', async () => {
    const path = small('size=8m');
    if (path === undefined) return;
    mkdirSync(`${path}-beside`);
    const space = await loadSpace(HOST, `${path}-beside`);
    expect(space.ok && space.value.mountPoint).not.toBe(path);
  });
});

describe('a file system that counts no inodes', () => {
  const facts = {
    mountPoint: '/data',
    device: '/dev/sdb (btrfs)',
    freeBytes: 9e9,
    totalBytes: 1e10,
  };

  test('is judged by its space', () => {
    expect(decideDisk({ path: '/data', freeBytes: 1e9 }, facts)).toMatchObject({ status: 'pass' });
  });

  test('cannot be asked for inodes', () => {
    expect(decideDisk({ path: '/data', freeInodes: 5 }, facts)).toEqual({
      status: 'unable',
      reason: '/data, /dev/sdb (btrfs) does not count inodes',
    });
  });
});
