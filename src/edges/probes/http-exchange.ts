import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { requireOpen, StageError } from './journey.ts';
import { toPort } from './proxy.ts';

function toBasicAuth(url: URL): string | undefined {
  if (url.username === '') return undefined;
  return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
}

function toProxyHeaders(proxy: URL): Record<string, string> {
  const auth = toBasicAuth(proxy);
  if (auth === undefined) return {};
  return { 'proxy-authorization': `Basic ${Buffer.from(auth).toString('base64')}` };
}

/** Asks an HTTP proxy for a tunnel to the server. */
export async function tunnel(socket: Socket, proxy: URL, target: URL): Promise<Socket> {
  const { request } = await import('node:http');
  const host = `${target.hostname}:${toPort(target)}`;
  requireOpen(socket);
  return new Promise((settle, reject) => {
    const asked = request({
      createConnection: () => socket,
      method: 'CONNECT',
      path: host,
      headers: { host, ...toProxyHeaders(proxy) },
    });
    asked.on('error', reject);
    asked.on('connect', ({ statusCode, statusMessage }) => {
      if (statusCode === 200) settle(socket);
      else {
        const message = `${statusCode ?? ''} ${statusMessage ?? ''}`.trim();
        reject(new StageError(`PROXY_${statusCode ?? 0}`, message));
      }
    });
    asked.end();
  });
}

/** Sends the request over a socket that is ready for it; the answer's head is enough to settle. */
export async function ask(
  socket: Socket,
  url: URL,
  proxy: URL | undefined,
): Promise<IncomingMessage> {
  const { request } = await import('node:http');
  const plainProxy = proxy !== undefined && url.protocol === 'http:' ? proxy : undefined;
  const target = new URL(url);
  target.username = '';
  target.password = '';
  target.hash = '';
  requireOpen(socket);
  return new Promise((settle, reject) => {
    const asked = request({
      createConnection: () => socket,
      // Not HEAD: servers that refuse it, or never answer it, are common.
      method: 'GET',
      path: plainProxy === undefined ? `${url.pathname}${url.search}` : target.href,
      auth: toBasicAuth(url) ?? null,
      headers: {
        host: url.host,
        accept: '*/*',
        connection: 'close',
        'user-agent': 'preflight-action',
        ...(plainProxy === undefined ? {} : toProxyHeaders(plainProxy)),
      },
    });
    asked.on('error', reject);
    asked.on('response', settle);
    asked.end();
  });
}

/** The start of the body; the rest is not waited for. */
export async function toBody(response: IncomingMessage, most: number): Promise<string> {
  if (most === 0) return '';
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    body += chunk;
    if (body.length >= most) break;
  }
  return body.slice(0, most);
}

/** Headers by name in lower case. */
export function toHeaders(response: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
}
