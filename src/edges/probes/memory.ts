import type { Known, MemoryFacts, MemoryLimit } from '../../checks/ports.ts';
import { failure, success } from '../../result.ts';
import { loadControlGroups } from './control-groups.ts';
import type { ControlGroup } from './control-groups.ts';
import type { KernelFiles } from './kernel-files.ts';

const FILES = {
  1: { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes' },
  2: { limit: 'memory.max', used: 'memory.current' },
} as const;

/** Charged to a group and given back when memory runs short, as the host counts it in MemAvailable. */
const RECLAIMABLE = {
  1: ['total_inactive_file', 'total_active_file'],
  2: ['inactive_file', 'active_file', 'slab_reclaimable'],
} as const;

/** `name value` lines; a name may end with a colon, a value may be followed by `kB`. */
function toCounters(text: string): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, digits, unit] = line.split(/:?\s+/u);
    if (name === undefined || digits === undefined || !/^\d+$/u.test(digits)) continue;
    counters.set(name, Number(digits) * (unit === 'kB' ? 1024 : 1));
  }
  return counters;
}

async function loadLimit(
  files: KernelFiles,
  { version, name, directory }: ControlGroup,
): Promise<MemoryLimit | undefined> {
  const names = FILES[version];
  const [limit, used, stat] = await Promise.all([
    files.value(`${directory}/${names.limit}`),
    files.value(`${directory}/${names.used}`),
    files.value(`${directory}/memory.stat`),
  ]);
  // `max`, or a file that is not there, is no limit; a root group has neither file.
  const limitBytes = Number(limit);
  const chargedBytes = Number(used);
  if (limit === undefined || used === undefined) return undefined;
  if (!Number.isFinite(limitBytes) || !Number.isFinite(chargedBytes)) return undefined;
  const counters = toCounters(stat ?? '');
  const reclaimable = RECLAIMABLE[version]
    .map((counter) => counters.get(counter) ?? 0)
    .reduce((sum, bytes) => sum + bytes, 0);
  return { name, limitBytes, usedBytes: Math.max(0, chargedBytes - reclaimable) };
}

/** Memory of the host, and the limits of the control groups that this process is in. */
export async function loadMemory(files: KernelFiles): Promise<Known<MemoryFacts>> {
  const meminfo = await files.read('/proc/meminfo');
  if (!meminfo.ok) return meminfo;
  const counters = toCounters(meminfo.value);
  const totalBytes = counters.get('MemTotal');
  const availableBytes = counters.get('MemAvailable');
  if (totalBytes === undefined || availableBytes === undefined) {
    return failure('/proc/meminfo does not name MemTotal and MemAvailable');
  }
  const groups = await loadControlGroups(files, 'memory');
  const limits = await Promise.all(groups.map((group) => loadLimit(files, group)));
  return success({
    totalBytes,
    availableBytes,
    // Version 1 says "no limit" with a number beyond any memory.
    limits: limits.flatMap((limit) =>
      limit === undefined || limit.limitBytes >= totalBytes ? [] : [limit],
    ),
  });
}
