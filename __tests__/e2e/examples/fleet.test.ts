import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran } from '../../support/action.ts';
import { ExampleMachine, readWorkflow, resultsOf } from '../../support/example.ts';
import { canTest } from '../../support/machine.ts';
import { hasPostgres, Postgres } from '../../support/postgres.ts';

const { jobs } = readWorkflow('fleet');
const strategy = jobs['roll-out']?.strategy;
const HOSTS = strategy?.matrix['host'] ?? [];

/** A host with a runner, a state directory and a service of its own. */
class Host {
  readonly machine = new ExampleMachine('fleet');
  readonly site = join(this.machine.home, 'srv');
  /** Which version was there, each time that the service was restarted. */
  readonly restarts: string[] = [];
  isBroken = false;
  private readonly service: Server;

  constructor() {
    mkdirSync(this.site);
    this.service = createServer((request, response) => {
      if (request.url === '/restart') this.restarts.push(this.version);
      else if (this.isBroken) response.statusCode = 503;
      response.end(this.isBroken ? 'out of memory' : this.version);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.service.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.service.address() as AddressInfo).port}/`;
  }

  /** The version that is live, which the service answers with. */
  get version(): string {
    const current = join(this.site, 'current');
    return existsSync(current) ? readFileSync(join(current, 'VERSION'), 'utf8').trim() : 'none';
  }

  get isDrained(): boolean {
    return existsSync(join(this.site, 'drained'));
  }

  async stop(): Promise<void> {
    this.service.closeAllConnections();
    await new Promise((resolve) => this.service.close(resolve));
    this.machine.remove();
  }
}

test('examples/fleet is what the tests play: one leg at a time, after one migration', () => {
  expect([strategy?.['max-parallel'], strategy?.['fail-fast']]).toEqual([1, true]);
  expect(jobs['roll-out']?.needs).toBe('migrate');
  expect(HOSTS).toHaveLength(3);
});

const isPossible = canTest(hasPostgres(), 'PostgreSQL');

(isPossible ? describe : describe.skip)('examples/fleet', () => {
  const database = new Postgres();
  let databaseHost: ExampleMachine;
  let hosts: ReadonlyMap<string, Host>;

  beforeAll(async () => {
    await database.start();
  }, 60_000);
  afterAll(async () => {
    await database.stop();
  });
  beforeEach(async () => {
    databaseHost = new ExampleMachine('fleet');
    hosts = new Map(HOSTS.map((name) => [name, new Host()]));
    await Promise.all([...hosts.values()].map((host) => host.start()));
  });
  afterEach(async () => {
    await Promise.all([...hosts.values()].map((host) => host.stop()));
    database.query('drop table if exists schema_migrations, orders');
    databaseHost.remove();
  });

  const expressions = {
    'github.ref_name': 'v1.0.0',
    'secrets.SHOP_DB_PASSWORD': 'of the database that the test has started',
  };

  async function migrate(attempt: number): Promise<Ran> {
    return await databaseHost.deploy(
      { job: 'migrate', expressions },
      { attempt, env: database.env },
    );
  }

  async function deployTo(name: string, attempt: number): Promise<Ran> {
    const host = findHost(name);
    return await host.machine.deploy(
      { job: 'roll-out', expressions },
      {
        attempt,
        inputs: { matrix: JSON.stringify({ host: name }, undefined, 2) },
        env: {
          TRIES: '3',
          SITE: host.site,
          RESTART: `curl --silent ${host.url}restart`,
          HEALTH_URL: host.url,
        },
      },
    );
  }

  function findHost(name: string): Host {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name}`);
    return host;
  }

  /** As GitHub does with `max-parallel: 1` and `fail-fast`: one leg after the other, none after a failed one. */
  async function rollOut(names: readonly string[], attempt: number): Promise<Map<string, Ran>> {
    const legs = new Map<string, Ran>();
    for (const name of names) {
      const ran = await deployTo(name, attempt);
      legs.set(name, ran);
      if (ran.code !== 0) break;
    }
    return legs;
  }

  const outcomesOf = (legs: ReadonlyMap<string, Ran>): readonly (readonly string[])[] =>
    [...legs].map(([name, ran]) => [name, ran.outputs.get('outcome') ?? '']);
  const versions = (): readonly string[] => HOSTS.map((name) => findHost(name).version);
  const countMigrations = (): string =>
    database.query('select count(*), max(applied_at) is not null from schema_migrations');

  test('a host that is not healthy stops the roll-out, is taken back, and the re-run goes on with it', async () => {
    expect((await migrate(1)).outputs.get('outcome')).toBe('succeeded');
    findHost('web-2').isBroken = true;
    const first = await rollOut(HOSTS, 1);
    expect(outcomesOf(first)).toEqual([
      ['web-1', 'succeeded'],
      ['web-2', 'rolled-back'],
    ]);
    expect(versions()).toEqual(['v1.0.0', 'none', 'none']);
    expect(HOSTS.map((name) => findHost(name).isDrained)).toEqual([false, false, false]);

    // Re-run failed jobs: neither the migration nor web-1 is asked again.
    findHost('web-2').isBroken = false;
    const second = await rollOut(['web-2', 'web-3'], 2);
    expect(outcomesOf(second)).toEqual([
      ['web-2', 'succeeded'],
      ['web-3', 'succeeded'],
    ]);
    expect(versions()).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0']);
    expect(findHost('web-1').restarts).toEqual(['v1.0.0']);
    expect(findHost('web-2').restarts).toEqual(['v1.0.0', 'none', 'v1.0.0']);
    expect(countMigrations()).toBe('1|t');
  }, 90_000);

  test('a host whose restart is not allowed goes on at that step; the others are left alone', async () => {
    await migrate(1);
    const refused = findHost('web-2');
    const directory = join(refused.machine.home, 'bin');
    const curl = join(directory, 'curl');
    mkdirSync(directory);
    writeFileSync(curl, '#!/bin/sh\necho "sudo: a password is required" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const [path] = [process.env['PATH']];
    const first = await rollOut(['web-1'], 1);
    process.env['PATH'] = `${directory}:${path ?? ''}`;
    const failed = await deployTo('web-2', 1).finally(() => (process.env['PATH'] = path));
    expect(outcomesOf(first)).toEqual([['web-1', 'succeeded']]);
    expect(failed.outputs.get('outcome')).toBe('failed');
    expect(failed.outputs.get('failed-step')).toBe('activate');
    // The host stays out of the load balancer until somebody has looked.
    expect(refused.isDrained).toBe(true);

    const second = await rollOut(['web-2', 'web-3'], 2);
    expect(outcomesOf(second).map(([, outcome]) => outcome)).toEqual(['succeeded', 'succeeded']);
    const resumed = second.get('web-2');
    expect(resumed === undefined ? {} : resultsOf(resumed)).toMatchObject({
      unpack: 'skipped',
      drain: 'skipped',
      activate: 'succeeded',
    });
    expect(refused.isDrained).toBe(false);
    expect(readlinkSync(join(refused.site, 'current'))).toBe(join(refused.site, 'releases/v1.0.0'));
  }, 90_000);

  test('the migration runs once, also when all jobs are re-run', async () => {
    await migrate(1);
    const before = database.query('select applied_at from schema_migrations');
    const again = await migrate(2);
    expect(again.outputs.get('outcome')).toBe('succeeded');
    expect(again.log).not.toContain('applying');
    expect(again.log).toContain('done-when of migrate: done');
    expect(database.query('select applied_at from schema_migrations')).toBe(before);
  }, 60_000);
});
