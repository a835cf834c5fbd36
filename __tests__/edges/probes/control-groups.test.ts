import { afterEach, describe, expect, test } from '@jest/globals';

import { loadMemory } from '../../../src/edges/probes/memory.ts';
import { loadCpu } from '../../../src/edges/probes/processors.ts';
import { KernelFiles } from '../../../src/edges/probes/kernel-files.ts';
import { describeHost } from './described-host.ts';

const MEMINFO =
  'MemTotal:       8000000 kB\nMemFree:         200000 kB\nMemAvailable:   6000000 kB\n';
const UNIFIED =
  '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n' +
  '30 25 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const SERVICE = '/system.slice/actions.runner.service';
const IN_SERVICE = {
  '/proc/meminfo': MEMINFO,
  '/proc/self/cgroup': `0::${SERVICE}\n`,
  '/proc/self/mountinfo': UNIFIED,
};
const LEGACY_MOUNTS =
  '31 25 0:27 /docker/abc /sys/fs/cgroup/memory ro shared:5 - cgroup cgroup rw,memory\n' +
  '32 25 0:28 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro shared:6 - cgroup cgroup rw,cpu,cpuacct\n';

let removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals) remove();
  removals = [];
});

function host(files: Readonly<Record<string, string>>): KernelFiles {
  const described = describeHost(files);
  removals.push(described.remove);
  return described.files;
}

describe('memory', () => {
  test('is what is available, not what is free', async () => {
    const memory = await loadMemory(host({ '/proc/meminfo': MEMINFO }));
    expect(memory).toEqual({
      ok: true,
      value: { totalBytes: 8_192_000_000, availableBytes: 6_144_000_000, limits: [] },
    });
  });

  test("is bounded by the limit of the runner's service, caches not counted", async () => {
    const memory = await loadMemory(
      host({
        ...IN_SERVICE,
        [`/sys/fs/cgroup${SERVICE}/memory.max`]: '1000000000\n',
        [`/sys/fs/cgroup${SERVICE}/memory.current`]: '900000000\n',
        [`/sys/fs/cgroup${SERVICE}/memory.stat`]:
          'anon 1\ninactive_file 300000000\nactive_file 100000000\nslab_reclaimable 50000000\n',
      }),
    );
    expect(memory).toMatchObject({
      value: {
        limits: [{ name: `cgroup ${SERVICE}`, limitBytes: 1e9, usedBytes: 450_000_000 }],
      },
    });
  });

  test('is bounded by a group further up, too', async () => {
    const memory = await loadMemory(
      host({
        ...IN_SERVICE,
        [`/sys/fs/cgroup${SERVICE}/memory.max`]: 'max\n',
        [`/sys/fs/cgroup${SERVICE}/memory.current`]: '5\n',
        '/sys/fs/cgroup/system.slice/memory.max': '2000000000\n',
        '/sys/fs/cgroup/system.slice/memory.current': '1000000000\n',
      }),
    );
    expect(memory).toMatchObject({
      value: {
        limits: [{ name: 'cgroup /system.slice', limitBytes: 2e9, usedBytes: 1e9 }],
      },
    });
  });

  test('is bounded in a container that sees only its own group', async () => {
    const memory = await loadMemory(
      host({
        '/proc/meminfo': MEMINFO,
        '/proc/self/cgroup': '0::/\n',
        '/proc/self/mountinfo': UNIFIED,
        '/sys/fs/cgroup/memory.max': '536870912\n',
        '/sys/fs/cgroup/memory.current': '36870912\n',
      }),
    );
    expect(memory).toMatchObject({
      value: { limits: [{ limitBytes: 536_870_912, usedBytes: 36_870_912 }] },
    });
  });

  test('is bounded by control groups of version 1, in a container without a namespace', async () => {
    const memory = await loadMemory(
      host({
        '/proc/meminfo': MEMINFO,
        '/proc/self/cgroup': '5:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/\n',
        '/proc/self/mountinfo': LEGACY_MOUNTS,
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '1073741824\n',
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': '673741824\n',
        '/sys/fs/cgroup/memory/memory.stat':
          'inactive_file 1\ntotal_inactive_file 100000000\ntotal_active_file 0\n',
      }),
    );
    expect(memory).toMatchObject({
      value: { limits: [{ limitBytes: 1_073_741_824, usedBytes: 573_741_824 }] },
    });
  });

  test('has no limit where version 1 writes a number beyond any memory', async () => {
    const memory = await loadMemory(
      host({
        '/proc/meminfo': MEMINFO,
        '/proc/self/cgroup': '5:memory:/docker/abc\n',
        '/proc/self/mountinfo': LEGACY_MOUNTS,
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n',
      }),
    );
    expect(memory).toMatchObject({ ok: true, value: { limits: [] } });
  });

  test('cannot be known without /proc/meminfo, and that is said', async () => {
    expect(await loadMemory(host({}))).toEqual({
      ok: false,
      error: '/proc/meminfo cannot be read (ENOENT)',
    });
  });

  test('of this very host can be read', async () => {
    const memory = await loadMemory(new KernelFiles());
    expect(memory.ok && memory.value.availableBytes).toBeGreaterThan(1e6);
  });
});

describe('cores', () => {
  test('are bounded by the quota of a group of version 2', async () => {
    const files = host({ ...IN_SERVICE, [`/sys/fs/cgroup${SERVICE}/cpu.max`]: '150000 100000\n' });
    expect(await loadCpu(files, 8)).toEqual({
      ok: true,
      value: { cores: 8, quotas: [{ name: `cgroup ${SERVICE}`, cores: 1.5 }] },
    });
  });

  test('are bounded by the quota of a group of version 1', async () => {
    const files = host({
      '/proc/self/cgroup': '3:cpu,cpuacct:/docker/abc\n',
      '/proc/self/mountinfo': LEGACY_MOUNTS,
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    });
    expect(await loadCpu(files, 8)).toMatchObject({ value: { quotas: [{ cores: 0.5 }] } });
  });

  test.each(['max 100000', '-1 100000', ''])('have no quota with "%s"', async (text) => {
    const files = host({ ...IN_SERVICE, [`/sys/fs/cgroup${SERVICE}/cpu.max`]: text });
    expect(await loadCpu(files, 8)).toEqual({ ok: true, value: { cores: 8, quotas: [] } });
  });
});
