import type { CpuOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { CpuFacts } from '../ports.ts';
import { renderPlural } from '../quantity.ts';

/** A quota is a quotient of microseconds: close enough is enough. */
const TOLERANCE_CORES = 0.005;

/** Cores by affinity and by the tightest quota. */
export function decideCpu({ cores: wanted }: CpuOptions, facts: CpuFacts): Verdict {
  const tightest = [...facts.quotas].sort((a, b) => a.cores - b.cores)[0];
  const quota = tightest !== undefined && tightest.cores < facts.cores ? tightest : undefined;
  const cores = quota?.cores ?? facts.cores;
  const found =
    quota === undefined
      ? renderPlural(cores, 'core')
      : `${renderPlural(cores, 'core')} by the quota of ${quota.name}, out of ${facts.cores}`;
  const seen = { found, measures: [{ label: 'cores', value: cores, unit: 'cores' }] } as const;
  if (cores >= wanted - TOLERANCE_CORES) return { status: 'pass', ...seen };
  const remedy =
    quota === undefined
      ? 'Give the host more cores, or lower `cores` in the plan: the deployment will be slow, and time limits may have to be longer. `nproc --all` tells whether the runner is bound to some of them (`taskset -cp $$`).'
      : `Raise the quota of ${quota.name}: \`sudo systemctl set-property <unit> CPUQuota=${Math.ceil(wanted * 100)}%\` for a systemd unit, \`docker run --cpus\` for a container.`;
  return { status: 'fail', ...seen, remedy };
}

export const cpu: Check<CpuOptions> = {
  ...ORDINARY,
  defaultLevel: 'warn',
  how: 'Processors that the runner may use: by affinity, and by the quotas of the control groups (v1 and v2) that it is in.',
  unable: '',
  split: asOne,
  label: () => 'cpu',
  wanted: ({ cores }) => `at least ${renderPlural(cores, 'core')}`,
  whenStuck: () => 'Try `nproc` on the host: it should answer at once.',
  look: async (options, { world }) => {
    const facts = await world.host.cpu();
    return facts.ok ? decideCpu(options, facts.value) : { status: 'unable', reason: facts.error };
  },
};
