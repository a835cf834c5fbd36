import type { RamOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { MemoryFacts } from '../ports.ts';
import { renderBytes, toByteSystem } from '../quantity.ts';

/** The tightest bound: the host itself, or one of the limits on this process. */
function toBound(facts: MemoryFacts): {
  readonly availableBytes: number;
  readonly totalBytes: number;
  readonly limit?: string;
} {
  let bound: ReturnType<typeof toBound> = facts;
  for (const { name, limitBytes, usedBytes } of facts.limits) {
    const availableBytes = Math.max(0, limitBytes - usedBytes);
    if (availableBytes < bound.availableBytes) {
      bound = { availableBytes, totalBytes: limitBytes, limit: name };
    }
  }
  return bound;
}

/** Available memory against what is wanted, on the host and in every control group around us. */
export function decideRam({ availableBytes: wanted }: RamOptions, facts: MemoryFacts): Verdict {
  const { availableBytes, totalBytes, limit } = toBound(facts);
  const system = toByteSystem(wanted);
  const amount = (bytes: number): string => renderBytes(bytes, system);
  const whole = limit === undefined ? amount(totalBytes) : `${amount(totalBytes)} (${limit})`;
  const seen = {
    found: `${amount(availableBytes)} available of ${whole}`,
    measures: [{ label: 'available', value: availableBytes, unit: 'bytes' }],
  } as const;
  if (availableBytes >= wanted) return { status: 'pass', ...seen };
  return { status: 'fail', ...seen, remedy: toRemedy(wanted, totalBytes, amount, limit) };
}

function toRemedy(
  wanted: number,
  totalBytes: number,
  amount: (bytes: number) => string,
  limit: string | undefined,
): string {
  if (limit !== undefined) {
    const raise = `Raise the memory limit of ${limit}, now ${amount(totalBytes)}: \`sudo systemctl set-property <unit> MemoryMax=<size>\` for a systemd unit, \`docker run --memory\` for a container.`;
    return totalBytes < wanted
      ? raise
      : `${raise} Or stop what fills it: \`ps -eo rss,pid,user,args --sort=-rss | head\`.`;
  }
  if (totalBytes < wanted) {
    return `This host has ${amount(totalBytes)} in all and can never pass: use one with more memory, or lower \`ram\` in the plan if the deployment needs less.`;
  }
  return 'See what uses the memory with `ps -eo rss,pid,user,args --sort=-rss | head`, and stop or restart what can be spared; then re-run the failed job.';
}

export const ram: Check<RamOptions> = {
  ...ORDINARY,
  how: 'MemAvailable of `/proc/meminfo`, and of every control group (v1 and v2) that the runner is in, its limit less what it uses, caches that the kernel gives back not counted. The least of them counts.',
  unable: 'Warns without `/proc/meminfo` (macOS).',
  split: asOne,
  label: () => 'memory',
  wanted: ({ availableBytes }) =>
    `at least ${renderBytes(availableBytes, toByteSystem(availableBytes))} available`,
  whenStuck: () => 'Try `cat /proc/meminfo` on the host: it should answer at once.',
  look: async (options, { world }) => {
    const facts = await world.host.memory();
    return facts.ok ? decideRam(options, facts.value) : { status: 'unable', reason: facts.error };
  },
};
