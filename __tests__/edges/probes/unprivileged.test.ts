import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Finding } from '../../../src/checks/check.ts';
import type { CheckSpec } from '../../../src/plan/plan.ts';
import { checkSpec } from '../../checks/fake-world.ts';
import { compileSources } from '../../support/compiled-sources.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { canTest, isRoot } from '../../support/machine.ts';

const RUNNER = { uid: 65_534, name: 'nobody' };
const MODULES = join(import.meta.dirname, '../../../node_modules');

const SCRIPT = `
import { createCheckWorld } from './edges/host-facts.js';
import { systemClock } from './edges/clock.js';
import { createStop } from './engine/stop.js';
import { runChecks } from './checks/run-checks.js';
const { specs, root, workspace } = JSON.parse(process.argv[2]);
const world = createCheckWorld({ clock: systemClock, env: process.env, workspace, root });
const findings = await runChecks(specs, world, { fresh: true, cancel: createStop().stop });
process.stdout.write(JSON.stringify(findings));
`;

const isTested = canTest(isRoot(), 'the right to drop privileges');
const asRoot = isTested ? describe : describe.skip;

asRoot('checks of a runner without privileges', () => {
  const folder = temporaryFolder();
  const at = (path: string): string => join(folder.path, path);

  /** Carries out the checks in a process that gave up its privileges for good. */
  function findingsOf(
    specs: readonly CheckSpec[],
    { groups = [], root }: { readonly groups?: readonly number[]; readonly root?: string } = {},
  ): readonly Finding[] {
    const drop = [`--reuid=${RUNNER.uid}`, `--regid=${RUNNER.uid}`];
    const kept = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;
    const input = JSON.stringify({ specs, root, workspace: at('workspace') });
    const argv = [...drop, kept, process.execPath, at('sources/checks.js'), input];
    const output = execFileSync('setpriv', argv, { encoding: 'utf8', cwd: at('workspace') });
    return JSON.parse(output) as readonly Finding[];
  }

  beforeAll(() => {
    chmodSync(folder.path, 0o755);
    mkdirSync(at('sources'));
    compileSources(at('sources'));
    symlinkSync(MODULES, at('sources/node_modules'));
    writeFileSync(at('sources/checks.js'), SCRIPT);
    for (const name of ['workspace', 'of root', 'open']) mkdirSync(at(name));
    chmodSync(at('open'), 0o777);
    mkdirSync(at('closed'), { mode: 0o700 });
    writeFileSync(at('closed/secret'), 'x');
    writeFileSync(at('unreadable'), 'x', { mode: 0o600 });
    writeFileSync(at('tool'), '#!/bin/sh\n', { mode: 0o644 });
    mkdirSync(at('root/etc'), { recursive: true });
    writeFileSync(at('root/etc/passwd'), `nobody:x:${RUNNER.uid}:${RUNNER.uid}::/:/bin/false\n`);
    writeFileSync(
      at('root/etc/group'),
      `nogroup:x:${RUNNER.uid}:\ndocker:x:4242:alice,nobody\nops:x:4243:alice\n`,
    );
  });
  afterAll(folder.remove);

  test('writable: what belongs to root is not, and the command that mends it is named', () => {
    const [open, ofRoot, absent] = findingsOf([
      checkSpec('writable', { paths: [at('open'), at('of root'), at('of root/app')] }),
    ]);
    expect(open).toMatchObject({ status: 'pass', found: 'writable' });
    expect(ofRoot).toMatchObject({
      status: 'fail',
      found: 'a directory of root:root, mode 0755: nobody may not write (EACCES)',
      remedy: expect.stringContaining(`sudo chown nobody '${at('of root')}'`),
    });
    expect(absent).toMatchObject({
      status: 'fail',
      remedy: `Make it for the runner's user: \`sudo install -d -o nobody '${at('of root/app')}'\`.`,
    });
  });

  test('file: unreadable and hidden are told from absent', () => {
    const paths = [at('unreadable'), at('closed/secret'), at('nothing')];
    const findings = findingsOf([checkSpec('file', { paths, type: 'any' })]);
    expect(findings.map(({ status, found }) => [status, found])).toEqual([
      ['fail', 'a file that this user may not read (root:root, mode 0600)'],
      ['fail', 'a directory above it is closed to this user (EACCES)'],
      ['fail', `not there; the path ends at ${folder.path}`],
    ]);
  });

  test('disk: behind a closed directory the file system is still known', () => {
    const [finding] = findingsOf([checkSpec('disk', { path: at('closed/data'), freeBytes: 1 })]);
    expect(finding?.status).toBe('pass');
  });

  test('port: a process of root shows its user, and how to find its name', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    const { port } = server.address() as AddressInfo;
    const [finding] = findingsOf([checkSpec('port', { numbers: [port], state: 'free' })]);
    server.close();
    expect(finding).toMatchObject({
      status: 'fail',
      found: `a process of root listens on 127.0.0.1:${port}`,
      remedy: expect.stringContaining(`\`sudo ss -ltnp 'sport = :${port}'\``),
    });
  });

  test('command: one that may not be executed is told from an absent one', () => {
    const [finding] = findingsOf([checkSpec('command', { commands: [{ name: at('tool') }] })]);
    expect(finding?.found).toContain('may not execute it');
  });

  test('user: a group that took no effect yet is told from one that is missing', () => {
    const spec = checkSpec('user', { groups: ['docker'] });
    const other = checkSpec('user', { groups: ['ops'] });
    const none = checkSpec('user', { groups: ['nobody-knows'] });
    const root = at('root');
    const [listed, missing, absent] = findingsOf([spec, other, none], { root });
    expect(listed).toMatchObject({
      status: 'fail',
      found: 'nobody was put into docker after the runner had started, so it has no effect yet',
    });
    expect(listed?.remedy).toMatch(/^Just restart the runner's service/u);
    expect(missing).toMatchObject({
      found: 'nobody is not in ops',
      remedy: expect.stringContaining('sudo usermod -aG ops nobody'),
    });
    expect(absent?.found).toBe('there is no group nobody-knows on this host');
    expect(findingsOf([spec], { root, groups: [4242] })).toMatchObject([
      { status: 'pass', found: 'nobody, in docker' },
    ]);
  });

  test('user: another user than wanted', () => {
    const [right, wrong] = findingsOf([
      checkSpec('user', { name: 'nobody', groups: [] }),
      checkSpec('user', { name: 'deploy', groups: [] }),
    ]);
    expect(right?.status).toBe('pass');
    expect(wrong).toMatchObject({
      found: 'the runner runs as nobody',
      wanted: 'the runner runs as deploy',
      remedy: expect.stringContaining('svc.sh install deploy'),
    });
  });
});
