import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { parseInputs } from '../../src/inputs/parse.ts';

function inputsOf(raw: Readonly<Record<string, string>> = {}): Inputs {
  const result = parseInputs(raw);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Problems as `input: message`. */
function problemsOf(raw: Readonly<Record<string, string>>): readonly string[] {
  const result = parseInputs(raw);
  if (result.ok) return [];
  return result.error.map(({ at, message }) => `${'input' in at ? at.input : '?'}: ${message}`);
}

describe('inputs that are not given', () => {
  test('have the defaults of the contract', () => {
    expect(inputsOf()).toEqual({
      mode: 'run',
      plan: 'preflight.yml',
      shell: 'bash',
      state: 'auto',
      deploymentKey: '',
      resume: 'auto',
      retry: {
        maxAttempts: 3,
        initialDelayMs: 2000,
        multiplier: 2,
        maxDelayMs: 60_000,
        budgetMs: 900_000,
      },
      timeoutMs: 3_600_000,
      gracePeriodMs: 5000,
      policy: {
        onTransient: 'retry',
        onRecoverable: 'fail',
        onCritical: 'rollback',
        onUnknown: 'fail',
        remedies: new Map(),
      },
      lockTimeoutMs: 600_000,
      secrets: [],
      diagnostics: [],
      summary: 'always',
      retentionMs: 30 * 86_400_000,
      matrix: '',
      jobStatus: '',
    });
  });

  test('are the same as empty ones, as the runner gives them', () => {
    expect(inputsOf({ timeout: '', mode: ' ', 'state-dir': '', steps: '\n' })).toEqual(inputsOf());
  });

  test('leave out the plan file when steps are inline', () => {
    const inputs = inputsOf({ steps: '- {id: a, run: b}' });
    expect(inputs).toMatchObject({ steps: '- {id: a, run: b}' });
    expect(inputs.plan).toBeUndefined();
  });
});

describe('inputs that are given', () => {
  test('are converted once', () => {
    const inputs = inputsOf({
      plan: ' deploy/preflight.yml ',
      'state-dir': '/srv/state',
      'deployment-id': 'v1.2',
      'deployment-key': 'production',
      'max-attempts': '5',
      multiplier: '1.5',
      'initial-delay': '0s',
      'lock-timeout': '0s',
      timeout: '1h30m',
      secrets: 'A, B\nC  A',
      diagnostics: 'docker ps\n\n# nothing\n  free -h  \r\n',
      remedies:
        'resource: docker image prune -f\nrecoverable:port: |\n  a\n  b\ntransient:lock: true\n',
      rollback: './back.sh\n',
      shell: 'perl {0}',
      'job-status': 'success',
    });
    expect(inputs).toMatchObject({
      plan: 'deploy/preflight.yml',
      stateDir: '/srv/state',
      deploymentId: 'v1.2',
      deploymentKey: 'production',
      retry: { maxAttempts: 5, multiplier: 1.5, initialDelayMs: 0 },
      lockTimeoutMs: 0,
      timeoutMs: 5_400_000,
      secrets: ['A', 'B', 'C'],
      diagnostics: ['docker ps', 'free -h'],
      shell: 'perl {0}',
      jobStatus: 'success',
    });
    expect(inputs.policy.rollback).toBe('./back.sh\n');
    expect(inputs.policy.remedies).toEqual(
      new Map([
        ['resource', 'docker image prune -f'],
        ['recoverable:port', 'a\nb\n'],
        ['transient:lock', 'true'],
      ]),
    );
  });

  test.each([
    ['null', ''],
    ['{}', ''],
    [
      '{\n  "b": 1,\n  "a": {"d": [2, {"z": 1, "y": 2}], "c": null}\n}',
      '{"a":{"c":null,"d":[2,{"y":2,"z":1}]},"b":1}',
    ],
    [
      '{"a": {"c": null, "d": [2, {"y": 2, "z": 1}]}, "b": 1}',
      '{"a":{"c":null,"d":[2,{"y":2,"z":1}]},"b":1}',
    ],
  ])('the matrix %j is told apart as %j', (matrix, canonical) => {
    expect(inputsOf({ matrix }).matrix).toBe(canonical);
  });

  test('names are matched as the runner writes them', () => {
    expect(inputsOf({ 'MAX-ATTEMPTS': '7' }).retry.maxAttempts).toBe(7);
  });
});

describe('inputs that are wrong', () => {
  test('are all told at once', () => {
    const problems = problemsOf({
      'on-critical': 'rolback',
      'max-attempts': '0',
      timeout: '30',
      'grace-period': '99d',
      'on-critcal': 'fail',
      'state-dir': './state',
      secrets: 'API-KEY=hunter2',
      matrix: '{',
      retention: '0d',
    });
    expect(problems).toHaveLength(9);
    expect(problems.join('\n')).toContain(
      'on-critical: cannot be "rolback". Did you mean "rollback"? Allowed: rollback, fail',
    );
    expect(problems.join('\n')).toContain(
      'on-critcal: there is no such input. Did you mean "on-critical"? Allowed: plan, steps',
    );
    expect(problems.join('\n')).toContain(
      'max-attempts: must be a whole number from 1 to 100, not "0"',
    );
    expect(problems.join('\n')).toContain('timeout: "30" has no unit');
    expect(problems.join('\n')).toContain('state-dir: must be an absolute path');
    expect(problems.join('\n')).toContain('retention: "0d" must be more than zero');
  });

  test('never show what was given for a name of a secret', () => {
    const secret = ['hunter', '2'].join('');
    expect(problemsOf({ secrets: `API-KEY=${secret}` }).join()).not.toContain(secret);
  });

  test.each([
    [{ plan: 'a.yml', steps: '- {id: a, run: b}' }, 'steps: give either "plan" or "steps"'],
    [{ mode: 'mark-done', target: 't' }, 'step: is missing: "mode: mark-done"'],
    [{ mode: 'rollback' }, 'target: is missing: "mode: rollback"'],
    [{ mode: 'forget' }, 'target: is missing'],
    [{ mode: 'unlock' }, 'target: is missing'],
    [{ target: 't' }, 'target: means nothing with "mode: run"'],
    [{ mode: 'rollback', target: 't', step: 's' }, 'step: means nothing with "mode: rollback"'],
    [{ mode: 'forget', target: 't', step: '../../x' }, 'step: "../../x" may have letters'],
    [
      { mode: 'forgte', target: 't', step: 's' },
      'mode: cannot be "forgte". Did you mean "forget"?',
    ],
    [{ lock: 'a\nb' }, 'lock: must be one line'],
    [{ multiplier: '0.5' }, 'multiplier: must be a number from 1 to 100'],
    [{ shell: 'zsh' }, 'such as "perl {0}"'],
    [
      { remedies: 'resuorce: x' },
      'remedies: line 1, column 1: "resuorce" is not a kind of recoverable failure. Did you mean "resource"?',
    ],
    [{ remedies: 'network: x' }, 'Did you mean "transient:network"?'],
    [{ remedies: 'fatal:signal: x' }, 'nothing is done about a fatal failure'],
    [{ remedies: 'resource:' }, '"resource" needs a command'],
    [{ remedies: '- x' }, 'must be a YAML map'],
    [{ remedies: 'resource: a\nresource: b' }, 'line 2, column 1: the key "resource" stands twice'],
    [{ remedies: '\tresource: a' }, 'a tab is used'],
  ])('%j: %s', (raw, problem) => {
    const problems = problemsOf(raw);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test('only status can do without a target', () => {
    expect(problemsOf({ mode: 'status' })).toEqual([]);
    expect(problemsOf({ mode: 'forget', target: 't' })).toEqual([]);
  });
});

test('no text makes parsing throw', () => {
  const names = fc.constantFrom(
    'plan',
    'timeout',
    'remedies',
    'matrix',
    'mode',
    'secrets',
    'shell',
    'multiplier',
  );
  fc.assert(
    fc.property(
      fc.dictionary(names, fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' }))),
      (raw) => {
        const result = parseInputs(raw);
        expect(result.ok || result.error.length > 0).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
