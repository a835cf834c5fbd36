import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { decidePort } from '../../../src/checks/kinds/port.ts';
import { Accounts } from '../../../src/edges/probes/accounts.ts';
import { KernelFiles } from '../../../src/edges/probes/kernel-files.ts';
import { loadListeners, toListeningSockets } from '../../../src/edges/probes/listeners.ts';
import { describeHost } from './described-host.ts';

const HOST = new KernelFiles();

async function lookAt(port: number, files = HOST) {
  const listeners = await loadListeners(files, new Accounts(files), port);
  if (!listeners.ok) throw new Error(listeners.error);
  return listeners.value;
}

async function listenOn(address: string) {
  const server = createServer().listen(0, address);
  await new Promise((ready) => server.once('listening', ready));
  return { server, port: (server.address() as AddressInfo).port };
}

describe('a port of this very host', () => {
  test('that is listened on names the process', async () => {
    const { server, port } = await listenOn('127.0.0.1');
    const listeners = await lookAt(port);
    server.close();
    expect(listeners).toEqual([
      {
        address: '127.0.0.1',
        holder: { kind: 'process', pid: process.pid, name: expect.any(String) },
      },
    ]);
    expect(decidePort({ numbers: [port], state: 'free' }, listeners)).toMatchObject({
      status: 'fail',
      found: expect.stringContaining(`(pid ${process.pid}) listens on 127.0.0.1:${port}`),
      remedy: expect.stringContaining(`\`ps -fp ${process.pid}\``),
    });
    expect(decidePort({ numbers: [port], state: 'listening' }, listeners).status).toBe('pass');
  });

  test('that has been closed is free', async () => {
    const { server, port } = await listenOn('127.0.0.1');
    await new Promise((closed) => server.close(closed));
    expect(decidePort({ numbers: [port], state: 'free' }, await lookAt(port))).toEqual({
      status: 'pass',
      found: 'free',
    });
    expect(decidePort({ numbers: [port], state: 'listening' }, await lookAt(port))).toMatchObject({
      status: 'fail',
      found: 'nothing listens',
    });
  });
});

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, state: string, uid: number, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;

describe('the kernel table', () => {
  test('shows sockets that listen, and no connections', () => {
    const table = HEADER + row('0100007F:0016', '0A', 0, 1) + row('0100007F:0016', '01', 0, 2);
    expect(toListeningSockets(table)).toEqual([
      { address: '127.0.0.1', port: 22, uid: 0, inode: '1' },
    ]);
  });

  test.each([
    ['00000000', '0.0.0.0'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000001000000', '::1'],
    ['B80D0120000000000000000001000000', '2001:db8::1'],
    ['000080FE00000000FF005450B6EEE1FE', 'fe80::5054:ff:fee1:eeb6'],
  ])('%s is %s', (hex, address) => {
    expect(toListeningSockets(row(`${hex}:01BB`, '0A', 0, 1))).toMatchObject([
      { address, port: 443 },
    ]);
  });

  test('leads to the process and its systemd unit', async () => {
    const { root, files, remove } = describeHost({
      '/proc/self/net/tcp': HEADER + row('00000000:01BB', '0A', 0, 77),
      '/proc/812/comm': 'nginx\n',
      '/proc/812/cgroup': '0::/system.slice/nginx.service\n',
      '/proc/99/comm': 'other\n',
    });
    mkdirSync(join(root, 'proc/812/fd'));
    symlinkSync('socket:[77]', join(root, 'proc/812/fd/6'));
    const listeners = await lookAt(443, files);
    remove();
    expect(decidePort({ numbers: [443], state: 'free' }, listeners)).toEqual({
      status: 'fail',
      found: 'nginx (pid 812, nginx.service) listens on 0.0.0.0:443',
      remedy: expect.stringContaining('`sudo systemctl stop nginx.service`'),
    });
  });
});

describe('an address', () => {
  const listener = (address: string) => ({
    address,
    holder: { kind: 'process', pid: 7, name: 'docker-proxy' } as const,
  });

  test.each([
    ['127.0.0.1', '127.0.0.1', 'fail'],
    ['10.0.0.5', '127.0.0.1', 'pass'],
    ['0.0.0.0', '127.0.0.1', 'fail'],
    ['::', '127.0.0.1', 'fail'],
    ['127.0.0.1', '0.0.0.0', 'fail'],
    ['::1', '::1', 'fail'],
    ['0.0.0.0', '::1', 'pass'],
    ['127.0.0.1', 'localhost', 'fail'],
    ['::1', 'localhost', 'fail'],
    ['10.0.0.5', 'localhost', 'pass'],
    ['10.0.0.5', 'db.example', 'unable'],
  ])('listener on %s, wanted free on %s: %s', (held, address, status) => {
    const verdict = decidePort({ numbers: [80], state: 'free', address }, [listener(held)]);
    expect(verdict.status).toBe(status);
  });

  test('held by a container says how to find it', () => {
    const verdict = decidePort({ numbers: [80], state: 'free' }, [listener('0.0.0.0')]);
    expect(verdict).toMatchObject({
      remedy: expect.stringContaining('`docker ps --filter publish=80`'),
    });
  });
});
