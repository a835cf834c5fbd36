import { availableParallelism } from 'node:os';

import type { CpuFacts, Known } from '../../checks/ports.ts';
import { success } from '../../result.ts';
import { loadControlGroups } from './control-groups.ts';
import type { ControlGroup } from './control-groups.ts';
import type { KernelFiles } from './kernel-files.ts';

/** Cores that a group's quota amounts to; `undefined` without one. */
async function loadQuota(
  files: KernelFiles,
  { version, directory }: ControlGroup,
): Promise<number | undefined> {
  const [quota, period] =
    version === 2
      ? ((await files.value(`${directory}/cpu.max`)) ?? '').split(' ')
      : await Promise.all([
          files.value(`${directory}/cpu.cfs_quota_us`),
          files.value(`${directory}/cpu.cfs_period_us`),
        ]);
  const cores = Number(quota) / Number(period);
  // `max` and -1 stand for no quota.
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

/** Processors this process may use: by affinity, and by the quotas of its control groups. */
export async function loadCpu(
  files: KernelFiles,
  cores = availableParallelism(),
): Promise<Known<CpuFacts>> {
  const groups = await loadControlGroups(files, 'cpu');
  const quotas = await Promise.all(
    groups.map(async (group) => ({ name: group.name, cores: await loadQuota(files, group) })),
  );
  return success({
    cores,
    quotas: quotas.flatMap(({ name, cores: quota }) =>
      quota === undefined ? [] : [{ name, cores: quota }],
    ),
  });
}
