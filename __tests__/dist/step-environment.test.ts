import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { isRunning, Job } from '../support/action.ts';

describe('a step', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job();
  });
  afterEach(() => {
    job.remove();
  });

  test('gets what a run: step would have, and nothing more', async () => {
    job.write(
      'preflight.yml',
      'env: { A: plan }\nsteps:\n  - id: a\n    env: { B: 1, C: true }\n    run: env > seen\n',
    );
    await job.main({
      env: {
        ACTIONS_RUNTIME_TOKEN: 'runtime',
        ACTIONS_RESULTS_URL: 'https://results.example',
        ACTIONS_CACHE_URL: 'https://cache.example',
        ACTIONS_ID_TOKEN_REQUEST_URL: 'https://id.example',
        STATE_saved: 'state',
        MINE: 'mine',
      },
    });
    const seen = job.read('seen');
    for (const line of [
      'A=plan',
      'B=1',
      'C=true',
      'MINE=mine',
      'PREFLIGHT_STEP=a',
      'PREFLIGHT_ATTEMPT=1',
      'GITHUB_ACTIONS=true',
      'ACTIONS_ID_TOKEN_REQUEST_URL=https://id.example',
    ]) {
      expect(seen.split('\n')).toContain(line);
    }
    expect(seen).not.toMatch(/^(INPUT_|STATE_|ACTIONS_RUNTIME|ACTIONS_RESULTS|ACTIONS_CACHE)/mu);
    expect(seen).not.toContain('RUNNER_TRACKING_ID=github_of-the-test');
    expect(seen).toMatch(/^PREFLIGHT_STATE_DIR=.*4711/mu);
  });

  test('runs in sh, python, a template, and a directory of its own', async () => {
    job.write('sub/here', '');
    job.write(
      'preflight.yml',
      `steps:
  - { id: a, shell: sh, run: 'ls "$PWD"/here && echo sh >> ../ran', working-directory: sub }
  - { id: b, shell: python, run: "open('ran', 'a').write('python\\\\n')" }
  - { id: c, shell: 'perl {0}', run: 'open(F, ">>", "ran"); print F "perl\\n";' }
`,
    );
    const ran = await job.main();
    expect([ran.log, ran.code]).toEqual([ran.log, 0]);
    expect(job.read('ran')).toBe('sh\npython\nperl\n');
  });

  test('that cannot be started is a failure with the reason', async () => {
    job.write('preflight.yml', "steps:\n  - { id: a, shell: 'no-such-shell {0}', run: x }\n");
    const ran = await job.main();
    expect(ran.code).toBe(1);
    expect(ran.outputs.get('category')).toBe('recoverable:dependency');
    expect(ran.log).toContain('no-such-shell');
  });

  test('that ignores TERM does not outlive its timeout, nor do its children', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - id: stubborn
    timeout: 300ms
    run: |
      trap '' TERM
      (trap '' TERM; sleep 300) &
      echo $! > child
      sleep 300
`,
    );
    const ran = await job.main({ inputs: { 'grace-period': '300ms', 'on-critical': 'fail' } });
    expect(ran.outputs.get('category')).toBe('critical:timeout');
    expect(ran.log).toContain('ran into its timeout of 300 ms');
    const child = Number(job.read('child'));
    expect(isRunning(child)).toBe(false);
  });

  test.each([
    ['KILL', 'fatal:signal', '137'],
    ['TERM', 'fatal:signal', '143'],
    ['SEGV', 'critical:crash', '139'],
  ])('killed by SIG%s is a failure of category %s', async (name, category, code) => {
    job.write('preflight.yml', `steps:\n  - id: a\n    run: kill -${name} $$\n`);
    const ran = await job.main({ inputs: { 'on-critical': 'fail' } });
    expect(ran.code).toBe(1);
    expect(ran.outputs.get('category')).toBe(category);
    expect(ran.outputs.get('exit-code')).toBe(code);
  });

  test('whose GITHUB_OUTPUT is malformed fails, with file and line', async () => {
    job.write(
      'preflight.yml',
      'steps:\n  - id: a\n    run: |\n      echo good=1 >> "$GITHUB_OUTPUT"\n      echo nonsense >> "$GITHUB_OUTPUT"\n',
    );
    const ran = await job.main();
    expect(ran.code).toBe(1);
    expect(ran.log).toMatch(/GITHUB_OUTPUT, line 2/u);
  });

  test('may not write an output of the action itself', async () => {
    job.write(
      'preflight.yml',
      'steps:\n  - id: a\n    run: echo outcome=mine >> "$GITHUB_OUTPUT"\n',
    );
    const ran = await job.main();
    expect(ran.outputs.get('outcome')).toBe('succeeded');
    expect(ran.log).toMatch(/\[WARN\].*outcome/u);
  });

  test('that ends leaves a background process alive until the end of the job, or longer with keep-alive', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - { id: a, run: 'sleep 300 & echo $! > short' }
  - { id: b, run: 'setsid sleep 300 & echo $! > stray' }
  - { id: c, keep-alive: true, run: 'sleep 300 & echo $! > long' }
`,
    );
    const main = await job.main();
    const [short, stray, long] = ['short', 'stray', 'long'].map((name) => Number(job.read(name)));
    for (const pid of [short, stray, long]) expect(isRunning(pid ?? 0)).toBe(true);
    await job.post({ env: Job.handOver(main) });
    expect(isRunning(short ?? 0)).toBe(false);
    expect(isRunning(stray ?? 0)).toBe(false);
    expect(isRunning(long ?? 0)).toBe(true);
    process.kill(long ?? 0, 'SIGKILL');
  });
});
