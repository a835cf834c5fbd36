import { describe, expect, test } from '@jest/globals';

import { locate } from '../../src/failure/locate.ts';
import type { LocateEvidence } from '../../src/failure/locate.ts';
import { TRACE_END, TRACE_LIST_END, TRACE_MAGIC } from '../../src/failure/bash-startup.ts';

const SCRIPT_PATH = '/state/run/migrate/script.sh';

function makeEvidence(overrides: Partial<LocateEvidence> = {}): LocateEvidence {
  return {
    traces: '',
    tail: '',
    exit: { kind: 'exited', code: 1 },
    shell: 'bash',
    scriptPath: SCRIPT_PATH,
    script: { text: 'echo one\nfalse\n' },
    workspace: '/repo',
    repositoryRoot: '/repo',
    ...overrides,
  };
}

/** A record as the start-up file writes it. */
function makeTrace(overrides: {
  readonly kind?: 'err' | 'exit';
  readonly status?: number;
  readonly line?: number;
  readonly script?: string;
  readonly source?: string;
  readonly command?: string;
  readonly shellPid?: string;
  readonly parentPid?: string;
}): string {
  const { kind = 'err', status = 1, line = 2, script = SCRIPT_PATH } = overrides;
  const { shellPid = '100', parentPid = '1', command = 'false', source = script } = overrides;
  const fixed = [kind, shellPid, shellPid, parentPid, '0', String(status), String(status)];
  const rest = [String(line), '1700000000.5', script, '/repo', '/repo', command, ''];
  const lists = [TRACE_LIST_END, source, TRACE_LIST_END, '0', TRACE_LIST_END, TRACE_END];
  return `\n${[TRACE_MAGIC, ...fixed, ...rest, ...lists].join('\0')}\0`;
}

const existing = (...paths: readonly string[]): ((path: string) => boolean) => {
  return (path) => paths.includes(path);
};

describe('the line of an inline script', () => {
  const source = { file: 'deploy/preflight.yml', line: 12, column: 10 };

  test('is a line of the plan file', () => {
    const script = { text: 'echo one\nfalse\n', source: { ...source, linear: true } };
    const located = locate(makeEvidence({ traces: makeTrace({}), script }));

    expect(located?.primary).toMatchObject({
      file: 'deploy/preflight.yml',
      line: 13,
      scriptLine: 2,
      command: 'false',
      inRepository: true,
      origin: 'trap',
    });
  });

  test('of a folded script is the first line of its text', () => {
    const script = { text: 'echo one\nfalse\n', source: { ...source, linear: false } };
    const located = locate(makeEvidence({ traces: makeTrace({}), script }));

    expect(located?.primary).toMatchObject({ line: 12, scriptLine: 2 });
  });

  test('in the workflow is known within the script only', () => {
    const located = locate(makeEvidence({ traces: makeTrace({}) }));

    expect(located?.primary).toMatchObject({
      file: undefined,
      line: undefined,
      scriptLine: 2,
      inRepository: false,
    });
  });

  test('is known from the message of a shell alone', () => {
    const tail = `one\n${SCRIPT_PATH}: 2: nosuchtool: not found\n`;
    const script = { text: 'echo one\nnosuchtool\n', source: { ...source, linear: true } };
    const located = locate(makeEvidence({ shell: 'sh', tail, script }));

    expect(located?.primary).toMatchObject({ line: 13, origin: 'sh-message' });
  });
});

describe('a called script', () => {
  const outer = makeTrace({ line: 2, command: './migrate.sh' });
  const inner = makeTrace({
    line: 5,
    script: './migrate.sh',
    shellPid: '200',
    parentPid: '100',
    command: 'psql -f x.sql',
  });

  test('is where it failed, and the step says from where', () => {
    const located = locate(makeEvidence({ traces: inner + outer }));

    expect(located?.primary).toMatchObject({ file: 'migrate.sh', line: 5, inRepository: true });
    expect(located?.calledFrom).toMatchObject({ scriptLine: 2, command: './migrate.sh' });
  });

  test('that failed with another code and was tolerated is not', () => {
    const other = makeTrace({
      line: 5,
      status: 3,
      script: './migrate.sh',
      shellPid: '200',
      parentPid: '100',
    });
    const located = locate(makeEvidence({ traces: other + outer }));

    expect(located?.primary).toMatchObject({ file: undefined, scriptLine: 2 });
  });

  test('outside the repository is named, not annotated', () => {
    const system = makeTrace({
      line: 9,
      script: '/usr/local/bin/tool.sh',
      shellPid: '200',
      parentPid: '100',
    });
    const caller = makeTrace({ line: 1, command: 'tool.sh up' });
    const located = locate(makeEvidence({ traces: system + caller }));

    expect(located?.primary).toMatchObject({ file: '/usr/local/bin/tool.sh', inRepository: false });
  });
});

describe('nothing is invented', () => {
  test('without evidence', () => {
    expect(locate(makeEvidence())).toBeUndefined();
  });

  test('when the code that came out is not that of the trace', () => {
    const exit = { kind: 'exited', code: 7 } as const;
    expect(locate(makeEvidence({ traces: makeTrace({}), exit }))).toBeUndefined();
  });

  test('when several equal commands may have ended the script', () => {
    const text = 'if a; then\n  exit 1\nfi\nif b; then\n  exit 1\nfi\n';
    const traces = makeTrace({ kind: 'exit', line: 0, command: 'exit 1' });
    const located = locate(makeEvidence({ traces, script: { text } }));

    expect(located?.primary.scriptLine).toBeUndefined();
    expect(located?.primary.command).toBe('exit 1');
  });

  test('when the traces are damaged', () => {
    const whole = makeTrace({});
    for (let end = 0; end < whole.length - 1; end += 1) {
      expect(locate(makeEvidence({ traces: whole.slice(0, end) }))).toBeUndefined();
    }
  });

  test.each([
    ['a password file', 'File "/etc/passwd", line 1, in <module>\n'],
    ['a path that climbs out', 'File "../../etc/passwd", line 1, in x\n'],
    ['a package', '  File "/repo/.venv/lib/site-packages/a.py", line 3, in f\n'],
    ['a file that does not exist', '  File "/repo/app/none.py", line 3, in f\n'],
    ['a line beyond reason', 'File "/repo/app/a.py", line 99999999999, in f\n'],
  ])('for an annotation from output that names %s', (_, tail) => {
    const exists = existing('/repo/app/a.py', '/etc/passwd', '/repo/.venv/lib/site-packages/a.py');
    const located = locate(makeEvidence({ tail, exists }));

    expect(located?.primary.inRepository ?? false).toBe(false);
  });

  test('and the line of the script stays when output names only foreign files', () => {
    const tail = 'Traceback (most recent call last):\n  File "/etc/passwd", line 1, in f\n';
    const located = locate(makeEvidence({ tail, traces: makeTrace({}) }));

    expect(located?.primary).toMatchObject({ origin: 'trap', scriptLine: 2 });
  });

  test('from a trace far above the end of what a built-in printed', () => {
    const tail = `File "/repo/a.py", line 1, in f\nKeyError: x\n${'recovered\n'.repeat(20)}`;
    const traces = makeTrace({ kind: 'exit', line: 0, command: 'exit 1' });
    const script = { text: 'python3 a.py || echo recovered\nexit 1\n' };
    const located = locate(makeEvidence({ tail, traces, script }));

    expect(located?.primary).toMatchObject({ origin: 'trap', scriptLine: 2 });
  });
});

describe('the innermost frame of the repository', () => {
  const exists = existing(
    '/repo/gopanic.go',
    '/repo/govet.go',
    '/repo/main.rs',
    '/repo/panic.rs',
    '/repo/src/main/java/com/acme/Deploy.java',
    '/repo/Bad.java',
    '/repo/infra/main.tf',
    '/repo/deploy/nginx.conf',
    '/repo/db/m.sql',
    '/repo/test_a.py',
    '/repo/docker-compose.yml',
    '/repo/a.ts',
    '/repo/shop/models.py',
    '/repo/src/server.js',
    '/repo/Dockerfile',
    '/repo/site.yml',
  );

  test.each([
    [
      'a Go panic',
      'gopanic.go:4',
      'panic: runtime error: index out of range [3] with length 0\n\ngoroutine 1 [running]:\nmain.pick(...)\n\t/repo/gopanic.go:4\nmain.main()\n\t/repo/gopanic.go:8 +0xa\nexit status 2\n',
    ],
    ['go build', 'govet.go:4:2', '# command-line-arguments\n./govet.go:4:2: undefined: nope\n'],
    [
      'go vet',
      'govet.go:4:2',
      '# command-line-arguments\n# [command-line-arguments]\nvet: ./govet.go:4:2: undefined: nope\n',
    ],
    [
      'rustc',
      'main.rs:2:18',
      'error[E0308]: mismatched types\n --> main.rs:2:18\n  |\n2 |     let x: i32 = "a";\n  |            ---   ^^^ expected `i32`, found `&str`\n\nerror: aborting due to 1 previous error\n',
    ],
    [
      'a Rust panic',
      'panic.rs:2:5',
      "\nthread 'main' (15036) panicked at panic.rs:2:5:\nindex out of bounds: the len is 0 but the index is 3\nstack backtrace:\n   0: __rustc::rust_begin_unwind\n             at /rustc/5980/library/std/src/panicking.rs:689:5\n   3: panic::f\n",
    ],
    [
      'the cause of a Java exception',
      'src/main/java/com/acme/Deploy.java:5',
      'Exception in thread "main" java.lang.RuntimeException: deploy failed\n\tat com.acme.Deploy.main(Deploy.java:12)\nCaused by: java.lang.IllegalStateException: no schema\n\tat com.acme.Deploy.load(Deploy.java:5)\n\tat com.acme.Deploy.main(Deploy.java:10)\n',
    ],
    [
      'javac',
      'Bad.java:3',
      'Bad.java:3: error: incompatible types: String cannot be converted to int\n    return "x";\n           ^\n1 error\n',
    ],
    [
      'terraform',
      'infra/main.tf:6',
      '\u001b[31m╷\u001b[0m\u001b[0m\n\u001b[31m│\u001b[0m \u001b[0m\u001b[1m\u001b[31mError: \u001b[0m\u001b[0m\u001b[1mReference to undeclared input variable\u001b[0m\n\u001b[31m│\u001b[0m \u001b[0m\n\u001b[31m│\u001b[0m \u001b[0m\u001b[0m  on main.tf line 6, in resource "terraform_data" "x":\n\u001b[31m│\u001b[0m \u001b[0m   6:   input = \u001b[4mvar.missing\u001b[0m\u001b[0m\n\u001b[31m╵\u001b[0m\u001b[0m\n',
    ],
    [
      'nginx',
      'deploy/nginx.conf:4',
      '2026/11/22 14:54:24 [emerg] 15299#15299: unexpected "}" in /repo/deploy/nginx.conf:4\nnginx: configuration file /repo/deploy/nginx.conf test failed\n',
    ],
    [
      'psql',
      'db/m.sql:2',
      'CREATE TABLE\npsql:db/m.sql:2: ERROR:  relation "nope" does not exist\nLINE 1: select * from nope;\n                      ^\n',
    ],
    [
      'pytest',
      'test_a.py:5',
      '    def test_add():\n>       assert add(1, 2) == 3\nE       assert -1 == 3\n\ntest_a.py:5: AssertionError\n=========================== short test summary info ============================\nFAILED test_a.py::test_add - assert -1 == 3\n1 failed in 0.11s\n',
    ],
    [
      'a YAML parser',
      'docker-compose.yml:4:4',
      'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n  File "/usr/lib/python3/site-packages/yaml/__init__.py", line 125, in safe_load\n    return load(stream, SafeLoader)\nyaml.parser.ParserError: while parsing a block mapping\n  in "docker-compose.yml", line 1, column 1\nexpected <block end>, but found \'<block mapping start>\'\n  in "docker-compose.yml", line 4, column 4\n',
    ],
    [
      'tsc',
      'a.ts:1:7',
      "a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    ],
    [
      'tsc with colours',
      'a.ts:1:7',
      "\u001b[96ma.ts\u001b[0m:\u001b[93m1\u001b[0m:\u001b[93m7\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mType 'string' is not assignable.\n\nFound 1 error in a.ts\u001b[90m:1\u001b[0m\n",
    ],
    [
      'Python in a container',
      'shop/models.py:44',
      'web-1  | Traceback (most recent call last):\nweb-1  |   File "/app/shop/models.py", line 44, in load\nweb-1  |     x\nweb-1  |   File "/usr/local/lib/python3.12/json/__init__.py", line 346, in loads\nweb-1  |     return 1\nweb-1  | KeyError: 1\n',
    ],
    [
      'Node below a framework',
      'src/server.js:12:9',
      'Error: boom\n    at Layer.handle (/repo/node_modules/express/lib/layer.js:95:5)\n    at start (/repo/src/server.js:12:9)\n    at node:internal/main:1:1\n',
    ],
    [
      'a docker build',
      'Dockerfile:7',
      'Dockerfile:7\n--------------------\n   7 | >>> RUN npm run build\n--------------------\nERROR: failed to solve: process "/bin/sh -c npm run build" did not complete successfully: exit code: 1\n',
    ],
    [
      'ansible',
      'site.yml:3:5',
      "ERROR! conflicting action statements: shell, command\n\nThe error appears to be in '/repo/site.yml': line 3, column 5, but may\nbe elsewhere in the file depending on the exact syntax problem.\n",
    ],
  ])('of %s', (_, expected, tail) => {
    const evidence = makeEvidence({ tail, exists, workingDirectory: '/repo/infra' });
    const primary = locate(evidence)?.primary;

    const column = primary?.column === undefined ? '' : `:${primary.column}`;
    expect(`${primary?.file}:${primary?.line}${column}`).toBe(expected);
    expect(primary?.inRepository).toBe(true);
  });

  test('comes with the line of the script that ran the program, and its callers', () => {
    const tail =
      'Traceback (most recent call last):\n  File "/repo/manage.py", line 2, in main\n    run()\n  File "/repo/app/m.py", line 4, in run\n    x\nKeyError: 1\n';
    const located = locate(
      makeEvidence({ tail, traces: makeTrace({ command: 'python3 manage.py' }) }),
    );

    expect(located?.primary).toMatchObject({
      file: 'app/m.py',
      line: 4,
      origin: 'python',
      stack: [
        { file: 'app/m.py', line: 4, function: 'run' },
        { file: 'manage.py', line: 2, function: 'main' },
      ],
    });
    expect(located?.calledFrom).toMatchObject({ origin: 'trap', scriptLine: 2 });
  });
});

describe('hostile output', () => {
  const long = 2000;
  test.each([
    ['blanks', ' '.repeat(long)],
    ['bars', '| '.repeat(long / 2)],
    ['dots', 'a.yml'.repeat(long / 5)],
    ['places', 'at a line 1 in /a:1 '.repeat(long / 20)],
    ['parentheses', 'at a ('.repeat(long / 6)],
    ['colons', 'a:1:'.repeat(long / 4)],
    ['linkers', `ld: ${'a.c:'.repeat(long / 4)}`],
    ['quotes', `File "${'a'.repeat(long)}`],
    ['panics', "panicked at '".repeat(long / 13)],
  ])('of %s costs no time', (_, line) => {
    const tail = `${line}\n`.repeat(32);
    const started = performance.now();
    locate(makeEvidence({ tail }));

    expect(performance.now() - started).toBeLessThan(500);
  });
});
