import type { Advice } from './advice.ts';
import { toCertificateAdvice } from './certificate.ts';
import type { Reach } from './ports.ts';
import { renderShellWord } from '../shell-word.ts';

/** A connection that failed, and the server and port it was meant for. */
export interface Failed {
  readonly reach: Extract<Reach, { kind: 'failed' }>;
  readonly url: URL;
  readonly now: number;
}

/** The host that answered, or did not: the proxy where there is one in between. */
function toPeer({ reach, url }: Failed): string {
  return reach.via === undefined ? url.hostname : `the proxy ${reach.via.proxy}`;
}

/** A URL as it may be shown: without the user and the query, which may hold secrets. */
export function renderUrl(url: URL): string {
  const path = url.pathname === '/' ? '' : url.pathname;
  return `${url.protocol}//${url.host}${path}`;
}

function toPortOf(url: URL): string {
  return url.port || (url.protocol === 'http:' ? '80' : '443');
}

function toDnsAdvice(failed: Failed): Advice {
  const { reach, url } = failed;
  const host = reach.via === undefined ? url.hostname : reach.via.proxy.replace(/:\d+$/u, '');
  const word = renderShellWord(host);
  const setting = reach.via === undefined ? 'in the plan' : `in ${reach.via.variable}`;
  if (reach.code === 'ENOTFOUND') {
    return {
      found: `the name ${host} does not resolve (DNS)`,
      remedy: `Look for a misspelt name ${setting}; then \`getent ahosts ${word}\` on the host, and \`cat /etc/resolv.conf\` for the name servers it asks.`,
    };
  }
  return {
    found: `no name server answers for ${host} (DNS, ${reach.code})`,
    remedy: `The host cannot reach its name servers: see which with \`cat /etc/resolv.conf\` (or \`resolvectl status\`), and try one: \`dig @<server> ${word}\`.`,
  };
}

function toTcpAdvice(failed: Failed): Advice {
  const { reach, url } = failed;
  const peer = toPeer(failed);
  const port = reach.via === undefined ? toPortOf(url) : '';
  const place = port === '' ? peer : `${peer}:${port}`;
  const isNew = reach.address !== undefined && !peer.includes(reach.address);
  const address = isNew ? ` (${reach.address})` : '';
  const proxyHint =
    reach.via === undefined && url.protocol !== 'tcp:'
      ? " If this network goes through a proxy, set https_proxy and http_proxy in the runner's .env file."
      : '';
  switch (reach.code) {
    case 'ECONNREFUSED':
      return {
        found: `${place}${address} refuses connections`,
        remedy:
          'The host is there, but nothing listens on that port, or a firewall rejects it: check the port, and that the service runs on that host (`ss -ltn` there).',
      };
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return {
        found: `there is no route to ${place}${address}`,
        remedy: `Look at the way there: \`ip route get ${reach.address ?? '<address>'}\`, \`ip addr\`; a VPN may be down.${proxyHint}`,
      };
    default:
      return {
        found: `no connection to ${place}${address} (TCP, ${reach.code})`,
        remedy: `Packets seem to be dropped on the way, usually by a firewall or a security group: allow outgoing TCP to it from this host, and try \`curl -v --max-time 10 ${renderShellWord(renderUrl(url))}\`.${proxyHint}`,
      };
  }
}

function toProxyAdvice({ reach, url }: Failed): Advice {
  const proxy = `the proxy ${reach.via?.proxy ?? ''}`;
  const variable = reach.via?.variable ?? 'https_proxy';
  const found = `${proxy} does not let us through to ${url.host}: ${reach.message}`;
  if (reach.code === 'PROXY_407') {
    return {
      found,
      remedy: `The proxy wants a user and a password: put them into ${variable} (http://user:password@host:port) in the runner's .env file, and restart the runner.`,
    };
  }
  if (reach.code.startsWith('PROXY_4')) {
    return {
      found,
      remedy: `Have ${url.host} allowed on the proxy, or, if it can be reached directly, name it in no_proxy.`,
    };
  }
  return {
    found,
    remedy: `The proxy itself may be down, or cannot reach the server: \`curl -v --proxy ${renderShellWord(reach.via?.proxy ?? '')} ${renderShellWord(renderUrl(url))}\` shows more. If the server can be reached directly, name it in no_proxy.`,
  };
}

function toTlsAdvice(failed: Failed): Advice {
  const { reach, url, now } = failed;
  const known = toCertificateAdvice(reach.code, reach.certificate, url.hostname, now);
  if (known !== undefined) return known;
  const place = `${url.hostname}:${toPortOf(url)}`;
  const remedy = `See the handshake with \`openssl s_client -connect ${renderShellWord(place)} -servername ${renderShellWord(url.hostname)}\`. A server that speaks plain HTTP on this port needs http:// in the plan; a firewall that inspects traffic may be cutting it off.`;
  return { found: `no TLS connection to ${place} (${reach.code})`, remedy };
}

function toHttpAdvice({ reach, url }: Failed): Advice {
  return {
    found:
      reach.code === 'TIMEOUT'
        ? `${url.host} is connected, but does not answer HTTP in time`
        : `${url.host} is connected, but gives no HTTP answer (${reach.code})`,
    remedy: `The server, or a load balancer in front of it, is in trouble: \`curl -v --max-time 10 ${renderShellWord(renderUrl(url))}\` shows what it sends; look at its log.`,
  };
}

/** What a failed connection means, told apart by how far it came. */
export function toStageAdvice(failed: Failed): Advice {
  switch (failed.reach.stage) {
    case 'dns':
      return toDnsAdvice(failed);
    case 'tcp':
      return toTcpAdvice(failed);
    case 'proxy':
      return toProxyAdvice(failed);
    case 'tls':
      return toTlsAdvice(failed);
    case 'http':
      return toHttpAdvice(failed);
  }
}
