import { describe, expect, test } from '@jest/globals';
import { COMMANDS, COMMAND_NAMES } from '../../src/cli/commands.ts';
import { EXIT_CODES, toExitCode } from '../../src/cli/exit-codes.ts';
import { FLAGS } from '../../src/cli/flags.ts';
import { renderHelp } from '../../src/cli/help.ts';
import { createPaint, decideColour } from '../../src/cli/paint.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { parseRemote } from '../../src/cli/repository.ts';
import { renderAtTerminal } from '../../src/cli/tell.ts';
import { OUTCOMES } from '../../src/engine/outcome.ts';
import type { EngineEvent } from '../../src/engine/events.ts';
import { MODES } from '../../src/inputs/inputs.ts';

const MIGRATE = { id: 'migrate', name: 'Migrate the database' };
const started = (overrides: object = {}): EngineEvent => ({
  type: 'attempt-started',
  role: 'step',
  step: MIGRATE,
  unit: 'migrate',
  at: 0,
  attempt: 1,
  maxAttempts: 3,
  adopted: false,
  ...overrides,
});

describe('the commands', () => {
  test('are the modes of the action, and two more', () => {
    const modes = COMMAND_NAMES.flatMap((name) => ('mode' in COMMANDS[name] ? [name] : []));
    expect(modes).toEqual(MODES);
    expect(COMMAND_NAMES.filter((name) => !(modes as readonly string[]).includes(name))).toEqual([
      'schema',
      'help',
    ]);
  });
});

describe('help', () => {
  test.each([undefined, ...COMMAND_NAMES])('of %s fits a narrow terminal', (command) => {
    const long = renderHelp(command, 60).filter((line) => line.length > 60);
    // What people type is not broken.
    expect(long.filter((line) => !line.includes('preflight'))).toEqual([]);
  });

  test('of run names every flag of a run and every exit code', () => {
    const text = renderHelp('run', 80).join('\n');
    const ofRun = FLAGS.filter(({ name }) => name !== 'target' && name !== 'step');
    for (const { name } of ofRun) expect(text).toContain(`  --${name} `);
    for (const { code, meaning } of Object.values(EXIT_CODES)) {
      expect(text).toContain(`  ${String(code).padEnd(5)}${meaning.slice(0, 20)}`);
    }
    expect(text).not.toContain('${{');
  });
});

describe('exit codes', () => {
  test('tell the outcomes apart', () => {
    const codes = OUTCOMES.map((outcome) => toExitCode(outcome, undefined));
    expect(new Set(codes).size).toBe(OUTCOMES.length);
    expect(codes).not.toContain(EXIT_CODES.usage.code);
  });

  test('of a cancel name its signal, as shells do', () => {
    expect(toExitCode('cancelled', 'SIGINT')).toBe(130);
    expect(toExitCode('cancelled', 'SIGHUP')).toBe(129);
    expect(toExitCode('cancelled', 'SIGTERM')).toBe(143);
    expect(toExitCode('failed', 'SIGINT')).toBe(1);
  });
});

describe('colour', () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
  ])('on a terminal: %s, with %j: %s', (isTerminal, env, colour) => {
    expect(decideColour({ isTerminal, env })).toBe(colour);
  });

  test('is only on the words that tell', () => {
    const paint = createPaint(true);
    expect(paint('[OK] a completed')).toBe('\u001b[32m[OK]\u001b[0m a completed');
    expect(paint('failed: 1 run')).toBe('\u001b[1;31mfailed\u001b[0m: 1 run');
    expect(paint('succeeded, in 1 s')).toBe('\u001b[32msucceeded\u001b[0m, in 1 s');
    expect(paint('[else] failed')).toBe('[else] failed');
  });

  test('of others goes when there is to be none', () => {
    expect(createPaint(false)('\u001b[1;31m──── x ────\u001b[0m')).toBe('──── x ────');
  });
});

describe('the live line', () => {
  test('says what runs, which attempt it is, and for how long', () => {
    const progress = createProgress((text) => text);
    expect(progress.render(0, 80)).toBe('');
    progress.on(started({ attempt: 2 }), 1_000);
    expect(progress.render(13_900, 80)).toBe('migrate · attempt 2 of 3 · 12 s');
  });

  test('counts down to the next attempt, and goes when nothing runs', () => {
    const progress = createProgress((text) => text);
    progress.on(
      {
        type: 'retry-waiting',
        role: 'step',
        step: MIGRATE,
        at: 0,
        delayMs: 4_000,
        nextAttempt: 2,
        maxAttempts: 3,
        because: undefined as never,
      },
      0,
    );
    expect(progress.render(1_000, 80)).toBe('migrate · attempt 2 of 3 · again in 3 s');
    progress.on({ type: 'step-completed', step: MIGRATE, at: 0, how: 'ran' }, 5_000);
    expect(progress.render(5_000, 80)).toBe('');
  });

  test('is one line that fits, without secrets and controls', () => {
    const progress = createProgress((text) => text.replaceAll('hunter2', '[REDACTED]'));
    progress.on(started({ step: { id: `hunter2\u001b[2J\r\n${'x'.repeat(200)}`, name: '' } }), 0);
    const line = progress.render(60_000, 40);
    expect(line).toMatch(/^\[REDACTED\] x+… · 1m$/u);
    expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe('an event at a terminal', () => {
  test('names the step where it starts, and needs no heading', () => {
    expect(renderAtTerminal(started(), undefined)).toEqual([
      { kind: 'line', text: '[RUN] migrate: Migrate the database' },
    ]);
    expect(renderAtTerminal(started({ role: 'probe' }), undefined)).toEqual([
      { kind: 'line', text: '[RUN] Migrate the database: done-when' },
    ]);
  });

  test('says how long it took', () => {
    const done: EngineEvent = { type: 'step-completed', step: MIGRATE, at: 0, how: 'ran' };
    expect(renderAtTerminal(done, 12_300)).toEqual([
      { kind: 'line', text: '[OK] migrate completed in 12 s' },
    ]);
  });
});

test.each([
  ['https://github.com/octo/shop.git', 'octo/shop'],
  ['https://user:token@github.com/octo/shop', 'octo/shop'],
  ['git@github.com:octo/shop.git', 'octo/shop'],
  ['ssh://git@host.example:2222/team/sub/shop/\n', 'sub/shop'],
  ['/srv/git/shop.git', undefined],
  ['../shop', undefined],
  ['https://example.com/shop', undefined],
  ['', undefined],
])('the remote %j is the repository %s', (address, repository) => {
  expect(parseRemote(address)).toBe(repository);
});
