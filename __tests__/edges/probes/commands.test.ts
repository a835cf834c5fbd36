import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { decideRun } from '../../../src/checks/kinds/run.ts';
import type { ProbeCommand } from '../../../src/checks/ports.ts';
import { findCommand, runProbe } from '../../../src/edges/probes/commands.ts';
import { createStop } from '../../../src/engine/stop.ts';
import { temporaryFolder } from '../../support/folders.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const PATH = process.env['PATH'] ?? '';

function script(text: string, overrides: Partial<ProbeCommand> = {}, shell = 'bash'): ProbeCommand {
  return {
    what: { kind: 'script', text, shell },
    workingDirectory: folder.path,
    env: { PATH, RUNNER_TEMP: folder.path },
    ...overrides,
  };
}

const never = createStop().stop;

async function verdictOf(command: ProbeCommand) {
  return decideRun({ command: 'as given' }, await runProbe(command, never));
}

/** Waits until a condition holds; the test's own time limit is the bound. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((wake) => setTimeout(wake, 10));
}

function isAlive(pid: number): boolean {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/\) [ZX] /u.test(stat);
}

describe('finding a command', () => {
  test('takes the first on the path that can be executed', async () => {
    writeFileSync(join(folder.path, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    const found = await findCommand('tool', `/nowhere:${folder.path}:/usr/bin`, '/');
    expect(found).toEqual({ kind: 'found', path: join(folder.path, 'tool') });
  });

  test('takes a name with a slash as a path from the workspace', async () => {
    writeFileSync(join(folder.path, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
    const found = await findCommand('./tool', '/usr/bin', folder.path);
    expect(found.kind).toBe('found');
  });

  test('takes no directory for a command', async () => {
    expect(await findCommand('bin', '/usr', '/')).toEqual({ kind: 'absent', searched: ['/usr'] });
  });
});

describe('running a command', () => {
  test('passes when it exits 0', async () => {
    expect(await verdictOf(script('true'))).toEqual({ status: 'pass', found: 'exit code 0' });
  });

  test('fails with what it printed, from both streams', async () => {
    const verdict = await verdictOf(script('echo out\necho err >&2\nexit 3'));
    expect(verdict).toMatchObject({ status: 'fail', found: 'exit code 3' });
    expect(verdict).toMatchObject({
      reason: expect.stringMatching(/^(?:out\nerr|err\nout)$/u),
    });
  });

  test('has the meaning of a step: the first failing command ends it, in pipes too', async () => {
    expect(await verdictOf(script('false\ntrue'))).toMatchObject({ found: 'exit code 1' });
    expect(await verdictOf(script('false | true'))).toMatchObject({ found: 'exit code 1' });
  });

  test('a command that is not there is named by its code', async () => {
    expect(await verdictOf(script('no-such-command-here'))).toMatchObject({
      status: 'fail',
      found: 'exit code 127: a command in it was not found',
    });
  });

  test('one killed by a signal says so', async () => {
    expect(await verdictOf(script('kill -KILL $$'))).toMatchObject({ found: 'killed by SIGKILL' });
  });

  test('runs by the named shell', async () => {
    const verdict = await verdictOf(script('import sys; sys.exit(4)', {}, 'python'));
    expect(verdict).toMatchObject({ found: 'exit code 4' });
  });

  test.each([
    ['a shell that is not there', script('true', {}, 'no-such-shell {0}'), 'no-such-shell'],
    ['a directory that is not there', script('true', { workingDirectory: '/nowhere' }), '/nowhere'],
    [
      'a temporary folder that is not there',
      script('true', { env: { PATH, RUNNER_TEMP: '/nowhere' } }),
      '/nowhere',
    ],
  ])('cannot be carried out with %s', async (_, command, named) => {
    expect(await verdictOf(command)).toEqual({
      status: 'unable',
      reason: expect.stringContaining(named),
    });
  });

  test('has no input to wait for', async () => {
    expect(await verdictOf(script('cat'))).toMatchObject({ status: 'pass' });
  });

  test('leaves no file behind', async () => {
    await verdictOf(script('exit 1'));
    const left = readdirSync(folder.path).filter((name) => name.startsWith('preflight-check-'));
    expect(left).toEqual([]);
  });

  test('has only the environment that it is given', async () => {
    const text = 'test "$ONLY" = this && test -z "${HOME:-}"';
    const env = { PATH, RUNNER_TEMP: folder.path, ONLY: 'this' };
    expect(await verdictOf(script(text, { env }))).toMatchObject({ status: 'pass' });
  });

  test('that floods its output is kept to its last lines', async () => {
    const text = 'yes flood | head -c 20000000 || true\necho the end\nexit 1';
    const verdict = await verdictOf(script(text));
    expect(verdict).toMatchObject({ reason: expect.stringMatching(/the end$/u) });
    expect(JSON.stringify(verdict).length).toBeLessThan(10_000);
  });
});

describe('a command that hangs', () => {
  test('is ended with all that it started, and says what it had printed', async () => {
    const pids = join(folder.path, 'pids');
    const text = `echo waiting\nsleep 600 & echo $! > ${pids}.new; mv ${pids}.new ${pids}\nwait`;
    const cut = createStop();
    const running = runProbe(script(text), cut.stop);
    await until(() => existsSync(pids));
    const started = performance.now();
    cut.request();
    const end = await running;
    expect(performance.now() - started).toBeLessThan(500);
    expect(end).toMatchObject({ ok: true, value: { exit: undefined, output: 'waiting\n' } });
    const child = Number(readFileSync(pids, 'utf8'));
    await until(() => !isAlive(child));
  });

  test('is not waited for because of what got away from it', async () => {
    const pids = join(folder.path, 'away');
    const cut = createStop();
    const running = runProbe(
      script(
        `setsid sh -c 'echo $$ > ${pids}.new; mv ${pids}.new ${pids}; exec sleep 600' &\nsleep 600`,
      ),
      cut.stop,
    );
    await until(() => existsSync(pids));
    const started = performance.now();
    cut.request();
    expect(await running).toMatchObject({ ok: true, value: { exit: undefined } });
    expect(performance.now() - started).toBeLessThan(500);
    process.kill(Number(readFileSync(pids, 'utf8')), 'SIGKILL');
  });

  test('is killed when it does not care about being asked', async () => {
    const ready = join(folder.path, 'ready');
    const cut = createStop();
    const running = runProbe(
      script(`trap '' TERM\ntouch ${ready}\nwhile :; do sleep 1; done`),
      cut.stop,
    );
    await until(() => existsSync(ready));
    cut.request();
    expect(await running).toMatchObject({ ok: true, value: { exit: undefined } });
  });

  test('is not waited for because of what it left in the background, which ends with it', async () => {
    const pids = join(folder.path, 'background');
    const started = performance.now();
    const verdict = await verdictOf(script(`sleep 600 & echo $! > ${pids}`));
    expect(verdict).toMatchObject({ status: 'pass' });
    expect(performance.now() - started).toBeLessThan(5000);
    const child = Number(readFileSync(pids, 'utf8'));
    await until(() => !isAlive(child));
  });
});
