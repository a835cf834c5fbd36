import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { CHECKS } from '../../src/checks/kinds.ts';
import { decideGate } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import { systemClock } from '../../src/edges/clock.ts';
import { createCheckWorld } from '../../src/edges/host-facts.ts';
import { findCommand } from '../../src/edges/probes/commands.ts';
import { createStop } from '../../src/engine/stop.ts';
import type { CheckSpec } from '../../src/plan/plan.ts';
import { checkSpec } from '../checks/fake-world.ts';
import { temporaryFolder } from '../support/folders.ts';
import { serveNames } from './probes/name-server.ts';

const folder = temporaryFolder();
const at = (path: string): string => join(folder.path, path);
const PATH = `${at('bin')}:${process.env['PATH'] ?? ''}`;

function putProgram(name: string, script: string): void {
  writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function putEngine(info: object, more = ''): void {
  writeFileSync(at('info.json'), JSON.stringify(info));
  putProgram('docker', `case "$1" in info) cat ${at('info.json')};; esac\n${more}`);
}

const ENGINE = { ServerVersion: '28.2.2', DockerRootDir: '/', ClientInfo: { Context: 'default' } };

beforeAll(() => {
  mkdirSync(at('bin'));
  mkdirSync(at('root/run/systemd/system'), { recursive: true });
});
afterAll(folder.remove);

interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly root?: string;
}

/** Carries out checks in the real world, in a workspace of their own. */
function run(specs: readonly CheckSpec[], { env = {}, root }: Setting = {}) {
  const world = createCheckWorld({
    clock: systemClock,
    env: { PATH, ...env },
    workspace: folder.path,
    ...(root === undefined ? {} : { root }),
  });
  return runChecks(specs, world, { fresh: true, cancel: createStop().stop });
}

async function findingOf(spec: CheckSpec, setting: Setting = {}) {
  const [finding] = await run([spec], setting);
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

const text = (part: string): unknown => expect.stringContaining(part);

describe('the Docker engine', () => {
  const docker = (options: Parameters<typeof checkSpec<'docker'>>[1], setting: Setting = {}) =>
    findingOf(checkSpec('docker', options), setting);

  test('answers, in a version that will do, with compose and space', async () => {
    putEngine(ENGINE, 'case "$1" in compose) echo 2.24.1;; esac');
    expect(await docker({ version: '>=24', compose: '>=2.20', freeBytes: 1 })).toMatchObject({
      status: 'pass',
      found: expect.stringMatching(/^engine 28\.2\.2, compose 2\.24\.1, .* free at its root/u),
      wanted: 'engine >=24, compose >=2.20, 1 B free',
      measures: [{ label: 'free', unit: 'bytes', value: expect.any(Number) }],
    });
  });

  test('is too old, has no compose plugin, and too little space: all is said', async () => {
    putEngine(ENGINE, 'case "$1" in compose) echo "docker: unknown command" >&2; exit 1;; esac');
    const finding = await docker({ version: '>=29', compose: '*', freeBytes: 1e18 });
    expect(finding).toMatchObject({
      status: 'fail',
      found: text('engine 28.2.2, no compose plugin, '),
    });
    expect(finding.remedy).toMatch(/Upgrade the engine.*docker-compose-plugin.*docker system df/su);
  });

  test('in a virtual machine cannot be asked for its space', async () => {
    putEngine({ ...ENGINE, DockerRootDir: '/no/such/root' });
    expect(await docker({ freeBytes: 1 })).toMatchObject({
      status: 'warn',
      reason: text('/no/such/root is not on this host'),
    });
  });

  test('that this user may not talk to', async () => {
    putEngine(
      { ServerVersion: '' },
      'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1',
    );
    expect(await docker({})).toMatchObject({
      status: 'fail',
      found: text('permission denied'),
      remedy: text('usermod -aG docker'),
    });
  });

  test('that is not running, by the words of the real client', async () => {
    putEngine(
      { ServerVersion: '' },
      'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1',
    );
    expect(await docker({})).toMatchObject({
      status: 'fail',
      remedy: text('`sudo systemctl start docker`'),
    });
  });

  test('that is not running, by the real client where there is one', async () => {
    const path = process.env['PATH'] ?? '';
    const place = await findCommand('docker', path, '/');
    if (place.kind !== 'found') {
      process.stderr.write('not tested here: there is no docker client\n');
      return;
    }
    const env = { PATH: path, DOCKER_HOST: `unix://${at('nobody.sock')}` };
    expect(await docker({}, { env })).toMatchObject({
      status: 'fail',
      found: 'the engine does not answer: it is not running, or elsewhere',
      remedy: text(`DOCKER_HOST is unix://${at('nobody.sock')}`),
    });
  });

  test('whose client talks about anything else', async () => {
    putProgram('docker', 'echo "context deadline exceeded" >&2; exit 1');
    expect(await docker({})).toMatchObject({
      status: 'fail',
      found: 'the engine does not answer: context deadline exceeded',
    });
  });

  test('that is not installed', async () => {
    expect(await docker({}, { env: { PATH: '/nowhere' } })).toMatchObject({
      status: 'fail',
      found: "no docker on the runner's PATH",
    });
  });

  test('that hangs', async () => {
    putProgram('docker', 'sleep 600');
    const spec = checkSpec('docker', {}, { timeoutMs: 200 });
    expect(await findingOf(spec)).toMatchObject({
      status: 'fail',
      found: 'the engine does not answer in time',
      remedy: text('`sudo systemctl restart docker`'),
    });
  });
});

describe('a systemd unit', () => {
  const service = (stdout: string, root = at('root'), code = 0) => {
    writeFileSync(at('unit'), stdout);
    putProgram('systemctl', `cat ${at('unit')}; exit ${code}`);
    return findingOf(checkSpec('service', { units: ['nginx'] }), { root });
  };
  const unit = (active: string, sub: string, more = ''): string =>
    `LoadState=loaded\nActiveState=${active}\nSubState=${sub}\nResult=success\nUnitFileState=enabled\n${more}`;

  test.each([
    ['active', 'running', 'pass', 'active (running)'],
    ['active', 'exited', 'pass', 'active (exited)'],
    ['reloading', 'reload', 'pass', 'reloading (reload)'],
    ['inactive', 'dead', 'fail', 'inactive (dead)'],
    ['activating', 'auto-restart', 'fail', 'still starting (auto-restart)'],
    ['failed', 'failed', 'fail', 'failed (success)'],
  ])('%s (%s): %s', async (active, sub, status, found) => {
    expect(await service(unit(active, sub))).toMatchObject({ status, found });
  });

  test('that is not started says how to start it', async () => {
    expect((await service(unit('inactive', 'dead'))).remedy).toContain(
      '`sudo systemctl start nginx`',
    );
  });

  test('that does not exist', async () => {
    expect(
      await service('LoadState=not-found\nActiveState=inactive\nSubState=dead\n'),
    ).toMatchObject({
      status: 'fail',
      found: 'there is no such unit',
    });
  });

  test('that is masked', async () => {
    expect(await service('LoadState=masked\nActiveState=inactive\nSubState=dead\n')).toMatchObject({
      remedy: text('systemctl unmask nginx'),
    });
  });

  test('cannot be checked without systemd', async () => {
    expect(await service(unit('active', 'running'), at('nothing'))).toMatchObject({
      status: 'warn',
      reason: 'systemd does not run the services here',
    });
  });

  test('cannot be checked when systemctl is refused', async () => {
    expect(
      await service('Failed to connect to bus: Permission denied\n', at('root'), 1),
    ).toMatchObject({
      status: 'warn',
      reason: 'systemctl gave no answer: Failed to connect to bus: Permission denied',
    });
  });
});

describe('a command', () => {
  const command = (name: string, version?: string, versionCommand?: string) =>
    findingOf(
      checkSpec('command', {
        commands: [
          {
            name,
            ...(version === undefined ? {} : { version }),
            ...(versionCommand === undefined ? {} : { versionCommand }),
          },
        ],
      }),
    );

  test('is found where the PATH leads, in its version', async () => {
    putProgram('tool', 'test "$1" = --version && echo "tool 3.2.1 (build 9.9.9)"');
    expect(await command('tool', '>=3.2')).toMatchObject({
      status: 'pass',
      found: `3.2.1 (${at('bin/tool')})`,
      wanted: 'tool >=3.2',
    });
  });

  test('is too old', async () => {
    putProgram('tool', 'echo "tool 3.2.1"');
    expect(await command('tool', '>=4')).toMatchObject({
      status: 'fail',
      remedy: text('type -a tool'),
    });
  });

  test('is not there, and how to install it is said', async () => {
    const spec = checkSpec('command', { commands: [{ name: 'no-such-tool' }] });
    mkdirSync(at('debian/etc'), { recursive: true });
    writeFileSync(at('debian/etc/os-release'), 'ID=raspbian\nID_LIKE=debian\n');
    expect(await findingOf(spec, { root: at('debian') })).toMatchObject({
      status: 'fail',
      found: "not on the runner's PATH",
      remedy: text('`sudo apt-get install no-such-tool`'),
    });
  });

  test('prints its version on stderr and fails at that', async () => {
    putProgram('tool', 'echo "tool version 1.5" >&2; exit 2');
    expect(await command('tool', '>=1.4')).toMatchObject({ status: 'pass' });
  });

  test('that says nothing of its version is no pass', async () => {
    putProgram('tool', 'echo usage: tool');
    expect(await command('tool', '>=1')).toMatchObject({
      status: 'warn',
      reason: text('usage: tool'),
    });
  });

  test('may be asked in a way of its own', async () => {
    putProgram('tool', 'test "$1" = about && echo 7.1');
    expect(await command('tool', '>=7', 'tool about')).toMatchObject({ status: 'pass' });
  });

  test('of this host is really asked', async () => {
    expect(await command('bash', '>=3')).toMatchObject({ status: 'pass' });
    expect(await command('bash', '>=99')).toMatchObject({ status: 'fail' });
  });
});

describe('all kinds at once', () => {
  const hanging = createTcpServer();
  const answering = createServer((_, response) => response.end());
  let names: Awaited<ReturnType<typeof serveNames>>;
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    for (const server of [hanging, answering]) {
      await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    }
    names = await serveNames({ 'app.example A': ['203.0.113.7'] });
    putEngine(ENGINE, 'case "$1" in compose) echo 2.24.1;; esac');
  });
  afterAll(() => {
    answering.closeAllConnections();
    for (const server of [hanging, answering]) server.close();
    names.close();
  });

  const plan = (): readonly CheckSpec[] => {
    const url = `http://127.0.0.1:${portOf(answering)}/`;
    return [
      checkSpec('ram', { availableBytes: 1 }),
      checkSpec('disk', { path: '/', freeBytes: 1 }),
      checkSpec('cpu', { cores: 1 }),
      checkSpec('os', { systems: [{ id: 'debian', version: '*' }] }),
      checkSpec('network', { targets: [{ url }] }),
      checkSpec('dns', { names: ['app.example'], addresses: [], resolver: names.server }),
      checkSpec('port', { numbers: [portOf(answering)], state: 'listening' }),
      checkSpec('command', { commands: [{ name: 'sh' }] }),
      checkSpec('env', { names: ['PATH'] }),
      checkSpec('file', { paths: ['/etc/passwd'], type: 'file' }),
      checkSpec('writable', { paths: [folder.path] }),
      checkSpec('user', { groups: [] }),
      checkSpec('service', { units: ['nginx'] }),
      checkSpec('docker', { compose: '*' }),
      checkSpec('time', { url, maxSkewMs: 30_000 }),
      checkSpec('run', { command: 'sleep 0.5' }),
    ];
  };

  test('are in this test', () => {
    expect(plan().map(({ kind }) => kind)).toEqual(Object.keys(CHECKS));
  });

  test('take no longer than the slowest, and a little', async () => {
    const started = performance.now();
    const findings = await run(plan());
    const elapsedMs = performance.now() - started;
    const slowestMs = Math.max(...findings.map(({ durationMs }) => durationMs));
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(elapsedMs).toBeLessThan(slowestMs + 200);
    const sumMs = findings.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(elapsedMs).toBeLessThan(sumMs);
  });

  test('a hanging server is cut at its limit and named, and nothing else waits for it', async () => {
    const url = `https://127.0.0.1:${portOf(hanging)}/`;
    const slow = checkSpec('network', { targets: [{ url }] }, { id: 'slow', timeoutMs: 700 });
    const started = performance.now();
    const findings = await run([...plan(), slow]);
    expect(performance.now() - started).toBeLessThan(1500);
    expect(decideGate(findings)).toBe('blocked');
    expect(findings.filter(({ status }) => status === 'fail')).toMatchObject([
      {
        id: 'slow',
        name: `network https://127.0.0.1:${portOf(hanging)}`,
        found: `no TLS connection to 127.0.0.1:${portOf(hanging)} (TIMEOUT)`,
        remedy: text('openssl s_client'),
      },
    ]);
  });
});
