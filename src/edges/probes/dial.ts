import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';

import { toErrorCode } from './kernel-files.ts';

/** The next address is tried when the one before has not answered by then (RFC 8305). */
const STAGGER_MS = 250;

/** Alternates the families, so that a broken IPv6 costs one stagger and not one for each address. */
export function toAttemptOrder(addresses: readonly LookupAddress[]): readonly LookupAddress[] {
  const first = addresses.filter(({ family }) => family === addresses[0]?.family);
  const second = addresses.filter(({ family }) => family !== addresses[0]?.family);
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, index) => [first[index], second[index]])
    .flat()
    .filter((address) => address !== undefined);
}

/** This host has no way to addresses of that family: says nothing about the server. */
const NO_WAY = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Of the failures of all addresses the one that tells most, and of those the one tried first. */
export function toTellingError(errors: ReadonlyMap<number, Error>): Error {
  const inOrder = [...errors].sort(([a], [b]) => a - b).map(([, error]) => error);
  const telling = inOrder.find((error) => !NO_WAY.has(toErrorCode(error)));
  return telling ?? inOrder[0] ?? new Error('no address to connect to');
}

/** Connects to whichever address answers first. Hands out every socket it makes, to be closed on a cut. */
export async function dial(
  addresses: readonly LookupAddress[],
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Socket> {
  const { connect } = await import('node:net');
  const order = toAttemptOrder(addresses);
  return new Promise((settle, reject) => {
    const sockets: Socket[] = [];
    const errors = new Map<number, Error>();
    let settled = false;
    let timer: NodeJS.Timeout | undefined;
    const attempt = (): void => {
      clearTimeout(timer);
      const index = sockets.length;
      const next = order[index];
      if (next === undefined || settled) return;
      const socket = connect({ host: next.address, port, family: next.family });
      sockets.push(socket);
      onSocket(socket);
      socket.on('connect', () => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        for (const other of sockets) if (other !== socket) other.destroy();
        settle(socket);
      });
      socket.on('error', (error) => {
        errors.set(index, error);
        if (settled) return;
        if (errors.size < order.length) {
          attempt();
          return;
        }
        settled = true;
        reject(toTellingError(errors));
      });
      socket.on('close', () => {
        // Destroyed from outside: the check was cut.
        if (settled || errors.has(index)) return;
        settled = true;
        clearTimeout(timer);
        reject(new Error('closed'));
      });
      timer = setTimeout(attempt, STAGGER_MS);
    };
    attempt();
  });
}
