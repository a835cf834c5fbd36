import { describe, expect, test } from '@jest/globals';

import { toBaseEnvironment, toStepEnvironment } from '../../src/engine/environment.ts';
import type { EnvironmentLayers } from '../../src/engine/environment.ts';

function layers(overrides: Partial<EnvironmentLayers> = {}): EnvironmentLayers {
  return {
    base: { PATH: '/usr/bin', HOME: '/home/runner' },
    accumulatedEnv: new Map(),
    accumulatedPath: [],
    planAndStepEnv: {},
    preflight: {},
    ...overrides,
  };
}

describe('the environment that commands inherit', () => {
  test.each([
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_RUNTIME_URL',
    'ACTIONS_RESULTS_URL',
    'ACTIONS_CACHE_URL',
    'ACTIONS_CACHE_SERVICE_V2',
    'INPUT_PLAN',
    'INPUT_ON-CRITICAL',
    'STATE_deployment',
    'GITHUB_ACTION_PATH',
    'GITHUB_ACTION_REF',
    'GITHUB_ACTION_REPOSITORY',
    'GITHUB_OUTPUT',
    'GITHUB_ENV',
    'GITHUB_PATH',
    'GITHUB_STATE',
    'GITHUB_STEP_SUMMARY',
  ])('is without %s, which a run step does not get', (name) => {
    expect(toBaseEnvironment({ [name]: 'x', KEPT: '1' })).toEqual({ KEPT: '1' });
  });

  test.each([
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'GITHUB_TOKEN',
    'GITHUB_RUN_ID',
    'RUNNER_TEMP',
    'DATABASE_URL',
    'STATE_DIR',
    'BASH_FUNC_f%%',
  ])('keeps %s', (name) => {
    expect(toBaseEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  test('leaves out what is not set', () => {
    expect(toBaseEnvironment({ A: undefined, B: '' })).toEqual({ B: '' });
  });
});

describe('the environment of a step', () => {
  test('its own env wins over GITHUB_ENV, which wins over what is inherited', () => {
    const env = toStepEnvironment(
      layers({
        base: { A: 'base', B: 'base', C: 'base' },
        accumulatedEnv: new Map([
          ['B', 'file'],
          ['C', 'file'],
        ]),
        planAndStepEnv: { C: 'own' },
      }),
    );
    expect(env).toEqual({ A: 'base', B: 'file', C: 'own' });
  });

  test('what GITHUB_PATH was given stands first, the newest foremost, each entry once', () => {
    const env = toStepEnvironment(layers({ accumulatedPath: ['/one', '/two', '/one'] }));
    expect(env['PATH']).toBe('/one:/two:/usr/bin');
  });

  test('stands before a PATH of the step too', () => {
    const env = toStepEnvironment(
      layers({ accumulatedPath: ['/one'], planAndStepEnv: { PATH: '/own' } }),
    );
    expect(env['PATH']).toBe('/one:/own');
  });

  test('is the PATH where there is none', () => {
    expect(toStepEnvironment(layers({ base: {}, accumulatedPath: ['/one'] }))['PATH']).toBe('/one');
    expect(toStepEnvironment(layers({ base: {} }))).toEqual({});
  });

  test('what describes the run cannot be changed', () => {
    const env = toStepEnvironment(
      layers({
        base: { GITHUB_SHA: 'real', RUNNER_TEMP: '/real' },
        accumulatedEnv: new Map([['GITHUB_SHA', 'forged']]),
        planAndStepEnv: { RUNNER_TEMP: '/forged' },
      }),
    );
    expect(env).toEqual({ GITHUB_SHA: 'real', RUNNER_TEMP: '/real' });
  });

  test('a token under the name GITHUB_TOKEN can be given', () => {
    const env = toStepEnvironment(layers({ base: {}, planAndStepEnv: { GITHUB_TOKEN: 'given' } }));
    expect(env).toEqual({ GITHUB_TOKEN: 'given' });
  });

  test('PREFLIGHT_ variables have the last word', () => {
    const env = toStepEnvironment(
      layers({
        base: {},
        planAndStepEnv: { PREFLIGHT_ATTEMPT: '99' },
        preflight: { PREFLIGHT_ATTEMPT: '2' },
      }),
    );
    expect(env).toEqual({ PREFLIGHT_ATTEMPT: '2' });
  });
});
