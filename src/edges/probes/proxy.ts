import { BlockList, isIP } from 'node:net';

/** The way to a server: straight, or through the proxy that a variable names. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly url: URL; readonly variable: string }
  | { readonly kind: 'unusable'; readonly reason: string };

/** Lower case first, as curl does; upper case too, as Go programs such as docker do. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
};
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** The host of a URL without the brackets of an IPv6 address. */
export function toHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/gu, '');
}

/** The port of a URL, the scheme's own when none is written. */
export function toPort(url: URL): number {
  return Number(url.port === '' ? DEFAULT_PORTS[url.protocol] : url.port);
}

function isInRange(host: string, network: string, prefix: string): boolean {
  const family = isIP(host);
  const length = Number(prefix);
  const most = family === 4 ? 32 : 128;
  if (family === 0 || family !== isIP(network)) return false;
  if (!/^\d+$/u.test(prefix) || length > most) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, length, type);
  return list.check(host, type);
}

/** One entry of no_proxy: `*`, a domain with or without a dot in front, an address, a range; any with a port. */
function isExempt(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const [network, prefix] = entry.split('/');
  if (network !== undefined && prefix !== undefined) return isInRange(host, network, prefix);
  const parts = /^\[?(?<name>.*?)\]?(?::(?<port>\d+))?$/u.exec(entry)?.groups;
  const literal = isIP(entry) === 6;
  const name = (literal ? entry : (parts?.['name'] ?? entry)).replace(/^\*?\./u, '');
  const wantedPort = literal ? undefined : parts?.['port'];
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false;
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

/** Which way the environment's proxy variables send a URL. Plain TCP never goes through a proxy. */
export function decideRoute(url: URL, env: Readonly<Record<string, string>>): Route {
  const names = VARIABLES[url.protocol] ?? [];
  const variable = names.find((name) => (env[name] ?? '').trim() !== '');
  if (variable === undefined) return { kind: 'direct' };
  const exempt = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').toLowerCase().split(/[\s,]+/u);
  const host = toHost(url).toLowerCase();
  const port = toPort(url);
  if (exempt.some((entry) => entry !== '' && isExempt(entry, host, port))) {
    return { kind: 'direct' };
  }
  const text = (env[variable] ?? '').trim();
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (proxy === null || proxy.hostname === '') {
    return { kind: 'unusable', reason: `${variable} does not hold a URL` };
  }
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    const reason = `${variable} names a ${proxy.protocol.slice(0, -1)} proxy, which cannot be tried here`;
    return { kind: 'unusable', reason };
  }
  return { kind: 'proxy', url: proxy, variable };
}
