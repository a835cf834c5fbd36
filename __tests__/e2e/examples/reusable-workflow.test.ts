import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran } from '../../support/action.ts';
import { ExampleMachine, readWorkflow, resultsOf } from '../../support/example.ts';

const TOKENS: Readonly<Record<string, string>> = {
  staging: ['dep', 'loy-', 'St8Kq', '20vNw'].join(''),
  production: ['dep', 'loy-', 'Pr4Xz', '77mBd'].join(''),
};
const caller = readWorkflow('reusable-workflow');

describe('examples/reusable-workflow', () => {
  let machine: ExampleMachine;

  beforeEach(() => {
    machine = new ExampleMachine('reusable-workflow');
    for (const environment of Object.keys(TOKENS)) {
      mkdirSync(targetOf(environment), { recursive: true });
      allow(environment, TOKENS[environment] ?? '');
    }
  });
  afterEach(() => {
    machine.remove();
  });

  const targetOf = (environment: string): string => join(machine.home, 'srv', environment);

  function allow(environment: string, token: string): void {
    const digest = createHash('sha256').update(`${token}\n`).digest('hex');
    writeFileSync(join(targetOf(environment), 'token.sha256'), digest);
  }

  /** One of the caller's jobs: what it passes is all that the called workflow gets. */
  async function call(job: string, attempt = 1, key?: string): Promise<Ran> {
    const { with: given = {} } = caller.jobs[job] ?? {};
    const environment = String(given['environment']);
    return await machine.deploy(
      {
        file: 'deploy-one.yml',
        job: 'deploy',
        expressions: {
          'inputs.environment': environment,
          'inputs.version': 'v1.0.0',
          'secrets.deploy-token': TOKENS[environment] ?? '',
        },
      },
      {
        attempt,
        inputs: key === undefined ? {} : { 'deployment-key': key },
        env: { TARGET: targetOf(environment) },
      },
    );
  }

  const listTargets = (): readonly string[] =>
    readdirSync(machine.stateDir).filter((name) => name !== 'locks');
  const liveOf = (environment: string): string => {
    const link = join(targetOf(environment), 'live');
    return existsSync(link) ? readlinkSync(link) : 'none';
  };

  test('is called twice, each time with an environment and a secret of its own', () => {
    const calls = Object.values(caller.jobs).map(({ uses, with: given, secrets }) => ({
      uses,
      environment: given?.['environment'],
      token: secrets?.['deploy-token'],
    }));
    const uses = './.github/workflows/deploy-one.yml';
    expect(calls).toEqual([
      { uses, environment: 'staging', token: '${{ secrets.STAGING_DEPLOY_TOKEN }}' },
      { uses, environment: 'production', token: '${{ secrets.PRODUCTION_DEPLOY_TOKEN }}' },
    ]);
  });

  test('two calls have targets of their own; a re-run goes on with the one that failed', async () => {
    allow('production', 'another token');
    expect((await call('staging')).outputs.get('outcome')).toBe('succeeded');
    const refused = await call('production');
    expect(refused.outputs.get('outcome')).toBe('failed');
    expect(refused.outputs.get('failed-step')).toBe('activate');
    expect(refused.outputs.get('category')).toBe('recoverable:credentials');
    expect(resultsOf(refused)).toMatchObject({ install: 'succeeded' });
    expect(listTargets()).toHaveLength(2);
    expect([liveOf('staging'), liveOf('production')]).toEqual(['releases/v1.0.0', 'none']);

    allow('production', TOKENS['production'] ?? '');
    const again = await call('production', 2);
    expect(resultsOf(again)).toEqual({ install: 'skipped', activate: 'succeeded' });
    expect(liveOf('production')).toBe('releases/v1.0.0');
    for (const token of Object.values(TOKENS)) {
      expect(`${refused.log}${again.log}`.replaceAll(/^::add-mask::.*$/gmu, '')).not.toContain(
        token,
      );
    }
  }, 60_000);

  test('without deployment-key they would share one target: that is what it is for', async () => {
    await call('staging', 1, '');
    await call('production', 1, '');
    expect(listTargets()).toHaveLength(1);
  }, 60_000);
});
