import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { findForeignTags, toHtml } from '../report/github-page.ts';
import type { Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { Canary, findForeignCommands } from '../support/canary.ts';

const PROPERTY = String.raw`(?:file=[^:,]*|line=\d+|col=\d+|title=(?!forged)[^:,]*)`;
/** What the action itself says to the runner in these tests; its messages may quote anything. */
const OWN = new RegExp(
  `^::(?:add-mask|group|endgroup|(?:error|warning|notice)(?: ${PROPERTY}(?:,${PROPERTY})*)?)::`,
  'u',
);

/** Each does harm where it is pasted into a shell, a path, a workflow command or an environment file. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a command substitution': '$(touch "$CANARY/pwned")',
  'backticks and quotes': '\'"`touch $CANARY/pwned`"\'; touch $CANARY/pwned #',
  'a way up': '../../../valuable/below',
  'an absolute path': '/etc/cron.d/x',
  'a workflow command': 'x\n::set-output name=outcome::mine\n::error title=forged::x',
  'a workflow command behind escapes': 'x%0A::set-env name=PATH::/evil\r##[add-path]/evil',
  'an entry of an environment file': 'x\nEVIL=1\nEVIL<<EOF\n1\nEOF\n',
  'an option': '-rf --help',
  'a terminal sequence': '\u001b]0;title\u0007\u001b[2J\u001b[1A::stop-commands::x',
  'Markdown and HTML': '</details>|a|\n```\n<img src=x onerror=alert(1)>[x](javascript:1)',
  'very long': 'x'.repeat(5000),
};
const ROWS = Object.entries(HOSTILE);

let job: Job;
let canary: Canary;
beforeEach(() => {
  job = new Job(
    'steps:\n  - { id: one, run: "echo one >> ran" }\n  - { id: two, run: "exit 3" }\n',
  );
  canary = new Canary(job.home);
});
afterEach(() => {
  job.remove();
});

/** Nothing was touched outside of where we may write, nothing was run, and no command was forged. */
function expectHarmless(ran: Ran): void {
  expect(ran.signal).toBe(null);
  expect(canary.isWhole()).toBe(true);
  expect(existsSync(join(job.workspace, 'pwned'))).toBe(false);
  expect(readdirSync(job.home).toSorted()).toEqual(['state', 'temp', 'user', 'valuable', 'work']);
  expect(readdirSync(join(job.home, 'user'))).toEqual([]);
  expect(findForeignCommands(ran.log, OWN)).toEqual([]);
  expect([...ran.env.keys(), ...ran.outputs.keys(), ...ran.state.keys()]).not.toContain('EVIL');
  expect(ran.outputs.get('outcome')).not.toBe('mine');
  expect(findForeignTags(toHtml(ran.summary))).toEqual([]);
  // eslint-disable-next-line no-control-regex -- colours are ours
  expect(ran.log.replaceAll(/\u001b\[[\d;]*m/gu, '')).not.toContain('\u001b');
  expect(ran.log).not.toMatch(/internal error|at .*index\.js:\d+/u);
}

const env = (): Readonly<Record<string, string>> => ({ CANARY: canary.directory });

describe('a deployment with a hostile', () => {
  const INPUTS = ['deployment-id', 'deployment-key', 'lock', 'matrix'];
  test.each(ROWS)('id, key, lock and matrix: %s', async (_what, text) => {
    const matrix = JSON.stringify({ [text]: text });
    const inputs = Object.fromEntries(
      INPUTS.map((name) => [name, name === 'matrix' ? matrix : text]),
    );
    const ran = await job.main({ inputs, env: env() });
    expectHarmless(ran);
    // One line is a name like any other; what is not one is refused.
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    const isLine = !/[\0-\u001f]/u.test(text);
    expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, isLine ? 'failed' : 'blocked']);
    const again = await job.main({ inputs, env: env(), attempt: 2 });
    expectHarmless(again);
    expect(job.read('ran')).toBe(isLine ? 'one\n' : '');
  });

  test.each(ROWS)('job, workflow, repository and runner: %s', async (_what, text) => {
    const hostile = {
      ...env(),
      GITHUB_JOB: text,
      GITHUB_ACTION: text,
      GITHUB_REPOSITORY: `octo/${text}`,
      GITHUB_WORKFLOW: text,
      GITHUB_WORKFLOW_REF: `octo/shop/.github/workflows/${text}@refs/heads/${text}`,
      GITHUB_REF_NAME: text,
      GITHUB_HEAD_REF: text,
      GITHUB_ACTOR: text,
      RUNNER_NAME: text,
    };
    expectHarmless(await job.main({ env: hostile }));
    expect(job.read('ran')).toBe('one\n');
  });
});

describe('a repair with a hostile', () => {
  const NAMES = ['a command substitution', 'a way up', 'a workflow command'];
  test.each(NAMES)('target and step changes nothing: %s', async (what) => {
    const text = HOSTILE[what] ?? '';
    await job.main();
    const record = join(job.deployment(), 'steps', 'one.json');
    const before = readFileSync(record, 'utf8');
    for (const mode of ['status', 'mark-done', 'forget', 'rollback', 'unlock']) {
      const step = mode === 'mark-done' || mode === 'forget' ? { step: text } : {};
      expectHarmless(await job.main({ env: env(), inputs: { mode, target: text, ...step } }));
    }
    expect(readFileSync(record, 'utf8')).toBe(before);
  });

  test('step changes nothing of a target that there is', async () => {
    await job.main();
    const target = readdirSync(job.stateDir).find((name) => name !== 'locks') ?? '';
    for (const step of [
      '../../../../valuable/below/one',
      'one/../one',
      '.',
      '*',
      '$(touch pwned)',
    ]) {
      for (const mode of ['forget', 'mark-done']) {
        const ran = await job.main({ inputs: { mode, target, step } });
        expectHarmless(ran);
        expect(ran.code).toBe(1);
      }
    }
    expect(readdirSync(job.deployment()).filter((name) => name.startsWith('.ch'))).toEqual([
      '.checkpoint-one',
    ]);
  });
});

/** A row for each text, in one plan. */
const forEachText = (row: (text: string, number: number) => string): string =>
  ROWS.map(([, text], number) => row(JSON.stringify(text), number)).join('');

describe('hostile text in', () => {
  test('labels, values and files of a plan', async () => {
    job.write(
      'preflight.yml',
      `name: ${JSON.stringify(ROWS.map(([, text]) => text).join(' '))}
checks:
${forEachText(
  (text) => `  - { run: 'exit 1', name: ${text}, level: warn }
  - { file: ${text}, level: warn }
  - { writable: ${text}, level: warn }
  - { command: ${text}, level: warn }
  - { service: ${text}, level: warn }
  - { user: ${text}, level: warn }
  - { user: { group: ${text} }, level: warn }
`,
)}steps:
${forEachText(
  (text, number) => `  - id: s${number}
    name: ${text}
    env: { VALUE: ${text} }
    continue-on-error: true
    run: |
      printf %s "$VALUE" > value${number}
      printf '%s\\n' "$VALUE"; printf '%s\\n' "$VALUE" >&2
      exit 3
`,
)}  - id: last
    env: { VALUE: ${JSON.stringify(ROWS.map(([, text]) => text).join('\n'))} }
    run: 'printf "%s\\n" "$VALUE"; exit 3'
    classify: [{ exit-code: 3, as: 'critical:verification' }]
    rollback: 'printf "%s\\n" "$VALUE"; exit 4'
finally:
${forEachText((text, number) => `  - { id: f${number}, name: ${text}, run: exit 5 }\n`)}`,
    );
    const ran = await job.main({
      env: env(),
      inputs: {
        diagnostics: `printf '%s\\n' ${ROWS.map(([, text]) => JSON.stringify(text.split('\n')[0]).replaceAll('$', '\\$').replaceAll('`', '\\`')).join(' ')}`,
      },
    });
    expectHarmless(ran);
    expect(ran.outputs.get('outcome')).toBe('rollback-incomplete');
    expect(ROWS.map((_row, number) => job.read(`value${number}`))).toEqual(
      ROWS.map(([, text]) => text),
    );
  });

  test('what steps hand on, in the first run and in the one that resumes', async () => {
    job.write(
      'preflight.yml',
      `steps:
${forEachText(
  (text, number) => `  - id: s${number}
    env: { TEXT: ${text} }
    run: |
      { echo 'v${number}<<preflight'; printf '%s\\n' "$TEXT"; echo preflight; } | tee -a "$GITHUB_OUTPUT" >> "$GITHUB_ENV"
      printf 'category=%s\\n' "$TEXT" >> "$PREFLIGHT_RESULT"
`,
)}  - { id: last, run: '${ROWS.map((_row, n) => `printf %s "$v${n}" > value${n}`).join('; ')}; [ -e mended ]' }
`,
    );
    expectHarmless(await job.main({ env: env() }));
    job.write('mended', '');
    const ran = await job.main({ env: env(), attempt: 2 });
    expectHarmless(ran);
    expect(ran.outputs.get('resumed')).toBe('true');
    const texts = ROWS.map(([, text]) => text);
    expect(texts.map((_text, number) => ran.outputs.get(`v${number}`))).toEqual(texts);
    expect(texts.map((_text, number) => ran.env.get(`v${number}`))).toEqual(texts);
    expect(texts.map((_text, number) => job.read(`value${number}`))).toEqual(texts);
  });

  test('names of outputs and variables', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - id: give
    run: |
      printf '::set-output name=x::y=1\\n\\r::error::forged=2\\n$(touch pwned)=3\\n__proto__=4\\nconstructor=5\\n' >> "$GITHUB_OUTPUT"
      printf 'A B=1\\nNODE_OPTIONS=--require=/evil\\nPATH=%s\\nGITHUB_RUN_ID=666\\nINPUT_MODE=forget\\n' "$PATH" >> "$GITHUB_ENV"
  - { id: take, run: 'echo take >> ran; echo "$GITHUB_RUN_ID $INPUT_MODE" > seen' }
`,
    );
    const ran = await job.main({ env: env() });
    expectHarmless(ran);
    expect(ran.code).toBe(0);
    expect(ran.outputs.get('__proto__')).toBe('4');
    expect(ran.env.has('NODE_OPTIONS')).toBe(false);
    expect(job.read('seen')).not.toContain('666');
  });
});

describe('a plan in a file with a hostile name', () => {
  test.each([
    'a\n::set-output name=outcome::mine',
    'a,title=forged%0A::error::forged',
    '$(touch pwned).yml',
    '-rf',
  ])('is annotated as that file: %j', async (name) => {
    mkdirSync(join(job.workspace, 'deploy'));
    job.write(`deploy/${name}`, 'steps:\n  - { id: one, run: [x] }\n  - { idd: one }\n');
    const ran = await job.main({ env: env(), inputs: { plan: `deploy/${name}` } });
    expectHarmless(ran);
    expect(ran.code).toBe(1);
  });
});
