import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran } from '../../support/action.ts';
import { CacheServer } from '../../support/cache-server.ts';
import { ExampleMachine, resultsOf } from '../../support/example.ts';

const TOKEN = ['st', 'ore-', 'Wq7Ztk', '30sPx'].join('');

/** The store that the example deploys to: what all machines can see. */
class Store {
  /** Requests that were carried out, in order. */
  readonly done: string[] = [];
  readonly migrations = new Set<string>();
  live = 'v0.9.0';
  isReadOnly = false;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request, response);
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [status, text] = this.decide(request, Buffer.concat(chunks));
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  }

  private decide(request: IncomingMessage, body: Buffer): readonly [number, string] {
    const { method = '', url = '' } = request;
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return [401, 'who are you?'];
    const migration = /^\/migrations\/(.+)$/u.exec(url)?.[1];
    if (method === 'GET' && migration !== undefined) {
      return this.migrations.has(migration) ? [200, 'applied'] : [404, 'not applied'];
    }
    if (url === '/live' && this.isReadOnly) return [409, 'the store is frozen until 18:00'];
    this.done.push(`${method} ${url}${method === 'PUT' && body.length === 0 ? ' (empty)' : ''}`);
    if (migration !== undefined) this.migrations.add(migration);
    if (url === '/live') this.live = body.toString();
    return [200, 'ok'];
  }
}

describe('examples/ephemeral', () => {
  let cache: CacheServer;
  let store: Store;
  const machines: ExampleMachine[] = [];

  beforeEach(async () => {
    cache = new CacheServer();
    store = new Store();
    await Promise.all([cache.listen(), store.listen()]);
  });
  afterEach(async () => {
    for (const machine of machines.splice(0)) machine.remove();
    await Promise.all([cache.close(), store.close()]);
  });

  /** A job on a machine that nobody has seen before, and nobody sees again. */
  async function deployFromNewMachine(attempt: number): Promise<Ran> {
    const machine = new ExampleMachine('ephemeral');
    machines.push(machine);
    const ran = await machine.deploy(
      {
        job: 'deploy',
        expressions: { 'github.ref_name': 'v1.0.0', 'secrets.STORE_TOKEN': TOKEN },
      },
      { attempt, env: { ...cache.env(), STORE: store.url } },
    );
    machine.remove();
    return ran;
  }

  test('the second machine goes on where the first one failed, and does again what was only there', async () => {
    store.isReadOnly = true;
    const first = await deployFromNewMachine(1);
    expect([first.outputs.get('outcome'), first.outputs.get('failed-step')]).toEqual([
      'failed',
      'activate',
    ]);
    expect(first.log).toContain('the store is frozen until 18:00');
    expect(store.live).toBe('v0.9.0');

    store.isReadOnly = false;
    const second = await deployFromNewMachine(2);
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(second.log).toContain('checkpoint restored from the Actions cache');
    expect(resultsOf(second)).toEqual({
      login: 'succeeded',
      pack: 'succeeded',
      upload: 'skipped',
      migrate: 'skipped',
      activate: 'succeeded',
    });
    expect(store.done).toEqual([
      'GET /whoami',
      'PUT /releases/v1.0.0',
      'POST /migrations/v1.0.0',
      'GET /whoami',
      'PUT /live',
    ]);
    expect(store.live).toBe('v1.0.0');
    for (const { log } of [first, second]) {
      expect(log.replaceAll(`::add-mask::${TOKEN}`, '')).not.toContain(TOKEN);
    }
  }, 60_000);

  test('a cache that has forgotten everything does not lead to a second migration', async () => {
    store.isReadOnly = true;
    await deployFromNewMachine(1);
    cache.entries.length = 0;
    store.isReadOnly = false;
    const second = await deployFromNewMachine(2);
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(store.done.filter((request) => request.startsWith('POST'))).toEqual([
      'POST /migrations/v1.0.0',
    ]);
  }, 60_000);
});
