import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { byteLength } from '../../src/report/bounds.ts';
import { REPORT_SHAPE, renderReportSchema } from '../../src/report/json-shape.ts';
import { MOST_RESULT_BYTES, renderResult, toJsonReport } from '../../src/report/json.ts';
import { mapTexts } from '../../src/report/map-texts.ts';
import { bars, failure, finding, report, step } from './report-builder.ts';
import { SCENARIOS } from './scenarios.ts';

const scenarios = Object.entries(SCENARIOS);

test('the published schema is what the sources give (node .github/generate-report-schema.js)', () => {
  expect(readFileSync('report.schema.json', 'utf8') === renderReportSchema()).toBe(true);
});

test('the published schema is open to fields that come later', () => {
  expect(renderReportSchema()).not.toContain('additionalProperties');
});

describe('the report', () => {
  test.each(scenarios)(
    '%s has the published shape, and so has the shortened result',
    (_, given) => {
      const written: unknown = JSON.parse(JSON.stringify(toJsonReport(given)));
      expect(REPORT_SHAPE.safeParse(written).error).toBeUndefined();
      expect(REPORT_SHAPE.safeParse(JSON.parse(renderResult(given))).error).toBeUndefined();
    },
  );

  test('small reports are whole in the result', () => {
    const given = SCENARIOS['recoverable'] ?? report();
    expect(JSON.parse(renderResult(given))).toEqual(
      JSON.parse(JSON.stringify(toJsonReport(given))),
    );
  });

  test('says what is left for a person, and what a re-run does', () => {
    expect(
      toJsonReport(SCENARIOS['rollback-incomplete'] ?? report()).rollback?.left_to_do,
    ).toHaveLength(3);
    expect(toJsonReport(SCENARIOS['fatal'] ?? report()).rerun).toEqual({
      skips: ['pull', 'migrate'],
      goes_on_from: 'up',
      doubt: '',
    });
  });
});

describe('the result output', () => {
  test('details go first, and it says which', () => {
    const given = report({
      outcome: 'failed',
      failure: failure('unknown:exit', { tail: 'x'.repeat(200_000) }),
      diagnostics: [{ command: 'c', exitCode: 0, output: 'o' }],
      steps: [step('a')],
    });
    const result = JSON.parse(renderResult(given)) as ReturnType<typeof toJsonReport>;
    expect(result.truncated).toEqual(['failure', 'diagnostics']);
    expect(result.steps).toHaveLength(1);
    expect(result.failure?.tail).toHaveLength(4_000);
  });

  test('never exceeds its limit, keeps its shape, and says the outcome', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(SCENARIOS)),
        fc.integer({ min: 1, max: 9_000 }),
        fc.constantFrom('a', '漢', '"'),
        (base, length, letter) => {
          const kept = new Set(
            'outcome mode kind category result status level action signal'.split(' '),
          );
          const given = mapTexts(
            {
              ...base,
              checks: Array.from({ length: 300 }, () => finding()),
              timeline: bars(...Array.from({ length: 300 }, () => ({ step: 'a', forMs: 1 }))),
            },
            () => letter.repeat(length),
            kept,
          );
          const result = renderResult(given);
          expect(byteLength(result)).toBeLessThanOrEqual(MOST_RESULT_BYTES);
          expect(REPORT_SHAPE.parse(JSON.parse(result)).outcome).toBe(given.outcome);
        },
      ),
      { numRuns: 40 },
    );
  });
});
