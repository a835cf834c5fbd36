import type { DnsOptions } from '../../plan/check-options.ts';
import { isPublic, toCanonicalAddress, toFamily } from '../address.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Circumstances, Verdict } from '../check.ts';
import type { NameAnswer } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';

const SELF = 'self';
/** An address is shorter; a page that is not one need not be read. */
const MOST_ANSWER_BYTES = 256;

/** What the name servers said, and which addresses are this host's. */
export interface DnsFacts {
  readonly ipv4: NameAnswer;
  readonly ipv6: NameAnswer;
  /** Addresses of this host; empty when `self` was not asked for. */
  readonly own: readonly string[];
  /** Why the public address could not be found out. */
  readonly publicFault?: string;
}

/** Answers that mean "there are none": not a failure of the name server. */
const NONE = new Set(['ENOTFOUND', 'ENODATA']);

function toName({ names }: DnsOptions): string {
  return names[0] ?? '';
}

function toDig({ resolver }: DnsOptions, name: string, type: string): string {
  const server = resolver === undefined ? '' : `@${resolver.replace(/:\d+$/u, '')} `;
  return `\`dig ${server}${renderShellWord(name)} ${type}\``;
}

function toUnresolved(options: DnsOptions, { ipv4, ipv6 }: DnsFacts): Verdict {
  const name = toName(options);
  const codes = [ipv4, ipv6].map((answer) => (answer.ok ? '' : answer.error));
  const broken = codes.find((code) => code !== '' && !NONE.has(code));
  const server = options.resolver ?? "the host's name servers (`cat /etc/resolv.conf`)";
  if (broken !== undefined) {
    return {
      status: 'fail',
      found: `no name server gave an answer (${broken})`,
      remedy: `Ask by hand: ${toDig(options, name, 'A')}. If that fails too, look at ${server}, and whether UDP and TCP port 53 to them are allowed.`,
    };
  }
  return {
    status: 'fail',
    found: codes.includes('ENOTFOUND') ? 'there is no such name' : 'the name has no address',
    remedy: `Make an A (or AAAA) record for ${name} where its zone is kept, or correct the name in the plan. A record made just now may take its TTL to be seen: ${toDig(options, name, 'A')} shows the answer.`,
  };
}

function toResolved({ ipv4, ipv6 }: DnsFacts): readonly string[] {
  return [ipv4, ipv6].flatMap((answer) => (answer.ok ? answer.value.map(toCanonicalAddress) : []));
}

/** Whether the answer "none of these are this host's" could be wrong for want of the public address. */
function mayBeTranslated(
  options: DnsOptions,
  facts: DnsFacts,
  resolved: readonly string[],
): boolean {
  const known = options.publicIpUrl !== undefined && facts.publicFault === undefined;
  return (
    options.addresses.includes(SELF) &&
    !known &&
    resolved.some((address) => isPublic(address)) &&
    !facts.own.some((address) => isPublic(address) && toFamily(address) === 4)
  );
}

/** Addresses that lead elsewhere. With `self`, further hosts of the same family are a cluster. */
function toStrays(
  options: DnsOptions,
  resolved: readonly string[],
  expected: ReadonlySet<string>,
): readonly string[] {
  const strays = resolved.filter((address) => !expected.has(address));
  if (!options.addresses.includes(SELF)) return strays;
  const right = new Set(resolved.filter((address) => expected.has(address)).map(toFamily));
  return strays.filter((address) => !right.has(toFamily(address)));
}

/** The name's addresses against the expected ones. */
export function decideDns(options: DnsOptions, facts: DnsFacts): Verdict {
  const name = toName(options);
  const resolved = toResolved(facts);
  if (resolved.length === 0) return toUnresolved(options, facts);
  const found = resolved.join(', ');
  if (options.addresses.length === 0) return { status: 'pass', found };
  const expected = new Set(
    [...options.addresses.filter((address) => address !== SELF), ...facts.own].map(
      toCanonicalAddress,
    ),
  );
  const own = facts.own.length === 0 ? '' : ` (this host has ${facts.own.join(', ')})`;
  if (!resolved.some((address) => expected.has(address))) {
    if (mayBeTranslated(options, facts, resolved)) return toTranslated(found, facts);
    return {
      status: 'fail',
      found: `${found}${own}`,
      remedy: `${name} leads to another host. If this host is to serve it, change its A and AAAA records where the zone is kept; if a proxy or load balancer stands in front, name its addresses in the plan instead. ${toDig(options, name, 'ANY')} shows the records.`,
    };
  }
  const strays = toStrays(options, resolved, expected);
  if (strays.length === 0) return { status: 'pass', found };
  return {
    status: 'warn',
    found: `${found}${own}`,
    remedy: `Some clients will be sent to ${strays.join(' and ')}: remove or correct that record of ${name}. Certificates by HTTP challenge (Let's Encrypt) fail over such a record.`,
  };
}

function toTranslated(found: string, { own, publicFault }: DnsFacts): Verdict {
  const inside = own.length === 0 ? 'no address of its own' : `only ${own.join(', ')}`;
  const reason =
    publicFault ??
    `the name leads to ${found}, and this host has ${inside}: it seems to be behind address translation, and its public address is not known`;
  return {
    status: 'unable',
    reason,
    remedy:
      "Give `public-ip-url` a URL that answers with this host's public address in plain text, or name the address instead of `self`.",
  };
}

/** This host's addresses: those of its interfaces, and the one that the internet sees. */
async function loadOwn(
  { addresses, publicIpUrl }: DnsOptions,
  { world, cut }: Circumstances,
): Promise<Pick<DnsFacts, 'own' | 'publicFault'>> {
  if (!addresses.includes(SELF)) return { own: [] };
  const own = world.host.addresses();
  if (publicIpUrl === undefined) return { own };
  const reach = await world.network.reach(
    { url: new URL(publicIpUrl), bodyBytes: MOST_ANSWER_BYTES },
    cut,
  );
  const body = reach.kind === 'answered' && reach.status === 200 ? reach.body.trim() : '';
  if (/^[\d.]{7,15}$|^[\da-f:.]*:[\da-f:.]*$/iu.test(body)) return { own: [...own, body] };
  return { own, publicFault: `${new URL(publicIpUrl).host} did not answer with an address` };
}

async function loadDns(options: DnsOptions, circumstances: Circumstances): Promise<DnsFacts> {
  const { world, cut } = circumstances;
  const name = toName(options);
  const [ipv4, ipv6, own] = await Promise.all([
    world.network.resolve(name, 4, options.resolver, cut),
    world.network.resolve(name, 6, options.resolver, cut),
    loadOwn(options, circumstances),
  ]);
  return { ipv4, ipv6, ...own };
}

export const dns: Check<DnsOptions> = {
  ...ORDINARY,
  how: "The A and AAAA records that the system's name servers (or `resolver`) give; /etc/hosts is not looked at, and search domains are not added. At least one must be an expected `address`; one that leads elsewhere warns. `self` is any address of this host's interfaces, and the one that `public-ip-url` answers with; more hosts under the same name are taken for a cluster.",
  unable:
    'Warns when `self` is wanted on a host behind address translation, and there is no `public-ip-url`.',
  split: (options) => options.names.map((name) => ({ ...options, names: [name] })),
  label: (options) => `dns ${toName(options)}`,
  wanted: ({ addresses }) =>
    addresses.length === 0
      ? 'resolves'
      : `resolves to ${addresses.map((address) => (address === SELF ? 'this host' : address)).join(' or ')}`,
  whenStuck: (options) =>
    `No name server answers: ${toDig(options, toName(options), 'A')} and \`cat /etc/resolv.conf\` show which are asked.`,
  look: async (options, circumstances) => decideDns(options, await loadDns(options, circumstances)),
};
