import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';

import type { Reach, ReachRequest } from '../../checks/ports.ts';
import type { Stop } from '../../ports.ts';
import { dial } from './dial.ts';
import { ask, toBody, toHeaders, tunnel } from './http-exchange.ts';
import { Journey } from './journey.ts';
import { toErrorCode } from './kernel-files.ts';
import { decideRoute, toHost, toPort } from './proxy.ts';
import { secure } from './secure-sockets.ts';

/** What a connection needs to know of its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
  /** The authorities to trust; loaded once, when the first certificate is looked at. */
  readonly trust: () => Promise<SecureContext>;
}

async function connectTo(host: string, port: number, journey: Journey): Promise<Socket> {
  journey.stage = 'dns';
  const { lookup } = await import('node:dns/promises');
  const addresses = await lookup(host, { all: true });
  journey.stage = 'tcp';
  journey.address = addresses[0]?.address;
  const socket = await dial(addresses, port, (made) => {
    journey.add(made);
  });
  journey.address = socket.remoteAddress ?? journey.address;
  return socket;
}

/** The connection to the server, or to the proxy that speaks HTTP for us, ready for a request. */
async function open(
  { url, anyCertificate = false }: ReachRequest,
  proxy: URL | undefined,
  journey: Journey,
  trust: () => Promise<SecureContext>,
): Promise<Socket> {
  const first = proxy ?? url;
  let socket = await connectTo(toHost(first), toPort(first), journey);
  if (proxy?.protocol === 'https:') {
    journey.stage = 'proxy';
    socket = await secure(socket, toHost(proxy), false, journey, await trust());
  }
  if (url.protocol !== 'https:') return socket;
  if (proxy !== undefined) {
    journey.stage = 'proxy';
    socket = await tunnel(socket, proxy, url);
  }
  journey.stage = 'tls';
  return secure(socket, toHost(url), anyCertificate, journey, await trust());
}

/** Goes from name to answer; rejects at the stage that `journey` names. */
async function travel(
  request: ReachRequest,
  proxy: URL | undefined,
  journey: Journey,
  { now, trust }: Surroundings,
): Promise<Reach> {
  const socket = await open(request, proxy, journey, trust);
  if (request.url.protocol === 'tcp:') return { kind: 'connected', ...journey.facts() };
  journey.stage = 'http';
  const sentAt = now();
  const response = await ask(socket, request.url, proxy);
  const receivedAt = now();
  return {
    kind: 'answered',
    ...journey.facts(),
    status: response.statusCode ?? 0,
    headers: toHeaders(response),
    body: await toBody(response, request.bodyBytes ?? 0),
    sentAt,
    receivedAt,
  };
}

/** Tries to reach a URL the way the host's own programs would, and says how far that went. */
export async function reachUrl(
  request: ReachRequest,
  surroundings: Surroundings,
  cut: Stop,
): Promise<Reach> {
  const route = decideRoute(request.url, surroundings.env);
  if (route.kind === 'unusable') return { kind: 'unsupported', reason: route.reason };
  const proxy = route.kind === 'proxy' ? route.url : undefined;
  const journey = new Journey(
    route.kind === 'proxy' ? { proxy: route.url.host, variable: route.variable } : undefined,
  );
  const fail = (code: string, message: string): Reach => ({
    kind: 'failed',
    stage: journey.stage,
    code,
    message,
    ...journey.facts(),
  });
  let forget = (): void => undefined;
  const wasCut = new Promise<Reach>((settle) => {
    forget = cut.onRequest(() => {
      settle(fail('TIMEOUT', 'no answer in time'));
      journey.close();
    });
  });
  const came = travel(request, proxy, journey, surroundings).catch((error: unknown): Reach => {
    const { address, message } = error as { readonly address?: string; readonly message: string };
    journey.address = address ?? journey.address;
    return fail(toErrorCode(error), message);
  });
  try {
    return await Promise.race([came, wasCut]);
  } finally {
    forget();
    journey.close();
  }
}
