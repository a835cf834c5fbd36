import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { Certificate, SecureContext, TLSSocket } from 'node:tls';

import type { CertificateFacts, Reach, ReachRequest, Stage, Via } from '../../checks/ports.ts';
import type { Stop } from '../../ports.ts';
import { dial } from './dial.ts';
import { toErrorCode } from './kernel-files.ts';
import { decideRoute, toHost, toPort } from './proxy.ts';

/** What a connection needs to know of its surroundings. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
  /** The authorities to trust; loaded once, when the first certificate is looked at. */
  readonly trust: () => Promise<SecureContext>;
}

/** How far one attempt has come: what is reported when it is cut or fails. */
interface Progress {
  stage: Stage;
  address?: string;
  certificate?: CertificateFacts;
  readonly via?: Via;
  readonly sockets: Socket[];
}

/** A failure that is not the system's, with a code of our own. */
class StageError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function toDistinguishedName({ CN, O }: Certificate): string {
  // Fields of a name are absent, or listed when there are several.
  const [name] = [CN ?? O].flat() as (string | undefined)[];
  return name ?? 'nobody named';
}

function toCertificateFacts(socket: TLSSocket): CertificateFacts | undefined {
  const { subject, issuer, subjectaltname, valid_from, valid_to } = socket.getPeerCertificate();
  // A server without a certificate gives an empty object.
  if ((valid_to as string | undefined) === undefined) return undefined;
  return {
    subject: toDistinguishedName(subject),
    issuer: toDistinguishedName(issuer),
    names: (subjectaltname ?? '').split(', ').map((name) => name.replace(/^[^:]*:/u, '')),
    validFrom: Date.parse(valid_from),
    validTo: Date.parse(valid_to),
  };
}

async function connectTo(host: string, port: number, progress: Progress): Promise<Socket> {
  progress.stage = 'dns';
  const { lookup } = await import('node:dns/promises');
  const addresses = await lookup(host, { all: true });
  progress.stage = 'tcp';
  const first = addresses[0]?.address;
  if (first !== undefined) progress.address = first;
  const socket = await dial(addresses, port, (made) => progress.sockets.push(made));
  if (socket.remoteAddress !== undefined) progress.address = socket.remoteAddress;
  return socket;
}

/** A peer may hang up before anybody listens for it; what is built on such a socket waits for ever. */
function requireOpen(socket: Socket): void {
  if (socket.destroyed) throw new StageError('ECONNRESET', 'the connection was closed at once');
}

/** Speaks TLS over `socket`; a certificate that is not trusted is an error unless `any` will do. */
async function secure(
  socket: Socket,
  host: string,
  any: boolean,
  progress: Progress,
  trust: SecureContext,
): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  requireOpen(socket);
  return new Promise((settle, reject) => {
    const secured = connect({
      socket,
      secureContext: trust,
      // Judged below, where the certificate can be shown whatever is wrong with it.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    progress.sockets.push(secured);
    secured.on('error', reject);
    secured.on('close', () => {
      reject(new StageError('ECONNRESET', 'the connection was closed during the TLS handshake'));
    });
    secured.on('secureConnect', () => {
      const certificate = toCertificateFacts(secured);
      if (certificate !== undefined) progress.certificate = certificate;
      // Typed as an Error, and a code at run time.
      const fault = secured.authorizationError as unknown;
      const code = toErrorCode(fault);
      if (secured.authorized || any) settle(secured);
      else reject(new StageError(code, `certificate: ${code}`));
    });
  });
}

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
async function tunnel(socket: Socket, proxy: URL, target: URL): Promise<Socket> {
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

/** The connection to the server, or to the proxy that speaks HTTP for us, ready for a request. */
async function open(
  { url, anyCertificate = false }: ReachRequest,
  proxy: URL | undefined,
  progress: Progress,
  trust: () => Promise<SecureContext>,
): Promise<Socket> {
  const first = proxy ?? url;
  let socket = await connectTo(toHost(first), toPort(first), progress);
  if (proxy?.protocol === 'https:') {
    progress.stage = 'proxy';
    socket = await secure(socket, toHost(proxy), false, progress, await trust());
  }
  if (url.protocol !== 'https:') return socket;
  if (proxy !== undefined) {
    progress.stage = 'proxy';
    socket = await tunnel(socket, proxy, url);
  }
  progress.stage = 'tls';
  return secure(socket, toHost(url), anyCertificate, progress, await trust());
}

async function ask(socket: Socket, url: URL, proxy: URL | undefined): Promise<IncomingMessage> {
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

async function toBody(response: IncomingMessage, most: number): Promise<string> {
  if (most === 0) return '';
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    body += chunk;
    if (body.length >= most) break;
  }
  return body.slice(0, most);
}

function toHeaders(response: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
}

/** Goes from name to answer; rejects at the stage that `progress` names. */
async function travel(
  request: ReachRequest,
  proxy: URL | undefined,
  progress: Progress,
  { now, trust }: Surroundings,
): Promise<Reach> {
  const socket = await open(request, proxy, progress, trust);
  if (request.url.protocol === 'tcp:') return { kind: 'connected', ...toCommon(progress) };
  progress.stage = 'http';
  const sentAt = now();
  const response = await ask(socket, request.url, proxy);
  const receivedAt = now();
  return {
    kind: 'answered',
    ...toCommon(progress),
    status: response.statusCode ?? 0,
    headers: toHeaders(response),
    body: await toBody(response, request.bodyBytes ?? 0),
    sentAt,
    receivedAt,
  };
}

function toCommon({
  via,
  address,
  certificate,
}: Progress): Pick<Extract<Reach, { kind: 'connected' }>, 'via' | 'address' | 'certificate'> {
  return {
    ...(via === undefined ? {} : { via }),
    ...(address === undefined ? {} : { address }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** Ends what was opened: from the outermost layer inwards, as a layer must not lose what it stands on. */
function close({ sockets }: Progress): void {
  for (const socket of sockets.toReversed()) socket.destroy();
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
  const progress: Progress = {
    stage: 'dns',
    sockets: [],
    ...(route.kind === 'proxy' ? { via: { proxy: route.url.host, variable: route.variable } } : {}),
  };
  const fail = (code: string, message: string): Reach => ({
    kind: 'failed',
    stage: progress.stage,
    code,
    message,
    ...toCommon(progress),
  });
  let forget = (): void => undefined;
  const wasCut = new Promise<Reach>((settle) => {
    forget = cut.onRequest(() => {
      settle(fail('TIMEOUT', 'no answer in time'));
      close(progress);
    });
  });
  const came = travel(request, proxy, progress, surroundings).catch((error: unknown): Reach => {
    const { address, message } = error as { readonly address?: string; readonly message: string };
    if (address !== undefined) progress.address = address;
    return fail(toErrorCode(error), message);
  });
  try {
    return await Promise.race([came, wasCut]);
  } finally {
    forget();
    close(progress);
  }
}
