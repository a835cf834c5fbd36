import { describe, expect, test } from '@jest/globals';
import { problemsOf, stepProblemsOf } from './plan-builder.ts';

/** One problem that says this. */
function one(part: string): readonly unknown[] {
  return [expect.stringContaining(part)];
}

describe('everything that is wrong with a plan is told at once', () => {
  test('in the order of the file, each at its own place', () => {
    const problems = problemsOf(`nmae: x
defaults: { id: x, timeout: 5x }
checks:
  - rma: 2GB
  - disk: { path: /, free: 10, level: wran }
steps:
  - id: a
    run: b
    tiemout: 5m
    retry: { max-attempts: 0, on: [resource] }
  - id: A
    run: c
    idempotent: no
  - name: '!'
    run: \${{ x }}
`);
    expect(problems.map((problem) => problem.split(' ', 1)[0])).toEqual([
      '1:1',
      '2:13',
      '2:29',
      '4:5',
      '5:28',
      '5:39',
      '9:5',
      '10:28',
      '10:36',
      '11:9',
      '13:17',
      '14:11',
      '15:10',
    ]);
  });

  test('but not more than fifty, with the number of the rest', () => {
    const problems = problemsOf(`steps:\n${'  - { id: a, run: 5 }\n'.repeat(100)}`);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toContain('149 more problems from here on are not listed');
  });
});

describe('one mistake is one problem', () => {
  test.each([
    ['an empty plan', '', '1:1 the plan is empty: it needs a list of "steps"'],
    ['only comments', '# nothing\n', 'the plan is empty'],
    ['a list', '- id: a\n', '1:1 a plan is a mapping: put this list under the key "steps"'],
    ['text', 'hello', '1:1 the plan: must be a mapping, not "hello"'],
    ['no steps', 'name: x\n', '1:1 the plan: "steps" is missing'],
    ['an empty list of steps', 'steps: []\n', '1:8 steps: must not be an empty list'],
    ['steps without a value', 'steps:\n', '1:1 steps: has no value: give it a list'],
    ['a workflow', 'on: push\nsteps: [{id: a, run: b}]\n', 'this looks like a workflow'],
    ['tabs', 'steps:\n\t- id: a\n\t  run: b\n', '2:1 a tab is used for indentation'],
    [
      'a misspelt key that is required',
      'setps: [{id: a, run: b}]\n',
      '1:1 the plan: "setps" is not a key of a plan. Did you mean "steps"?',
    ],
    ['two documents', 'steps: [{id: a, run: b}]\n---\nx: 1\n', 'there is a second document here'],
    ['YAML 1.1', '%YAML 1.1\n---\nsteps: [{id: a, run: b}]\n', 'this is read as YAML 1.2'],
    [
      'a merge key',
      'steps:\n  - id: a\n    run: b\n    <<: {}\n',
      '4:5 merge keys (<<) are not part of YAML 1.2',
    ],
    [
      'an alias that leads nowhere',
      'steps: *x\n',
      '1:8 *x: there is no anchor &x in front of this',
    ],
    [
      'an anchor that comes later',
      'name: *x\nsteps: [{id: a, run: &x b}]\n',
      '1:7 *x: there is no anchor',
    ],
    [
      'an alias of what contains it',
      'steps: &x\n  - *x\n',
      '2:5 *x: this refers to something that contains it',
    ],
    ['an anchor without a name', 'steps: [{id: a, run: & b}]\n', 'needs a name'],
    [
      'a duplicate key',
      'steps:\n  - id: a\n    run: b\n    run: c\n',
      '4:5 the key "run" stands twice in the same mapping, first on line 3',
    ],
    ['a tag', 'steps: [{id: a, run: !sh b}]\n', "tags of one's own"],
    ['a key that is no text', 'steps: [{id: a, run: b}]\n? [x]\n: 1\n', 'a key must be text'],
    [
      'a colon in plain text',
      'steps:\n  - id: a\n    run: echo a: b\n',
      '3:10 ": " inside plain text is read as a key',
    ],
    [
      'an open quote',
      'steps:\n  - id: a\n    run: "b\n',
      'this is not valid YAML: Missing closing',
    ],
    ['a NUL character', 'steps:\n  - id: a\n    run: b\0\n', '3:11 there is a NUL character here'],
    ['deep nesting', `name: ${'['.repeat(20_000)}`, 'nested too deeply'],
    ['5 MB', 'x'.repeat(5_000_000), 'the plan is larger than 2 MiB'],
  ])('%s', (_what, text, problem) => {
    expect(problemsOf(text)).toEqual(one(problem));
  });

  test('an alias bomb is refused before it goes off', () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `  A${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]\n`,
    );
    const text = `env:\n  A0: &a0 [x]\n${levels.join('')}steps: [{id: a, run: b}]\n`;
    expect(problemsOf(text)).toEqual(one('the aliases of this plan unfold to too much'));
  });

  test('aliases that are used often are no bomb', () => {
    const steps = Array.from({ length: 500 }, (_, n) => `  - { id: s${n}, run: b, env: *e }\n`);
    expect(problemsOf(`env: &e { A: b, C: d }\nsteps:\n${steps.join('')}`)).toEqual([]);
  });

  test('a mistake behind an anchor is told once for each place that it spoils, and no more', () => {
    const text =
      'steps:\n  - { id: a, run: b, env: &e { A: x, A: y } }\n  - { id: c, run: d, env: *e }\n';
    expect(problemsOf(text)).toEqual(one('the key "A" stands twice'));
  });
});

describe('a step', () => {
  test.each([
    [
      'tiemout: 5m',
      '"tiemout" is not a key of a step. Did you mean "timeout"? Allowed: id, name, run',
    ],
    ['timeout: 30', 'steps[0].timeout: "30" has no unit: write "30s"'],
    ['timeout: 0s', '"0s" must be more than zero'],
    ['timeout:', 'steps[0].timeout: has no value: give it text, or remove the key'],
    ['id: ../../x', 'may have letters, digits, "_" and "-" only'],
    [`id: ${'x'.repeat(101)}`, 'may have at most 100 characters'],
    ['run: 5', 'must be text, not 5: put it in quotes'],
    ['run: ""', 'must not be empty'],
    ['run: [a]', 'must be text, not a list'],
    ['run:', 'has no value'],
    ['shell: zsh', '"zsh" is not a shell: allowed are bash, sh, python, pwsh'],
    ['shell: bahs', 'Did you mean "bash"?'],
    ['checkpoint: no', 'must be true or false, not "no"'],
    ['on-change: retry', 'cannot be "retry". Allowed: rerun, keep, fail'],
    ['env: []', 'must be a mapping, not an empty list'],
    ['env: { A: [b] }', 'steps[0].env.A: must be text, a number or nothing, not a list'],
    ["env: { 'A=B': c }", '"A=B" is not the name of an environment variable'],
    ['files: [../x]', '"../x" must lie in the workspace'],
    ['files: [/etc/x]', '"/etc/x" must lie in the workspace'],
    ['retry: {}', 'needs "max-attempts" or'],
    ['retry: { max-attempts: 101 }', 'must be at most 100'],
    ['retry: { max-attempts: 1.5 }', 'must be a whole number, not 1.5'],
    ['retry: { multiplier: 0.5 }', 'must be at least 1'],
    ['retry: { on: [resource] }', 'cannot be "resource". Did you mean "recoverable:resource"?'],
    ['retry: { on: [transiet] }', 'Did you mean "transient"?'],
    ['retry: { on: [] }', 'must not be an empty list'],
    ['classify: [{ as: "unknown:exit" }]', 'needs "exit-code" or "signal" or "match"'],
    ['classify: [{ exit-code: 1, as: "transient:lok" }]', 'Did you mean "transient:lock"?'],
    ['classify: [{ exit-code: 0, as: "transient:lock" }]', 'must be at least 1'],
    ['classify: [{ signal: TREM, as: "fatal:signal" }]', 'did you mean "SIGTERM"?'],
    [
      'classify: [{ match: "(", as: "transient:lock" }]',
      'is not a regular expression: Unterminated group',
    ],
    ['classify: [{ match: "(a+)+", as: "transient:lock" }]', 'which can take forever'],
    ['checkpoint: false\nidempotent: false', 'remove one of them'],
    ['env: { __proto__: x }', 'the key "__proto__" is not allowed'],
    ['constructor: x', '"constructor" is not a key of a step.'],
    ['if: always()', '"if" is not known in a plan'],
    ['timeout-minutes: 5', 'write "timeout" with a unit'],
  ])('%j', (lines, problem) => {
    expect(stepProblemsOf(lines)).toEqual(one(problem));
  });

  test('cannot use an action, and is not asked for what the action stands in place of', () => {
    expect(problemsOf('steps:\n  - uses: actions/checkout@v5\n    with: { a: b }\n')).toEqual(
      one('2:5 steps[0]: a step of a plan cannot use an action'),
    );
  });

  test('needs an id, or a name that gives one', () => {
    expect(problemsOf('steps: [{ run: a }]')).toEqual(
      one('steps[0]: a step needs an "id" or a "name"'),
    );
    expect(problemsOf('steps: [{ name: 数据, run: a }]')).toEqual(
      one('no id can be made from this name'),
    );
  });

  test('has an id of its own, across all lists, whatever it is made from', () => {
    expect(
      problemsOf(
        'steps:\n  - { id: pull-images, run: a }\nfinally:\n  - { name: Pull images!, run: b }\n',
      ),
    ).toEqual(
      one('4:13 finally[0].name: the step id "pull-images" is already taken by the step on line 2'),
    );
    expect(problemsOf('steps:\n  - { id: Pull, run: a }\n  - { id: pull, run: b }\n')).toEqual(
      one('3:11 steps[1].id: the step id "pull" is already taken by the step on line 2'),
    );
  });

  test.each([
    'checkpoint: true',
    'idempotent: true',
    'irreversible: true',
    'done-when: x',
    'rollback: x',
    'files: [x]',
    'on-change: keep',
  ])('of finally is refused with %s', (line) => {
    expect(
      problemsOf(`steps: [{id: a, run: b}]\nfinally:\n  - id: c\n    run: d\n    ${line}\n`),
    ).toEqual(one('5:5 finally[0]: '));
    expect(
      problemsOf(`steps: [{id: a, run: b}]\nfinally:\n  - id: c\n    run: d\n    ${line}\n`)[0],
    ).toContain('makes no sense in "finally"');
  });

  test('cannot have an expression in a file, wherever it stands, but comments may', () => {
    expect(problemsOf('steps: [{ id: a, run: "${{ x }}" }]')).toEqual(
      one('the runner does not fill in "${{ }}"'),
    );
    expect(problemsOf('steps: [{ id: a, run: b, env: { "${{ x }}": c } }]')).toEqual(
      one('1:33 the runner'),
    );
    expect(problemsOf('# ${{ x }}\nsteps: [{ id: a, run: b }]')).toEqual([]);
  });
});

describe('a check', () => {
  const checkProblems = (check: string): readonly string[] =>
    problemsOf(`checks:\n  - ${check}\nsteps: [{id: a, run: b}]\n`);

  test.each([
    [
      'rma: 2GB',
      '2:5 checks[0]: "rma" is not a key of a check. Did you mean "ram"? Allowed: ram, disk',
    ],
    ['ram: 2gb', 'Did you mean "2GB"?'],
    ['ram: 2', '"2" has no unit'],
    ['ram: []', 'must be text or a mapping, not an empty list'],
    ['disk: {}', 'needs "free" or "inodes"'],
    ['disk: { free: 1GB, level: wran }', 'Did you mean "warn"?'],
    ['cpu: two', 'must be a number or a mapping, not "two"'],
    ['cpu: 0', 'must be more than 0'],
    ['os: { level: warn }', 'needs a system'],
    ['os: { ubuntu: 20.04 }', "must be a version range in quotes, such as '>=20.04'"],
    ['network: example.com', 'must be a URL with http:// or https://'],
    ['network: [{ urll: "https://x.org" }]', 'Did you mean "url"?'],
    ['dns: https://example.com', 'must be a host name'],
    ['dns: { name: a, address: x }', 'must be an IP address, or "self"'],
    ['port: 99999', 'must be at most 65535'],
    ['port: { number: 1, state: open }', 'Allowed: free, listening'],
    ['command: [{ nam: curl }]', 'Did you mean "name"?'],
    ['env: [A-B]', 'is not the name of an environment variable'],
    ['user: {}', 'needs "name" or "group"'],
    ['time: 0s', 'must be more than zero'],
    ['docker', 'must be a mapping, not "docker"'],
    ['{ ram: 1GB, disk: 1GB }', 'one check has one kind, not ram and disk'],
    ['{ name: x }', 'a check needs a kind. Allowed: ram'],
    ['{ cpu: { cores: 1, level: warn }, level: fail }', 'is given twice, here and inside "cpu"'],
    ['{ ram: 1GB, when: never }', 'Allowed: always, fresh'],
  ])('%s', (check, problem) => {
    expect(checkProblems(check)).toEqual(one(problem));
  });

  test('has no more than 200 beside it', () => {
    const text = `checks:\n${'  - ram: 1GB\n'.repeat(201)}steps: [{id: a, run: b}]\n`;
    expect(problemsOf(text)).toEqual(one('checks: 201 are too many: at most 200 are allowed'));
  });
});
