import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { dial, toAttemptOrder, toTellingError } from '../../../src/edges/probes/dial.ts';
import { Journey } from '../../../src/edges/probes/journey.ts';

const V4 = (address: string) => ({ address, family: 4 });
const V6 = (address: string) => ({ address, family: 6 });

test('the families take turns, the first one first', () => {
  const order = toAttemptOrder([V6('::1'), V6('::2'), V4('1.1.1.1'), V4('2.2.2.2'), V4('3.3.3.3')]);
  expect(order.map(({ address }) => address)).toEqual([
    '::1',
    '1.1.1.1',
    '::2',
    '2.2.2.2',
    '3.3.3.3',
  ]);
});

test('of several failures the one that is about the server is told', () => {
  const failed = (code: string) => Object.assign(new Error(code), { code });
  const noWay = failed('ENETUNREACH');
  const refused = failed('ECONNREFUSED');
  const byOrder = (...errors: readonly Error[]) => toTellingError(new Map(errors.entries()));
  expect(byOrder(noWay, refused)).toBe(refused);
  expect(byOrder(refused, failed('ETIMEDOUT'))).toBe(refused);
  expect(byOrder(noWay, noWay)).toBe(noWay);
});

describe('connecting', () => {
  const server = createServer((socket) => socket.destroy());
  const made: Socket[] = [];
  beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
  afterAll(() => {
    for (const socket of made) socket.destroy();
    server.close();
  });
  const port = (): number => (server.address() as AddressInfo).port;
  const dialAll = (...addresses: readonly ReturnType<typeof V4>[]) =>
    dial(addresses, port(), (socket) => made.push(socket));

  test('does not wait for an address that never answers', async () => {
    const started = performance.now();
    // A documentation address: dropped on its way, or refused by the first router.
    const socket = await dialAll(V4('192.0.2.1'), V4('127.0.0.1'));
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('fails with the refusal when nobody listens', async () => {
    const nobody = dial([V4('127.0.0.1')], 1, (socket) => made.push(socket));
    await expect(nobody).rejects.toMatchObject({ code: 'ECONNREFUSED', address: '127.0.0.1' });
  });

  test('ends when its sockets are closed from outside', async () => {
    const journey = new Journey(undefined);
    const waiting = dial([V4('127.0.0.1')], port(), (socket) => {
      journey.add(socket);
    });
    journey.close();
    await expect(waiting).rejects.toThrow('closed');
  });

  test('opens nothing any more once all is over', async () => {
    const journey = new Journey(undefined);
    journey.close();
    const waiting = dial([V4('127.0.0.1')], port(), (socket) => {
      journey.add(socket);
    });
    await expect(waiting).rejects.toThrow('closed');
  });
});
