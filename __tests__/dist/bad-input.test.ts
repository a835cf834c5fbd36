import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Phase, Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';

const GOOD = 'steps:\n  - id: one\n    run: echo one >> ran\n';

describe('bad input is one clear error, and nothing has run', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job(GOOD);
  });
  afterEach(() => {
    job.remove();
  });

  async function refuse(phase: Phase = {}): Promise<Ran> {
    const ran = await job.main(phase);
    expect(ran.code).toBe(1);
    expect(ran.outputs.get('outcome')).toBe('blocked');
    expect(job.read('ran')).toBe('');
    return ran;
  }

  const PLANS: readonly (readonly [string, string, RegExp])[] = [
    [
      'an unknown key',
      'steps:\n  - id: a\n    run: x\n    tiemout: 3m\n',
      /preflight\.yml:4:5: .*tiemout.*timeout/u,
    ],
    ['a wrong type', 'steps:\n  - id: a\n    run: [x]\n', /preflight\.yml:3:/u],
    [
      'a duplicate id',
      'steps:\n  - id: a\n    run: x\n  - id: a\n    run: y\n',
      /preflight\.yml:4:/u,
    ],
    ['a tab', 'steps:\n\t- id: a\n', /preflight\.yml:2:1.*tab/iu],
    ['an empty plan', '', /preflight\.yml/u],
    ['an anchor gone wrong', 'steps:\n  - *nothing\n', /preflight\.yml:2:5/u],
    ['10,000 steps', `steps:\n${'  - {id: a, run: x}\n'.repeat(10_000)}`, /5,?000/u],
    ['a 5 MB plan', `# ${'x'.repeat(5_000_000)}\n${GOOD}`, /MiB/u],
    [
      'uses',
      'steps:\n  - uses: actions/checkout@v5\n',
      /preflight\.yml:2:5.*cannot use an action/u,
    ],
    ['a hostile id', 'steps:\n  - id: ../../x\n    run: x\n', /preflight\.yml:2:9/u],
    ['an expression', 'steps:\n  - id: a\n    run: echo ${{ secrets.X }}\n', /preflight\.yml:3:/u],
  ];
  test.each(PLANS)('%s in the plan', async (_name, plan, expected) => {
    job.write('preflight.yml', plan);
    const ran = await refuse();
    expect(ran.log).toMatch(expected);
    expect(ran.log.match(/\[ERROR\]/gu)).toHaveLength(1);
    expect(ran.log).toContain('::error ');
    expect(readdirSync(job.stateDir)).toEqual([]);
  });

  test('every problem of a plan at once, each annotated on its line', async () => {
    job.write(
      'preflight.yml',
      'stepps: []\nsteps:\n  - id: a\n    run: x\n    shel: bash\n  - id: a\n    run: y\n',
    );
    const ran = await refuse();
    expect(ran.log).toContain('::error file=preflight.yml,line=1,');
    expect(ran.log).toContain('::error file=preflight.yml,line=5,');
    expect(ran.log).toContain('::error file=preflight.yml,line=6,');
  });

  test('a plan that is missing, naming the files that look like one', async () => {
    job.write('deploy/preflight.yml', GOOD);
    const ran = await refuse({ inputs: { plan: 'preflght.yml' } });
    expect(ran.log).toMatch(/no file "preflght\.yml".*preflight\.yml/u);
  });

  test('a plan that is a directory, or outside of the workspace', async () => {
    mkdirSync(join(job.workspace, 'deploy'));
    expect((await refuse({ inputs: { plan: 'deploy' } })).log).toContain('is a directory');
    expect((await refuse({ inputs: { plan: '../../../../etc/passwd' } })).log).toContain(
      'outside of the workspace',
    );
    symlinkSync('/etc/passwd', join(job.workspace, 'link.yml'));
    expect((await refuse({ inputs: { plan: 'link.yml' } })).log).toContain(
      'outside of the workspace',
    );
  });

  test('misspelt inputs, all at once, with what is allowed', async () => {
    const ran = await refuse({
      inputs: { resume: 'allways', 'on-critical': 'rolback', timeout: '10' },
    });
    expect(ran.log).toMatch(/input resume: .*auto.*never.*require/u);
    expect(ran.log).toMatch(/input on-critical: .*rollback/u);
    expect(ran.log).toMatch(/input timeout: /u);
  });

  test('both plan and steps', async () => {
    const ran = await refuse({ inputs: { plan: 'preflight.yml', steps: '- id: a\n  run: x\n' } });
    expect(ran.log).toContain('steps');
  });

  test('a state record that is truncated, newer or not a record: the run stops with its name and the way out', async () => {
    await job.main();
    const path = join(job.deployment(), 'steps', 'one.json');
    for (const text of ['{"schema_version":1,"st', '{"schema_version":99}', '[]', '']) {
      writeFileSync(path, text);
      const ran = await job.main({ attempt: 2 });
      expect(ran.code).toBe(1);
      expect(ran.log).toContain(path);
      expect(ran.log).toContain('resume: never');
      expect(ran.outputs.get('category')).toBe('fatal:state');
      expect(job.read('ran')).toBe('one\n');
    }
  });

  test('resume: never starts over, and sets the unreadable state aside', async () => {
    await job.main();
    const directory = job.deployment();
    writeFileSync(join(directory, 'steps', 'one.json'), '{"schema_version":99}');
    const ran = await job.main({ attempt: 2, inputs: { resume: 'never' } });
    expect([ran.log, ran.code]).toEqual([ran.log, 0]);
    expect(job.read('ran')).toBe('one\none\n');
    const aside = /moved to (\S+),/u.exec(ran.log)?.[1] ?? '';
    expect(readFileSync(join(aside, 'steps', 'one.json'), 'utf8')).toBe('{"schema_version":99}');
    expect((await job.main({ attempt: 3 })).log).toContain('[SKIP] one');
  });

  test('a state dir of the user that is a file, a link elsewhere or open to others', async () => {
    const file = join(job.home, 'file');
    writeFileSync(file, '');
    expect((await refuse({ inputs: { 'state-dir': file } })).log).toContain(file);
    const open = join(job.home, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect((await refuse({ inputs: { 'state-dir': open } })).log).toContain('chmod');
    const inside = join(job.workspace, 'state');
    expect((await refuse({ inputs: { 'state-dir': inside } })).log).toContain('checkout');
    const link = join(job.home, 'link');
    symlinkSync(job.workspace, link);
    await refuse({ inputs: { 'state-dir': link } });
    expect(existsSync(join(job.workspace, 'locks'))).toBe(false);
  });

  test('inline steps work, and their problems name the input', async () => {
    const good = await job.main({ inputs: { steps: '- id: inline\n  run: echo inline >> ran\n' } });
    expect(good.code).toBe(0);
    expect(job.read('ran')).toBe('inline\n');
    const bad = await job.main({ inputs: { steps: '- id: inline\n  rn: x\n' } });
    expect(bad.log).toMatch(/\[ERROR\] .*steps.*rn/u);
  });
});
