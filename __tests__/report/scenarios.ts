import { toExcerpt } from '../../src/failure/excerpt.ts';
import type { RunReport } from '../../src/report/run-report.ts';
import {
  bars,
  failure,
  finding,
  host,
  notReached,
  report,
  skipped,
  START,
  step,
} from './report-builder.ts';

const GIB = 2 ** 30;
const HOT = { id: 'pull', name: 'Pull images' };
const MIGRATE = { id: 'migrate', name: 'Migrate the database' };
const UP = { id: 'up', name: 'Start the new release' };
const SMOKE = { id: 'smoke', name: 'Smoke test' };
const MAINTENANCE = step('maintenance', {
  name: 'Leave maintenance mode',
  durationMs: 640,
  isFinally: true,
});

const done = (at: { readonly id: string; readonly name: string }, durationMs: number) =>
  step(at.id, { name: at.name, durationMs });

const MIGRATE_SH = `#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."

for file in migrations/*.sql; do
  echo "== $file"
  psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file "$file"
done

psql "$DATABASE_URL" --command 'ANALYZE'
`;

const MIGRATE_TAIL = `== migrations/0041_orders_index.sql
CREATE INDEX
== migrations/0042_customers_email.sql
psql:migrations/0042_customers_email.sql:3: ERROR:  column "email" of relation "customers" already exists
`;

const migrateFailed = failure('critical:migration', {
  rule: 'postgres-exists',
  evidence:
    'psql:migrations/0042_customers_email.sql:3: ERROR:  column "email" of relation "customers" already exists',
  place: {
    file: 'scripts/migrate.sh',
    line: 7,
    inRepository: true,
    command: 'psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file "$file"',
  },
  calledFrom: {
    file: 'deploy/preflight.yml',
    line: 15,
    inRepository: true,
    command: './scripts/migrate.sh',
  },
  excerpt: toExcerpt(MIGRATE_SH, 7),
  tail: MIGRATE_TAIL,
});

const success = report({
  steps: [
    done(HOT, 41_300),
    done(MIGRATE, 12_800),
    done(UP, 63_000),
    done(SMOKE, 2_400),
    MAINTENANCE,
  ],
  timeline: bars(
    { step: 'pull', forMs: 41_300 },
    { step: 'migrate', forMs: 12_800 },
    { step: 'up', forMs: 63_000 },
    { step: 'smoke', forMs: 2_400 },
    { step: 'maintenance', kind: 'finally', forMs: 640 },
  ),
  checks: [finding()],
  summaries: [
    {
      step: 'smoke',
      attempt: 1,
      markdown: '| page | time |\n| --- | ---: |\n| `/` | 120 ms |\n| `/login` | 210 ms |',
    },
  ],
});

const resumed = report({
  resumed: true,
  runAttempt: 2,
  endedAt: START + 66_000,
  steps: [
    skipped('pull', HOT.name, '2026-11-22T10:31:12+00:00'),
    skipped('migrate', MIGRATE.name, '2026-11-22T10:32:02+00:00'),
    step('up', {
      name: UP.name,
      durationMs: 61_000,
      reason: 'failed before (exit code: 1)',
    }),
    done(SMOKE, 2_400),
    MAINTENANCE,
  ],
});

const networkDown = failure('transient:network', {
  step: 'pull',
  name: HOT.name,
  rule: 'dns-temporary',
  message: 'pull failed (exit code: 1)',
  exit: { kind: 'exited', code: 1 },
  exitCode: 1,
  evidence:
    'Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution',
  place: {
    file: 'deploy/preflight.yml',
    line: 10,
    inRepository: true,
    command: 'docker compose pull',
  },
  excerpt: toExcerpt(
    'name: freshtrack-production\nsteps:\n  - id: pull\n    name: Pull images\n    run: docker compose pull\n  - id: migrate\n',
    5,
  ),
  tail: 'shop Pulling\nworker Pulling\nError response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution\n',
});

const transient = report({
  outcome: 'failed',
  failedStep: 'pull',
  failure: networkDown,
  endedAt: START + 31_000,
  steps: [
    step('pull', {
      name: HOT.name,
      result: 'failed',
      attempts: 3,
      durationMs: 29_600,
      failure: networkDown,
    }),
    notReached('migrate', MIGRATE.name),
    notReached('up', UP.name),
    notReached('smoke', SMOKE.name),
  ],
  timeline: bars(
    { step: 'pull', name: HOT.name, ok: false, forMs: 8_100 },
    { step: 'pull', kind: 'wait', attempt: 2, forMs: 1_700 },
    { step: 'pull', ok: false, attempt: 2, forMs: 8_300 },
    { step: 'pull', kind: 'wait', attempt: 3, forMs: 3_200 },
    { step: 'pull', ok: false, attempt: 3, forMs: 8_300 },
  ),
  checks: [finding()],
  host: host(14.1 * GIB),
  recheck: {
    findings: [
      finding({
        id: 'network',
        kind: 'network',
        name: 'https://registry-1.docker.io/v2/',
        status: 'fail',
        found: 'the name registry-1.docker.io cannot be resolved',
        wanted: 'an answer',
        measures: [],
      }),
    ],
    changes: [
      'https://registry-1.docker.io/v2/: answers with 401 → the name registry-1.docker.io cannot be resolved',
    ],
  },
  rerun: { skips: [], goesOnFrom: 'pull', doubt: '' },
});

const diskFull = failure('recoverable:resource', {
  step: 'pull',
  name: HOT.name,
  rule: 'disk-full',
  message: 'pull failed (exit code: 18)',
  exit: { kind: 'exited', code: 18 },
  exitCode: 18,
  evidence: 'failed to register layer: write /usr/lib/libLLVM.so.19: no space left on device',
  place: {
    file: 'deploy/preflight.yml',
    line: 10,
    inRepository: true,
    command: 'docker compose pull',
  },
  tail: 'shop Pulling\n1f3e46996e29 Extracting 412MB\nfailed to register layer: write /usr/lib/libLLVM.so.19: no space left on device\n',
});

const recoverable = report({
  outcome: 'failed',
  failedStep: 'pull',
  failure: diskFull,
  endedAt: START + 74_000,
  steps: [
    done({ id: 'login', name: 'Log in to the registry' }, 900),
    step('pull', {
      name: HOT.name,
      result: 'failed',
      durationMs: 71_000,
      failure: diskFull,
    }),
    notReached('migrate', MIGRATE.name),
    notReached('up', UP.name),
  ],
  timeline: bars({ step: 'login', forMs: 900 }, { step: 'pull', ok: false, forMs: 71_000 }),
  checks: [finding()],
  host: host(0),
  recheck: {
    findings: [finding({ status: 'fail', found: '0 free' })],
    changes: ['disk /: free 14 GiB → 0'],
  },
  diagnostics: [
    {
      command: 'docker system df',
      exitCode: 0,
      output:
        'TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE\nImages          48        6         31.2GB    27.9GB (89%)\nContainers      6         6         1.1MB     0B (0%)\n',
    },
    { command: 'du -sh /var/log', exitCode: 1, output: 'du: cannot read directory\n' },
  ],
  rerun: { skips: ['login'], goesOnFrom: 'pull', doubt: '' },
});

const rollbackBars = bars(
  { step: 'pull', name: HOT.name, forMs: 41_000 },
  { step: 'up', name: UP.name, forMs: 38_000 },
  { step: 'migrate', name: MIGRATE.name, ok: false, forMs: 9_000 },
  { step: 'migrate', kind: 'undo', forMs: 3_200 },
  { step: 'up', kind: 'undo', forMs: 22_000 },
);

const rolledBack = report({
  outcome: 'rolled-back',
  failedStep: 'migrate',
  failure: migrateFailed,
  endedAt: START + 116_000,
  steps: [
    done(HOT, 41_000),
    done(UP, 38_000),
    step('migrate', {
      name: MIGRATE.name,
      result: 'failed',
      durationMs: 9_000,
      failure: migrateFailed,
    }),
    notReached('smoke', SMOKE.name),
    MAINTENANCE,
  ],
  timeline: rollbackBars,
  host: host(13.9 * GIB),
  rollback: {
    complete: true,
    undos: [
      { step: MIGRATE, outcome: { kind: 'undone', attempts: 1 } },
      { step: UP, outcome: { kind: 'undone', attempts: 1 } },
      { step: HOT, outcome: { kind: 'nothing-to-undo' } },
    ],
    command: undefined,
  },
  rerun: { skips: ['pull'], goesOnFrom: 'up', doubt: '' },
});

const rollbackIncomplete: RunReport = {
  ...rolledBack,
  outcome: 'rollback-incomplete',
  rollback: {
    complete: false,
    undos: [
      {
        step: MIGRATE,
        outcome: {
          kind: 'failed',
          failure: failure('critical:service', {
            message: 'migrate failed (exit code: 1)',
            exit: { kind: 'exited', code: 1 },
            evidence: 'psql: error: connection to server at "db" (10.0.0.5), port 5432 failed',
          }),
        },
      },
      { step: UP, outcome: { kind: 'undone', attempts: 1 } },
      { step: { id: 'notify', name: 'Tell the customers' }, outcome: { kind: 'irreversible' } },
      { step: HOT, outcome: { kind: 'behind-irreversible', step: 'notify' } },
    ],
    command: undefined,
  },
  timeline: rollbackBars.map((bar) =>
    bar.kind === 'undo' && bar.step === 'migrate' ? { ...bar, ok: false } : bar,
  ),
  rerun: undefined,
};

const killedFromOutside = failure('fatal:signal', {
  step: 'up',
  name: UP.name,
  rule: 'signal',
  message: 'up was killed by SIGKILL',
  exit: { kind: 'signalled', signal: 'SIGKILL' },
  exitCode: 137,
  tail: 'Container shop-web-1  Recreate\nContainer shop-web-1  Recreated\n',
});

const fatal = report({
  outcome: 'failed',
  failedStep: 'up',
  failure: killedFromOutside,
  steps: [
    done(HOT, 41_000),
    done(MIGRATE, 9_000),
    step('up', {
      name: UP.name,
      result: 'failed',
      durationMs: 64_000,
      failure: killedFromOutside,
    }),
    notReached('smoke', SMOKE.name),
  ],
  host: host(13 * GIB, 0.2 * GIB),
  rerun: { skips: ['pull', 'migrate'], goesOnFrom: 'up', doubt: '' },
});

const unknownExit = failure('unknown:exit', {
  step: 'smoke',
  name: SMOKE.name,
  rule: 'none',
  message: 'smoke failed (exit code: 42)',
  exit: { kind: 'exited', code: 42 },
  exitCode: 42,
  place: {
    file: 'deploy/preflight.yml',
    line: 31,
    inRepository: true,
    command: './scripts/smoke.sh "$URL"',
  },
  tail: 'GET / 200\nGET /login 200\nGET /checkout: basket is empty\n',
});

const unknown = report({
  outcome: 'failed',
  failedStep: 'smoke',
  failure: unknownExit,
  steps: [
    done(HOT, 41_000),
    done(MIGRATE, 9_000),
    done(UP, 64_000),
    step('smoke', {
      name: SMOKE.name,
      result: 'failed',
      durationMs: 2_100,
      failure: unknownExit,
    }),
    MAINTENANCE,
  ],
  rerun: { skips: ['pull', 'migrate', 'up'], goesOnFrom: 'smoke', doubt: '' },
});

const cancelledStep = failure('fatal:signal', {
  step: 'up',
  name: UP.name,
  rule: 'cancelled',
  message: 'up was cancelled',
  exit: { kind: 'signalled', signal: 'SIGINT' },
  exitCode: 130,
});

const cancelled = report({
  outcome: 'cancelled',
  failedStep: 'up',
  failure: cancelledStep,
  endedAt: START + 71_000,
  steps: [
    done(HOT, 41_000),
    done(MIGRATE, 9_000),
    step('up', {
      name: UP.name,
      result: 'cancelled',
      durationMs: 20_000,
      failure: cancelledStep,
    }),
    notReached('smoke', SMOKE.name),
  ],
  rerun: { skips: ['pull', 'migrate'], goesOnFrom: 'up', doubt: '' },
});

const blockedByChecks = report({
  outcome: 'blocked',
  endedAt: START + 2_300,
  blockage: { kind: 'checks', category: 'recoverable:configuration' },
  checks: [
    finding({
      id: 'os',
      kind: 'os',
      name: 'operating system',
      found: 'Ubuntu 24.04',
      wanted: 'ubuntu >=20.04',
      measures: [],
    }),
    finding({
      status: 'fail',
      found: '1.4 GB free',
      wanted: 'at least 10 GB free',
      remedy:
        'Free 8.6 GB, for example with `docker system prune`, or move /var/lib/docker. To see what is big: du -xh / --max-depth=2 | sort -h | tail',
    }),
    finding({
      id: 'docker',
      kind: 'run',
      name: 'docker daemon answers',
      status: 'fail',
      found: 'exit code 1',
      wanted: 'exit code 0',
      remedy: 'Start it: sudo systemctl start docker',
      reason:
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      measures: [],
    }),
    finding({
      id: 'cpu',
      kind: 'cpu',
      name: 'processor cores',
      level: 'warn',
      status: 'warn',
      found: '1 core',
      wanted: '2 cores',
      remedy: 'Give this machine another core, or expect the deployment to take longer.',
      measures: [],
    }),
    finding({
      id: 'env',
      kind: 'env',
      name: 'DATABASE_URL',
      found: 'set',
      wanted: 'set',
      measures: [],
    }),
  ],
});

const blockedByInput = report({
  outcome: 'blocked',
  planName: '',
  endedAt: START + 120,
  blockage: {
    kind: 'input',
    category: 'recoverable:configuration',
    problems: [
      {
        at: { file: 'deploy/preflight.yml', line: 9, column: 5 },
        message: 'unknown key "rollbak". Did you mean "rollback"?',
      },
      {
        at: { file: 'deploy/preflight.yml', line: 14, column: 14 },
        message: '"90" has no unit: write "90s" for seconds, "90m" for minutes',
      },
      {
        at: { input: 'on-critical' },
        message: '"rolback" is not allowed: use "rollback" or "fail".',
      },
    ],
  },
});

const blockedByLock = report({
  outcome: 'blocked',
  endedAt: START + 600_000,
  blockage: {
    kind: 'lock',
    category: 'transient:lock',
    reasons: [
      {
        message:
          'The lock freshtrack-shop--deploy-1f2e3d4c is still held by run 19284750000 attempt 1 (process 4711 on web-1, https://github.com/freshtrack/shop/actions/runs/19284750000).',
        fix: 'Let that run end, or cancel it, then re-run this job. If it is known to be gone for good, use mode: unlock.',
      },
    ],
  },
});

const doubtful = failure('fatal:in-doubt', {
  rule: 'in-doubt',
  message: 'migrate is in doubt: its process vanished without a record of its end',
  exit: undefined,
  exitCode: 1,
});

const inDoubt = report({
  outcome: 'in-doubt',
  runAttempt: 2,
  resumed: true,
  failedStep: 'migrate',
  failure: doubtful,
  endedAt: START + 900,
  steps: [
    skipped('pull', HOT.name, '2026-11-21T22:10:00+00:00'),
    step('migrate', {
      name: MIGRATE.name,
      result: 'in-doubt',
      attempts: 0,
      startedAt: undefined,
      durationMs: undefined,
      reason: 'in doubt: its process vanished without a record of its end',
    }),
    notReached('up', UP.name),
  ],
  rerun: { skips: ['pull'], goesOnFrom: 'migrate', doubt: '' },
});

const killed = report({
  outcome: 'failed',
  failedStep: 'migrate',
  endedAt: START + 96_000,
  steps: [
    done(HOT, 41_000),
    step('migrate', {
      name: MIGRATE.name,
      result: 'in-doubt',
      reason: 'it was started, and how it ended is not known',
      durationMs: undefined,
    }),
    notReached('up', UP.name),
  ],
  notes: [
    {
      level: 'warning',
      title: 'The action was killed',
      message:
        'The process of this action was ended from outside before it could report. Step migrate is in doubt: it was started, and how it ended is not known.',
    },
  ],
  rerun: { skips: ['pull'], goesOnFrom: 'migrate', doubt: 'its process is gone' },
});

const tolerated = failure('transient:service', {
  step: 'warm',
  name: 'Warm the cache',
  rule: 'http-503',
  message: 'warm failed (exit code: 22)',
  exit: { kind: 'exited', code: 22 },
  exitCode: 22,
  evidence: 'curl: (22) The requested URL returned error: 503',
  stepAt: { file: 'deploy/preflight.yml', line: 40 },
  tail: 'curl: (22) The requested URL returned error: 503\n',
});

const remedied = report({
  steps: [
    step('pull', { name: HOT.name, attempts: 2, durationMs: 96_000 }),
    done(UP, 38_000),
    step('warm', {
      name: 'Warm the cache',
      result: 'tolerated',
      durationMs: 800,
      failure: tolerated,
    }),
  ],
  timeline: bars(
    { step: 'pull', name: HOT.name, ok: false, forMs: 31_000 },
    { step: 'pull', kind: 'remedy', forMs: 12_000 },
    { step: 'pull', attempt: 2, forMs: 53_000 },
    { step: 'up', name: UP.name, forMs: 38_000 },
    { step: 'warm', name: 'Warm the cache', ok: false, forMs: 800 },
  ),
  remedies: [{ step: 'pull', remedy: 'resource', ok: true }],
  withheld: [{ step: 'up', values: ['output session-token'] }],
  notes: [
    {
      level: 'warning',
      title: 'Cannot be resumed',
      message:
        'State is kept in /home/runner/.local/state/freshtrack-deploy, and the disk of this GitHub-hosted runner does not outlive the job: a re-run starts at the first step.',
    },
  ],
});

const SIXTY = Array.from(
  { length: 60 },
  (_, index) => `service-${String(index + 1).padStart(2, '0')}`,
);
const sixtyFailed = failure('critical:health', {
  step: 'service-43',
  name: 'service-43',
  rule: 'compose-unhealthy',
  message: 'service-43 failed (exit code: 1)',
  exit: { kind: 'exited', code: 1 },
  exitCode: 1,
  evidence: 'container shop-service-43-1 is unhealthy',
  tail: 'dependency failed to start: container shop-service-43-1 is unhealthy\n',
});

const sixtySteps = report({
  outcome: 'failed',
  failedStep: 'service-43',
  failure: sixtyFailed,
  resumed: true,
  runAttempt: 3,
  endedAt: START + 412_000,
  steps: SIXTY.map((id, index) => {
    if (index < 12) return skipped(id, id, '2026-11-22T09:58:00+00:00');
    if (index === 20) return step(id, { attempts: 2, durationMs: 12_000 });
    if (index < 42) return step(id, { durationMs: 9_000 + index * 10 });
    if (index === 42)
      return step(id, { result: 'failed', durationMs: 61_000, failure: sixtyFailed });
    return notReached(id);
  }),
  timeline: bars(
    ...SIXTY.slice(12, 42).flatMap((id, index) =>
      index === 8
        ? [
            { step: id, ok: false, forMs: 3_000 },
            { step: id, kind: 'wait' as const, forMs: 2_000 },
            { step: id, attempt: 2, forMs: 7_000 },
          ]
        : [{ step: id, forMs: 9_000 }],
    ),
    { step: 'service-43', ok: false, forMs: 61_000 },
  ),
  rerun: { skips: SIXTY.slice(0, 42), goesOnFrom: 'service-43', doubt: '' },
});

export const HOSTILE =
  '</td></details><script>alert(1)</script> | a | b ``` ~~~ **bold** [x](https://evil.example/) ![i](https://evil.example/i.png) @octocat #1 GH-1 :tada: $x^2$ https://evil.example/?q=|&x www.evil.example \u202egnp.exe ::error::boom ##[error]boom \\| `code` `` <!-- -- > %% ;';

const hostileFailure = failure('unknown:exit', {
  step: 'hostile',
  name: HOSTILE,
  rule: 'none',
  message: `hostile ${HOSTILE}`,
  evidence: HOSTILE,
  place: { file: `we|ird \`file\`.sh`, line: 3, inRepository: true, command: HOSTILE },
  excerpt: { first: 2, failing: 3, lines: ['```', `  ${HOSTILE}`, '</details>'] },
  advice: { meaning: HOSTILE, lookAt: [HOSTILE], commands: [`echo '${HOSTILE}'`, '```'] },
  tail: `${HOSTILE}\n\`\`\`\`\`\n</details>\n\u001b[31mred\u001b[0m 10 %\r50 %\r100 %\n\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627\n::error::x\n`,
});

const hostile = report({
  outcome: 'rollback-incomplete',
  planName: HOSTILE,
  deploymentId: HOSTILE,
  target: HOSTILE,
  failedStep: 'hostile',
  failure: hostileFailure,
  steps: [
    step('before', { name: HOSTILE, reason: HOSTILE }),
    step('hostile', { name: HOSTILE, result: 'failed', failure: hostileFailure }),
    skipped('then', HOSTILE, HOSTILE),
  ],
  timeline: bars(
    { step: 'before', name: HOSTILE, forMs: 1_000 },
    { step: 'hostile', name: `section ${HOSTILE}`, ok: false, forMs: 3_000 },
  ),
  rollback: {
    complete: false,
    undos: [
      { step: { id: 'hostile', name: HOSTILE }, outcome: { kind: 'in-doubt', why: HOSTILE } },
      {
        step: { id: 'before', name: HOSTILE },
        outcome: { kind: 'failed', failure: hostileFailure },
      },
    ],
    command: { outcome: 'failed', failure: hostileFailure },
  },
  checks: [
    finding({
      status: 'warn',
      name: HOSTILE,
      found: HOSTILE,
      wanted: HOSTILE,
      remedy: HOSTILE,
      reason: HOSTILE,
    }),
  ],
  host: { ...host(), name: HOSTILE },
  recheck: {
    findings: [finding({ name: HOSTILE, found: HOSTILE, wanted: HOSTILE })],
    changes: [HOSTILE],
  },
  notes: [{ level: 'warning', title: 'hostile', message: HOSTILE }],
  diagnostics: [{ command: HOSTILE, exitCode: 2, output: `\`\`\`\n${HOSTILE}` }],
  withheld: [{ step: 'before', values: [HOSTILE] }],
  summaries: [
    { step: 'before', attempt: 1, markdown: 'It leaves a fence open:\n```sh\necho "still code"' },
    {
      step: 'hostile',
      attempt: 2,
      markdown: '<details><summary>Left open</summary>\n\nfirst\n\n<!-- and a comment',
    },
  ],
  rerun: { skips: ['before'], goesOnFrom: 'hostile', doubt: '' },
});

const planned = report({
  mode: 'plan',
  endedAt: START + 210,
  preview: [
    {
      id: 'pull',
      name: HOT.name,
      action: 'skip',
      reason: 'completed at: 2026-11-22T10:31:12+00:00',
    },
    {
      id: 'migrate',
      name: MIGRATE.name,
      action: 'in-doubt',
      reason: 'in doubt: its process vanished',
    },
    { id: 'up', name: UP.name, action: 'run', reason: 'not done yet' },
  ],
});

/** Every kind of end that people see, as the gallery shows it and the golden files hold it. */
export const SCENARIOS: Readonly<Record<string, RunReport>> = {
  success,
  resume: resumed,
  transient,
  recoverable,
  'rolled-back': rolledBack,
  'rollback-incomplete': rollbackIncomplete,
  fatal,
  unknown,
  cancelled,
  'blocked-by-checks': blockedByChecks,
  'blocked-by-input': blockedByInput,
  'blocked-by-lock': blockedByLock,
  'in-doubt': inDoubt,
  killed,
  remedy: remedied,
  'sixty-steps': sixtySteps,
  hostile,
  plan: planned,
};
