import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { renderAnnotation, toAnnotations } from '../../src/report/annotations.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { mapTexts } from '../../src/report/map-texts.ts';
import { byteLength } from '../../src/report/bounds.ts';
import { failure, report, step } from './report-builder.ts';
import { HOSTILE, SCENARIOS } from './scenarios.ts';

const of = (name: string) => toAnnotations(SCENARIOS[name] ?? report());
const place = { file: 'scripts/x.sh', line: 4, inRepository: true, command: 'false' };

describe('annotations', () => {
  test('a failure has exactly one error, at the line that failed', () => {
    const [error, ...rest] = of('rolled-back');
    expect(error).toMatchObject({
      level: 'error',
      title: 'migrate failed: critical:migration',
      at: { file: 'scripts/migrate.sh', line: 7 },
    });
    expect(error?.message).toContain('already exists');
    expect(error?.message).toContain(
      'Mend the cause; then Re-run failed jobs, which goes on from up',
    );
    expect(rest).toEqual([]);
  });

  test.each([
    [
      'outside of the repository: the line of the plan that led there',
      {
        place: { ...place, inRepository: false, file: '/usr/bin/x' },
        calledFrom: { ...place, file: 'deploy/preflight.yml', line: 9 },
      },
      { file: 'deploy/preflight.yml', line: 9 },
    ],
    ['nowhere: the step in its plan', {}, { file: 'deploy/preflight.yml', line: 14 }],
    [
      'nowhere, and the plan is outside',
      { stepAt: { file: '../other/plan.yml', line: 3 } },
      undefined,
    ],
    ['nowhere, and the steps are inline', { stepAt: { file: '', line: 3 } }, undefined],
  ])('%s', (_, where, at) => {
    const broken = failure('unknown:exit', where);
    const [error] = toAnnotations(
      report({ outcome: 'failed', failedStep: 'migrate', failure: broken }),
    );
    expect(error?.at).toEqual(at);
  });

  test('a success has none', () => {
    expect(of('success')).toEqual([]);
  });

  test('what was tolerated and what limits a resume is a warning, what helped a notice', () => {
    expect(of('remedy').map(({ level, title }) => [level, title])).toEqual([
      ['warning', 'warm failed, tolerated: transient:service'],
      ['warning', 'preflight: Cannot be resumed'],
      ['notice', 'preflight: a remedy helped pull'],
      ['notice', 'preflight: values of up are not stored'],
    ]);
  });

  test('a remedy that did not help is none', () => {
    const remedies = [{ step: 'a', remedy: 'resource', ok: true }];
    const given = report({ outcome: 'failed', remedies, steps: [step('a', { result: 'failed' })] });
    expect(toAnnotations(given).map(({ level }) => level)).toEqual(['error']);
  });

  test('problems of a plan have one each, at their lines, up to ten', () => {
    expect(of('blocked-by-input')[0]).toMatchObject({
      level: 'error',
      at: { file: 'deploy/preflight.yml', line: 9, column: 5 },
    });
    const problems = Array.from({ length: 40 }, (_, line) => ({
      at: { file: 'p.yml', line: line + 1, column: 1 },
      message: 'm',
    }));
    const blockage = { kind: 'input', category: 'recoverable:configuration', problems } as const;
    expect(toAnnotations(report({ outcome: 'blocked', blockage }))).toHaveLength(10);
  });

  test('checks that block are said with what to do', () => {
    expect(of('blocked-by-checks')).toHaveLength(1);
    expect(of('blocked-by-checks')[0]?.message).toContain('sudo systemctl start docker');
  });

  test('never more than five, the last naming the rest', () => {
    const notes = Array.from(
      { length: 9 },
      (_, index) => ({ level: 'warning', title: `n${index}`, message: 'm' }) as const,
    );
    const all = toAnnotations(report({ notes }));
    expect(all).toHaveLength(5);
    expect(all.at(-1)).toMatchObject({
      level: 'warning',
      title: 'preflight: 5 more in the job summary',
    });
    expect(all.at(-1)?.message).toContain('n8');
  });

  test('titles and files hold no command and no output, messages fit, and each is one command', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(SCENARIOS)),
        fc.constantFrom(HOSTILE, '漢\n'.repeat(5_000)),
        (given, text) => {
          const kept = new Set(
            'outcome mode kind category result status level id step failedStep file title rule signal remedy'.split(
              ' ',
            ),
          );
          const changed: RunReport = mapTexts(given, () => text, kept);
          for (const annotation of toAnnotations(changed)) {
            expect(annotation.title).not.toContain(text);
            const command = renderAnnotation(annotation);
            expect(command.trimEnd().split(/[\r\n]/u)).toHaveLength(1);
            const [, message = ''] =
              /^::(?:error|warning|notice) [^]*?::([^]*)\n$/u.exec(command) ?? [];
            expect(
              byteLength(decodeURIComponent(message.replace(/%(?!0A|0D|25)/gu, '%25'))),
            ).toBeLessThanOrEqual(4_096);
          }
        },
      ),
    );
  });
});
