import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { until } from './commands.ts';
import { findFreePorts } from './example.ts';
import { temporaryFolder } from './folders.ts';
import { isRoot } from './machine.ts';

const DEBIAN = '/usr/lib/postgresql';

/** Where the server's programs are, newest version first; Debian does not put them on the PATH. */
function findPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

export function hasPostgres(): boolean {
  return findPrograms() !== undefined;
}

/** A PostgreSQL server of its own on a free port of the loopback address, with a password. */
export class Postgres {
  private readonly folder = temporaryFolder();
  private server: ChildProcess | undefined;
  /** The variables by which psql finds the server. */
  env: Readonly<Record<string, string>> = {};

  async start(): Promise<void> {
    const programs = findPrograms();
    if (programs === undefined) throw new Error('PostgreSQL is not installed');
    const [port] = await findFreePorts(1);
    const data = join(this.folder.path, 'data');
    const passwordFile = join(this.folder.path, 'password');
    const password = ['pg', 'Zx81-', String(port), 'q7Lm'].join('');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`);
    chmodSync(this.folder.path, 0o711);
    // PostgreSQL refuses to run as root.
    const user = isRoot() ? 'postgres' : userInfo().username;
    if (isRoot()) execFileSync('chown', ['-R', user, data, passwordFile]);
    const as = isRoot()
      ? ['setpriv', '--reuid', user, '--regid', user, '--init-groups', '--']
      : ['env', '--'];
    const [command = '', ...prefix] = as;
    const init = ['-D', data, '-U', 'shop', '-A', 'scram-sha-256', '--pwfile', passwordFile];
    execFileSync(command, [...prefix, join(programs, 'initdb'), ...init, '-N', '-E', 'UTF8'], {
      cwd: '/',
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    });
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
      fsync: 'off',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.server = spawn(
      command,
      [...prefix, join(programs, 'postgres'), '-D', data, ...options],
      // setpriv becomes the server, so this process is the one to end.
      { cwd: '/', stdio: 'ignore', env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } },
    );
    this.env = {
      PGHOST: '127.0.0.1',
      PGPORT: String(port),
      PGDATABASE: 'postgres',
      PGUSER: 'shop',
      PGPASSWORD: password,
    };
    await until(() => this.tryQuery('select 1'), 20_000);
  }

  /** Rows of a query, one a line, columns between bars. */
  query(sql: string): string {
    return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', sql], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, ...this.env },
    }).trim();
  }

  private tryQuery(sql: string): string | undefined {
    try {
      return this.query(sql);
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      // Does not wait for clients.
      server.kill('SIGINT');
      await ended;
    }
    this.folder.remove();
  }
}
