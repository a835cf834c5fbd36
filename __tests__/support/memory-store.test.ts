import { describe, expect, test } from '@jest/globals';
import { describeStoreContract } from '../contract/store-contract.ts';
import { Crash, MemoryDisk } from './memory-store.ts';
import { stepRecord } from './records.ts';

describeStoreContract('the store in memory', () => {
  const disk = new MemoryDisk();
  return { open: (target, deployment) => disk.open(target, deployment), close: () => undefined };
});

describe('the store in memory', () => {
  test('fails on demand, with or without having made the change', async () => {
    const disk = new MemoryDisk();
    const store = disk.open('t', 'd');
    disk.interrupt = ({ subject }) => (subject === 'pull' ? 'fault' : 'fault-after');
    expect((await store.putMarker('pull', '')).ok).toBe(false);
    expect((await store.putMarker('up', '')).ok).toBe(false);
    expect([...disk.markersOf('t', 'd').keys()]).toEqual(['up']);
  });

  test('a process that crashed can change nothing more, the next one can', async () => {
    const disk = new MemoryDisk();
    const store = disk.open('t', 'd');
    disk.interrupt = ({ number }) => (number === 1 ? 'crash-after' : undefined);
    await expect(store.putMarker('pull', '')).rejects.toThrow(Crash);
    await expect(store.putMarker('up', '')).rejects.toThrow(Crash);
    await disk.open('t', 'd').putMarker('migrate', '');
    expect([...disk.markersOf('t', 'd').keys()]).toEqual(['pull', 'migrate']);
    expect(disk.log).toEqual(['putMarker pull', 'putMarker migrate']);
  });

  test('losing power takes back what need not have been durable', async () => {
    const disk = new MemoryDisk();
    const store = disk.open('t', 'd');
    await store.saveStep(stepRecord({ state: 'succeeded' }));
    await store.noteMarked(stepRecord({ state: 'succeeded', marked: true }));
    disk.losePower();
    const loaded = await store.load();
    expect(loaded.ok && loaded.value.steps.get('migrate')?.marked).toBe(false);
  });
});
