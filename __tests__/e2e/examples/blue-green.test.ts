import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import type { Server } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Ran } from '../../support/action.ts';
import { isRunning } from '../../support/action.ts';
import { until, untilGone } from '../../support/commands.ts';
import { ExampleMachine, findFreePorts, resultsOf } from '../../support/example.ts';
import { canTest, isRoot } from '../../support/machine.ts';
import { hasPostgres, Postgres } from '../../support/postgres.ts';

const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));

/** nginx with the example's server block, on a free port and with all of its files in one folder. */
class Nginx {
  private child: ChildProcess | undefined;
  readonly command: string;
  readonly pidFile: string;
  private readonly folder: string;
  readonly url: string;

  constructor(site: string, port: number, firstUpstream: number) {
    this.folder = join(site, 'nginx');
    this.pidFile = join(this.folder, 'pid');
    mkdirSync(this.folder, { recursive: true });
    this.url = `http://127.0.0.1:${port}/`;
    const block = readFileSync('examples/blue-green/nginx/shop.conf', 'utf8')
      .replace('/srv/shop', site)
      .replace('listen 80;', `listen 127.0.0.1:${port};`);
    writeFileSync(join(this.folder, 'shop.conf'), block);
    const upstream = `upstream shop {\n  server 127.0.0.1:${firstUpstream};\n}\n`;
    writeFileSync(join(this.folder, 'upstream.conf'), upstream);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `  ${name}_temp_path ${this.folder}/${name};`,
    );
    const main = [
      ...(isRoot() ? ['user root;'] : []),
      'daemon off;',
      'worker_processes 1;',
      `pid ${this.pidFile};`,
      `error_log ${this.folder}/error.log;`,
      'events {}',
      'http {',
      '  access_log off;',
      ...temporary,
      `  include ${this.folder}/shop.conf;`,
      '}',
      '',
    ];
    writeFileSync(join(this.folder, 'nginx.conf'), main.join('\n'));
    this.command = `${NGINX ?? ''} -p ${this.folder} -c ${this.folder}/nginx.conf -e ${this.folder}/error.log`;
  }

  async start(): Promise<void> {
    const [command = '', ...args] = this.command.split(' ');
    this.child = spawn(command, args, { stdio: 'ignore' });
    await until(() => (existsSync(this.pidFile) ? true : undefined));
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function ask(url: string): Promise<Answer> {
  return await new Promise((resolve) => {
    get(url, { agent: false, timeout: 5_000 }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: body.trim() });
      });
    }).on('error', (error) => {
      resolve({ status: 0, body: error.message });
    });
  });
}

/** Asks without a pause until told to stop. */
function keepAsking(url: string): () => Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const told = new AbortController();
  const asking = (async () => {
    while (!told.signal.aborted) {
      answers.push(await ask(url));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return async () => {
    told.abort();
    await asking;
    return answers;
  };
}

const isPossible = canTest(NGINX !== undefined && hasPostgres(), 'nginx and PostgreSQL');

// One after another on one host, as releases are: each test starts with what the one before has left.
(isPossible ? describe : describe.skip)('examples/blue-green', () => {
  const database = new Postgres();
  const machine = new ExampleMachine('blue-green');
  const site = join(machine.home, 'srv');
  let nginx: Nginx;
  let ports: readonly [blue: number, green: number] = [0, 0];

  beforeAll(async () => {
    const [front = 0, blue = 0, green = 0] = await findFreePorts(3);
    ports = [blue, green];
    nginx = new Nginx(site, front, blue);
    await Promise.all([database.start(), nginx.start()]);
  }, 60_000);

  afterAll(async () => {
    for (const pid of listColours().values()) {
      process.kill(pid, 'SIGKILL');
      await untilGone(pid);
    }
    await Promise.all([database.stop(), nginx.stop()]);
    machine.remove();
  });

  /** The processes of the colours that are said to run. */
  function listColours(): ReadonlyMap<string, number> {
    const folder = join(site, 'run');
    const files = existsSync(folder) ? readdirSync(folder) : [];
    return new Map(
      files
        .map((file) => [file, Number(readFileSync(join(folder, file), 'utf8'))] as const)
        .filter(([, pid]) => isRunning(pid)),
    );
  }

  const live = (): string => readFileSync(join(site, 'live'), 'utf8').trim();
  const current = (): string => readlinkSync(join(site, 'current'));
  const listReleases = (): readonly string[] =>
    readdirSync(join(site, 'releases')).map((name) => name.replace(/^\d+-/u, ''));
  const listMigrations = (): string =>
    database.query('select version from schema_migrations order by version');

  /** Deploys while a visitor asks all the time. */
  async function deploy(version: string, runId: string, attempt = 1): Promise<[Ran, Answer[]]> {
    const stop = keepAsking(nginx.url);
    const ran = await machine.deploy(
      {
        job: 'deploy',
        expressions: { 'github.ref_name': version, 'secrets.SHOP_DB_PASSWORD': 'see below' },
      },
      {
        runId,
        attempt,
        env: {
          TRIES: '5',
          SITE: site,
          SITE_URL: nginx.url,
          PORT_BLUE: String(ports[0]),
          PORT_GREEN: String(ports[1]),
          NGINX_COMMAND: nginx.command,
          NGINX_PID: nginx.pidFile,
          ...database.env,
        },
      },
    );
    return [ran, [...(await stop())]];
  }

  /**
   * Every visitor got a page: of the first of these releases in the beginning, of the last one in the end.
   * While nginx exchanges its workers, both answer.
   */
  function expectAnswered(answers: readonly Answer[], versions: readonly string[]): void {
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const seen = answers.map(({ body }) => body);
    expect([seen.at(0), seen.at(-1)]).toEqual([versions.at(0), versions.at(-1)]);
    expect(new Set(seen)).toEqual(new Set(versions));
  }

  test('the first release goes to blue', async () => {
    for (const way of ['up', 'down']) machine.delete(`migrations/002-unique-email.${way}.sql`);
    const [ran] = await deploy('v1.0.0', '100');
    expect([ran.outputs.get('outcome'), ran.log]).toEqual(['succeeded', expect.anything()]);
    expect([live(), await ask(nginx.url)]).toEqual(['blue', { status: 200, body: 'v1.0.0' }]);
    expect(listMigrations()).toBe('001-customers');
    const password = database.env['PGPASSWORD'] ?? '';
    expect(ran.log.replaceAll(`::add-mask::${password}`, '')).not.toContain(password);
  }, 60_000);

  test('a migration that the data does not fit is located, and changes nothing', async () => {
    database.query("insert into customers (email) values ('a@example.com'), ('A@example.com')");
    machine.restore('migrations');
    const [ran, answers] = await deploy('v1.1.0', '101');
    expect(ran.outputs.get('outcome')).toBe('failed');
    expect(ran.outputs.get('failed-step')).toBe('migrate');
    expect(ran.outputs.get('category')).toBe('recoverable:configuration');
    const statement = readFileSync('examples/blue-green/migrations/002-unique-email.up.sql', 'utf8')
      .split('\n')
      .findIndex((line) => line.includes('unique (email)'));
    expect(ran.log).toContain(
      `::error file=migrations/002-unique-email.up.sql,line=${statement + 1},`,
    );
    expect(ran.log).toContain('Key (email)=(a@example.com) is duplicated');
    expect(listMigrations()).toBe('001-customers');
    expect(database.query("select count(*) from customers where email like 'A%'")).toBe('1');
    expectAnswered(answers, ['v1.0.0']);
  }, 60_000);

  test('once the data is mended the re-run migrates; a taken port stops it, and the next goes on there', async () => {
    database.query("delete from customers where email = 'A@example.com'");
    const squatter = await occupy(ports[1]);
    const [second, duringSecond] = await deploy('v1.1.0', '101', 2);
    squatter.close();
    expect(second.outputs.get('failed-step')).toBe('start');
    expect(second.outputs.get('category')).toBe('recoverable:port');
    expect(resultsOf(second)).toMatchObject({ unpack: 'skipped', migrate: 'succeeded' });
    expectAnswered(duringSecond, ['v1.0.0']);

    const appliedAt = database.query('select max(applied_at) from schema_migrations');
    const [third, duringThird] = await deploy('v1.1.0', '101', 3);
    expect(third.outputs.get('outcome')).toBe('succeeded');
    expect(resultsOf(third)).toMatchObject({
      unpack: 'skipped',
      migrate: 'skipped',
      start: 'succeeded',
      'stop-old': 'succeeded',
    });
    expect(database.query('select max(applied_at) from schema_migrations')).toBe(appliedAt);
    expectAnswered(duringThird, ['v1.0.0', 'v1.1.0']);
    expect(live()).toBe('green');
    expect([...listColours().keys()]).toEqual(['green.pid']);
    expect(listReleases()).toEqual(['v1.0.0', 'v1.1.0']);
  }, 90_000);

  test('a release that is not healthy is taken back, its migration too', async () => {
    machine.write('migrations/003-phone.up.sql', 'alter table customers add column phone text;\n');
    machine.write('migrations/003-phone.down.sql', 'alter table customers drop column phone;\n');
    const server = machine.read('app/server.mjs');
    machine.write('app/server.mjs', server.replace("'/health' ?", "'/health' && crash() ?"));
    const before = current();
    const [ran, answers] = await deploy('v1.2.0', '102');
    expect([ran.outputs.get('outcome'), ran.log]).toEqual(['rolled-back', expect.anything()]);
    expect(ran.outputs.get('category')).toBe('critical:health');
    expectAnswered(answers, ['v1.1.0']);
    expect(listMigrations()).toBe('001-customers\n002-unique-email');
    expect([live(), current(), [...listColours().keys()]]).toEqual([
      'green',
      before,
      ['green.pid'],
    ]);
    expect(listReleases()).toEqual(['v1.0.0', 'v1.1.0']);
  }, 60_000);

  test('a release that shows itself to be wrong after the switch is switched back', async () => {
    machine.restore('app');
    const server = machine.read('app/server.mjs');
    machine.write('app/server.mjs', server.replace(': version', ": 'a wrong page'"));
    const before = current();
    const [ran, answers] = await deploy('v1.3.0', '103');
    expect([ran.outputs.get('outcome'), ran.log]).toEqual(['rolled-back', expect.anything()]);
    expect(ran.outputs.get('category')).toBe('critical:verification');
    expectAnswered(answers, ['v1.1.0', 'a wrong page', 'v1.1.0']);
    expect(listMigrations()).toBe('001-customers\n002-unique-email');
    expect([live(), current(), [...listColours().keys()]]).toEqual([
      'green',
      before,
      ['green.pid'],
    ]);
  }, 60_000);
});

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
