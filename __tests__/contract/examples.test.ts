import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { parseInputs } from '../../src/inputs/parse.ts';
import { parsePlan } from '../../src/plan/load.ts';
import { temporaryFolder } from '../support/folders.ts';
import type { ExampleJob } from '../support/example.ts';
import { layOut, listExamples, readWorkflow } from '../support/example.ts';

const EXAMPLES = listExamples();
const SCHEMA_LINE =
  '# yaml-language-server: $schema=https://raw.githubusercontent.com/freshtrack/preflight-action/v1/preflight.schema.json';

const files = (example: string): readonly string[] =>
  readdirSync(join('examples', example), { recursive: true, encoding: 'utf8' });
const plansOf = (example: string): readonly string[] =>
  files(example).filter((path) => /^preflight[\w-]*\.yml$/u.test(path));
const workflowsOf = (example: string): readonly string[] =>
  files(example).filter((path) => ['workflow.yml', 'deploy-one.yml'].includes(path));
const jobsOf = (example: string): readonly ExampleJob[] =>
  workflowsOf(example).flatMap((file) => Object.values(readWorkflow(example, file).jobs));
const each = <T>(of: (example: string) => readonly T[]): readonly (readonly [string, T])[] =>
  EXAMPLES.flatMap((example) => of(example).map((item) => [example, item] as const));

test('the examples are those that the README and CI know', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(5);
  for (const example of EXAMPLES) {
    expect(readme).toContain(`(examples/${example}/README.md)`);
    expect(existsSync(`__tests__/e2e/examples/${example}.test.ts`)).toBe(true);
    expect(readFileSync(`examples/${example}/README.md`, 'utf8')).toContain(
      `npm run example ${example}\n`,
    );
  }
});

describe('a plan of an example', () => {
  test.each(each(plansOf))('%s/%s is valid, and says where its schema is', (example, file) => {
    const text = readFileSync(join('examples', example, file), 'utf8');
    expect(text.split('\n')[0]).toBe(SCHEMA_LINE);
    const inputs = parseInputs({});
    if (!inputs.ok) throw new Error('the defaults are valid');
    const plan = parsePlan({ file: { label: file, text } }, inputs.value);
    expect(plan.ok ? [] : plan.error).toEqual([]);
  });

  test.each(each(plansOf))('%s/%s calls scripts that are there', (example, file) => {
    const text = readFileSync(join('examples', example, file), 'utf8');
    const called = [...text.matchAll(/\.\/(scripts\/[\w-]+\.sh)/gu)].map(([, path = '']) => path);
    const missing = called.filter((path) => !existsSync(join('examples', example, path)));
    expect(missing).toEqual([]);
  });
});

describe('a workflow of an example', () => {
  test.each(each(workflowsOf))('%s/%s asks for no more than it needs', (example, file) => {
    const { permissions, concurrency, on } = readWorkflow(example, file);
    expect(permissions).toEqual({ contents: 'read' });
    const isCalled = Object.hasOwn(on as object, 'workflow_call');
    expect(isCalled || concurrency?.['cancel-in-progress'] === false).toBe(true);
  });

  test.each(EXAMPLES)('%s uses the action as it should be used', (example) => {
    const working = jobsOf(example).filter(({ uses }) => uses === undefined);
    expect(working.length).toBeGreaterThan(0);
    for (const { steps = [], environment, 'timeout-minutes': minutes } of working) {
      expect([environment, minutes]).not.toContain(undefined);
      const ours = steps.filter(({ uses }) => uses === 'freshtrack/preflight-action@v1');
      expect(ours).toHaveLength(1);
      for (const { id, with: given = {} } of ours) {
        expect(id).toBeDefined();
        expect(existsSync(join('examples', example, String(given['plan'])))).toBe(true);
        const literal = Object.entries(given).filter(([, value]) => !String(value).includes('${{'));
        const inputs = parseInputs(
          Object.fromEntries(literal.map(([name, value]) => [name, String(value)])),
        );
        expect(inputs.ok ? [] : inputs.error).toEqual([]);
      }
    }
  });
});

test.each(each((example) => files(example).filter((path) => path.endsWith('.sh'))))(
  '%s/%s can be executed, and stops at an error',
  (example, file) => {
    const path = join('examples', example, file);
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(readFileSync(path, 'utf8')).toMatch(
      /^#!(?:\/usr\/bin\/env bash\n(?:#.*\n)*set -euo pipefail|\/bin\/sh\n(?:#.*\n)*set -eu)\n/u,
    );
  },
);

test('laid out as a user does, the plans and workflows are where the action looks', () => {
  for (const example of EXAMPLES) {
    const { path, remove } = temporaryFolder();
    layOut(example, path);
    expect(readdirSync(join(path, '.github/workflows'))).toContain('deploy.yml');
    expect(existsSync(join(path, 'preflight.yml'))).toBe(true);
    remove();
  }
});
