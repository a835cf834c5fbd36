import { describe, expect, test } from '@jest/globals';

import type { Outcome } from '../../src/engine/outcome.ts';
import type { Category } from '../../src/failure/category.ts';
import { createRedactor } from '../../src/redact/redactor.ts';
import { renderFailureBlock } from '../../src/report/failure-block.ts';
import { renderFindings } from '../../src/report/findings.ts';
import type { LogPart } from '../../src/report/log.ts';
import { renderEvent } from '../../src/report/log.ts';
import { renderLastLine, toNextAction } from '../../src/report/next-action.ts';
import { toNextAtTerminal } from '../../src/report/next-at-terminal.ts';
import { createPrinter, RUNNER_GROUPS } from '../../src/report/printer.ts';
import { renderSummary } from '../../src/report/summary/summary.ts';
import { failure, finding, report, step } from './report-builder.ts';
import { SCENARIOS } from './scenarios.ts';

const PULL = { id: 'pull', name: 'Pull images' };
const of = (name: string) => SCENARIOS[name] ?? report();

function print(parts: readonly LogPart[]): string {
  let written = '';
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    utcOffsetMinutes: () => 0,
    sleep: () => Promise.resolve(),
  };
  const redactor = createRedactor({
    known: [{ name: 'TOKEN', value: ['hunter', '2-and-more'].join('') }],
  });
  const write = (text: string): void => {
    written += text;
  };
  const printer = createPrinter({ write, redactor, clock, groups: RUNNER_GROUPS });
  printer.print(parts);
  printer.end();
  return written.replace(/^::add-mask::.*\n/gmu, '');
}

describe('the words of the shell library stand at the start of a line, without colour', () => {
  test.each([
    [
      {
        type: 'step-skipped',
        step: PULL,
        completedAt: 'T',
        reason: 'completed at: T',
        summary: '',
      },
      '[SKIP] pull (completed at: T)',
    ],
    [{ type: 'step-completed', step: PULL, at: 0, how: 'ran' }, '[OK] pull completed'],
    [
      { type: 'step-failed', step: PULL, failure: failure('unknown:exit'), tolerated: false },
      '[ERROR] pull failed (exit code: 3)',
    ],
  ] as const)('%j', (event, line) => {
    expect(print(renderEvent(event)).split('\n')[0]).toBe(line);
  });
});

describe('the failure block', () => {
  const block = renderFailureBlock(of('rollback-incomplete'));

  test('says all about a failure in one place', () => {
    const text = print(block.map((line) => ({ kind: 'line', text: line })));
    for (const said of [
      'step         migrate (Migrate the database)',
      'end          exit code: 3',
      'where        scripts/migrate.sh:7',
      'called from  deploy/preflight.yml:15',
      'command      psql "$DATABASE_URL"',
      'category     critical:migration (rule postgres-exists)',
      'because      psql:migrations/0042',
      '>  7 |   psql',
      'left to do by hand:',
      '1) is irreversible'.slice(3),
      'next: The target is between two versions. 3 things are left',
    ]) {
      expect(text).toContain(said);
    }
  });

  test('has the only colour of the log, in its heading', () => {
    expect(block[0]?.startsWith('\u001b[1;31m──── migrate failed')).toBe(true);
    expect(block[0]?.endsWith('────\u001b[0m')).toBe(true);
    expect(block.slice(1).join('')).not.toContain('\u001b');
  });

  test('a re-run is told what it skips', () => {
    expect(renderFailureBlock(of('fatal')).at(-1)).toBe('  a re-run skips: pull, migrate');
  });

  test('there is none without a failure', () => {
    expect(renderFailureBlock(of('success'))).toEqual([]);
  });
});

describe('findings of checks', () => {
  test('what is well is in a group, what is not is outside of it', () => {
    const bad = finding({
      name: 'ram',
      status: 'fail',
      found: '1 GB',
      wanted: '2 GB',
      remedy: 'Buy some.',
    });
    expect(print(renderFindings([finding(), bad]))).toBe(
      '::group::Pre-flight checks: 1 of 2 passed\n[OK] check disk /: 14 GiB free\n::endgroup::\n' +
        '[ERROR] check ram: 1 GB (wanted: 2 GB)\n        Buy some.\n',
    );
  });

  test('lines of a group are redacted and inert', () => {
    const secret = ['hunter', '2-and-more'].join('');
    const printed = print([{ kind: 'group', title: secret, lines: [`::error::${secret}`] }]);
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain('\n::error::');
  });

  test('titles and lines have nothing that acts, and it joins no halves of a secret', () => {
    const secret = ['hunter', '2-and-more'].join('');
    const text = `\u001b]0;x\u0007a\u001b[2J ${secret.slice(0, 6)}\0\u001b[K${secret.slice(6)}`;
    const printed = print([{ kind: 'group', title: text, lines: [text] }]);
    expect(printed).toBe('::group::a [REDACTED]\na [REDACTED]\n::endgroup::\n');
  });
});

describe('the last line', () => {
  test.each([
    ['success', 'succeeded: 4 run, 0 skipped, of 4 steps, in 2m 13s'],
    ['resume', 'succeeded: 2 run, 2 skipped, of 4 steps, in 1m 6s'],
    [
      'transient',
      'failed: 1 run, 0 skipped, of 4 steps, in 31 s. This often passes by itself. Re-run failed jobs: it goes on from pull.',
    ],
    [
      'blocked-by-checks',
      'blocked: 2 of 5 checks passed, in 2.3 s. Nothing was started. Mend what the checks found, then Re-run failed jobs.',
    ],
    ['plan', 'succeeded: mode plan, in 210 ms'],
  ])('%s', (name, line) => {
    expect(renderLastLine(of(name))).toBe(line);
  });
});

describe('what to do next', () => {
  test('steps without a rollback are named when all others are undone', () => {
    expect(toNextAction(of('rolled-back'))).toContain('pull has none and is left as it is');
  });

  test('a re-run that starts at the first step says so', () => {
    const given = report({
      outcome: 'failed',
      failedStep: 'up',
      failure: failure('recoverable:resource'),
      rerun: { skips: [], goesOnFrom: 'pull', doubt: '' },
    });
    expect(toNextAction(given)).toBe(
      'Mend the cause, then Re-run failed jobs: it goes on from pull.',
    );
  });

  describe('where the next run would stop and ask', () => {
    const rerun = { skips: [], goesOnFrom: 'migrate', doubt: 'it was ended by cancel' };
    const ended = (outcome: Outcome, category: Category) =>
      report({ outcome, failedStep: 'migrate', failure: failure(category), rerun });

    test.each<[Outcome, Category, RegExp]>([
      ['cancelled', 'fatal:signal', /^Find out whether migrate took effect/u],
      ['failed', 'fatal:signal', /^Find out whether migrate took effect/u],
      ['failed', 'critical:verification', /^Look at .* Find out whether migrate took effect/u],
      ['rolled-back', 'critical:timeout', / Find out whether migrate took effect/u],
    ])(
      '%s by %s: it is asked at once, and nobody is told that it goes on',
      (outcome, category, asks) => {
        const given = ended(outcome, category);
        expect(toNextAction(given)).toMatch(asks);
        expect(toNextAction(given)).toContain(
          'mode: mark-done if it did, mode: forget if it did not',
        );
        expect(toNextAction(given)).not.toContain('goes on');
        const summary = renderSummary(given);
        expect(summary).toContain('mode: mark-done # if it took effect; forget if it did not');
        expect(summary).toContain('step: "migrate"');
      },
    );

    test('the commands to type are given at a terminal', () => {
      const venue = { kind: 'terminal', again: 'preflight run', flags: [] } as const;
      const next = toNextAtTerminal({ ...ended('failed', 'fatal:signal'), venue }, venue);
      expect(next?.text).toMatch(/^Find out whether migrate took effect/u);
      expect(next?.commands.map((command) => command.split(' ').slice(0, 2).join(' '))).toEqual([
        'preflight mark-done',
        'preflight forget',
        'preflight run',
      ]);
    });
  });

  test('state that could not be written comes first', () => {
    const given = report({
      outcome: 'failed',
      fault: 'write /var/lib/x: no space left on device',
      steps: [step('a')],
    });
    expect(toNextAction(given)).toMatch(/^Make room/u);
  });

  test('a rollback that was cut off is finished by the next run', () => {
    const rollback = { complete: false, undos: [], command: undefined };
    expect(toNextAction(report({ outcome: 'cancelled', rollback }))).toContain('finishes it first');
    expect(toNextAction(report({ outcome: 'rollback-incomplete', rollback }))).toContain(
      'finishes it first',
    );
  });
});
