import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { Job } from '../support/action.ts';

/** Six steps that append their name to `ran`; the fourth fails while there is no file `mended`. */
const SIX_STEPS = `
name: shop
steps:
  - id: one
    run: |
      echo one >> ran
      echo "version=1.2.3" >> "$GITHUB_OUTPUT"
      { echo "notes<<END OF NOTES"; echo "first"; echo; echo "END OF"; echo "END OF NOTES"; } >> "$GITHUB_OUTPUT"
      echo "FROM_ONE=a=b c" >> "$GITHUB_ENV"
      echo "$PWD/tools" >> "$GITHUB_PATH"
      echo "**one** was here" >> "$GITHUB_STEP_SUMMARY"
  - id: two
    run: 'test "$FROM_ONE" = "a=b c"; echo two >> ran'
  - id: three
    run: echo three >> ran
  - id: four
    run: |
      echo four >> ran
      [ -e mended ] || exit 1
  - id: five
    run: 'test "$FROM_ONE" = "a=b c"; shop-tool; echo five >> ran'
  - id: six
    run: echo six >> ran
`;

describe('a deployment that fails half-way', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job(SIX_STEPS);
    job.write('tools/shop-tool', '#!/bin/sh\necho the tool of step one\n');
  });
  afterEach(() => {
    job.remove();
  });
  const ran = (): string[] => job.read('ran').split('\n').filter(Boolean);

  test('runs to the step that fails, and says so everywhere', async () => {
    const first = await job.main();
    expect(first.code).toBe(1);
    expect(ran()).toEqual(['one', 'two', 'three', 'four']);
    expect(first.log).toContain('[OK] three completed');
    expect(first.log).toContain('[ERROR] four failed (exit code: 1)');
    expect(first.log).toMatch(/::error file=preflight\.yml,line=\d+/u);
    expect(Object.fromEntries(first.outputs)).toMatchObject({
      outcome: 'failed',
      'failed-step': 'four',
      category: 'unknown:exit',
      'exit-code': '1',
      resumed: 'false',
      'steps-run': '4',
      'steps-skipped': '0',
      attempts: '1',
      'deployment-id': '4711',
      'state-dir': job.stateDir,
      version: '1.2.3',
    });
    expect(first.summary).toContain('four');
    expect(JSON.parse(first.outputs.get('result') ?? '')).toMatchObject({
      schema_version: 1,
      outcome: 'failed',
    });
    expect(JSON.parse(readFileSync(first.outputs.get('report') ?? '', 'utf8'))).toMatchObject({
      schema_version: 1,
    });
  });

  test('goes on from there on run attempt 2, and hands on what the skipped steps had written', async () => {
    const first = await job.main();
    job.write('mended', '');
    const second = await job.main({ attempt: 2 });
    expect(second.code).toBe(0);
    expect(ran()).toEqual(['one', 'two', 'three', 'four', 'four', 'five', 'six']);
    expect(second.log).toMatch(
      /\[SKIP\] one \(completed at: \d{4}-\d\d-\d\dT[\d:]{8}[+-]\d\d:\d\d\)/u,
    );
    expect(Object.fromEntries(second.outputs)).toMatchObject({
      outcome: 'succeeded',
      resumed: 'true',
      'steps-run': '3',
      'steps-skipped': '3',
      category: '',
    });
    for (const name of ['version', 'notes']) {
      expect(second.outputs.get(name)).toBe(first.outputs.get(name));
    }
    expect(second.outputs.get('notes')).toBe('first\n\nEND OF');
    expect(second.env).toEqual(first.env);
    expect(second.path).toEqual(first.path);
    expect(second.summary).toContain('**one** was here');
  });

  test('removes at once what a run left that was killed while it removed it itself', async () => {
    await job.main();
    const all = readdirSync(job.stateDir, { recursive: true, encoding: 'utf8' });
    const steps = all.find((path) => path.endsWith('/steps')) ?? '';
    const left = join(job.stateDir, steps, '../run/three');
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'output'), 'raw');
    await job.main({ attempt: 2 });
    expect(existsSync(left)).toBe(false);
  });

  test('starts fresh with a new run id', async () => {
    await job.main();
    await job.main({ runId: '4712' });
    expect(ran()).toEqual(['one', 'two', 'three', 'four', 'one', 'two', 'three', 'four']);
  });

  test('goes on in a new run when the deployment id is the same', async () => {
    const inputs = { 'deployment-id': 'v1.2.3/hot' };
    await job.main({ inputs });
    job.write('mended', '');
    const second = await job.main({ inputs, runId: '4712' });
    expect(ran()).toEqual(['one', 'two', 'three', 'four', 'four', 'five', 'six']);
    expect(second.outputs.get('deployment-id')).toBe('v1.2.3/hot');
  });

  test('does not trust the checkpoints of a deployment that another one has superseded', async () => {
    await job.main({ runId: '1' });
    job.write('mended', '');
    await job.main({ runId: '2' });
    const again = await job.main({ runId: '1', attempt: 2 });
    expect(again.log).toContain('another deployment of this target has run since');
    expect(ran().slice(10)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });

  test('honours a marker made by hand, and runs a step whose marker was removed by hand', async () => {
    await job.main();
    job.write('mended', '');
    rmSync(join(job.deployment(), '.checkpoint-two'));
    writeFileSync(join(job.deployment(), '.checkpoint-six'), '2026-01-02T03:04:05+00:00\n');
    const second = await job.main({ attempt: 2 });
    expect(second.code).toBe(0);
    expect(ran().slice(4)).toEqual(['two', 'four', 'five']);
    expect(second.log).toContain(
      '[SKIP] six (completed at: 2026-01-02T03:04:05+00:00, set by hand)',
    );
  });

  test('is closed by the post step when the job ended well, and a green job that is re-run starts fresh', async () => {
    job.write('mended', '');
    const main = await job.main();
    const all = ran();
    const failing = { env: Job.handOver(main), inputs: { 'job-status': 'failure' } };
    await job.post(failing);
    const unclosed = await job.main({ attempt: 2 });
    expect(unclosed.log).toContain('nothing will run');
    expect(unclosed.log).toContain('resume: never');
    expect(ran()).toEqual(all);
    const post = await job.post({ env: Job.handOver(unclosed), attempt: 2 });
    expect(post.log).toContain('is closed');
    await job.main({ attempt: 3 });
    expect(ran()).toEqual([...all, ...all]);
  });

  test('warns when a re-run finds nothing, and refuses with resume: require', async () => {
    const warned = await job.main({ attempt: 2 });
    expect(warned.log).toContain('nothing is recorded');
    const other = new Job(SIX_STEPS);
    const refused = await other.main({ attempt: 2, inputs: { resume: 'require' } });
    expect(refused.code).toBe(1);
    expect(refused.outputs.get('outcome')).toBe('blocked');
    expect(other.read('ran')).toBe('');
    other.remove();
  });

  test('runs everything again with resume: never', async () => {
    await job.main();
    await job.main({ attempt: 2, inputs: { resume: 'never' } });
    expect(ran()).toEqual(['one', 'two', 'three', 'four', 'one', 'two', 'three', 'four']);
  });
});
