import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { Job } from '../support/action.ts';

const SLOW = `
steps:
  - id: slow
    run: 'echo start >> ran; touch started; while [ ! -e go ]; do sleep 0.05; done; echo end >> ran'
`;

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(condition()).toBe(true);
}

describe('two runs on one host', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job(SLOW);
  });
  afterEach(() => {
    job.write('go', '');
    job.remove();
  });

  test('the second one waits for the first, naming it', async () => {
    const first = job.start('main', { runId: '1' });
    await until(() => existsSync(join(job.workspace, 'started')));
    let waiting = '';
    const second = job.start('main', {
      runId: '2',
      onLog: (text) => {
        waiting += text;
      },
    });
    await until(() => waiting.includes('is held by run 1 attempt 1'));
    job.write('go', '');
    expect((await first.done).code).toBe(0);
    expect((await second.done).code).toBe(0);
    expect(job.read('ran')).toBe('start\nend\nstart\nend\n');
  });

  test('the second one gives up after lock-timeout, and nothing of it has run', async () => {
    const first = job.start('main', { runId: '1' });
    await until(() => existsSync(join(job.workspace, 'started')));
    const second = await job.main({ runId: '2', inputs: { 'lock-timeout': '300ms' } });
    expect(second.code).toBe(1);
    expect(second.outputs.get('outcome')).toBe('blocked');
    expect(second.outputs.get('category')).toBe('transient:lock');
    expect(second.log).toContain('is still held by run 1 attempt 1');
    job.write('go', '');
    expect((await first.done).code).toBe(0);
    expect(job.read('ran')).toBe('start\nend\n');
  });

  test('the lock of a dead node is kept while its step lives, and the same deployment adopts the step', async () => {
    const first = job.start('main', { runId: '1' });
    await until(() => existsSync(join(job.workspace, 'started')));
    first.child.kill('SIGKILL');
    await first.done;
    const other = await job.main({ runId: '2', inputs: { 'lock-timeout': '300ms' } });
    expect(other.outputs.get('outcome')).toBe('blocked');
    let log = '';
    const again = job.start('main', {
      runId: '1',
      attempt: 2,
      onLog: (text) => {
        log += text;
      },
    });
    await until(() => log.includes('[WAIT] slow'));
    job.write('go', '');
    const ran = await again.done;
    expect(ran.code).toBe(0);
    expect(job.read('ran')).toBe('start\nend\n');
    expect(ran.log).toContain('[OK] slow completed');
  });

  test('an older attempt of the same run that still deploys is waited for, never run over', async () => {
    const first = job.start('main', { runId: '1' });
    await until(() => existsSync(join(job.workspace, 'started')));
    let log = '';
    const again = job.start('main', {
      runId: '1',
      attempt: 2,
      onLog: (text) => {
        log += text;
      },
    });
    await until(() => log.includes('is held by run 1 attempt 1'));
    job.write('go', '');
    expect((await first.done).code).toBe(0);
    const ran = await again.done;
    expect(ran.code).toBe(0);
    expect(ran.log).toContain('[SKIP] slow');
    expect(job.read('ran')).toBe('start\nend\n');
  });

  test('the lock of a dead node without a living step is broken', async () => {
    const first = job.start('main', { runId: '1' });
    await until(() => existsSync(join(job.workspace, 'started')));
    first.child.kill('SIGKILL');
    await first.done;
    job.write('go', '');
    await until(() => job.read('ran').includes('end'));
    const other = await job.main({ runId: '2', inputs: { 'lock-timeout': '5s' } });
    expect(other.code).toBe(0);
  });
});
