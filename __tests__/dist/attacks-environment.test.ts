import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Phase, Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { CacheServer } from '../support/cache-server.ts';
import { Canary } from '../support/canary.ts';
import { canTest, isRoot } from '../support/machine.ts';

/** Programs that the action, its small parents and the cache's client might want to use. */
const PROGRAMS =
  'cat cp env fallocate getent git gtar gzip head id mv node ps rm sh sleep stat tar touch zstd';

let job: Job;
let canary: Canary;
beforeEach(() => {
  job = new Job();
  canary = new Canary(job.home);
  mkdirSync(evil());
  mkdirSync(loaded());
  for (const name of PROGRAMS.split(' ')) {
    const path = join(evil(), name);
    writeFileSync(path, `#!/bin/sh\necho "${name} $*" >> ${evil()}.log\nexit 1\n`);
    chmodSync(path, 0o755);
  }
});
afterEach(() => {
  job.remove();
});

const evil = (): string => join(job.home, 'evil');
/** Where the dynamic loader says for which programs it obeyed the variables of a step. */
const loaded = (): string => join(job.home, 'loaded');

function expectUnharmed(ran: Ran): void {
  expect(ran.signal).toBe(null);
  const log = `${evil()}.log`;
  expect(existsSync(log) ? readFileSync(log, 'utf8') : '').toBe('');
  expect(existsSync(join(job.home, 'pwned'))).toBe(false);
  expect(canary.isWhole()).toBe(true);
  expect(ran.log).not.toMatch(/internal error|at .*index\.js:\d+/u);
}

/** Programs that were started with the loader's variables, each once. */
function listLoaded(): readonly string[] {
  const texts = readdirSync(loaded()).map((name) => readFileSync(join(loaded(), name), 'utf8'));
  const programs = texts.flatMap((text) =>
    [...text.matchAll(/transferring control: (\S+)/gu)].map(([, program = '']) => program),
  );
  return [...new Set(programs)].toSorted();
}

/** All that a shell, the loader or we might obey, and what a run is known by. */
const poison = (): Readonly<Record<string, string>> => ({
  LD_DEBUG: 'files',
  LD_DEBUG_OUTPUT: join(loaded(), 'x'),
  LD_LIBRARY_PATH: evil(),
  BASH_ENV: '$HERE/startup',
  ENV: `${job.workspace}/startup`,
  HERE: job.workspace,
  IFS: '0123456789',
  PS4: `$(: > ${job.home}/pwned)+ `,
  SHELLOPTS: 'xtrace:nounset',
  PROMPT_COMMAND: `: > ${job.home}/pwned`,
  PYTHONSTARTUP: `${job.workspace}/startup`,
  GIT_SSH_COMMAND: join(evil(), 'sh'),
  GIT_DIR: canary.directory,
  TAR_OPTIONS: `--checkpoint=1 --checkpoint-action=exec=${evil()}/sh`,
  GZIP: '-v',
  HOME: canary.directory,
  XDG_STATE_HOME: canary.directory,
  TMPDIR: canary.directory,
  CI: 'no',
  PREFLIGHT_CARRIED_1: join(evil(), 'sh'),
  PREFLIGHT_STATE_DIR: canary.directory,
  PREFLIGHT_RESULT: canary.file,
  PREFLIGHT_TRACES: canary.file,
  preflight_notes: canary.file,
  [`-S${evil()}/touch ${job.home}/pwned`]: '1',
  'A-B': '1',
  GITHUB_OUTPUT: canary.file,
  GITHUB_STATE: canary.file,
  GITHUB_RUN_ATTEMPT: '99',
  GITHUB_WORKSPACE: canary.directory,
  RUNNER_TEMP: canary.directory,
  RUNNER_TRACKING_ID: 'other',
  STATE_preflight: '{}',
  STATE_preflight_finished: 'succeeded',
  INPUT_MODE: 'forget',
  ACTIONS_RUNTIME_TOKEN: 'forged',
  ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/',
  NODE_OPTIONS: '--require=/evil',
});

/** Only builtins: whatever else is started, we have started. */
const plan = (): string => {
  const lines = Object.entries(poison()).map(([name, value]) => `      echo '${name}=${value}'`);
  return `steps:
  - id: poison
    run: |
      exec >> "$GITHUB_ENV"
${lines.join('\n')}
      echo '${evil()}' >> "$GITHUB_PATH"
    rollback: 'echo undo poison >> ran'
  - id: look
    run: |
      while IFS= read -r -d '' line; do printf '%s\\n' "$line"; done < /proc/self/environ > seen
      echo look >> ran
      exit 3
    done-when: 'echo probe >> ran; exit 1'
    rollback: 'echo undo look >> ran; echo "$PREFLIGHT_STATE_DIR" > dir'
    classify: [{ exit-code: 3, as: 'critical:verification' }]
finally:
  - { id: last, run: 'echo last >> ran' }
`;
};

describe('what a step writes to GITHUB_ENV and GITHUB_PATH', () => {
  beforeEach(() => {
    job.write('startup', 'echo startup >> started\n');
  });

  async function runPoisoned(phase: Phase = {}): Promise<Ran> {
    job.write('preflight.yml', plan());
    const main = await job.main(phase);
    expectUnharmed(main);
    expect([main.log, main.outputs.get('outcome')]).toEqual([main.log, 'rolled-back']);
    expect(job.read('ran')).toBe('probe\nlook\nundo look\nundo poison\nlast\n');
    return main;
  }

  test('reaches later steps as on a plain runner, and none of what stands around them', async () => {
    const main = await runPoisoned();
    const seen = new Map(
      job
        .read('seen')
        .split('\n')
        .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
    );
    const kept = 'LD_LIBRARY_PATH HOME TMPDIR CI GIT_DIR PYTHONSTARTUP A-B INPUT_MODE IFS PS4'
      .split(' ')
      .filter((name) => seen.get(name) === poison()[name]);
    expect(kept).toHaveLength(10);
    // bash has read the user's start-up file in every command after the first, as it would anyway.
    expect(job.read('started').split('\n').filter(Boolean).length).toBeGreaterThanOrEqual(4);
    expect(seen.get('PATH')?.split(':')[0]).toBe(evil());
    expect(seen.get('GITHUB_RUN_ATTEMPT')).toBe('1');
    expect(seen.get('GITHUB_WORKSPACE')).toBe(job.workspace);
    expect(seen.has('NODE_OPTIONS')).toBe(false);
    for (const name of ['GITHUB_OUTPUT', 'GITHUB_STATE', 'PREFLIGHT_RESULT', 'PREFLIGHT_TRACES'])
      expect(seen.get(name)).toContain(job.stateDir);
    expect(job.read('dir')).toContain(job.stateDir);
    // The loader obeyed them for the steps' shells, and for nothing of ours.
    expect(listLoaded().filter((program) => !program.endsWith('/bash'))).toEqual([]);
    expect(listLoaded()).not.toEqual([]);
    expect(main.env.get('LD_LIBRARY_PATH')).toBe(evil());
    expect(main.env.has('NODE_OPTIONS')).toBe(false);
    expect(main.path).toEqual([evil()]);
  });

  if (canTest(isRoot(), 'the right to mount')) {
    test('has no hold on the small parent either where sh is bash', async () => {
      const bash = 'mount --bind /bin/bash "$(readlink -f /bin/sh)" && exec "$@"';
      await runPoisoned({ under: ['unshare', '-m', 'bash', '-c', bash, 'bash'] });
      expect(listLoaded().filter((program) => !program.endsWith('/bash'))).toEqual([]);
    });
  }

  test('is handed on again by a resumed run, and post does its work whatever the job has got by then', async () => {
    // A variable that looks secret is not stored, and its step would run again.
    const stored = plan()
      .replace(/^.*RUNTIME_TOKEN.*\n/mu, '')
      .replace(/done-when.*/u, '');
    job.write('preflight.yml', stored.replace('exit 3\n', '[ -e mended ]\n'));
    const inputs = { 'on-critical': 'fail', 'on-unknown': 'fail' };
    await job.main({ inputs });
    job.write('mended', '');
    const main = await job.main({ inputs, attempt: 2 });
    expectUnharmed(main);
    expect([main.log, main.code]).toEqual([main.log, 0]);
    expect(main.outputs.get('steps-skipped')).toBe('1');
    // The runner keeps its own names, and what belongs to this action, to itself.
    const ofJob = [...main.env].filter(([name]) => !/^(?:GITHUB|RUNNER|STATE|INPUT)_/u.test(name));
    const path = [...main.path, process.env['PATH'] ?? ''].join(':');
    const env = { ...Object.fromEntries(ofJob), PATH: path, ...Job.handOver(main) };
    const post = await job.post({ attempt: 2, env });
    expectUnharmed(post);
    expect([post.log, post.code]).toEqual([post.log, 0]);
    expect(post.log).toContain('is closed');
  });
});

test('what an earlier step of the job put on the PATH answers none of our own questions', async () => {
  const server = new CacheServer();
  await server.listen();
  job.write(
    'preflight.yml',
    `checks:
  - { disk: { path: /, free: 1KB } }
steps:
  - { id: long, run: 'printf -v line %0999d 7; for ((i = 0; i < 90000; i++)); do echo "$line"; done' }
  - { id: stop, run: '[ -e mended ]' }
`,
  );
  const env = {
    ...server.env(),
    PATH: `${evil()}:${process.env['PATH'] ?? ''}`,
    TAR_OPTIONS: poison()['TAR_OPTIONS'] ?? '',
  };
  expectUnharmed(await job.main({ env, inputs: { state: 'cache' } }));
  job.write('mended', '');
  for (const name of readdirSync(job.stateDir))
    rmSync(join(job.stateDir, name), { recursive: true });
  const second = await job.main({ env, inputs: { state: 'cache' }, attempt: 2 });
  await server.close();
  expectUnharmed(second);
  expect(second.log).toContain('checkpoint restored from the Actions cache');
  expect([second.log, second.code]).toEqual([second.log, 0]);
});

describe('what no process can be started with', () => {
  test.each([
    ['a NUL in a value', String.raw`printf 'A=x\0y\n' >> "$GITHUB_ENV"`, /GITHUB_ENV.*'A'.*NUL/u],
    ['a NUL in a name', String.raw`printf 'A\0B=y\n' >> "$GITHUB_ENV"`, /GITHUB_ENV.*NUL/u],
    ['a NUL in a path', String.raw`printf '/x\0y\n' >> "$GITHUB_PATH"`, /GITHUB_PATH.*NUL/u],
    ['a value too long', `printf 'A=%0200000d\\n' 7 >> "$GITHUB_ENV"`, /'A'.*196 KiB.*128 KiB/u],
    ['a PATH too long', `printf '/%065000d\\n' 1 2 3 >> "$GITHUB_PATH"`, /PATH.*128 KiB/u],
  ])('fails the step that wrote it, and not all that come after: %s', async (_what, does, told) => {
    job.write(
      'preflight.yml',
      `steps:
  - id: poison
    run: |
      echo poison >> ran
      [ -e mended ] || ${does}
    rollback: echo undo >> ran
  - { id: next, run: 'echo next >> ran' }
`,
    );
    const first = await job.main();
    expect([first.log, first.outputs.get('failed-step')]).toEqual([first.log, 'poison']);
    expect(first.log).toMatch(told);
    expect(first.log).not.toContain('\0');
    job.write('mended', '');
    const second = await job.main({ attempt: 2 });
    expect([second.log, second.code]).toEqual([second.log, 0]);
    expect(job.read('ran')).toBe('poison\npoison\nnext\n');
  });
});

test.each(['PATH=/nonexistent', 'PATH='])(
  'a step that loses the PATH (%s) does not keep the undo from running',
  async (line) => {
    job.write(
      'preflight.yml',
      `steps:
  - { id: lose, run: 'echo ${line} >> "$GITHUB_ENV"', rollback: 'echo undone >> ran' }
  - { id: fail, run: 'exit 3', classify: [{ exit-code: 3, as: 'critical:verification' }] }
`,
    );
    const ran = await job.main();
    expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'rolled-back']);
    expect(job.read('ran')).toBe('undone\n');
  },
);
