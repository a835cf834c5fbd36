import { execFileSync } from 'node:child_process';
import { get } from 'node:http';
import { createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { Ran } from '../../support/action.ts';
import type { Docker } from '../../support/docker.ts';
import { chooseDockers, startDocker } from '../../support/docker.ts';
import { ExampleMachine, findFreePorts, resultsOf } from '../../support/example.ts';

async function ask(port: number): Promise<string> {
  return await new Promise((resolve) => {
    get({ port, host: '127.0.0.1', agent: false, timeout: 5_000 }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve(body.trim());
      });
    }).on('error', (error) => {
      resolve(error.message);
    });
  });
}

// One after another on one host, as releases are: each test starts with what the one before has left.
// The stand-in is tried as well where there is an engine: it is to say what that would say.
describe.each(chooseDockers())('examples/docker-compose, %s', (kind) => {
  const machine = new ExampleMachine('docker-compose');
  const project = `preflight-test-${process.pid}-${kind}`;
  let docker: Docker;
  let port = 0;

  beforeAll(async () => {
    docker = await startDocker(kind);
    process.stderr.write(`examples/docker-compose is tried with ${docker.name}\n`);
    port = (await findFreePorts(1))[0] ?? 0;
  }, 90_000);

  afterAll(async () => {
    compose(['down', '--volumes']);
    await docker.stop();
    machine.remove();
  }, 60_000);

  const toEnv = (version: string): Readonly<Record<string, string>> => ({
    ...docker.env,
    APP_IMAGE: `${docker.image}:${version}`,
    PORT: String(port),
    COMPOSE_PROJECT_NAME: project,
  });

  function compose(args: readonly string[]): string {
    return execFileSync('docker', ['compose', ...args], {
      cwd: machine.workspace,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...toEnv('any') },
    }).trim();
  }

  /** What was done to the data, in order. */
  const readLedger = (): readonly string[] =>
    compose(['exec', '-T', 'app', 'cat', '/data/ledger']).split('\n');

  async function deploy(version: string, runId: string, attempt = 1): Promise<Ran> {
    return await machine.deploy(
      { job: 'deploy', expressions: { 'github.ref_name': version } },
      {
        runId,
        attempt,
        inputs: { 'initial-delay': '100ms', 'max-delay': '200ms' },
        env: toEnv(version),
      },
    );
  }

  test('an image that was not pushed and a taken port stop it; each re-run goes on there', async () => {
    const first = await deploy('v1.0.0', '100');
    expect(first.outputs.get('failed-step')).toBe('pull');
    expect(first.outputs.get('category')).toBe('recoverable:dependency');

    await docker.publish('v1.0.0', { schema: 1 });
    const squatter = createServer().listen(port, '127.0.0.1');
    const second = await deploy('v1.0.0', '100', 2);
    await new Promise((resolve) => squatter.close(resolve));
    expect([second.outputs.get('category'), second.log]).toEqual([
      'recoverable:port',
      expect.anything(),
    ]);
    expect(second.outputs.get('failed-step')).toBe('up');
    expect(resultsOf(second)).toMatchObject({ remember: 'skipped', migrate: 'succeeded' });

    const third = await deploy('v1.0.0', '100', 3);
    expect([third.outputs.get('outcome'), third.log]).toEqual(['succeeded', expect.anything()]);
    expect(resultsOf(third)).toMatchObject({
      pull: 'skipped',
      migrate: 'skipped',
      up: 'succeeded',
    });
    expect(await ask(port)).toBe('v1.0.0');
    expect(readLedger()).toEqual(['0 to 1']);
  }, 120_000);

  test('a release that does not become healthy is taken back, its migration too', async () => {
    await docker.publish('v1.1.0', { schema: 2, healthy: false });
    const ran = await deploy('v1.1.0', '101');
    expect([ran.outputs.get('outcome'), ran.log]).toEqual(['rolled-back', expect.anything()]);
    expect(ran.outputs.get('failed-step')).toBe('up');
    expect(ran.outputs.get('category')).toBe('critical:health');
    expect(await ask(port)).toBe('v1.0.0');
    expect(readLedger()).toEqual(['0 to 1', '1 to 2', '2 to 1']);
  }, 120_000);
});
