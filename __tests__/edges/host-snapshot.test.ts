import { expect, test } from '@jest/globals';

import { readHostSnapshot } from '../../src/edges/host-snapshot.ts';

test('tells memory, load and each file system once; what is not there is left out', async () => {
  const directories = ['/tmp', '/tmp', '/no/such/directory'];
  const { at, memory, load, disks } = await readHostSnapshot(directories, { now: () => 42 });
  expect(at).toBe(42);
  expect(memory?.availableBytes).toBeGreaterThan(0);
  expect(memory?.totalBytes).toBeGreaterThan(memory?.availableBytes ?? Infinity);
  expect(load?.cores).toBeGreaterThan(0);
  expect(disks.map(({ path }) => path)).toEqual(['/tmp']);
  expect(disks[0]?.totalBytes).toBeGreaterThan(0);
});
