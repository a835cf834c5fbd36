import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { decideDns, dns } from '../../../src/checks/kinds/dns.ts';
import type { CheckWorld } from '../../../src/checks/ports.ts';
import { resolveName } from '../../../src/edges/probes/resolver.ts';
import { createStop } from '../../../src/engine/stop.ts';
import type { DnsOptions } from '../../../src/plan/check-options.ts';
import { failure, success } from '../../../src/result.ts';
import { fakeWorld } from '../../checks/fake-world.ts';
import { serveNames } from './name-server.ts';

const HERE = '203.0.113.7';
const ELSEWHERE = '198.51.100.9';

let names: Awaited<ReturnType<typeof serveNames>>;
beforeAll(async () => {
  names = await serveNames({
    'app.example A': [HERE],
    'app.example AAAA': [],
    'both.example A': [HERE],
    'both.example AAAA': ['2001:db8::1'],
    'pair.example A': [HERE, ELSEWHERE],
    'old.example A': [ELSEWHERE],
    'empty.example A': [],
    'broken.example A': 'SERVFAIL',
    'broken.example AAAA': 'SERVFAIL',
    'silent.example A': 'silence',
    'silent.example AAAA': 'silence',
  });
});
afterAll(() => {
  names.close();
});

/** Asks the real name server; the host's own addresses are made up. */
async function verdictOf(
  name: string,
  options: Partial<DnsOptions> = {},
  own: readonly string[] = [HERE],
  network: Partial<CheckWorld['network']> = {},
) {
  const cut = createStop();
  const world = fakeWorld({
    host: { addresses: () => own },
    network: { resolve: resolveName, ...network },
  });
  return dns.look(
    { names: [name], addresses: [], resolver: names.server, ...options },
    { world, cut: cut.stop, command: { shell: 'bash', workingDirectory: '/' } },
  );
}

describe('a name', () => {
  test('resolves, IPv4 and IPv6', async () => {
    expect(await verdictOf('both.example')).toEqual({
      status: 'pass',
      found: `${HERE}, 2001:db8::1`,
    });
  });

  test('that does not exist is told from one without an address', async () => {
    expect(await verdictOf('nothing.example')).toMatchObject({
      status: 'fail',
      found: 'there is no such name',
    });
    expect(await verdictOf('empty.example')).toMatchObject({ found: 'the name has no address' });
  });

  test('is not blamed for a name server that fails', async () => {
    expect(await verdictOf('broken.example')).toMatchObject({
      status: 'fail',
      found: 'no name server gave an answer (ESERVFAIL)',
      remedy: expect.stringContaining('`dig @127.0.0.1 broken.example A`'),
    });
  });

  test('that nobody answers for is given up when the check is cut', async () => {
    const cut = createStop();
    const asked = resolveName('silent.example', 4, names.server, cut.stop);
    setTimeout(cut.request, 50);
    expect(await asked).toEqual(failure('TIMEOUT'));
  });

  test('cannot be asked of a server that is none', async () => {
    const found = await resolveName('a.example', 4, 'not an address', createStop().stop);
    expect(found).toEqual(failure('ERR_INVALID_IP_ADDRESS'));
  });
});

describe('an expected address', () => {
  test('is there', async () => {
    expect(await verdictOf('app.example', { addresses: [HERE] })).toMatchObject({ status: 'pass' });
  });

  test('is compared by meaning, not by spelling', async () => {
    const addresses = [HERE, '2001:0DB8:0:0::0001'];
    expect(await verdictOf('both.example', { addresses })).toMatchObject({ status: 'pass' });
  });

  test('is not there', async () => {
    expect(await verdictOf('old.example', { addresses: [HERE] })).toMatchObject({
      status: 'fail',
      found: ELSEWHERE,
    });
  });

  test('beside another one: some clients will be sent elsewhere', async () => {
    expect(await verdictOf('pair.example', { addresses: [HERE] })).toMatchObject({
      status: 'warn',
      remedy: expect.stringContaining(`Some clients will be sent to ${ELSEWHERE}`),
    });
  });
});

describe('this host itself', () => {
  const addresses = ['self'];

  test('by an address of its interfaces', async () => {
    expect(await verdictOf('app.example', { addresses })).toMatchObject({ status: 'pass' });
  });

  test('is not meant by a record that leads elsewhere', async () => {
    expect(await verdictOf('old.example', { addresses })).toMatchObject({
      status: 'fail',
      found: `${ELSEWHERE} (this host has ${HERE})`,
    });
  });

  test('may be one of several hosts', async () => {
    expect(await verdictOf('pair.example', { addresses })).toMatchObject({ status: 'pass' });
  });

  test('with a stale IPv6 record beside the right one warns', async () => {
    expect(await verdictOf('both.example', { addresses })).toMatchObject({ status: 'warn' });
  });

  test('behind address translation cannot be known without its public address', async () => {
    expect(await verdictOf('app.example', { addresses }, ['192.168.1.5'])).toMatchObject({
      status: 'unable',
      remedy: expect.stringContaining('public-ip-url'),
    });
  });

  test('by the public address that a URL answers with', async () => {
    const reach: CheckWorld['network']['reach'] = () =>
      Promise.resolve({
        kind: 'answered',
        status: 200,
        headers: {},
        body: `${HERE}\n`,
        sentAt: 0,
        receivedAt: 0,
      });
    const options = { addresses, publicIpUrl: 'https://ip.example/' };
    const inside = ['192.168.1.5'];
    expect(await verdictOf('app.example', options, inside, { reach })).toMatchObject({
      status: 'pass',
    });
    expect(await verdictOf('old.example', options, inside, { reach })).toMatchObject({
      status: 'fail',
      found: `${ELSEWHERE} (this host has 192.168.1.5, ${HERE})`,
    });
  });

  test('stays unknown when that URL does not answer with an address', async () => {
    const reach: CheckWorld['network']['reach'] = () =>
      Promise.resolve({
        kind: 'answered',
        status: 200,
        headers: {},
        body: '<html>',
        sentAt: 0,
        receivedAt: 0,
      });
    const options = { addresses, publicIpUrl: 'https://ip.example/' };
    expect(await verdictOf('app.example', options, ['10.0.0.1'], { reach })).toMatchObject({
      status: 'unable',
      reason: 'ip.example did not answer with an address',
    });
  });
});

test('one family that fails does not hide the other', () => {
  const facts = { ipv4: success([HERE]), ipv6: failure('ESERVFAIL'), own: [] };
  expect(decideDns({ names: ['a'], addresses: [] }, facts)).toMatchObject({ status: 'pass' });
});
