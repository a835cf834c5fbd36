import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, test } from '@jest/globals';

import { ActMachine, ActRepository, copyAction, hasAct } from '../support/act.ts';
import { canTest } from '../support/machine.ts';

/** The workflows that people copy, and those that try the action on itself, carried out by act. */
const described = canTest(hasAct(), 'act and unshare') ? describe : describe.skip;

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) =>
  existsSync(join(ROOT, 'examples', name, 'workflow.yml')),
);
const PLACE = /^# (\.github\/workflows\/\S+)\n/u;

let repository: ActRepository;
let machine: ActMachine;
afterEach(() => {
  machine.remove();
  repository.remove();
});

/** A repository made as the example's page says: its workflows where their first lines say, the rest in the root. */
function fromExample(name: string): ActRepository {
  const made = new ActRepository({});
  made.copyIn(join('examples', name), '.');
  const workflows = readdirSync(made.path).flatMap((file) => {
    if (!file.endsWith('.yml')) return [];
    const text = readFileSync(join(made.path, file), 'utf8');
    const place = PLACE.exec(text)?.[1];
    return place === undefined ? [] : [[place, text] as const];
  });
  expect(workflows.length).toBeGreaterThan(0);
  made.commit(Object.fromEntries(workflows));
  return made;
}

described('the examples', () => {
  // Everything but the commands themselves: events, labels, matrix, calls, inputs, plans.
  test('are workflows whose every job gets as far as its plan', async () => {
    const seen: string[] = [];
    for (const name of EXAMPLES) {
      repository = fromExample(name);
      machine = new ActMachine('plan');
      const log = await machine.run(repository, { event: 'push' });
      expect([name, log.code, log.all]).toEqual([name, 0, expect.any(String)]);
      const outcomes = log.given('outcome');
      expect([name, new Set(outcomes)]).toEqual([name, new Set(['succeeded'])]);
      expect([name, log.annotations()]).toEqual([name, []]);
      expect(existsSync(machine.stateDir)).toBe(false);
      seen.push(`${name} (${outcomes.length})`);
      machine.remove();
      repository.remove();
    }
    process.stderr.write(`example workflows (jobs): ${seen.join(', ') || 'none'}\n`);
    repository = new ActRepository({});
    machine = new ActMachine();
  }, 120_000);
});

if (EXAMPLES.includes('reusable-workflow')) {
  described('one workflow called for two environments on one host', () => {
    test('has checkpoints for each: production goes on where it failed, with the token mended', async () => {
      repository = fromExample('reusable-workflow');
      machine = new ActMachine();
      const secrets: string[] = [];
      for (const environment of ['staging', 'production']) {
        const target = join(machine.path, 'srv', 'shop', environment);
        mkdirSync(target, { recursive: true });
        const token = `of-${environment}-${machine.path.slice(-6)}`;
        const digest = createHash('sha256').update(`${token}\n`).digest('hex');
        writeFileSync(join(target, 'token.sha256'), digest);
        secrets.push('--secret', `${environment.toUpperCase()}_DEPLOY_TOKEN=${token}`);
      }
      const live = (environment: string): string =>
        join(machine.path, 'srv', 'shop', environment, 'live');
      const refused = [...secrets.slice(0, -1), 'PRODUCTION_DEPLOY_TOKEN=another'];
      const first = await machine.run(repository, { event: 'push', args: refused });
      expect([first.code, first.given('outcome')]).toEqual([1, ['succeeded', 'failed']]);
      expect(first.given('category')).toContain('recoverable:credentials');
      expect(readlinkSync(live('staging'))).toBe('releases/v1.4.2');
      expect(existsSync(live('production'))).toBe(false);
      const second = await machine.run(repository, { event: 'push', args: secrets, attempt: 2 });
      expect([second.code, second.given('resumed')]).toEqual([0, ['false', 'true']]);
      expect(readlinkSync(live('production'))).toBe('releases/v1.4.2');
      expect(second.all).toContain('[SKIP] install');
      for (const token of secrets) expect(second.all).not.toContain(token.split('=').at(-1));
    }, 60_000);
  });
}

/** The first code block of the README that is the file of this name. */
function readmeFile(path: string): string {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const start = readme.indexOf(`\`\`\`yaml\n# ${path}\n`);
  if (start === -1) throw new Error(`README.md shows no ${path}`);
  const text = readme.slice(start + '```yaml\n'.length);
  return text.slice(0, text.indexOf('```'));
}

function toLine(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

described('the first deployment of the README', () => {
  test('fails at the second step, is mended, and goes on from there', async () => {
    machine = new ActMachine();
    const ready = join(machine.path, 'ready-to-publish');
    // On the machine of the test that place is everybody's.
    const plan = readmeFile('preflight.yml').replaceAll('/tmp/ready-to-publish', ready);
    const workflow = '.github/workflows/deploy.yml';
    repository = new ActRepository({ [workflow]: readmeFile(workflow), 'preflight.yml': plan });
    const first = await machine.run(repository);
    expect([first.code, first.all]).toEqual([1, expect.stringContaining('[OK] build completed')]);
    expect(first.annotations()).toEqual([
      expect.stringContaining(`::error file=preflight.yml,line=${toLine(plan, ready)},`),
    ]);
    writeFileSync(ready, '');
    const second = await machine.run(repository, { attempt: 2 });
    expect([second.code, second.printed()]).toEqual([
      0,
      expect.stringMatching(
        /\[SKIP\] build \(completed at: .*\)\n\[RUN\] publish\n[\s\S]*\[OK\] publish completed\n\[RUN\] announce\n[\s\S]*\[OK\] announce completed\nsucceeded: 2 run, 1 skipped, of 3 steps, in /,
      ),
    ]);
  }, 60_000);
});

described('the workflows that try the action on itself', () => {
  test('deploy the quick start, fail, and go on from there in another job', async () => {
    machine = new ActMachine();
    repository = new ActRepository({});
    copyAction(repository.path);
    repository.copyIn('examples/quickstart');
    mkdirSync(join(repository.path, '.github/workflows'), { recursive: true });
    for (const name of ['dogfood.yml', 'dogfood-deploy.yml']) {
      repository.copyIn(`.github/workflows/${name}`);
    }
    repository.commit();
    const log = await machine.run(repository, { workflow: '.github/workflows/dogfood.yml' });
    expect([log.code, log.all]).toEqual([0, expect.stringContaining('[OK] health completed')]);
    const outcomes = log.jobs.map((job) => [job, log.jobResult(job)]);
    expect(outcomes.every(([, result]) => result === 'success')).toBe(true);
    const printed = log.printed();
    expect(printed).toMatch(/failed, resumed: false, 0 steps skipped/);
    expect(printed).toMatch(/succeeded, resumed: true, 2 steps skipped/);
  }, 120_000);
});
