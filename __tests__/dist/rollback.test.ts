import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { Job } from '../support/action.ts';

interface Stored {
  readonly history: readonly {
    readonly mode: string;
    readonly actor: string;
    readonly run: { readonly run_id: string };
  }[];
}

function readDeployment(job: Job, start = ''): Stored {
  return JSON.parse(readFileSync(join(job.deployment(start), 'deployment.json'), 'utf8')) as Stored;
}

interface Variant {
  readonly irreversible?: string;
  readonly failingUndo?: string;
}

/** Five steps that can be undone; the fourth fails critically. */
function toPlan({ irreversible, failingUndo }: Variant = {}): string {
  const step = (id: string): string => `
  - id: ${id}
    run: echo do-${id} >> ran${id === 'd' ? '; exit 9' : ''}
    irreversible: ${String(id === irreversible)}
    rollback: echo undo-${id} >> ran${id === failingUndo ? '; exit 1' : ''}
    classify: [{ exit-code: 9, as: 'critical:migration' }]`;
  return `steps:${['a', 'b', 'c', 'd', 'e'].map(step).join('')}\n`;
}

describe('a critical failure at the fourth of five steps', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job(toPlan());
  });
  afterEach(() => {
    job.remove();
  });
  const done = 'do-a\ndo-b\ndo-c\ndo-d\n';

  test('undoes 4, 3, 2, 1, and is still a failure', async () => {
    const ran = await job.main({ inputs: { rollback: 'echo command >> ran' } });
    expect(ran.code).toBe(1);
    expect(job.read('ran')).toBe(`${done}undo-d\nundo-c\nundo-b\nundo-a\ncommand\n`);
    expect(ran.outputs.get('outcome')).toBe('rolled-back');
    expect(ran.outputs.get('failed-step')).toBe('d');
    expect(ran.outputs.get('category')).toBe('critical:migration');
  });

  test('goes forward again on the next run, from the first step', async () => {
    await job.main();
    job.write('preflight.yml', toPlan().replace('; exit 9', ''));
    const second = await job.main({ attempt: 2 });
    expect(second.code).toBe(0);
    expect(job.read('ran')).toBe(`${done}undo-d\nundo-c\nundo-b\nundo-a\n${done}do-e\n`);
  });

  test('with the second one irreversible stops there, and says so', async () => {
    job.write('preflight.yml', toPlan({ irreversible: 'b' }));
    const ran = await job.main({ inputs: { rollback: 'echo command >> ran' } });
    expect(job.read('ran')).toBe(`${done}undo-d\nundo-c\n`);
    expect(ran.outputs.get('outcome')).toBe('rollback-incomplete');
    expect(ran.log).toContain('b: is irreversible');
    expect(ran.log).toMatch(/a: not undone/u);
  });

  test('with the third undo failing goes on, and reports what is left', async () => {
    job.write('preflight.yml', toPlan({ failingUndo: 'c' }));
    const ran = await job.main();
    expect(job.read('ran')).toBe(`${done}undo-d\nundo-c\nundo-b\nundo-a\n`);
    expect(ran.outputs.get('outcome')).toBe('rollback-incomplete');
    expect(ran.log).toContain('c: its rollback failed (exit code: 1)');
  });

  test('is only reported with on-critical: fail', async () => {
    const ran = await job.main({ inputs: { 'on-critical': 'fail' } });
    expect(job.read('ran')).toBe(done);
    expect(ran.outputs.get('outcome')).toBe('failed');
  });
});

describe('the modes for people without a shell on the host', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job(
      `steps:
  - { id: a, run: 'echo do-a >> ran', rollback: 'echo undo-a >> ran' }
  - { id: b, run: 'echo do-b >> ran; [ -e mended ] || exit 1', idempotent: false, rollback: 'echo undo-b >> ran' }
`,
    );
  });
  afterEach(() => {
    job.remove();
  });
  const elsewhere = { runId: '99', env: { GITHUB_JOB: 'repair', GITHUB_ACTOR: 'octocat' } };

  async function findTarget(): Promise<string> {
    const status = await job.main({ ...elsewhere, inputs: { mode: 'status' } });
    expect(status.code).toBe(0);
    return /^target: (\S+)$/mu.exec(status.log)?.[1] ?? '';
  }

  test('status shows the steps; mark-done, forget and rollback act on the open deployment, from another workflow', async () => {
    await job.main();
    const target = await findTarget();
    const status = await job.main({ ...elsewhere, inputs: { mode: 'status' } });
    expect(status.log).toMatch(/a: complete/u);
    expect(status.log).toMatch(/b: failed \(exit code: 1\)/u);

    const marked = await job.main({
      ...elsewhere,
      inputs: { mode: 'mark-done', target, step: 'b' },
    });
    expect([marked.log, marked.code]).toEqual([marked.log, 0]);
    const skipped = await job.main({ attempt: 2 });
    expect(skipped.code).toBe(0);
    expect(skipped.log).toMatch(/\[SKIP\] b .*octocat/u);

    const forgot = await job.main({ ...elsewhere, inputs: { mode: 'forget', target, step: 'a' } });
    expect([forgot.log, forgot.code]).toEqual([forgot.log, 0]);
    await job.main({ attempt: 3 });
    expect(job.read('ran')).toBe('do-a\ndo-b\ndo-a\n');

    const back = await job.main({ ...elsewhere, inputs: { mode: 'rollback', target } });
    expect([back.log, back.code]).toEqual([back.log, 0]);
    expect(job.read('ran')).toBe('do-a\ndo-b\ndo-a\nundo-a\n');
    expect(back.log).toMatch(/b: was declared done/u);

    const { history } = readDeployment(job);
    const acts = history
      .filter(({ actor }) => actor === 'octocat')
      .map(({ mode, run }) => [mode, run.run_id]);
    expect(acts).toEqual([
      ['mark-done', '99'],
      ['forget', '99'],
      ['rollback', '99'],
    ]);
  });

  test('a target or step that is not there is refused, naming what is meant', async () => {
    await job.main();
    const target = await findTarget();
    const wrong = await job.main({
      ...elsewhere,
      inputs: { mode: 'forget', target: `${target}x` },
    });
    expect(wrong.code).toBe(1);
    expect(wrong.log).toContain(target);
    const step = await job.main({
      ...elsewhere,
      inputs: { mode: 'mark-done', target, step: 'bb' },
    });
    expect(step.code).toBe(1);
    expect(step.log).toMatch(/no step "bb".*"b"|Its steps are: a, b/su);
  });

  test('unlock removes the lock of a host that is gone, and leaves an entry', async () => {
    await job.main();
    const target = await findTarget();
    const lock = join(job.stateDir, 'locks', target);
    const started = job.start('main', {
      runId: '5',
      inputs: { steps: '- { id: s, run: sleep 300 }' },
    });
    while (!existsSync(lock)) await new Promise((resolve) => setTimeout(resolve, 20));
    const alive = await job.main({ ...elsewhere, inputs: { mode: 'unlock', target } });
    expect(alive.code).toBe(1);
    expect(existsSync(lock)).toBe(true);
    const content = readFileSync(lock, 'utf8');
    started.child.kill('SIGINT');
    await started.done;
    // The same lock, as another host of a shared state dir would have left it: nobody here can prove it dead.
    const elsewhereHeld = content.replace(/("host": ?)"[^"]*"/u, '$1"gone.example"');
    expect(elsewhereHeld).not.toBe(content);
    writeFileSync(lock, elsewhereHeld, { mode: 0o600 });
    const waits = await job.main({ runId: '6', inputs: { 'lock-timeout': '300ms' } });
    expect(waits.outputs.get('outcome')).toBe('blocked');
    const unlocked = await job.main({ ...elsewhere, inputs: { mode: 'unlock', target } });
    expect([unlocked.log, unlocked.code]).toEqual([unlocked.log, 0]);
    expect(existsSync(lock)).toBe(false);
    expect(readDeployment(job, '5').history.at(-1)).toMatchObject({
      mode: 'unlock',
      actor: 'octocat',
    });
  });

  test('rollback needs no plan file, but does not pass over one that is wrong', async () => {
    await job.main();
    const target = await findTarget();
    const inputs = { mode: 'rollback', target };
    job.write('preflight.yml', 'steps: [{ id: a, ruin: x }]');
    const wrong = await job.main({ ...elsewhere, inputs });
    expect([wrong.code, wrong.outputs.get('category')]).toEqual([1, 'recoverable:configuration']);
    rmSync(join(job.workspace, 'preflight.yml'));
    const named = await job.main({ ...elsewhere, inputs: { ...inputs, plan: 'preflight.yml' } });
    expect(named.code).toBe(1);
    expect(job.read('ran')).not.toContain('undo-a');
    const back = await job.main({ ...elsewhere, inputs });
    expect([back.log, back.code]).toEqual([back.log, 0]);
    expect(job.read('ran')).toContain('undo-a');
    expect(back.outputs.get('deployment-id')).not.toBe('99');
  });

  test('unlock removes nothing that is alive, and says when there is no lock', async () => {
    await job.main();
    const target = await findTarget();
    const none = await job.main({ ...elsewhere, inputs: { mode: 'unlock', target } });
    expect([none.log, none.code]).toEqual([none.log, 0]);
    expect(none.log).toContain('nobody holds the lock');
  });
});
