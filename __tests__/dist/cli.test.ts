import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { REPORT_SHAPE } from '../../src/report/json-shape.ts';
import type { JsonReport } from '../../src/report/json-shape.ts';
import { Job } from '../support/action.ts';
import type { Shown } from '../support/command-line.ts';
import { Laptop } from '../support/command-line.ts';

/** Three steps that append their name to `ran`; the second fails while there is no file `mended`. */
const THREE_STEPS = `
name: shop
steps:
  - id: one
    name: The first
    run: echo one >> ran
    rollback: echo undo-one >> ran
  - id: two
    run: |
      echo two >> ran
      test -e mended
  - id: three
    run: echo three >> ran
`;

const SLOW = `
steps:
  - id: one
    run: echo one >> ran
  - id: slow
    run: |
      echo "sleeping"
      sleep 20
      echo slow >> ran
`;

/** What the runner, or a command of ours, would act on. */
const COMMANDS = /^\s*::|##\[/mu;

let laptop: Laptop;
beforeEach(() => {
  laptop = new Laptop(THREE_STEPS);
});
afterEach(() => {
  laptop.remove();
});

/** The one document on standard output. */
function toReport({ out }: Shown): JsonReport {
  return REPORT_SHAPE.parse(JSON.parse(out));
}

describe('preflight run', () => {
  test('goes on where it stopped until it has succeeded, and starts afresh after that', async () => {
    const failed = await laptop.preflight('run');
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('[RUN] one: The first\n');
    for (const said of [
      '\n  where        preflight.yml:11\n',
      '\n  category     unknown:exit',
      '\n  the next run skips: one\n',
      'failed: 2 run, 0 skipped, of 3 steps',
      '\nnext: Find the cause in its output, then run it again: it goes on from two.\n',
      `\n    preflight run --state-dir ${laptop.stateDir}\n`,
    ]) {
      expect(failed.out).toContain(said);
    }
    expect(failed.out).not.toMatch(COMMANDS);
    expect(failed.out).not.toContain('\u001b');
    expect(failed.err).toBe('');

    laptop.write('mended', '');
    const resumed = await laptop.preflight('run');
    expect(resumed.code).toBe(0);
    expect(resumed.out).toContain('[SKIP] one (completed at: ');
    expect(resumed.out).toContain('succeeded: 2 run, 1 skipped, of 3 steps');
    expect(laptop.read('ran')).toBe('one\ntwo\ntwo\nthree\n');

    const again = await laptop.preflight('run');
    expect(again.out).toContain('starting fresh: the last run of it had succeeded, 3 steps');
    expect(laptop.read('ran')).toBe('one\ntwo\ntwo\nthree\none\ntwo\nthree\n');
  });

  test('fails, and says so, when the rest of a job does not get what the steps hand on', async () => {
    laptop.write('preflight.yml', "steps: [{ id: a, run: 'true' }]");
    const env = { GITHUB_OUTPUT: '/dev/full' };
    const { code, out } = await laptop.preflight('run', { env });
    expect(out).toMatch(/^\[ERROR\] write to GITHUB_OUTPUT.*no space left.*The rest of the job/mu);
    expect(code).toBe(1);
  });

  test('leaves its report beside the records', async () => {
    const { out } = await laptop.preflight('run');
    const [, path = ''] = /^ {2}report +(\S+)$/mu.exec(out) ?? [];
    const report = REPORT_SHAPE.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(report).toMatchObject({ outcome: 'failed', failure: { step: 'two' } });
    expect(report.next_action).toContain('`preflight run --state-dir');
  });

  test('is one deployment from wherever in the repository it is started', async () => {
    execFileSync('git', ['init', '-q', laptop.project]);
    execFileSync('git', [
      '-C',
      laptop.project,
      'remote',
      'add',
      'origin',
      'git@example.com:octo/shop.git',
    ]);
    mkdirSync(join(laptop.project, 'deep', 'down'), { recursive: true });
    const first = await laptop.preflight('run');
    const second = await laptop.preflight('run', { cwd: 'deep/down' });
    const third = await laptop.preflight('run ../preflight.yml', { cwd: 'deep' });
    expect([first.code, second.code, third.code]).toEqual([1, 1, 1]);
    expect(laptop.read('ran')).toBe('one\ntwo\ntwo\ntwo\n');
    expect(readdirSync(laptop.stateDir).filter((name) => name !== 'locks')).toHaveLength(1);
    const { deployments } = toReport(await laptop.preflight('status --json'));
    expect(deployments[0]?.target).toMatch(/^shop-local-preflight\.yml-/u);
  });

  test('keeps plans beside each other apart', async () => {
    laptop.write('other.yml', "steps: [{ id: one, run: 'false' }]");
    await laptop.preflight('run');
    await laptop.preflight('run other.yml');
    const { deployments } = toReport(await laptop.preflight('status --json'));
    expect(deployments).toHaveLength(2);
  });

  test('gives the steps the environment that it has, and no other inputs than flags', async () => {
    const plan = "steps: [{ id: env, run: 'env > env-of-step' }]";
    laptop.write('preflight.yml', plan);
    const env = { INPUT_MODE: 'status', MINE: 'yes' };
    expect((await laptop.preflight('run', { env })).code).toBe(0);
    expect(laptop.read('env-of-step')).toContain('MINE=yes');
    expect(laptop.read('env-of-step')).not.toMatch(
      /^(?:INPUT_|GITHUB_(?:REPOSITORY|JOB|WORKSPACE))/mu,
    );
  });

  test('requires something to resume from when it is told so', async () => {
    const refused = await laptop.preflight('run --resume require');
    expect(refused.code).toBe(6);
    expect(refused.out).toContain('There is nothing to resume from');
    expect(refused.out).toContain('set --resume auto to start at the first step');
    expect(laptop.read('ran')).toBe('');
  });

  test('of two at once the second waits, and deploys anew', async () => {
    laptop.write('preflight.yml', "steps: [{ id: one, run: 'sleep 1; echo one >> ran' }]");
    let second: Promise<Shown> | undefined;
    const first = await laptop.preflight('run', {
      when: '[RUN] one',
      then: () => {
        second = laptop.preflight('run');
      },
    });
    const waited = await second;
    expect([first.code, waited?.code]).toEqual([0, 0]);
    expect(waited?.out).toContain('[WAIT] the lock');
    expect(waited?.out).toContain('starting fresh: the last run of it had succeeded');
    expect(laptop.read('ran')).toBe('one\none\n');
  });

  test('shows no secret, in the report neither', async () => {
    const secret = ['hunter2', 'and', 'more'].join('-');
    laptop.write(
      'preflight.yml',
      'steps: [{ id: say, run: \'echo "it is $API_TOKEN"; echo "::error::x"; exit 3\' }]',
    );
    const env = { API_TOKEN: secret };
    const shown = [
      await laptop.preflight('run', { env }),
      await laptop.preflight('run --json', { env }),
      await laptop.inTerminal('run', { env }),
      await laptop.preflight(`run ${secret} x`, { env }),
      await laptop.preflight(`run --timeout ${secret}`, { env }),
    ];
    const all = shown.map(({ out, err }) => out + err).join('\n');
    expect(all).toContain('it is [REDACTED]');
    expect(all).not.toContain(secret);
    expect(all).not.toMatch(COMMANDS);
    const target = readdirSync(laptop.stateDir).find((name) => name !== 'locks') ?? '';
    expect(
      execFileSync(
        'grep',
        ['-rc', 'REDACTED', join(laptop.stateDir, target), '--include=report.json'],
        {
          encoding: 'utf8',
        },
      ),
    ).toMatch(/report\.json:[1-9]/u);
    expect(() => execFileSync('grep', ['-rq', secret, laptop.stateDir])).toThrow();
  });
});

describe('exit codes', () => {
  test.each([
    [
      3,
      'rolled-back',
      "- { id: a, run: 'exit 9', classify: [{ exit-code: 9, as: 'critical:data' }] }",
    ],
    [
      4,
      'rollback-incomplete',
      "- { id: a, run: 'true', rollback: 'exit 1' }\n- { id: b, run: 'exit 9', classify: [{ exit-code: 9, as: 'critical:data' }] }",
    ],
    [6, 'blocked', "- { id: a, ruin: 'true' }"],
  ])('%d says %s', async (code, outcome, steps) => {
    const shown = await laptop.start([
      'run',
      '--json',
      '--steps',
      steps,
      '--state-dir',
      laptop.stateDir,
    ]);
    expect([shown.code, toReport(shown).outcome]).toEqual([code, outcome]);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('%s ends the step and is %d; the next run goes on', async (signal, code) => {
    laptop.write('preflight.yml', SLOW);
    const then = (child: { kill: (name: NodeJS.Signals) => boolean }): void => {
      child.kill(signal);
    };
    const shown = await laptop.preflight('run', { when: 'sleeping', then });
    expect(shown.code).toBe(code);
    expect(shown.out).toContain('[CANCEL] slow was cancelled');
    expect(shown.out).toContain('next: Run it again to go on from slow.');
    const plan = await laptop.preflight('plan');
    expect(plan.out).toMatch(/ {2}one +skip +completed at.*\n {2}slow +run +failed before/u);
    expect(laptop.read('ran')).toBe('one\n');
  });

  test('2 says that the command line is wrong: nothing has run, and nothing is on standard output', async () => {
    const wrong = [
      ['run', '--max-attemps', '5'],
      ['rum'],
      ['run', '--timeout', '5'],
      ['run', '--json', '--on-critical', 'rolback'],
      [],
    ];
    const shown = await Promise.all(wrong.map((args) => laptop.start(args)));
    expect(shown.map(({ code, out }) => [code, out])).toEqual(wrong.map(() => [2, '']));
    const said = shown.map(({ err }) => err).join('\n');
    expect(said).toContain('there is no flag --max-attemps. Did you mean "--max-attempts"?');
    expect(said).toContain('there is no command "rum". Did you mean "run"?');
    expect(said).toContain('--timeout: "5" has no unit');
    expect(said).toContain('--on-critical: cannot be "rolback". Did you mean "rollback"?');
    expect(laptop.read('ran')).toBe('');
  });
});

describe('what the action has left on a host', () => {
  let job: Job;
  let env: Readonly<Record<string, string>>;
  beforeEach(async () => {
    job = new Job(THREE_STEPS);
    env = {};
    await job.main();
    laptop.write('preflight.yml', '');
  });
  afterEach(() => {
    job.remove();
  });
  const onHost = async (line: string): Promise<Shown> =>
    await laptop.start([...line.split(' '), '--state-dir', job.stateDir], { env, cwd: '/' });

  test('is shown, from any directory, whatever repository it is of', async () => {
    const { code, out } = await onHost('status');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^State dir: .*\ntarget: shop-deploy-deploy-deploy-[0-9a-f]{10}\n {2}deployment-id: 4711 \(open, current, last touched /u,
    );
    expect(out).toContain('\n  one: complete (completed at: ');
    expect(out).toContain('\n  two: failed (exit code: 1)\n');
    const report = toReport(await onHost('status --json'));
    expect(report.deployments).toMatchObject([
      {
        deployment_id: '4711',
        status: 'open',
        current: true,
        locked_by: null,
        steps: [
          { id: 'one', status: 'complete' },
          { id: 'two', status: 'failed', exit_code: 1 },
          { id: 'three', status: 'not-done' },
        ],
      },
    ]);
  });

  test('is repaired, and the action honours it', async () => {
    const target = toReport(await onHost('status --json')).deployments[0]?.target ?? '';
    expect((await onHost(`mark-done ${target} two`)).out).toBe(
      '[OK] two is marked done: it is skipped\n',
    );
    expect((await onHost(`forget ${target} one`)).out).toBe(
      '[OK] one is forgotten: it runs again\n',
    );
    expect((await onHost(`unlock ${target}`)).out).toContain('[OK] nobody holds the lock');
    await job.main({ attempt: 2 });
    expect(job.read('ran')).toBe('one\ntwo\none\nthree\n');
  });

  test('is rolled back by its own records, without a plan', async () => {
    const target = toReport(await onHost('status --json')).deployments[0]?.target ?? '';
    const shown = await laptop.start(['rollback', target, '--json', '--state-dir', job.stateDir], {
      cwd: '..',
    });
    const report = toReport(shown);
    expect(shown.code).toBe(0);
    expect(report).toMatchObject({
      outcome: 'succeeded',
      target,
      deployment_id: '4711',
      rollback: { complete: true, steps: [{ id: 'two' }, { id: 'one', outcome: 'undone' }] },
    });
    expect(shown.err).toContain('[UNDO] one: undone');
  });

  test('is found by a path from here', async () => {
    const { code, out } = await laptop.start(['status', '--state-dir', 'state'], { cwd: '../..' });
    expect([code, out]).toEqual([0, `State dir: ${laptop.stateDir}\nNothing is recorded there.\n`]);
  });

  test('is not touched under a wrong name', async () => {
    const target = toReport(await onHost('status --json')).deployments[0]?.target ?? '';
    const shown = await onHost(`forget ${target.slice(0, -1)}0`);
    expect(shown.code).toBe(1);
    expect(shown.out).toContain('There is no target');
    expect(shown.out).toContain(`Did you mean "${target}"`);
    expect((await onHost('mark-done nothing')).code).toBe(1);
    const step = await onHost(`mark-done ${target} tow`);
    expect(step.out).toContain('has no step "tow". Did you mean "two"?');
  });

  test('can be named by what the runner says, too', async () => {
    env = {
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/deploy.yml@refs/heads/main',
      GITHUB_JOB: 'deploy',
      GITHUB_ACTION: 'deploy',
      GITHUB_RUN_ID: '4711',
    };
    expect((await onHost('mark-done two')).code).toBe(0);
  });
});

describe('repairs of the own deployment need no target', () => {
  test('mark-done, forget, rollback', async () => {
    await laptop.preflight('run');
    expect((await laptop.preflight('mark-done two')).code).toBe(0);
    expect((await laptop.preflight('plan')).out).toMatch(/two +skip +completed.*declared done/u);
    expect((await laptop.preflight('forget')).out).toContain('all steps are forgotten');
    expect((await laptop.preflight('plan')).out).toMatch(/one +run/u);
    await laptop.preflight('run');
    const undone = await laptop.preflight('rollback');
    expect(undone.code).toBe(0);
    expect(laptop.read('ran')).toMatch(/undo-one\n$/u);
  });

  test('a step in doubt says what to type, and that helps', async () => {
    laptop.write(
      'preflight.yml',
      "steps: [{ id: once, idempotent: false, run: 'echo once >> ran; kill -KILL $$' }]",
    );
    // Killed, it is a failure of this run; the next one must not repeat it.
    const killed = await laptop.preflight('run');
    expect(killed.code).toBe(1);
    expect(killed.out).toMatch(
      /^next: Find out whether once took effect.*\n {4}preflight mark-done /mu,
    );
    const { code, out } = await laptop.preflight('run');
    expect(code).toBe(5);
    const [, command = ''] = /^ {4}preflight (mark-done .*)$/mu.exec(out) ?? [];
    expect((await laptop.start(command.split(' '), { cwd: '..' })).code).toBe(0);
    expect((await laptop.preflight('run')).code).toBe(0);
    expect(laptop.read('ran')).toBe('once\n');
  });
});

describe('check, plan and status', () => {
  test('write nothing', async () => {
    laptop.write('preflight.yml', `checks: [{ command: sh }, { file: absent }]\n${THREE_STEPS}`);
    const check = await laptop.preflight('check');
    expect(check.code).toBe(1);
    expect(check.out).toContain('failed: 1 of 2 checks passed');
    expect((await laptop.preflight('plan')).code).toBe(0);
    expect((await laptop.preflight('status')).out).toContain('Nothing is recorded there.');
    expect(readdirSync(laptop.stateDir)).toEqual([]);
  });

  test('plan says as JSON what each step would do', async () => {
    await laptop.preflight('run');
    const shown = await laptop.preflight('plan --json');
    expect(toReport(shown).preview.map(({ id, action }) => [id, action])).toEqual([
      ['one', 'skip'],
      ['two', 'run'],
      ['three', 'run'],
    ]);
    expect(shown.err).toContain('resuming, 1 of 3 steps complete');
  });

  test('a reader that goes away is no error', async () => {
    await laptop.preflight('run');
    const command = `"$0" "$1" status --state-dir "$2" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const shown = await laptop.spawn([
      'bash',
      '-c',
      command,
      process.execPath,
      laptop.program,
      laptop.stateDir,
    ]);
    expect(shown.out).toBe(`State dir: ${laptop.stateDir}\n0\n`);
    expect(shown.err).toBe('');
  });
});

describe('in a terminal', () => {
  test('there is colour and a live line, and nothing that a runner would act on', async () => {
    laptop.write(
      'preflight.yml',
      'steps: [{ id: a, run: \'echo "::error::boo"; sleep 2; echo done\' }]',
    );
    const { code, out } = await laptop.inTerminal('run');
    expect(code).toBe(0);
    expect(out).toContain('\u001b[32m[OK]\u001b[0m a completed');
    expect(out).toMatch(/a · 0 s/u);
    expect(out).toMatch(/a · 1 s/u);
    expect(out).not.toMatch(/::(?:error|group|endgroup|add-mask)/u);
    // The live line is gone in the end.
    expect(out.trimEnd().split('\r\u001b[K').at(-1)).toMatch(/succeeded.*in \S+ m?s$/su);
  });

  test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('%j: none', async (env) => {
    const { out } = await laptop.inTerminal('status', { env });
    expect(out).not.toContain('\u001b');
  });

  test('Ctrl-C ends the step; the same command goes on', async () => {
    laptop.write('preflight.yml', SLOW);
    const { code, out } = await laptop.inTerminal('run', { when: 'sleeping', send: '^C' });
    expect(code).toBe(130);
    expect(out).toContain('slow was cancelled');
    laptop.write('preflight.yml', SLOW.replace('sleep 20', 'true'));
    expect((await laptop.preflight('run')).out).toContain('[SKIP] one');
    expect(laptop.read('ran')).toBe('one\nslow\n');
  });

  test('a terminal that is closed is a cancel', async () => {
    laptop.write('preflight.yml', SLOW);
    const { code } = await laptop.inTerminal('run', { when: 'sleeping', send: 'close' });
    expect(code).toBe(129);
    expect((await laptop.preflight('plan')).out).toMatch(/slow +run +failed before/u);
  });

  test('a rollback that is cut off by Ctrl-C is finished', async () => {
    laptop.write(
      'preflight.yml',
      `steps:
  - { id: a, run: 'true', rollback: 'echo undoing; sleep 1; echo undone >> ran' }
  - { id: b, run: 'exit 9', classify: [{ exit-code: 9, as: 'critical:data' }] }`,
    );
    const { code, out } = await laptop.inTerminal('run', { when: 'undoing', send: '^C' });
    expect(code).toBe(130);
    expect(out).toContain('finishing the rollback that was cut off');
    expect(laptop.read('ran')).toBe('undone\n');
  });
});

describe('the program', () => {
  test('works through a link, and in the background of a shell that ends', async () => {
    const link = join(laptop.home, 'preflight');
    symlinkSync(laptop.program, link);
    expect((await laptop.spawn([link, '--version'])).out).toBe('preflight 1.0.0\n');
    laptop.write(
      'preflight.yml',
      "steps: [{ id: a, run: 'sleep 1; echo a >> ran' }, { id: b, run: 'echo b >> ran' }]",
    );
    const script = '"$0" run --state-dir "$1" > log 2>&1 & sleep 0.3';
    await laptop.spawn(['sh', '-c', script, link, laptop.stateDir]);
    for (let waited = 0; waited < 200 && !laptop.read('log').includes('succeeded'); waited++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(laptop.read('ran')).toBe('a\nb\n');
  });

  test('prints the schema that is published', async () => {
    const { code, out } = await laptop.start(['schema']);
    expect(code).toBe(0);
    expect(out === readFileSync('preflight.schema.json', 'utf8')).toBe(true);
  });
});

describe('the commands of docs/cli.md', () => {
  const page = readFileSync('docs/cli.md', 'utf8');
  const scriptOf = (name: string): string =>
    new RegExp(`<!-- ${name} -->\n\n\`\`\`sh\n([\\s\\S]*?)\`\`\``, 'u').exec(page)?.[1] ??
    'exit 99';
  /** `preflight` on the PATH, with a state dir of its own. */
  const runScript = async (script: string): Promise<Shown> => {
    const bin = join(laptop.home, 'bin');
    mkdirSync(bin, { recursive: true });
    const words = `"${process.execPath}" "${laptop.program}" "$@" --state-dir "${laptop.stateDir}"`;
    writeFileSync(join(bin, 'preflight'), `#!/bin/sh\nexec ${words}\n`, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    return await laptop.spawn(['bash', '-e', '-o', 'pipefail', '-c', script], { env });
  };

  test('try a plan', async () => {
    laptop.write('mended', '');
    const shown = await runScript(scriptOf('run'));
    expect([shown.code, laptop.read('ran')]).toEqual([0, 'one\ntwo\nthree\n']);
  });

  test('repair a host', async () => {
    laptop.write(
      'preflight.yml',
      "steps: [{ id: migrate, run: 'exit 1', rollback: 'echo undone' }]",
    );
    await laptop.preflight('run');
    const { target = '' } = toReport(await laptop.preflight('status --json')).deployments[0] ?? {};
    const script = scriptOf('repair').replaceAll('shop-deploy-deploy-deploy-c8f00a1a07', target);
    expect(script).toContain(target);
    const { code, out } = await runScript(script);
    expect(code).toBe(0);
    expect(out).toContain('migrate is marked done');
    expect(out).toContain('nobody holds the lock');
  });

  test('count what a script wants to know', async () => {
    await laptop.preflight('run');
    expect((await runScript(scriptOf('json'))).out).toBe('1\n');
  });
});
