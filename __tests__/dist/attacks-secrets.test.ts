import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Phase, Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { CacheServer } from '../support/cache-server.ts';

/** Made at run time, so that no scanner takes this file for a leak. */
const SECRET = ['Zq7', 'vXw', '9Kp', '2Lm', 'T4r'].join('');

let job: Job;
let server: CacheServer;
beforeAll(async () => {
  server = new CacheServer();
  await server.listen();
});
afterAll(async () => {
  await server.close();
});
beforeEach(() => {
  job = new Job();
});
afterEach(() => {
  job.remove();
});

/** Every file below a directory, with its content. */
function readAll(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => lstatSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')] as const);
}

/** Also where it is cut by what nobody sees, or by quotes of JSON. */
function holdsSecret(text: string): boolean {
  const seen = text.replaceAll(
    // eslint-disable-next-line no-control-regex -- what hides in between
    /\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u200b]|\\u00[01][0-9a-f]/gu,
    '',
  );
  return [SECRET, Buffer.from(SECRET).toString('base64')].some(
    (form) => text.includes(form) || seen.includes(form),
  );
}

/** Where people, later steps and other jobs could read it; lines that tell the runner what to mask apart. */
function expectHidden(ran: Ran, outputsToo = true): void {
  const report = ran.outputs.get('report');
  const channels: readonly (readonly [string, string])[] = [
    [
      'log',
      ran.log
        .split('\n')
        .filter((line) => !line.startsWith('::add-mask::'))
        .join('\n'),
    ],
    ['summary', ran.summary],
    ['report', report === undefined ? '' : readFileSync(report, 'utf8')],
    ['state for post', JSON.stringify([...ran.state])],
    ...(outputsToo ? [['outputs', JSON.stringify([...ran.outputs])] as const] : []),
    ...readAll(job.stateDir),
    ...server.entries.map(
      ({ blob }, number) => [`entry ${number}`, gunzipSync(blob).toString('latin1')] as const,
    ),
  ];
  expect(channels.filter(([, text]) => holdsSecret(text)).map(([channel]) => channel)).toEqual([]);
}

const phase = (inputs: Readonly<Record<string, string>> = {}, attempt = 1): Phase => ({
  attempt,
  env: { PLANTED: SECRET, ...server.env() },
  inputs: { secrets: 'PLANTED', 'max-attempts': '1', ...inputs },
});

describe('a secret that is hidden in the output of a step that fails', () => {
  test.each([
    ['by NUL', String.raw`\0`],
    ['by a sequence that erases', String.raw`\033[K`],
    ['by colours', String.raw`\033[0m\033[31m`],
    ['by a title', String.raw`\033]0;x\007`],
  ])('%s is hidden in every channel', async (_how, between) => {
    const { length } = SECRET;
    job.write(
      'preflight.yml',
      `steps:
  - id: say
    run: |
      a=\${PLANTED:0:7} b=\${PLANTED:7:${length}}
      printf "fatal: unable to access 'https://u:%s${between}%s@x/': refused\\n" "$a" "$b" >&2
      printf '%s${between}%s\\n' "$a" "$b" >> "$GITHUB_STEP_SUMMARY"
      printf 'error: %s${between}%s\\n' "$a" "$b"
      exit 9
`,
    );
    const ran = await job.main(
      phase({ diagnostics: `printf '%s${between}%s\\n' "\${PLANTED:0:7}" "\${PLANTED:7}"` }),
    );
    expect(ran.code).toBe(1);
    expectHidden(ran);
  });
});

describe('a secret', () => {
  test('in a plan is hidden where the plan is shown: names, checks, problems, the schedule', async () => {
    job.write(
      'preflight.yml',
      `name: the ${SECRET} plan
env: { SHOWN: ${SECRET} }
checks:
  - { file: /nowhere/${SECRET}, level: warn }
  - { run: 'echo "${SECRET}"; exit 1', name: has ${SECRET}, level: warn }
  - { network: 'http://u:${SECRET}@127.0.0.1:9/', level: warn }
  - { command: cmd-${SECRET}, level: warn }
  - { env: NONE, name: ${SECRET}, level: warn }
steps:
  - { id: one, name: with ${SECRET}, run: 'true' }
  - { id: two, name: also ${SECRET}, run: 'echo ${SECRET}; exit 3', rollback: 'echo ${SECRET}; exit 4', classify: [{ match: '${SECRET}', as: 'critical:verification' }] }
finally:
  - { id: last, name: at last ${SECRET}, run: 'exit 5 # ${SECRET}' }
`,
    );
    for (const mode of ['check', 'plan', 'run', 'status'])
      expectHidden(await job.main(phase({ mode })));
    job.write('preflight.yml', `steps:\n  - { id: ${SECRET}!, run: [x], ${SECRET}: 1 }\n`);
    expectHidden(await job.main(phase()));
    job.write('preflight.yml', `steps: [*${SECRET}]\n`);
    expectHidden(await job.main(phase()));
  });

  test('in an input is hidden where the input is refused or quoted', async () => {
    job.write('preflight.yml', 'steps: [{ id: one, run: "exit 7" }]\n');
    const wrong = [
      'plan',
      'timeout',
      'on-critical',
      'state',
      'remedies',
      'state-dir',
      'mode',
      'matrix',
    ];
    for (const name of wrong) expectHidden(await job.main(phase({ [name]: `x-${SECRET}` })));
    expectHidden(await job.main(phase({ lock: SECRET, rollback: `echo ${SECRET}; exit 1` })));
    expectHidden(await job.main(phase({ mode: 'forget', target: SECRET, step: SECRET })));
  });

  test('in the name of an output, of a variable, in a path entry and a declared category', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - id: give
    run: |
      echo "name-$PLANTED=x" >> "$GITHUB_OUTPUT"
      echo "N_$PLANTED=x" >> "$GITHUB_ENV"
      echo "/opt/$PLANTED/bin" >> "$GITHUB_PATH"
      echo "category=$PLANTED" >> "$PREFLIGHT_RESULT"
  - { id: fail, run: 'exit 3' }
`,
    );
    const ran = await job.main(phase());
    expectHidden(ran, false);
    expectHidden(await job.main(phase({}, 2)), false);
  });

  test('is in no entry of the cache, and in no line of the post step', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - { id: give, run: 'echo "value=$PLANTED" >> "$GITHUB_OUTPUT"; echo "V=$PLANTED" >> "$GITHUB_ENV"; echo "$PLANTED"' }
  - { id: stay, keep-alive: false, run: 'sleep 300 & exec -a "name-$PLANTED" sleep 300 & echo started' }
`,
    );
    const given = phase({ state: 'cache' });
    const main = await job.main(given);
    expect(main.code).toBe(0);
    expectHidden(main, false);
    const post = await job.post({ ...given, env: { ...given.env, ...Job.handOver(main) } });
    expectHidden(post);
    expect(server.committed.length).toBeGreaterThan(0);
  });

  test('in state that somebody else wrote is hidden where it is shown', async () => {
    job.write('preflight.yml', 'steps: [{ id: one, run: "true" }, { id: two, run: "exit 3" }]\n');
    await job.main(phase());
    writeFileSync(join(job.deployment(), '.checkpoint-one'), `at ${SECRET}\n`);
    writeFileSync(
      join(job.deployment(), '.last-error'),
      `timestamp=x\nscript=${SECRET}\nline=1\nexit_code=2\ncategory=${SECRET}\n`,
    );
    for (const mode of ['status', 'run', 'plan']) {
      const ran = await job.main(phase({ mode }, 2));
      expect(
        ran.log
          .split('\n')
          .filter((line) => !line.startsWith('::add-mask::'))
          .some(holdsSecret),
      ).toBe(false);
      expect(holdsSecret(ran.summary + JSON.stringify([...ran.outputs]))).toBe(false);
    }
    writeFileSync(join(job.deployment(), 'steps', 'one.json'), `{"${SECRET}`);
    const ran = await job.main(phase({}, 2));
    expect(holdsSecret(ran.log.replaceAll(/^::add-mask::.*$/gmu, ''))).toBe(false);
  });
});
