import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { byteLength } from '../../src/report/bounds.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import { mapTexts } from '../../src/report/map-texts.ts';
import { MOST_SUMMARY_BYTES, renderSummary } from '../../src/report/summary/summary.ts';
import { findForeignTags, findTables, toHtml, toProse } from './github-page.ts';
import { bars, failure, finding, report, skipped, START, step } from './report-builder.ts';
import { HOSTILE, SCENARIOS } from './scenarios.ts';

const scenarios = Object.entries(SCENARIOS);

describe('every kind of end', () => {
  test.each(scenarios)('%s is the golden file (UPDATE_GOLDEN=1 writes it)', (name, given) => {
    const path = `__tests__/fixtures/summaries/${name}.md`;
    const summary = renderSummary(given);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, summary);
    expect(existsSync(path)).toBe(true);
    expect(summary).toBe(readFileSync(path, 'utf8'));
  });

  test.each(scenarios)('%s says in its heading how it ended', (_, given) => {
    expect(renderSummary(given)).toMatch(/^## \p{Emoji}/u);
  });

  test.each(scenarios.filter(([, { outcome }]) => outcome !== 'succeeded'))(
    '%s says next what to do',
    (_, given) => {
      const box = /^## [^\n]*\n\n> \[!(?:CAUTION|WARNING)\]\n((?:>[^\n]*\n)+)/u.exec(
        renderSummary(given),
      );
      expect(box?.[1]).toContain('**What to do:** ');
    },
  );
});

describe('a summary in ten seconds', () => {
  const render = (name: string): string => renderSummary(SCENARIOS[name] ?? report());

  test('success is short', () => {
    expect(render('success').split('\n').length).toBeLessThan(25);
    expect(render('success')).not.toContain('mermaid');
  });

  test('a resume names what was skipped, and when it had been done', () => {
    const summary = render('resume');
    expect(summary).toContain('`pull` and `migrate` had been completed before');
    expect(summary).toContain('done 2026-11-22 10:31 UTC, 14m 48s before this run');
  });

  test('a failure names place, kind, evidence, fix, and what a re-run skips', () => {
    const summary = render('recoverable');
    const box = summary.slice(0, summary.indexOf('steps** done'));
    expect(box).toContain('`deploy/preflight.yml:10`');
    expect(box).toContain('`recoverable:resource`');
    expect(box).toContain('no space left on device');
    expect(box).toContain('*Re-run failed jobs*: it goes on from pull');
    expect(box).toContain('A re-run skips `login`');
    expect(summary).toContain('**0 of 40 GiB**');
    expect(summary).toContain('disk /: free 14 GiB → 0');
    expect(summary).toContain('docker system df');
  });

  test('an incomplete rollback lists exactly what is left for a person', () => {
    const summary = render('rollback-incomplete');
    expect(summary.match(/^> \d\. .*$/gmu)).toEqual([
      '> 1. Undo migrate by hand: its rollback failed &#40;exit code: 1&#41;, with: psql: error: connection to server at "db" &#40;10.0.0.5&#41;, port 5432 failed.',
      '> 2. Decide what becomes of notify: it is irreversible, and the rollback stopped in front of it.',
      '> 3. Decide what becomes of pull: it is still in place, since notify after it is irreversible.',
    ]);
  });

  test('a step in doubt comes with the workflow step that settles it', () => {
    expect(render('in-doubt')).toContain(
      '>     mode: mark-done # if it took effect; forget if it did not',
    );
  });

  test('of many steps only the special ones have a row, and all are in a fold', () => {
    const summary = render('sixty-steps');
    const [glance = '', whole = ''] = summary.split('<summary>All 60 steps</summary>');
    expect(glance).toContain('*21 steps:* `service-22` to `service-42`');
    expect(glance.match(/^\| /gmu)?.length).toBeLessThan(12);
    expect(whole).toContain('`service-33`');
  });

  test('what a rollback has undone does not count as done', () => {
    expect(render('rolled-back')).toMatch(/`up`\) \| ↩️&nbsp;undone/u);
  });
});

/** Texts as nobody would write them, but as they arrive. */
const nasty = fc.oneof(
  fc.constantFrom(
    HOSTILE,
    '|',
    '\\',
    '\\|',
    '`',
    '``|``',
    '```',
    '~~~~',
    '\n```\n',
    '</code>',
    '<!--',
    '<img src=x onerror=alert(1)>',
    '| --- |',
    '- ',
    '1. a',
    '> q',
    '# h',
    '&lt;',
    '&#124;',
    '[a]: http://b',
    '\u001b]8;;http://x\u0007',
    '\ud800',
    '\u202e',
    'a'.repeat(5_000),
    'x\n'.repeat(10_000),
    '@a/b',
    ':+1:',
    '\r\r\n',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      '`',
      '|',
      '\\',
      '<',
      '>',
      '*',
      '_',
      '\n',
      '~',
      '#',
      '@',
      ':',
      '/',
      'a',
      ' ',
      '1',
      '.',
      '-',
      '=',
    ),
    maxLength: 40,
  }),
);

const KEPT = new Set(
  'outcome mode kind category result status level action signal markdown file'.split(' '),
);

/** A scenario in which every text is another one. */
const hostileReport = fc
  .tuple(
    fc.constantFrom(...scenarios.map(([, given]) => given)),
    fc.array(nasty, { minLength: 1, maxLength: 8 }),
  )
  .map(([given, texts]) => {
    let turn = 0;
    return mapTexts(given, () => texts[turn++ % texts.length] ?? '', KEPT);
  });

describe('whatever the values are', () => {
  test('no element, fence or table is anybody else’s', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        const html = toHtml(renderSummary({ ...given, summaries: [] }));
        expect(findForeignTags(html)).toEqual([]);
        for (const rows of findTables(html)) expect(new Set(rows).size).toBe(1);
        expect(html.match(/<h2>/gu)).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });

  test('nobody is mentioned, nothing referred to, no emoji or formula made', () => {
    fc.assert(
      fc.property(hostileReport, (given) => {
        const prose = toProse(toHtml(renderSummary({ ...given, summaries: [] })));
        const acting = /@[A-Za-z0-9]|#\d|\bGH-\d|(?<![:\w]):[a-z+-][\w+-]*:|https?:\/\//iu;
        expect(acting.exec(prose)?.[0]).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test('no summary exceeds the limit, in bytes, and every one says how it ended', () => {
    fc.assert(
      fc.property(
        fc.record({
          tail: fc.integer({ min: 0, max: 400_000 }),
          summaries: fc.integer({ min: 0, max: 60 }),
          summaryLength: fc.integer({ min: 0, max: 100_000 }),
          steps: fc.constantFrom(1, 60, 1_500),
          letter: fc.constantFrom('a', 'ä', '漢', '😀', '<', '|'),
        }),
        ({ tail, summaries, summaryLength, steps, letter }) => {
          const long = letter.repeat(tail / 10);
          const lines = `${long}\n`.repeat(10);
          const broken = failure('unknown:exit', { tail: lines, evidence: long });
          const summary = renderSummary(
            report({
              outcome: 'failed',
              failure: broken,
              failedStep: 'migrate',
              steps: Array.from({ length: steps }, (_, index) =>
                step(`s${index}`, { name: long.slice(0, 200), reason: long, attempts: 2 }),
              ),
              diagnostics: [{ command: long, exitCode: 1, output: lines }],
              checks: [finding({ status: 'fail', reason: lines, remedy: long })],
              summaries: Array.from({ length: summaries }, (_, index) => ({
                step: `s${index}`,
                attempt: 1,
                markdown: letter.repeat(summaryLength),
              })),
            }),
          );
          expect(byteLength(summary)).toBeLessThanOrEqual(MOST_SUMMARY_BYTES);
          expect(summary.split('\n')[0]).toContain('failed at `migrate`');
        },
      ),
      { numRuns: 15 },
    );
  });
});

test('ends of outputs are shortened first, then what steps wrote, and never the outcome', () => {
  const markdown = 'word '.repeat(120_000);
  const given: RunReport = report({
    outcome: 'failed',
    failedStep: 'migrate',
    failure: failure('unknown:exit', { tail: 'line of output\n'.repeat(9_000) }),
    steps: [step('migrate', { result: 'failed' })],
    diagnostics: Array.from({ length: 20 }, () => ({
      command: 'show all',
      exitCode: 0,
      output: `${'o'.repeat(300)}\n`.repeat(190),
    })),
    summaries: [{ step: 'migrate', attempt: 1, markdown }],
  });
  const summary = renderSummary(given);
  expect(summary.includes(markdown.trim())).toBe(true);
  expect(summary.includes('Last 40 lines of the output')).toBe(true);
  const more = renderSummary({ ...given, summaries: [...given.summaries, ...given.summaries] });
  expect(more.includes(markdown.trim())).toBe(false);
  expect(/word[ word]*…/u.test(more)).toBe(true);
});

test('a diagram is drawn only where it says more than the table', () => {
  const plain = bars({ step: 'a', forMs: 5 }, { step: 'b', forMs: 5 });
  expect(renderSummary(report({ timeline: plain }))).not.toContain('mermaid');
  expect(
    renderSummary(report({ timeline: plain.slice(1).map((bar) => ({ ...bar, attempt: 2 })) })),
  ).not.toContain('mermaid');
  const retried = bars({ step: 'a', forMs: 5, ok: false }, { step: 'a', attempt: 2, forMs: 5 });
  expect(renderSummary(report({ timeline: retried }))).toContain('attempt 2 (5 ms)');
});

test('all skipped: says that nothing ran', () => {
  const given = report({
    resumed: true,
    startedAt: START,
    steps: [skipped('a', 'a', '2026-11-22T10:00:00+01:00')],
  });
  expect(renderSummary(given)).toContain('All steps had been completed before');
  expect(renderSummary(given)).toContain('Nothing ran.');
});
