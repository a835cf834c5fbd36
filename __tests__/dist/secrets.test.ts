import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';

/** Made at run time, so that no scanner takes this file for a leak. */
const SECRET = ['Zq7', 'vXw', '9Kp', '2Lm', 'T4r'].join('');
const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  Buffer.from(SECRET).toString('base64'),
  Buffer.from(SECRET).toString('hex'),
];

/** Every file below a directory, with its content. */
function readAll(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return [];
    return stat.isDirectory() ? readAll(path) : [[path, readFileSync(path, 'latin1')] as const];
  });
}

/** The log as people see it: the runner swallows the lines that tell it what to mask. */
function withoutMasks(log: string): string {
  return log
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n');
}

describe('a planted secret', () => {
  let job: Job;
  beforeEach(() => {
    job = new Job();
  });
  afterEach(() => {
    job.remove();
  });

  function expectHidden(ran: Ran): void {
    const channels: readonly (readonly [string, string])[] = [
      ['log', withoutMasks(ran.log)],
      ['summary', ran.summary],
      ['outputs', [...ran.outputs].map((entry) => entry.join('=')).join('\n')],
      ['report', readFileSync(ran.outputs.get('report') ?? '', 'utf8')],
      ...readAll(job.stateDir),
    ];
    for (const [channel, text] of channels) {
      for (const form of FORMS) expect([channel, text.includes(form)]).toEqual([channel, false]);
    }
  }

  const SAYINGS: readonly (readonly [string, string])[] = [
    ['plainly', 'echo "it is $PLANTED here"'],
    ['cut by time', 'printf "%s" "${PLANTED:0:5}"; sleep 0.3; printf "%s\\n" "${PLANTED:5}"'],
    [
      'a byte at a time',
      'for ((i = 0; i < ${#PLANTED}; i++)); do printf "%s" "${PLANTED:i:1}"; sleep 0.02; done',
    ],
    ['without a last newline, then dead', 'printf "%s" "$PLANTED"; kill -KILL $$'],
    [
      'encoded',
      'printf "%s" "$PLANTED" | base64; printf "%s" "$PLANTED" | od -An -tx1 | tr -d " \\n"; echo',
    ],
    ['on stderr, in colour', 'printf "\\033[31m%s\\033[0m\\n" "$PLANTED" >&2'],
    [
      'in a workflow command',
      'echo "::error file=$PLANTED::$PLANTED"; echo "##[error]$PLANTED"; echo "::add-mask::$PLANTED"',
    ],
    [
      'in an error that is classified',
      'echo "curl: (6) Could not resolve host: $PLANTED" >&2; exit 6',
    ],
    ['in a command that fails', 'set -x; false "$PLANTED"'],
    ['in a Markdown summary', 'echo "# $PLANTED" >> "$GITHUB_STEP_SUMMARY"'],
    [
      'between 64 KiB of noise',
      'head -c 65530 /dev/zero | tr "\\0" x; printf "%s" "$PLANTED"; head -c 65530 /dev/zero | tr "\\0" y; echo',
    ],
    ['in a malformed GITHUB_OUTPUT', 'echo "$PLANTED" >> "$GITHUB_OUTPUT"'],
    ['as its own declared category', 'echo "category=$PLANTED" >> "$PREFLIGHT_RESULT"'],
  ];

  test.each(SAYINGS)(
    'printed %s is in none of log, summary, outputs, report and state',
    async (_how, script) => {
      const body = script
        .split('\n')
        .map((line) => `      ${line}`)
        .join('\n');
      job.write('preflight.yml', `steps:\n  - id: say\n    run: |\n${body}\n      exit 9\n`);
      const ran = await job.main({
        env: { PLANTED: SECRET },
        inputs: {
          secrets: 'PLANTED',
          'max-attempts': '1',
          diagnostics: 'echo "diagnosis: $PLANTED"',
        },
      });
      expect(ran.code).toBe(1);
      expectHidden(ran);
    },
  );

  test('with a name that looks secret needs no mention', async () => {
    job.write('preflight.yml', 'steps:\n  - id: say\n    run: echo "it is $DB_PASSWORD"\n');
    expectHidden(await job.main({ env: { DB_PASSWORD: SECRET } }));
  });

  test('in an output is handed on whole and not stored; on resume the step runs again', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - id: give
    run: 'echo give >> ran; echo "value=$PLANTED" >> "$GITHUB_OUTPUT"; echo "HANDED=$PLANTED" >> "$GITHUB_ENV"'
  - id: take
    run: '[ "$HANDED" = "$PLANTED" ] && [ -e mended ] || exit 4'
`,
    );
    const phase = { env: { PLANTED: SECRET }, inputs: { secrets: 'PLANTED' } };
    const first = await job.main(phase);
    expect(first.outputs.get('value')).toBe(SECRET);
    expect(first.log).toMatch(/give: output value, env HANDED/u);
    for (const [path, text] of readAll(job.stateDir))
      expect([path, text.includes(SECRET)]).toEqual([path, false]);
    job.write('mended', '');
    const second = await job.main({ ...phase, attempt: 2 });
    expect(second.code).toBe(0);
    expect(second.outputs.get('value')).toBe(SECRET);
    expect(job.read('ran')).toBe('give\ngive\n');
  });

  test('in an output of a step that is not idempotent stops the resume before anything runs', async () => {
    job.write(
      'preflight.yml',
      `steps:
  - { id: give, idempotent: false, run: 'echo give >> ran; echo "value=$PLANTED" >> "$GITHUB_OUTPUT"' }
  - { id: fail, run: 'echo fail >> ran; exit 4' }
`,
    );
    const phase = { env: { PLANTED: SECRET }, inputs: { secrets: 'PLANTED' } };
    await job.main(phase);
    const second = await job.main({ ...phase, attempt: 2 });
    expect(second.outputs.get('outcome')).toBe('blocked');
    expect(second.log).toContain('output value');
    expect(job.read('ran')).toBe('give\nfail\n');
  });
});

describe('hostile output', () => {
  test('changes nothing but its own text', async () => {
    const job = new Job(`
steps:
  - id: shout
    run: |
      echo '::set-output name=outcome::mine'
      echo '   ::error::forged'
      echo 'text ##[error]forged'
      echo '::stop-commands::x'
      printf '\\033]0;title\\007\\033[2J::warning::behind an escape\\n'
      printf 'progress\\r::error::after a return\\n'
      printf '\\377\\376 not utf-8 \\0 nul\\n'
      echo '</details> | table | \`\`\` <script>alert(1)</script>'
      head -c 3000000 /dev/zero | tr '\\0' x; echo
      exit 5
`);
    const ran = await job.main();
    const commands = ran.log.split(/\r\n|\r|\n/u).filter((line) => /^\s*::|##\[/u.test(line));
    const ours = /^::(add-mask|group|endgroup|error file=preflight\.yml)/u;
    expect(commands.filter((line) => !ours.test(line))).toEqual([]);
    expect(ran.outputs.get('outcome')).toBe('failed');
    const outsideOfFences = ran.summary.replaceAll(/^(`{3,})\n[\s\S]*?^\1$/gmu, '');
    expect(outsideOfFences).not.toContain('<script>');
    job.remove();
  });
});
