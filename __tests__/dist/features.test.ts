import { readdirSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { Job } from '../support/action.ts';

describe('the bundle', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job();
  });
  afterEach(() => {
    job.remove();
  });

  describe('where it failed', () => {
    test('a line of an inline script is annotated in the plan', async () => {
      job.write(
        'preflight.yml',
        'steps:\n  - id: a\n    run: |\n      echo fine\n      false\n      echo not reached\n',
      );
      const ran = await job.main();
      expect(ran.log).toContain('::error file=preflight.yml,line=5,');
    });

    test('a line of a script that a script calls is annotated in that file', async () => {
      job.write(
        'scripts/outer.sh',
        '#!/usr/bin/env bash\nset -e\necho outer\n./scripts/inner.sh\n',
      );
      job.write(
        'scripts/inner.sh',
        '#!/usr/bin/env bash\nset -e\nmy_function() {\n  ls /no/such/directory\n}\nmy_function\n',
      );
      job.write('preflight.yml', 'steps:\n  - id: a\n    run: ./scripts/outer.sh\n');
      const ran = await job.main();
      expect(ran.log).toContain('::error file=scripts/inner.sh,line=4,');
      const error = readLastError(job);
      expect(error).toMatch(/^script=scripts\/inner\.sh$/mu);
      expect(error).toMatch(/^line=4$/mu);
    });

    test('a Python traceback names the line in the repository', async () => {
      job.write('tool.py', 'def work():\n    return 1 / 0\n\nwork()\n');
      job.write('preflight.yml', 'steps:\n  - id: a\n    run: python3 tool.py\n');
      const ran = await job.main();
      expect(ran.log).toContain('::error file=tool.py,line=2,');
    });
  });

  describe('retry and remedies', () => {
    test('a transient failure is tried again, and the step knows which attempt it is', async () => {
      job.write(
        'preflight.yml',
        `steps:
  - id: flaky
    run: |
      echo "$PREFLIGHT_ATTEMPT of $PREFLIGHT_MAX_ATTEMPTS" >> ran
      [ "$PREFLIGHT_ATTEMPT" = 3 ] || { echo "curl: (7) Failed to connect to api.example.com port 443: Connection refused" >&2; exit 7; }
`,
      );
      const ran = await job.main({ inputs: { 'initial-delay': '10ms' } });
      expect(ran.code).toBe(0);
      expect(job.read('ran')).toBe('1 of 3\n2 of 3\n3 of 3\n');
      expect(ran.outputs.get('attempts')).toBe('3');
      expect(ran.log).toContain('transient:network');
    });

    test('an unknown failure is not', async () => {
      job.write('preflight.yml', 'steps:\n  - { id: a, run: "echo x >> ran; exit 3" }\n');
      await job.main();
      expect(job.read('ran')).toBe('x\n');
    });

    test('a remedy runs once and is followed by one more attempt', async () => {
      job.write(
        'preflight.yml',
        'steps:\n  - id: a\n    run: |\n      echo try >> ran\n      [ -e room ] || { echo "write error: No space left on device" >&2; exit 1; }\n',
      );
      const ran = await job.main({
        inputs: { remedies: 'resource: echo remedy >> ran; touch room' },
      });
      expect([ran.log, ran.code]).toEqual([ran.log, 0]);
      expect(job.read('ran')).toBe('try\nremedy\ntry\n');
    });

    test('a category that the step declares, and one of the plan, decide', async () => {
      job.write(
        'preflight.yml',
        `steps:
  - id: a
    continue-on-error: true
    run: echo "category=recoverable:port" >> "$PREFLIGHT_RESULT"; exit 1
  - id: b
    run: exit 75
    classify: [{ exit-code: 75, as: 'recoverable:credentials' }]
`,
      );
      const ran = await job.main();
      expect(ran.log).toContain('recoverable:port');
      expect(ran.outputs.get('category')).toBe('recoverable:credentials');
      expect(ran.outputs.get('failed-step')).toBe('b');
    });
  });

  describe('in doubt', () => {
    const PLAN = `steps:
  - id: migrate
    idempotent: false
    run: 'echo migrate >> ran; touch started; sleep 300'
  - { id: after, run: 'echo after >> ran' }
`;

    async function killAll(plan: string): Promise<void> {
      job.write('preflight.yml', plan);
      const started = job.start('main');
      while (job.read('ran') === '') await new Promise((resolve) => setTimeout(resolve, 20));
      const { pid } = started.child;
      if (pid === undefined) throw new Error('not started');
      const children = (await import('node:fs')).readFileSync(
        `/proc/${pid}/task/${pid}/children`,
        'utf8',
      );
      process.kill(pid, 'SIGKILL');
      for (const child of children.split(' ').filter(Boolean))
        process.kill(-Number(child), 'SIGKILL');
      await started.done;
    }

    test('a step that is not idempotent stops the run, which says how to go on; mark-done does', async () => {
      await killAll(PLAN);
      const second = await job.main({ attempt: 2 });
      expect(second.code).toBe(1);
      expect(second.outputs.get('outcome')).toBe('in-doubt');
      expect(second.outputs.get('category')).toBe('fatal:in-doubt');
      expect(second.log).toContain('mode: mark-done');
      expect(job.read('ran')).toBe('migrate\n');
      const target = /target: (\S+?),/u.exec(second.log)?.[1] ?? '';
      await job.main({ runId: '9', inputs: { mode: 'mark-done', target, step: 'migrate' } });
      const third = await job.main({ attempt: 3 });
      expect(third.code).toBe(0);
      expect(job.read('ran')).toBe('migrate\nafter\n');
    });

    test('a step that was killed asks at once, before a re-run stops at it; status says so too', async () => {
      job.write(
        'preflight.yml',
        PLAN.replace('touch started; sleep 300', () => 'kill -KILL $$'),
      );
      const first = await job.main();
      expect(first.outputs.get('outcome')).toBe('failed');
      expect(first.log).toContain('Find out whether migrate took effect, then say so');
      expect(first.log).not.toContain('goes on from migrate');
      expect(first.summary).toContain('mode: mark-done # if it took effect');
      const status = await job.main({ inputs: { mode: 'status' } });
      expect(status.log).toContain('migrate: in doubt (it was ended by signal)');
      const second = await job.main({ attempt: 2 });
      expect(second.outputs.get('outcome')).toBe('in-doubt');
      expect(job.read('ran')).toBe('migrate\n');
    });

    test('a new deployment of the target stops too, unless told to start fresh', async () => {
      await killAll(PLAN);
      job.write('preflight.yml', PLAN.replace('sleep 300', 'true'));
      const next = await job.main({ runId: '2' });
      expect(next.outputs.get('outcome')).toBe('blocked');
      expect(next.log).toContain('is in doubt');
      expect(job.read('ran')).toBe('migrate\n');
      const fresh = await job.main({ runId: '2', inputs: { resume: 'never' } });
      expect(fresh.code).toBe(0);
    });

    test('its done-when settles it', async () => {
      await killAll(
        PLAN.replace("    run: 'echo", "    done-when: test -e migrated\n    run: 'echo"),
      );
      job.write('migrated', '');
      const second = await job.main({ attempt: 2 });
      expect(second.code).toBe(0);
      expect(job.read('ran')).toBe('migrate\nafter\n');
    });

    test('an idempotent step runs again, and the log says so', async () => {
      await killAll(PLAN.replace('    idempotent: false\n', ''));
      job.write(
        'preflight.yml',
        PLAN.replace('    idempotent: false\n', '').replace('sleep 300', 'true'),
      );
      const second = await job.main({ attempt: 2 });
      expect(second.code).toBe(0);
      expect(second.log).toMatch(/migrate was in doubt .*idempotent/u);
    });
  });

  describe('done-when, files, on-change and finally', () => {
    test('a step whose probe says done has nothing to do, and one that it refutes has failed', async () => {
      job.write(
        'preflight.yml',
        `steps:
  - { id: there, done-when: 'true', run: 'echo there >> ran' }
  - { id: lies, done-when: 'exit 1', run: 'echo lies >> ran' }
`,
      );
      const ran = await job.main({ inputs: { 'on-critical': 'fail' } });
      expect(job.read('ran')).toBe('lies\n');
      expect(ran.outputs.get('category')).toBe('critical:verification');
    });

    const FILES = `steps:
  - { id: build, files: ['src/**'], run: 'echo build >> ran' }
  - { id: ship, run: 'echo ship >> ran' }
  - { id: last, run: '[ -e mended ] || exit 3' }
`;
    test('a changed file reruns the step and all later ones', async () => {
      job.write('src/a.txt', 'one');
      job.write('preflight.yml', FILES);
      await job.main();
      await job.main({ attempt: 2 });
      expect(job.read('ran')).toBe('build\nship\n');
      job.write('src/a.txt', 'two');
      const third = await job.main({ attempt: 3 });
      expect(job.read('ran')).toBe('build\nship\nbuild\nship\n');
      expect(third.log).toContain('changed: files');
      expect(third.log).toContain('after build, which changed');
    });

    test('unless on-change keeps it, or makes it an error', async () => {
      job.write('src/a.txt', 'one');
      job.write('preflight.yml', FILES);
      await job.main();
      job.write('src/a.txt', 'two');
      job.write('preflight.yml', FILES.replace('files:', 'on-change: keep, files:'));
      await job.main({ attempt: 2 });
      job.write('preflight.yml', FILES.replace('files:', 'on-change: fail, files:'));
      const third = await job.main({ attempt: 3 });
      expect(third.outputs.get('outcome')).toBe('blocked');
      expect(job.read('ran')).toBe('build\nship\n');
    });

    test('finally runs after success and after failure, and leaves no checkpoint', async () => {
      job.write(
        'preflight.yml',
        'steps:\n  - { id: a, run: "[ -e mended ] || exit 3" }\nfinally:\n  - { id: off, run: "echo off >> ran" }\n',
      );
      await job.main();
      job.write('mended', '');
      const second = await job.main({ attempt: 2 });
      expect(second.code).toBe(0);
      expect(job.read('ran')).toBe('off\noff\n');
      expect(readdirSync(job.deployment())).not.toContain('.checkpoint-off');
    });
  });

  describe('checks and the modes that only look', () => {
    test('a failing check blocks the deployment, with the remedy; a warning does not', async () => {
      job.write(
        'preflight.yml',
        `checks:
  - command: [no-such-program-here]
  - env: [NOT_SET_ANYWHERE]
  - ram: { available: 900GB, level: warn }
steps: [{ id: a, run: 'echo a >> ran' }]
`,
      );
      const ran = await job.main();
      expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'blocked']);
      expect(ran.log).toContain('no-such-program-here');
      expect(ran.log).toContain('NOT_SET_ANYWHERE');
      expect(job.read('ran')).toBe('');
    });

    test.each(['plan', 'check', 'status'])('mode: %s writes no state', async (mode) => {
      job.write(
        'preflight.yml',
        "checks: [{ command: [bash] }]\nsteps: [{ id: a, run: 'echo a >> ran' }]\n",
      );
      const ran = await job.main({ inputs: { mode } });
      expect([ran.log, ran.code]).toEqual([ran.log, 0]);
      expect(readdirSync(job.stateDir)).toEqual([]);
      expect(job.read('ran')).toBe('');
    });

    test('diagnostics are shown when a step failed, before anything is undone', async () => {
      job.write(
        'preflight.yml',
        "steps: [{ id: a, run: 'echo a >> ran; exit 9', rollback: 'echo undo >> ran', classify: [{ exit-code: 9, as: 'critical:data' }] }]\n",
      );
      const ran = await job.main({
        inputs: { diagnostics: 'echo look >> ran; echo seen by the diagnosis' },
      });
      expect(job.read('ran')).toBe('a\nlook\nundo\n');
      expect(ran.log).toContain('seen by the diagnosis');
    });
  });

  test('mode: plan prints how often, and how patiently, each step would be tried', async () => {
    job.write(
      'preflight.yml',
      'steps:\n  - { id: a, run: x }\n  - { id: b, run: x, retry: { max-attempts: 4, initial-delay: 5s, max-delay: 15s } }\n',
    );
    const ran = await job.main({ inputs: { mode: 'plan' } });
    expect(ran.log).toContain(
      'attempts of a: up to 3, with random waits below 2 s, 4 s, within 15m',
    );
    expect(ran.log).toContain('attempts of b: up to 4, with random waits below 5 s, 10 s, 15 s');
  });

  test('keeps its memory flat with 200 MB of output', async () => {
    job.write(
      'preflight.yml',
      'steps:\n  - id: flood\n    run: yes "the quick brown fox jumps over the lazy dog" | head -c 200000000 > /dev/stdout\n    shell: bash {0}\n',
    );
    const started = job.start('main', { under: ['/usr/bin/env', 'python3', '-c', PEAK] });
    const ran = await started.done;
    expect(ran.code).toBe(0);
    const peakKb = Number(/^peak (\d+)$/mu.exec(ran.log)?.[1] ?? 'NaN');
    expect(peakKb).toBeLessThan(150 * 1024);
  }, 60_000);
});

/** Runs a command with its output thrown away and prints its peak memory in KiB. */
const PEAK =
  'import resource, subprocess, sys; code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); ' +
  "print('peak', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)";

function readLastError(job: Job): string {
  const directory = job.deployment();
  return job.read(`../../../state/${directory.split('/state/')[1] ?? ''}/.last-error`);
}
