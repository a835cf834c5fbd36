import type { PortOptions } from '../../plan/check-options.ts';
import { toCanonicalAddress, toFamily } from '../address.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { Listener } from '../ports.ts';

function toNumber({ numbers }: PortOptions): number {
  return numbers[0] ?? 0;
}

/** The addresses that an option means; `undefined`: it is none. */
function toMeant(address: string): readonly string[] | undefined {
  if (address.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  const literal = address.includes(':') || /^\d+(?:\.\d+){3}$/u.test(address);
  return literal ? [toCanonicalAddress(address)] : undefined;
}

/** Whether a socket answers for an address: its own, or one that stands for all. */
function answersFor(listener: Listener, wanted: string): boolean {
  const own = toCanonicalAddress(listener.address);
  // `::` takes IPv4 as well, unless its program asked otherwise, which nobody can see.
  const all = toFamily(wanted) === 4 ? ['0.0.0.0', '::'] : ['::'];
  return own === wanted || all.includes(own) || all.includes(wanted);
}

function renderPlace({ address }: Listener, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function renderHolder({ holder }: Listener): string {
  if (holder.kind === 'hidden') return `a process of ${holder.user}`;
  const unit = holder.unit === undefined ? '' : `, ${holder.unit}`;
  return `${holder.name} (pid ${holder.pid}${unit})`;
}

function toRelease({ holder }: Listener, port: number): string {
  if (holder.kind === 'hidden') {
    return `This user may not see which process it is: \`sudo ss -ltnp 'sport = :${port}'\` names it; stop it, or use another port.`;
  }
  if (holder.name === 'docker-proxy') {
    return `A container publishes the port: \`docker ps --filter publish=${port}\` names it; stop it with \`docker stop\`, or use another port.`;
  }
  if (holder.unit !== undefined) {
    return `Stop it with \`sudo systemctl stop ${holder.unit}\` (and \`disable\` it, or it is back after a reboot), or use another port.`;
  }
  return `\`ps -fp ${holder.pid}\` shows what it is; end it with \`kill ${holder.pid}\`, or use another port.`;
}

/** Who listens on the port against whether somebody should. */
export function decidePort(options: PortOptions, listeners: readonly Listener[]): Verdict {
  const port = toNumber(options);
  const meant = options.address === undefined ? [] : toMeant(options.address);
  if (meant === undefined) {
    const remedy = 'Write the address in numbers, such as `127.0.0.1` or `::1`.';
    return { status: 'unable', reason: `${options.address ?? ''} is not an address`, remedy };
  }
  const matching = listeners.filter(
    (listener) => meant.length === 0 || meant.some((address) => answersFor(listener, address)),
  );
  const [first] = matching;
  const who = new Map(matching.map((one) => [renderHolder(one), [] as string[]]));
  for (const one of matching) who.get(renderHolder(one))?.push(renderPlace(one, port));
  const held = [...who]
    .map(([holder, places]) => `${holder} listens on ${[...new Set(places)].join(' and ')}`)
    .join('; ');
  if (options.state === 'free') {
    if (first === undefined) return { status: 'pass', found: 'free' };
    return { status: 'fail', found: held, remedy: toRelease(first, port) };
  }
  if (first !== undefined) return { status: 'pass', found: held };
  const elsewhere = listeners.map((listener) => renderPlace(listener, port)).join(' and ');
  return {
    status: 'fail',
    found: elsewhere === '' ? 'nothing listens' : `only ${elsewhere} is listened on`,
    remedy: `Start the service that should listen there, or look at its log if it has just ended: \`ss -ltn 'sport = :${port}'\` shows the sockets, \`systemctl --failed\` the services that did not start.`,
  };
}

export const port: Check<PortOptions> = {
  ...ORDINARY,
  defaultOccasion: ({ state }) => (state === 'free' ? 'fresh' : 'always'),
  how: "Listening TCP sockets of the host (`/proc/net/tcp`, `tcp6`), and the process that holds one, its pid and systemd unit. Another user's process shows only its user. `free` is looked at only while no step is complete, unless `when: always`.",
  unable:
    'Warns without `/proc` (macOS). In a job container only the sockets of that container are seen.',
  split: (options) => options.numbers.map((number) => ({ ...options, numbers: [number] })),
  label: (options) => `port ${toNumber(options)}`,
  wanted: ({ state, address }) => `${state}${address === undefined ? '' : ` on ${address}`}`,
  whenStuck: (options) => `Look by hand: \`ss -ltn 'sport = :${toNumber(options)}'\`.`,
  look: async (options, { world }) => {
    const listeners = await world.host.listeners(toNumber(options));
    return listeners.ok
      ? decidePort(options, listeners.value)
      : { status: 'unable', reason: listeners.error };
  },
};
