import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { network } from '../../../src/checks/kinds/network.ts';
import { time } from '../../../src/checks/kinds/time.ts';
import type { Check, Verdict } from '../../../src/checks/check.ts';
import { systemClock } from '../../../src/edges/clock.ts';
import { createCheckWorld } from '../../../src/edges/host-facts.ts';
import { createStop } from '../../../src/engine/stop.ts';
import type { NetworkOptions } from '../../../src/plan/check-options.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { makeAuthority } from './certificates.ts';
import type { Identity, Wish } from './certificates.ts';

const folder = temporaryFolder();
let authority: ReturnType<typeof makeAuthority>;
beforeAll(() => {
  authority = makeAuthority(folder.path, Date.now());
});
afterAll(folder.remove);

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A peer that goes away in the middle is what some of these tests are about.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}

const unauthorized: RequestListener = (_, response) => {
  response.writeHead(401).end();
};
const serveHttp = (listener: RequestListener) => listen(createHttpServer(listener));
const serveHttps = (identity: Identity, listener = unauthorized) =>
  listen(createHttpsServer(identity, listener));

interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly cutAfterMs?: number;
}

function look<T>(check: Check<T>, options: T, { env, cutAfterMs }: Setting): Promise<Verdict> {
  const cut = createStop();
  if (cutAfterMs !== undefined) setTimeout(cut.request, cutAfterMs);
  const world = createCheckWorld({
    clock: systemClock,
    env: { SSL_CERT_FILE: authority.file, ...env },
    workspace: folder.path,
  });
  const command = { shell: 'bash', workingDirectory: folder.path };
  return check.look(options, { world, command, cut: cut.stop });
}

function verdictOf(
  url: string,
  more: Omit<NetworkOptions['targets'][number], 'url'> = {},
  setting: Setting = {},
): Promise<Verdict> {
  return look(network, { targets: [{ url, ...more }] }, setting);
}

const text = (part: string): unknown => expect.stringContaining(part);

describe('a server that answers', () => {
  test.each([200, 301, 401, 404])('HTTP %d is reached', async (status) => {
    const port = await serveHttp((_, response) => {
      response.writeHead(status).end();
    });
    expect(await verdictOf(`http://127.0.0.1:${port}/`)).toEqual({
      status: 'pass',
      found: `HTTP ${status}`,
      measures: [],
    });
  });

  test('HTTP 503 is reached, but warns', async () => {
    const port = await serveHttp((_, response) => {
      response.writeHead(503).end();
    });
    expect(await verdictOf(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 'warn',
      found: 'HTTP 503',
      remedy: text(`curl -i --max-time 10 http://127.0.0.1:${port}`),
    });
  });

  test('with another status than wanted fails', async () => {
    const port = await serveHttp(unauthorized);
    const url = `http://127.0.0.1:${port}/`;
    expect(await verdictOf(url, { status: [200] })).toMatchObject({ status: 'fail' });
    expect(await verdictOf(url, { status: [200, 401] })).toMatchObject({ status: 'pass' });
  });

  test('over TLS, by name and by address', async () => {
    const port = await serveHttps(authority.issue({}));
    for (const host of ['localhost', '127.0.0.1']) {
      expect(await verdictOf(`https://${host}:${port}/v2/`)).toEqual({
        status: 'pass',
        found: 'HTTP 401',
        measures: [{ label: 'certificate', value: 89, unit: 'days' }],
      });
    }
  });

  test('is asked as the URL says, user and query included', async () => {
    const seen: unknown[] = [];
    const port = await serveHttp((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization, request.headers.host]);
      response.end();
    });
    await verdictOf(`http://me:a%20b@127.0.0.1:${port}/x?y=1#z`);
    const basic = `Basic ${Buffer.from('me:a b').toString('base64')}`;
    expect(seen).toEqual([['GET', '/x?y=1', basic, `127.0.0.1:${port}`]]);
  });

  test('does not have its endless body read', async () => {
    const port = await serveHttp((_, response) => {
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    expect(await verdictOf(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 'pass' });
  });

  test('over TCP alone', async () => {
    const port = await listen(createServer());
    expect(await verdictOf(`tcp://127.0.0.1:${port}`)).toEqual({
      status: 'pass',
      found: 'connected to 127.0.0.1',
      measures: [],
    });
  });
});

describe('a certificate', () => {
  const against = async (wish: Wish, host = 'localhost', margin?: number) => {
    const port = await serveHttps(authority.issue(wish));
    return verdictOf(
      `https://${host}:${port}/`,
      margin === undefined ? {} : { certificateMs: margin },
    );
  };

  test('that has expired is told with its date', async () => {
    expect(await against({ fromDays: -30, toDays: -2 })).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(
        /^the certificate of localhost expired on \d{4}-\d\d-\d\d, 2 days ago$/u,
      ),
      remedy: text('sudo certbot renew'),
    });
  });

  test('that is not valid yet puts the clock in question', async () => {
    expect(await against({ fromDays: 3 })).toMatchObject({
      status: 'fail',
      found: text('is valid only from'),
      remedy: text('timedatectl'),
    });
  });

  test('that ends soon warns, and does not when the plan asks for less', async () => {
    expect(await against({ toDays: 5.5 })).toMatchObject({
      status: 'warn',
      found: expect.stringMatching(/^HTTP 401, but its certificate expires on .*, in 5 days$/u),
    });
    expect(await against({ toDays: 5.5 }, 'localhost', 86_400_000)).toMatchObject({
      status: 'pass',
    });
  });

  test('for another host names whom it is for', async () => {
    expect(await against({ names: 'DNS:other.example,DNS:*.more.example' })).toMatchObject({
      status: 'fail',
      found: 'the certificate is for other.example, *.more.example, not for localhost',
    });
  });

  test('that is self-signed is told from one of an unknown authority', async () => {
    const port = await serveHttps(authority.issueSelfSigned());
    expect(await verdictOf(`https://localhost:${port}/`)).toMatchObject({
      status: 'fail',
      found: 'the certificate of localhost is self-signed (by Test Server)',
      remedy: text('sudo update-ca-certificates'),
    });
    const other = await serveHttps(authority.issue({}));
    const env = { SSL_CERT_FILE: '/etc/hostname' };
    expect(await verdictOf(`https://localhost:${other}/`, {}, { env })).toMatchObject({
      status: 'fail',
      found:
        'the certificate of localhost is signed by Test Authority, which this host does not know',
      remedy: text('openssl s_client'),
    });
  });

  test('of a company authority given by NODE_EXTRA_CA_CERTS is trusted', async () => {
    const port = await serveHttps(authority.issue({}));
    const env = { SSL_CERT_FILE: '/etc/hostname', NODE_EXTRA_CA_CERTS: authority.file };
    expect(await verdictOf(`https://localhost:${port}/`, {}, { env })).toMatchObject({
      status: 'pass',
    });
  });
});

describe('a connection that fails is told apart by its stage', () => {
  test('DNS', async () => {
    expect(await verdictOf('https://no-such-host.invalid/')).toMatchObject({
      status: 'fail',
      found: text('no-such-host.invalid'),
      remedy: text('/etc/resolv.conf'),
    });
  });

  test('TCP: refused', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((closed) => server.close(closed));
    expect(await verdictOf(`https://127.0.0.1:${port}/`)).toMatchObject({
      status: 'fail',
      found: `127.0.0.1:${port} refuses connections`,
    });
  });

  test('TLS: the server speaks plain HTTP', async () => {
    const port = await serveHttp(unauthorized);
    expect(await verdictOf(`https://127.0.0.1:${port}/`)).toMatchObject({
      status: 'fail',
      found: text(`no TLS connection to 127.0.0.1:${port}`),
      remedy: text('http:// in the plan'),
    });
  });

  test('TLS: the server hangs up', async () => {
    const port = await listen(createServer((socket) => socket.end()));
    expect(await verdictOf(`https://127.0.0.1:${port}/`)).toMatchObject({
      status: 'fail',
      found: text('no TLS connection'),
    });
  });

  test('HTTP: the server hangs up', async () => {
    const port = await listen(createServer((socket) => socket.end()));
    expect(await verdictOf(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 'fail',
      found: text('gives no HTTP answer (ECONNRESET)'),
    });
  });

  test('TLS: the server says nothing', async () => {
    const port = await listen(createServer());
    const found = await verdictOf(`https://127.0.0.1:${port}/`, {}, { cutAfterMs: 100 });
    expect(found).toMatchObject({
      status: 'fail',
      found: `no TLS connection to 127.0.0.1:${port} (TIMEOUT)`,
    });
  });

  test('HTTP: the server says nothing', async () => {
    const port = await serveHttp(() => undefined);
    const found = await verdictOf(`http://127.0.0.1:${port}/`, {}, { cutAfterMs: 100 });
    expect(found).toMatchObject({
      status: 'fail',
      found: `127.0.0.1:${port} is connected, but does not answer HTTP in time`,
    });
  });

  test('HTTP: the server says nonsense', async () => {
    const port = await listen(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    expect(await verdictOf(`http://127.0.0.1:${port}/`)).toMatchObject({
      status: 'fail',
      found: text('gives no HTTP answer'),
    });
  });

  test('a text that is no URL', async () => {
    expect(await verdictOf('https://exa mple/')).toMatchObject({ found: 'this is not a URL' });
  });

  test('user and query of the URL are not shown', async () => {
    const word = ['hunter', '2'].join('');
    const options = { targets: [{ url: `http://me:${word}@127.0.0.1:1/path?token=${word}` }] };
    const verdict = await look(network, options, {});
    const shown = [verdict, network.label(options), network.whenStuck(options)];
    expect(JSON.stringify(shown)).not.toContain(word);
    expect(network.label(options)).toBe('network http://127.0.0.1:1/path');
  });
});

/** A small proxy: tunnels, and forwards plain HTTP; `refuse` answers every request with that status. */
async function serveProxy(refuse?: number, identity?: Identity) {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(refuse ?? 200).end();
  };
  const proxy =
    identity === undefined ? createHttpServer(answer) : createHttpsServer(identity, answer);
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(
      `CONNECT ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`.trim(),
    );
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} Not Today\r\n\r\n`);
      return;
    }
    const [, port] = (request.url ?? '').split(':');
    const server = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.pipe(socket).pipe(server);
    });
    server.on('error', () => socket.destroy());
    sockets.add(server);
  });
  const scheme = identity === undefined ? 'http' : 'https';
  return { url: `${scheme}://127.0.0.1:${await listen(proxy)}`, asked };
}

describe('behind a proxy', () => {
  test('a server is reached through a tunnel, its own certificate checked', async () => {
    const port = await serveHttps(authority.issue({}));
    const proxy = await serveProxy();
    const env = { https_proxy: proxy.url };
    expect(await verdictOf(`https://localhost:${port}/`, {}, { env })).toMatchObject({
      status: 'pass',
      found: `HTTP 401 through the proxy ${new URL(proxy.url).host} (https_proxy)`,
    });
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
  });

  test('that is spoken to with TLS itself, a server is reached in the same way', async () => {
    const port = await serveHttps(authority.issue({}));
    const proxy = await serveProxy(undefined, authority.issue({}));
    const env = { https_proxy: proxy.url };
    expect(await verdictOf(`https://localhost:${port}/`, {}, { env })).toMatchObject({
      status: 'pass',
    });
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
  });

  test('a name that only the proxy can resolve is left to it', async () => {
    const proxy = await serveProxy();
    const env = { http_proxy: proxy.url };
    const found = await verdictOf('http://only-inside.invalid/x', {}, { env });
    expect(found).toMatchObject({ status: 'pass' });
    expect(proxy.asked).toEqual(['GET http://only-inside.invalid/x']);
  });

  test('its user and password are sent and never shown', async () => {
    const word = ['hunter', '2'].join('');
    const port = await serveHttps(authority.issue({}));
    const proxy = await serveProxy();
    const env = { https_proxy: proxy.url.replace('//', `//me:${word}@`) };
    const found = await verdictOf(`https://localhost:${port}/`, {}, { env });
    expect(found).toMatchObject({ status: 'pass' });
    expect(JSON.stringify(found)).not.toContain(word);
    expect(proxy.asked[0]).toContain(Buffer.from(`me:${word}`).toString('base64'));
  });

  test.each([
    [407, 'wants a user and a password'],
    [403, 'allowed on the proxy'],
    [503, 'may be down'],
  ])('a refusal with %d says what to do', async (status, advice) => {
    const proxy = await serveProxy(status);
    const env = { https_proxy: proxy.url };
    expect(await verdictOf('https://a.example/', {}, { env })).toMatchObject({
      status: 'fail',
      found: text(
        `${new URL(proxy.url).host} does not let us through to a.example: ${status} Not Today`,
      ),
      remedy: text(advice),
    });
  });

  test('a proxy that is down is not taken for the server', async () => {
    const env = { https_proxy: 'http://127.0.0.1:1' };
    expect(await verdictOf('https://a.example/', {}, { env })).toMatchObject({
      found: text('the proxy 127.0.0.1:1 refuses connections'),
    });
  });

  test('a SOCKS proxy cannot be tried, which is said', async () => {
    const env = { https_proxy: 'socks5://127.0.0.1:1080' };
    expect(await verdictOf('https://a.example/', {}, { env })).toEqual({
      status: 'unable',
      reason: 'https_proxy names a socks5 proxy, which cannot be tried here',
    });
  });
});

describe('the clock', () => {
  const serveDate = (offsetMs: number, headers: Readonly<Record<string, string>> = {}) =>
    serveHttp((_, response) => {
      response.sendDate = false;
      const date = new Date(Date.now() + offsetMs).toUTCString();
      response.writeHead(200, { date, ...headers }).end();
    });
  const clockAgainst = (port: number) =>
    look(time, { url: `http://127.0.0.1:${port}/`, maxSkewMs: 30_000 }, {});

  test('is right', async () => {
    expect(await clockAgainst(await serveDate(0))).toMatchObject({
      status: 'pass',
      found: expect.stringMatching(/^in step with 127/u),
    });
  });

  test('is right within what is tolerated', async () => {
    expect(await clockAgainst(await serveDate(20_000))).toMatchObject({ status: 'pass' });
  });

  test.each([
    [200_000, 'behind'],
    [-200_000, 'ahead of'],
  ])('is wrong by %d ms', async (offsetMs, word) => {
    expect(await clockAgainst(await serveDate(offsetMs))).toMatchObject({
      status: 'fail',
      found: expect.stringMatching(new RegExp(`^3m (?:19|20|21)s ${word} 127`, 'u')),
      remedy: text('timedatectl'),
    });
  });

  test('is not blamed for an answer that a cache has kept', async () => {
    const port = await serveDate(-600_000, { age: '600' });
    expect(await clockAgainst(port)).toMatchObject({ status: 'pass' });
  });

  test('is compared over a certificate that a wrong clock makes invalid', async () => {
    const port = await serveHttps(authority.issue({ fromDays: -9, toDays: -2 }));
    const found = await look(time, { url: `https://localhost:${port}/`, maxSkewMs: 30_000 }, {});
    expect(found).toMatchObject({ status: 'pass' });
  });

  test('cannot be compared without a date, or without a server', async () => {
    const port = await serveHttp((_, response) => {
      response.sendDate = false;
      response.end();
    });
    expect(await clockAgainst(port)).toMatchObject({ status: 'unable', reason: text('no Date') });
    expect(await clockAgainst(1)).toMatchObject({ status: 'unable', reason: text('refuses') });
  });
});
