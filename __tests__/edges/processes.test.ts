import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createWorkbench, toSpec, untilGone } from '../support/commands.ts';
import type { Workbench } from '../support/commands.ts';

let bench: Workbench;
beforeEach(() => {
  bench = createWorkbench();
});
afterEach(async () => {
  await bench.dispose();
});

describe('how a command ends', () => {
  test('success, with times and output', async () => {
    const before = Date.now();
    const end = await bench.run('echo out; echo err >&2');
    expect(end).toMatchObject({ exit: { kind: 'exited', code: 0 }, endedBy: 'itself' });
    expect(end).toMatchObject({ survivors: [], traces: '', declared: '', measured: {} });
    expect(end.startedAt).toBeGreaterThanOrEqual(before);
    expect(end.endedAt).toBeGreaterThanOrEqual(end.startedAt);
    expect(end.tail).toBe('out\nerr\n');
    expect(bench.output()).toBe('out\nerr\n');
  });

  test.each([
    ['bash', 'exit 3', { kind: 'exited', code: 3 }],
    ['bash', 'exit 255', { kind: 'exited', code: 255 }],
    ['bash', 'false; exit 0', { kind: 'exited', code: 1 }],
    ['bash', 'false | true; exit 0', { kind: 'exited', code: 1 }],
    ['sh', 'false; exit 0', { kind: 'exited', code: 1 }],
    ['bash', 'no-such-command-here', { kind: 'exited', code: 127 }],
    ['bash', 'kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL' }],
    ['bash', 'kill -TERM $$', { kind: 'signalled', signal: 'SIGTERM' }],
    ['bash', 'kill -INT $$', { kind: 'signalled', signal: 'SIGINT' }],
    ['bash', 'ulimit -c 0; kill -SEGV $$', { kind: 'signalled', signal: 'SIGSEGV' }],
    ['bash', 'sh -c "kill -KILL \\$\\$"', { kind: 'signalled', signal: 'SIGKILL' }],
    ['sh', 'bash -c "kill -TERM \\$\\$"', { kind: 'signalled', signal: 'SIGTERM' }],
    ['bash', 'kill -TERM 0; sleep 5', { kind: 'signalled', signal: 'SIGTERM' }],
    ['bash', 'kill -KILL 0; sleep 5', { kind: 'signalled', signal: 'SIGKILL' }],
    ['bash', 'exit 141', { kind: 'exited', code: 141 }],
    ['python', 'import sys; sys.exit(143)', { kind: 'exited', code: 143 }],
    ['python', 'import os; os.kill(os.getpid(), 15)', { kind: 'signalled', signal: 'SIGTERM' }],
    ['perl {0}', 'exit 137', { kind: 'exited', code: 137 }],
    ['perl {0}', 'kill 9, $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ])('%s: %s', async (shell, script, exit) => {
    expect((await bench.run(script, { shell })).exit).toEqual(exit);
  });

  test.each([
    ['leader of the group', 'read -r _ _ _ _ group _ < /proc/$$/stat; kill -KILL "$group"', '30'],
    ['process that waits for it', 'kill -KILL $PPID', '1'],
  ])(
    'a killed %s is a failure, and the command does not outlive it',
    async (_who, kill, seconds) => {
      const end = await bench.run(`echo $$ > child; ${kill}; sleep ${seconds}`);
      expect(end).toMatchObject({
        exit: { kind: 'signalled', signal: 'SIGKILL' },
        endedBy: 'itself',
      });
      const pid = Number(readFileSync(join(bench.directory, 'child'), 'utf8'));
      expect(await untilGone(pid)).toBe(true);
    },
  );

  test('what is left in the background does not hold up the end', async () => {
    const before = performance.now();
    const end = await bench.run('(sleep 20; echo late) & echo now');
    expect(end.exit).toEqual({ kind: 'exited', code: 0 });
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(bench.output()).toBe('now\n');
  });

  test('what it declares is handed over', async () => {
    const end = await bench.run('echo category=transient:service > "$PREFLIGHT_RESULT"; exit 9');
    expect(end.declared).toBe('category=transient:service\n');
  });

  test('free disk space is measured after a failure', async () => {
    const end = await bench.run('exit 1');
    expect(end.measured.diskFreeBytes).toBeGreaterThan(0);
  });
});

describe('shells', () => {
  test.each([
    ['bash', 'echo "$BASH_VERSION"', /^\d/],
    ['sh', 'echo "${0##*/}"', /^script\.sh$/m],
    ['python', 'import sys; print(sys.version_info[0])', /^3$/m],
    ['perl {0}', 'print "perl\\n"', /^perl$/m],
    ['bash -x {0}', 'echo traced', /\+ echo traced/],
    ['bash  -c  ". \'{0}\'"', 'echo sourced', /^sourced$/m],
  ])('%s', async (shell, script, expected) => {
    const end = await bench.run(script, { shell });
    expect(end.tail).toMatch(expected);
    expect(end.exit).toEqual({ kind: 'exited', code: 0 });
  });

  test('carriage returns of a checkout on Windows do no harm', async () => {
    await bench.run('echo one\r\necho two\r\n');
    expect(bench.output()).toBe('one\ntwo\n');
  });

  test.each(['/nonexistent', ''])('a PATH that lost it (%j) leaves us our own', async (path) => {
    const spec = toSpec('echo "$PATH"', { env: { PATH: path } });
    expect(await bench.processes.run(spec, bench.watch())).toMatchObject({ ok: true });
    expect(bench.output()).toBe(`${path}\n`);
  });

  test.each([
    [
      'a shell that is not installed',
      { shell: 'no-such-shell {0}' },
      'ENOENT',
      'recoverable:dependency',
    ],
    ['a shell without {0}', { shell: 'fish' }, 'EINVAL', 'recoverable:configuration'],
    [
      'a missing working directory',
      { workingDirectory: 'gone' },
      'ENOENT',
      'recoverable:configuration',
    ],
    [
      'a file as working directory',
      { workingDirectory: 'file' },
      'ENOTDIR',
      'recoverable:configuration',
    ],
    [
      'a value too large',
      { env: { BIG: 'x'.repeat(200_000) } },
      'E2BIG',
      'recoverable:configuration',
    ],
    [
      'a shell that may not be executed',
      { shell: './file {0}' },
      'EACCES',
      'recoverable:permission',
    ],
  ])('%s is a fault that says what it means', async (_what, spec, code, category) => {
    writeFileSync(join(bench.directory, 'file'), '');
    const result = await bench.processes.run(toSpec('true', spec), bench.watch());
    expect(result).toMatchObject({ ok: false, error: { code, category } });
    expect(await bench.processes.inspect('step')).toEqual({ kind: 'none' });
    expect(existsSync(join(bench.runDirectory, 'step'))).toBe(false);
  });

  test('what cannot be searched in PATH is passed over', async () => {
    writeFileSync(join(bench.directory, 'file'), '');
    const path = `${bench.directory}/file:/nonexistent:${process.env['PATH'] ?? ''}`;
    await bench.run('echo found', { env: { PATH: path } });
    expect(bench.output()).toBe('found\n');
  });

  test('a relative working directory is the workspace’s', async () => {
    mkdirSync(join(bench.directory, 'sub dir'));
    await bench.run('pwd', { workingDirectory: 'sub dir' });
    expect(bench.output()).toBe(`${bench.directory}/sub dir\n`);
  });
});

describe('what a command gets', () => {
  test('exactly the given environment, its own files and our tracking id', async () => {
    await bench.run('env -0 | cut -z -d= -f1 | sort -z | tr "\\0" "\\n"', { env: { GIVEN: '1' } });
    expect(
      bench
        .output()
        .split('\n')
        .filter((name) => !['', '_', 'SHLVL', 'PWD', 'OLDPWD'].includes(name)),
    ).toEqual([
      'GITHUB_ENV',
      'GITHUB_OUTPUT',
      'GITHUB_PATH',
      'GITHUB_STATE',
      'GITHUB_STEP_SUMMARY',
      'GIVEN',
      'PATH',
      'PREFLIGHT_RESULT',
      'RUNNER_TRACKING_ID',
    ]);
  });

  test('names that no shell could have, and nothing of the small parent’s', async () => {
    const script =
      'import os; print("\\n".join(sorted(f"{k}={v}" for k, v in os.environ.items())))';
    const env = {
      'a.b': 'one  two',
      'npm_config_//host/:_token': '$x "y"',
      notes: 'n',
      pid: 'p',
      id: 'i',
    };
    await bench.run(script, { shell: 'python', env });
    const found = bench.output().split('\n');
    for (const [name, value] of Object.entries(env)) expect(found).toContain(`${name}=${value}`);
    expect(found.filter((line) => /^preflight_|CARRIED/.test(line))).toEqual([]);
  });

  test('exported functions of bash', async () => {
    await bench.run('greet', { env: { 'BASH_FUNC_greet%%': '() { echo "hello"; }' } });
    expect(bench.output()).toBe('hello\n');
  });

  test('no descriptor of ours, and a pipe for its output', async () => {
    await bench.run(
      'cd /proc/self/fd; exec find . \\( -lname "*/step/*" -o -name 1 -o -name 2 \\) -printf "%f %l\\n"',
    );
    expect(bench.output()).toMatch(/^1 pipe:\[(\d+)\]\n2 pipe:\[\1\]\n$/);
  });

  test('an empty standard input', async () => {
    await bench.run('cat; readlink /proc/self/fd/0');
    expect(bench.output()).toBe('/dev/null\n');
  });

  test('default reactions to signals', async () => {
    await bench.run('cat /proc/self/status | grep -E "^Sig(Ign|Cgt)"');
    expect(bench.output()).toBe('SigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n');
  });

  test('a session of its own', async () => {
    await bench.run(
      'read -r _ _ _ _ group session _ < /proc/$$/stat; echo "$group $session $PPID"',
    );
    const [group, session, parent] = bench.output().trim().split(' ');
    expect(session).toBe(group);
    expect([group, parent]).not.toContain(String(process.pid));
  });

  test('the start-up file of bash, and the user’s own name for it', async () => {
    const own = createWorkbench({ startupFile: 'echo "started, then $PREFLIGHT_USER_BASH_ENV"\n' });
    await own.run('true', { env: { BASH_ENV: '/etc/theirs' } });
    await own.run('true', { shell: 'sh' });
    expect(own.output()).toBe('started, then /etc/theirs\n');
    await own.dispose();
  });

  test('what the start-up file writes about the failure is handed over', async () => {
    const own = createWorkbench({
      startupFile: 'trap \'echo "line $LINENO" >> "$PREFLIGHT_TRACES"\' ERR\n',
    });
    const end = await own.run('true\nfalse\n');
    expect(end.traces).toBe('line 2\n');
    await own.dispose();
  });
});

describe('the run directory', () => {
  test('is nobody else’s to read', async () => {
    await bench.run('umask 000; true');
    const step = join(bench.runDirectory, 'step');
    expect(statSync(step).mode & 0o777).toBe(0o700);
    for (const name of ['output', 'process', 'command.json', 'github-output', 'script.sh']) {
      expect([name, statSync(join(step, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test('is made anew for every attempt', async () => {
    await bench.run('echo "a=1" >> "$GITHUB_OUTPUT"; touch "${GITHUB_OUTPUT%/*}/litter"');
    await bench.run('echo "b=1" >> "$GITHUB_OUTPUT"');
    const results = await bench.processes.collect('step');
    expect(results).toMatchObject({ ok: true, value: { outputs: [{ name: 'b', value: '1' }] } });
    expect(existsSync(join(bench.runDirectory, 'step', 'litter'))).toBe(false);
  });

  test('that is a symbolic link is replaced, and what it points to is left alone', async () => {
    const precious = join(bench.directory, 'precious');
    mkdirSync(precious);
    writeFileSync(join(precious, 'process'), 'kept');
    mkdirSync(bench.runDirectory, { recursive: true });
    symlinkSync(precious, join(bench.runDirectory, 'step'));
    await bench.run('true');
    await bench.processes.clear('step');
    expect(readFileSync(join(precious, 'process'), 'utf8')).toBe('kept');
  });

  test('is gone once it is cleared, directories that the command made included', async () => {
    await bench.run('mkdir -p "${GITHUB_OUTPUT%/*}/deep/er"; ln -s / "${GITHUB_OUTPUT%/*}/root"');
    await bench.processes.clear('step');
    await bench.processes.clear('step');
    expect(existsSync(join(bench.runDirectory, 'step'))).toBe(false);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  test('cannot be outside', async () => {
    await expect(bench.processes.clear('../x')).rejects.toThrow('not a unit');
  });
});

describe('what a command hands to later steps', () => {
  test('outputs, environment, path and summary', async () => {
    await bench.run(
      [
        'echo "plain=1" >> "$GITHUB_OUTPUT"',
        'printf "many<<EOF\\none\\ntwo\\nEOF\\n" >> "$GITHUB_OUTPUT"',
        'echo "NAME=value" >> "$GITHUB_ENV"; echo "NODE_OPTIONS=--require=/evil" >> "$GITHUB_ENV"',
        'echo /one >> "$GITHUB_PATH"; echo /two >> "$GITHUB_PATH"',
        'echo "# Done" >> "$GITHUB_STEP_SUMMARY"',
      ].join('\n'),
    );
    expect(await bench.processes.collect('step')).toEqual({
      ok: true,
      value: {
        outputs: [
          { name: 'plain', value: '1' },
          { name: 'many', value: 'one\ntwo' },
        ],
        env: [{ name: 'NAME', value: 'value' }],
        path: ['/one', '/two'],
        summary: '# Done\n',
      },
    });
  });

  test.each([
    ['GITHUB_OUTPUT', 'printf "a=1\\noops\\n" > "$GITHUB_OUTPUT"', 2],
    ['GITHUB_ENV', 'echo "a<<EOF" > "$GITHUB_ENV"', 1],
  ])('a malformed %s is named with its line', async (file, script, line) => {
    await bench.run(script);
    expect(await bench.processes.collect('step')).toMatchObject({
      ok: false,
      error: { file, line },
    });
  });

  test('a file that it has removed, or replaced by a pipe, is empty', async () => {
    await bench.run('rm "$GITHUB_OUTPUT" "$GITHUB_ENV"; mkfifo "$GITHUB_ENV"');
    expect(await bench.processes.collect('step')).toMatchObject({
      ok: true,
      value: { outputs: [], env: [] },
    });
  });

  test('a value over a mebibyte is refused, a summary over one left out with a word', async () => {
    await bench.run('head -c 2000000 /dev/zero | tr "\\0" x > "$GITHUB_STEP_SUMMARY"');
    const results = await bench.processes.collect('step');
    expect(results.ok && results.value.summary).toMatch(/1954 KiB, more than the 1024 KiB/);
    await bench.run('(printf a=; head -c 2000000 /dev/zero | tr "\\0" x) > "$GITHUB_OUTPUT"');
    expect(await bench.processes.collect('step')).toMatchObject({
      ok: false,
      error: { file: 'GITHUB_OUTPUT', message: expect.stringContaining("The value of 'a'") },
    });
  });
});
