import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { Job } from '../../support/action.ts';
import { resultsOf } from '../../support/example.ts';

const README = readFileSync('README.md', 'utf8');

/** The text of the first fenced block that matches. */
function findBlock(wanted: RegExp): string {
  const blocks = [...README.matchAll(/^```\w*\n([\s\S]*?)^```$/gmu)].map(([, text = '']) => text);
  const found = blocks.find((text) => wanted.test(text));
  if (found === undefined) throw new Error(`README has no block with ${String(wanted)}`);
  return found;
}

/** Without what is different each time. */
const withoutTimes = (log: string): string =>
  log
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:+]+/gu, '<time>')
    .replaceAll(/in [\d.]+ m?s\b/gu, 'in <time>');

describe('the first deployment of README', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job();
  });
  afterEach(() => {
    job.remove();
  });

  test('fails and resumes as it is told there', async () => {
    const isReady = join(job.home, 'ready-to-publish');
    job.write(
      'preflight.yml',
      findBlock(/^# preflight\.yml$/mu).replaceAll('/tmp/ready-to-publish', isReady),
    );
    const first = await job.main();
    expect(first.outputs.get('failed-step')).toBe('publish');
    expect(first.log).toContain(
      'Mend the cause, then Re-run failed jobs: it goes on from publish.',
    );
    job.write('../../../ready-to-publish', '');
    const second = await job.main({ attempt: 2 });
    const told = withoutTimes(findBlock(/^\[SKIP\] build/mu))
      .trim()
      .split('\n');
    const said = withoutTimes(second.log).split('\n');
    expect(said.filter((line) => told.includes(line))).toEqual(told);
  }, 60_000);

  test("a reader's own three steps: a variable goes on, a bad result is taken back", async () => {
    const classify = /`(classify: .*?)`/u.exec(README)?.[1] ?? '';
    const handOver = /`(echo "VERSION=.*?)`/u.exec(README)?.[1] ?? '';
    job.write(
      'preflight.yml',
      `
checks:
  - command: [tar]
steps:
  - id: pack
    run: |
      VERSION=1.0.7
      tar -czf "$SITE-$VERSION.tgz" page
      ${handOver}
  - id: install
    run: |
      mkdir -p "$SITE"
      tar -xzf "$SITE-$VERSION.tgz" -C "$SITE"
    rollback: rm -r "$SITE"
  - id: look
    run: grep -q '<h1>' "$SITE/page"
    ${classify}
`,
    );
    const env = { SITE: join(job.home, 'site') };
    job.write('page', 'no heading\n');
    const first = await job.main({ env });
    expect(first.outputs.get('outcome')).toBe('rolled-back');
    job.write('page', '<h1>a heading</h1>\n');
    // Its archive was made of the old page: a new run packs again.
    const second = await job.main({ env, runId: '4712' });
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(resultsOf(second)).toEqual({
      pack: 'succeeded',
      install: 'succeeded',
      look: 'succeeded',
    });
  }, 60_000);
});
