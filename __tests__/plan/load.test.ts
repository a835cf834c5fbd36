import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePlan } from '../../src/plan/load.ts';
import { DEFAULTS, planOf, problemsOf, stepOf } from './plan-builder.ts';

const EXAMPLE = `name: freshtrack-production
env: { COMPOSE_FILE: compose.production.yaml }
defaults:
  timeout: 10m
checks:
  - ram: 2GB
  - disk: { path: /, free: 10GB }
  - cpu: { cores: 2, level: warn }
  - os: { ubuntu: '>=20.04', debian: '>=11' }
  - network: [https://registry-1.docker.io/v2/, https://github.com]
  - dns: { name: app.example.com, address: self }
  - command: [docker, { name: curl, version: '>=7.70' }]
  - env: [DATABASE_URL]
  - writable: /opt/app
  - port: { number: 443, state: free }
  - run: docker info
    name: docker daemon answers
steps:
  - id: pull
    name: Pull images
    run: docker compose pull
  - id: login
    run: echo "$REGISTRY_TOKEN" | docker login -u ci --password-stdin registry.example.com
    checkpoint: false
  - id: migrate
    run: ./scripts/migrate.sh
    idempotent: false
    done-when: ./scripts/migrated.sh
    rollback: ./scripts/migrate-down.sh
  - id: up
    run: docker compose up -d --wait
    rollback: docker compose -f previous.yaml up -d --wait
    retry: { max-attempts: 5, initial-delay: 5s, max-delay: 1m, on: [transient, 'recoverable:resource'] }
    classify:
      - { exit-code: 75, as: 'transient:service' }
      - { match: 'schema is locked', as: 'transient:lock' }
finally:
  - name: Leave maintenance mode
    run: ./scripts/maintenance.sh off
`;

describe('a plan file', () => {
  const plan = planOf(EXAMPLE);

  test('gives its steps with everything merged in', () => {
    expect(plan.name).toBe('freshtrack-production');
    expect(plan.file).toBe('preflight.yml');
    expect(plan.steps.map(({ id }) => id)).toEqual(['pull', 'login', 'migrate', 'up']);
    expect(plan.steps[0]).toEqual({
      id: 'pull',
      name: 'Pull images',
      position: { file: 'preflight.yml', line: 19, column: 5 },
      script: {
        text: 'docker compose pull',
        source: { file: 'preflight.yml', line: 21, column: 10, linear: true },
      },
      shell: 'bash',
      env: { COMPOSE_FILE: 'compose.production.yaml' },
      timeoutMs: 600_000,
      continueOnError: false,
      checkpoint: true,
      idempotent: true,
      irreversible: false,
      retry: DEFAULTS.retry,
      hasOwnRetry: false,
      classify: [],
      files: [],
      onChange: 'rerun',
      keepAlive: false,
    });
  });

  test('says of a step what the step says', () => {
    expect(plan.steps[1]?.checkpoint).toBe(false);
    expect(plan.steps[2]).toMatchObject({
      idempotent: false,
      onChange: 'fail',
      doneWhen: { text: './scripts/migrated.sh', source: { line: 28 } },
      rollback: { text: './scripts/migrate-down.sh', source: { line: 29 } },
    });
    expect(plan.steps[3]).toMatchObject({
      hasOwnRetry: true,
      retry: {
        maxAttempts: 5,
        initialDelayMs: 5000,
        multiplier: 2,
        maxDelayMs: 60_000,
        budgetMs: 900_000,
        on: ['transient', 'recoverable:resource'],
      },
      classify: [
        { exitCode: 75, as: 'transient:service' },
        { match: 'schema is locked', as: 'transient:lock' },
      ],
    });
  });

  test('has final steps that make no checkpoint', () => {
    expect(plan.finally).toHaveLength(1);
    expect(plan.finally[0]).toMatchObject({
      id: 'leave-maintenance-mode',
      name: 'Leave maintenance mode',
      checkpoint: false,
    });
  });

  test('has checks with their places, ids and the environment of the plan', () => {
    expect(plan.checks).toHaveLength(11);
    expect(plan.checks[2]).toEqual({
      kind: 'cpu',
      id: 'cpu',
      position: { file: 'preflight.yml', line: 8, column: 5 },
      options: { cores: 2 },
      level: 'warn',
      env: { COMPOSE_FILE: 'compose.production.yaml' },
    });
    expect(plan.checks[10]).toMatchObject({
      kind: 'run',
      id: 'docker-daemon-answers',
      name: 'docker daemon answers',
      command: { script: { text: 'docker info', source: { line: 16 } }, shell: 'bash' },
    });
  });
});

describe('what a step inherits', () => {
  test('its own words go before the defaults, and these before the inputs', () => {
    const rest = 'defaults: { shell: sh, timeout: 5m, working-directory: app, on-change: keep }';
    const inputs = { shell: 'python', workingDirectory: 'elsewhere', timeoutMs: 1 };
    expect(stepOf('timeout: 1m', rest, inputs)).toMatchObject({
      shell: 'sh',
      timeoutMs: 60_000,
      workingDirectory: 'app',
      onChange: 'keep',
    });
    expect(stepOf('shell: bash', '', inputs)).toMatchObject({
      shell: 'bash',
      workingDirectory: 'elsewhere',
      timeoutMs: 1,
    });
  });

  test('env and retry are merged key by key', () => {
    const rest = [
      'env: { A: plan, B: plan, C: plan }',
      'defaults: { env: { B: default, C: default }, retry: { max-attempts: 7, budget: 1m } }',
    ].join('\n');
    const step = stepOf('env: { C: step }\nretry: { budget: 2m }', rest);
    expect(step.env).toEqual({ A: 'plan', B: 'default', C: 'step' });
    expect(step.retry).toMatchObject({ maxAttempts: 7, budgetMs: 120_000, initialDelayMs: 2000 });
    expect(step.hasOwnRetry).toBe(true);
    expect(stepOf('', rest).hasOwnRetry).toBe(false);
  });

  test('a rollback of the defaults keeps its own place', () => {
    expect(stepOf('', 'defaults:\n  rollback: ./undo.sh').rollback).toEqual({
      text: './undo.sh',
      source: { file: 'preflight.yml', line: 2, column: 13, linear: true },
    });
  });

  test('final steps do not inherit what only remembered steps have', () => {
    const plan = planOf(
      'defaults: { rollback: u, done-when: d, files: [x], env: { A: b }, timeout: 2m }\n' +
        'steps: [{ id: a, run: b }]\nfinally: [{ id: f, run: g }]\n',
    );
    const [last] = plan.finally;
    expect(last).toMatchObject({ files: [], env: { A: 'b' }, timeoutMs: 120_000 });
    expect(last).not.toHaveProperty('rollback');
    expect(last).not.toHaveProperty('doneWhen');
  });

  test('env values are text as it is written, and nothing is an empty text', () => {
    const step = stepOf("env: { A: 1.10, B: 12345678901234567890, C: true, D: 'x', E: , F: 0x1F }");
    expect(step.env).toEqual({
      A: '1.10',
      B: '12345678901234567890',
      C: 'true',
      D: 'x',
      E: '',
      F: '0x1F',
    });
  });

  test('aliases stand for what they name, and signals and labels are normalised', () => {
    const plan = planOf(
      'steps:\n' +
        '  - { id: a, run: &script make, env: &env { A: 1.0 }, classify: [{ signal: term, as: "fatal:signal" }] }\n' +
        '  - { id: b, name: " two\\n words ", run: *script, env: *env }\n',
    );
    expect(plan.steps[0]?.classify).toEqual([{ signal: 'SIGTERM', as: 'fatal:signal' }]);
    expect(plan.steps[1]).toMatchObject({ name: 'two words', env: { A: '1.0' } });
    expect(plan.steps[1]?.script).toEqual({
      text: 'make',
      source: { file: 'preflight.yml', line: 2, column: 27, linear: true },
    });
  });

  test('true and false are commands', () => {
    expect(stepOf('run: true\ndone-when: false')).toMatchObject({
      script: { text: 'true' },
      doneWhen: { text: 'false' },
    });
  });
});

describe('inline lists', () => {
  test('steps make a plan of their own, without places in files', () => {
    const plan = planOf({ steps: '- id: a\n  run: |\n    one\n    two\n  rollback: ${{ x }}\n' });
    expect(plan.file).toBeUndefined();
    expect(plan.steps[0]).toMatchObject({
      script: { text: 'one\ntwo\n' },
      rollback: { text: '${{ x }}' },
      position: { file: '', line: 1, column: 3 },
    });
    expect(plan.steps[0]?.script.source).toBeUndefined();
  });

  test("checks add to the plan's and share its environment and defaults", () => {
    const file = {
      label: 'p.yml',
      text: 'env: {A: b}\ndefaults: {shell: sh}\nchecks: [ram: 1GB]\nsteps: [{id: a, run: b}]\n',
    };
    const plan = planOf({ file, checks: '- ram: 2GB\n- run: true\n' });
    expect(plan.checks.map(({ id }) => id)).toEqual(['ram', 'ram-2', 'run']);
    expect(plan.checks[2]).toMatchObject({ env: { A: 'b' }, command: { shell: 'sh' } });
    expect(plan.steps).toHaveLength(1);
    expect(plan.file).toBe('p.yml');
  });

  test('problems name the input, and line and column in it', () => {
    expect(
      problemsOf({ steps: '- id: a\n  run: b\n  timeout: 5\n', checks: '- rma: 1GB\n' }),
    ).toEqual([
      expect.stringMatching(/^steps: line 3, column 12: steps\[0\]\.timeout: "5" has no unit/),
      expect.stringMatching(
        /^checks: line 1, column 3: checks\[0\]: "rma" .* Did you mean "ram"\?/,
      ),
    ]);
    expect(problemsOf({ steps: 'steps:\n  - id: a\n' })).toEqual([
      'steps: line 1, column 1: write the list only, without the key "steps"',
    ]);
  });
});

describe('size and speed', () => {
  const step = (index: number): string => `  - id: s${index}\n    run: echo ${index}\n`;
  const planOfSteps = (count: number): string =>
    `steps:\n${Array.from({ length: count }, (_, index) => step(index)).join('')}`;

  test('5,000 steps are allowed, one more is one problem', () => {
    expect(planOf(planOfSteps(5000)).steps).toHaveLength(5000);
    expect(problemsOf(planOfSteps(5001))).toEqual([
      '1:1 steps: 5001 are too many: at most 5000 are allowed',
    ]);
  }, 30_000);

  test('a mapping with very many keys is no trap', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `  K${index}: v\n`).join('');
    const { steps } = planOf(`env:\n${keys}steps: [{id: a, run: b}]\n`);
    expect(Object.keys(steps[0]?.env ?? {})).toHaveLength(20_000);
  }, 30_000);
});

test('no text makes parsing throw', () => {
  const yaml = fc.array(
    fc.constantFrom(
      'steps:',
      '\n',
      '  ',
      '- ',
      'id: a',
      'run: b',
      '*x',
      '&x ',
      '<<: ',
      '[',
      '{',
      '"',
      '|',
      ': ',
      'checks:',
      'ram: ',
      '? ',
      '#',
      '\t',
      '--- ',
      '!t ',
      'env: ',
      'retry: ',
    ),
    { maxLength: 30 },
  );
  const texts = fc.oneof(
    fc.string(),
    yaml.map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const given of [{ file: { label: 'p', text } }, { steps: text }, { checks: text }]) {
        const result = parsePlan(given, DEFAULTS);
        expect(result.ok || result.error.length > 0).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});
