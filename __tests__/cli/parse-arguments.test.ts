import { describe, expect, test } from '@jest/globals';
import { FLAGS } from '../../src/cli/flags.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { INPUT_NAMES } from '../../src/inputs/contract.ts';

const TARGET = 'shop-deploy-deploy-deploy-c8f00a1a07';

/** The inputs that a command line gives; `mode` last. */
function read(line: string): Readonly<Record<string, string>> {
  const parsed = parseArguments(line.split(' '));
  if (!parsed.ok || parsed.value.kind !== 'act') throw new Error(JSON.stringify(parsed));
  return parsed.value.inputs;
}

function problemsOf(...args: readonly string[]): string {
  const parsed = parseArguments(args);
  return parsed.ok ? '' : parsed.error.problems.join('\n');
}

describe('a command line', () => {
  test('offers every input of the action but those that the runner fills in, and the mode', () => {
    const filledIn = ['mode', 'matrix', 'job-status'];
    expect(FLAGS.map(({ name }) => name)).toEqual(
      INPUT_NAMES.filter((name) => !filledIn.includes(name)),
    );
  });

  test.each(FLAGS.filter(({ name }) => name !== 'target' && name !== 'step'))(
    'takes --$name in both forms',
    ({ name }) => {
      expect(read(`run --${name} 5`)).toEqual({ [name]: '5', mode: 'run' });
      expect(read(`run --${name}=5=6`)).toEqual({ [name]: '5=6', mode: 'run' });
    },
  );

  test.each([
    ['run deploy/preflight.yml', { plan: 'deploy/preflight.yml', mode: 'run' }],
    ['--resume never check a.yml', { resume: 'never', plan: 'a.yml', mode: 'check' }],
    ['run -- --odd.yml', { plan: '--odd.yml', mode: 'run' }],
    [`status ${TARGET}`, { target: TARGET, mode: 'status' }],
    [`mark-done ${TARGET} migrate`, { target: TARGET, step: 'migrate', mode: 'mark-done' }],
    ['mark-done any thing', { target: 'any', step: 'thing', mode: 'mark-done' }],
    ['mark-done migrate', { step: 'migrate', mode: 'mark-done' }],
    [`mark-done ${TARGET} --step migrate`, { target: TARGET, step: 'migrate', mode: 'mark-done' }],
    ['forget migrate', { step: 'migrate', mode: 'forget' }],
    [`forget ${TARGET}`, { target: TARGET, mode: 'forget' }],
    ['forget', { mode: 'forget' }],
    [`unlock --target ${TARGET}`, { target: TARGET, mode: 'unlock' }],
  ])('%s', (line, inputs) => {
    expect(read(line)).toEqual(inputs);
  });

  test('joins what may be given more than once, a line each', () => {
    expect(read('run --secrets A --secrets B --diagnostics=df')).toEqual({
      secrets: 'A\nB',
      diagnostics: 'df',
      mode: 'run',
    });
  });

  test('takes a list of YAML for a value, though it begins with a dash', () => {
    const parsed = parseArguments(['run', '--steps', '- id: a\n  run: b']);
    expect(parsed).toMatchObject({ ok: true, value: { inputs: { steps: '- id: a\n  run: b' } } });
  });

  test.each([
    [['help'], { kind: 'help', command: undefined }],
    [['--help'], { kind: 'help', command: undefined }],
    [['help', 'mark-done'], { kind: 'help', command: 'mark-done' }],
    [['run', '-h'], { kind: 'help', command: 'run' }],
    [['--version'], { kind: 'version' }],
    [['-V'], { kind: 'version' }],
    [['schema'], { kind: 'schema' }],
    [['schema', '--json'], { kind: 'schema' }],
  ])('%j', (args, invocation) => {
    expect(parseArguments(args)).toEqual({ ok: true, value: invocation });
  });

  test.each([
    [['statsu'], 'there is no command "statsu". Did you mean "status"? Allowed: run, check'],
    [
      ['--max-attemps', '5', 'run'],
      'there is no flag --max-attemps. Did you mean "--max-attempts"? Allowed: --plan, --steps',
    ],
    [['run', '--job-status', 'success'], 'there is no flag --job-status.'],
    [['run', '--mode', 'check'], '--mode is no flag: the command says it'],
    [['run', '-x'], 'there is no flag -x.'],
    [['run', '--timeout'], '--timeout needs a value'],
    [
      ['run', '--timeout', '--json'],
      '--timeout needs a value; if --json is meant, write --timeout=--json',
    ],
    [['run', '--json=yes'], '--json takes no value'],
    [['run', '--timeout', '5s', '--timeout=6s'], '--timeout is given twice'],
    [['run', 'a.yml', 'b.yml'], '"b.yml" is one word too many: preflight run [PLAN]'],
    [['run', 'a.yml', '--plan', 'b.yml'], '"a.yml" and --plan say the same thing twice'],
    [['run', 'a.yml', '--steps', 'x'], '"a.yml" and --steps both name the steps to run'],
    [
      ['run', '--target', TARGET],
      '--target means nothing to "preflight run": it is for status, rollback, mark-done, forget, unlock',
    ],
    [
      ['unlock', '--step', 'a'],
      '--step means nothing to "preflight unlock": it is for mark-done, forget',
    ],
    [['mark-done'], 'which step is done? preflight mark-done [TARGET] STEP'],
    [['schema', 'x'], '"x" is one word too many: preflight schema'],
    [['help', 'runn'], 'there is no command "runn". Did you mean "run"?'],
    [[], 'Which command? One of: run, check'],
  ])('%j is refused', (args, problem) => {
    expect(problemsOf(...args)).toContain(problem);
  });

  test('tells all that is wrong at once, and nothing twice', () => {
    const said = problemsOf('rum', '--timeot', '5m', '--plan').split('\n');
    expect(said).toHaveLength(3);
    expect(said.join('\n')).toMatch(/--timeot.*\n.*--plan needs.*\n.*"rum"/u);
  });
});
