import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { ActOptions } from '../support/act.ts';
import { ActMachine, ActRepository, findProcesses, hasAct, onceItPrints } from '../support/act.ts';
import type { ActLog } from '../support/act-log.ts';
import { canTest } from '../support/machine.ts';

/**
 * Whole workflows on a self-hosted machine, by `act`. It is a runner with manners of its own: it shows
 * what another program than ours makes of action.yml, of our commands and of our files.
 */
const described = canTest(hasAct(), 'act and unshare') ? describe : describe.skip;

let repository: ActRepository;
let machine: ActMachine;

beforeEach(() => {
  machine = new ActMachine();
});
afterEach(() => {
  machine.remove();
  repository.remove();
});

/** A workflow with one job that deploys. */
function toWorkflow(rest = '', inputs = ''): string {
  return `
name: deploy
on: workflow_dispatch
jobs:
  deploy:
    runs-on: [self-hosted, production]
    steps:
      - uses: actions/checkout@v5
      - uses: freshtrack/preflight-action@v1
        id: deploy
        with:
          plan: preflight.yml
${inputs}${rest}`;
}

const PLAN = `
steps:
  - id: pull
    run: |
      echo pull >> "$SHARED/ran"
      echo "image=shop:1.4.2" >> "$GITHUB_OUTPUT"
      echo "RELEASE=1.4.2" >> "$GITHUB_ENV"
      mkdir -p "$SHARED/tools"
      printf '#!/bin/sh\\necho the tool of the release' > "$SHARED/tools/shop-tool"
      chmod +x "$SHARED/tools/shop-tool"
      echo "$SHARED/tools" >> "$GITHUB_PATH"
      echo "Pulled **shop**." >> "$GITHUB_STEP_SUMMARY"
  - id: migrate
    run: echo migrate >> "$SHARED/ran"
    idempotent: false
  - id: up
    run: |
      echo up >> "$SHARED/ran"
      test -e "$SHARED/mended"
`;

const LATER_STEPS = `
      - id: after
        if: always()
        run: |
          echo "outcome=$OUTCOME image=$IMAGE release=$RELEASE"
          shop-tool
        env:
          OUTCOME: \${{ steps.deploy.outputs.outcome }}
          IMAGE: \${{ steps.deploy.outputs.image }}
`;

const WORKFLOW = '.github/workflows/deploy.yml';

function newRepository(plan = PLAN, workflow = toWorkflow(LATER_STEPS)): void {
  repository = new ActRepository({ [WORKFLOW]: workflow, 'preflight.yml': plan });
}

async function run(options: ActOptions = {}): Promise<ActLog> {
  return await machine.run(repository, options);
}

/** What the steps did to the world, in order. */
function listRan(): readonly string[] {
  const path = join(repository.shared, 'ran');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

function mend(): void {
  writeFileSync(join(repository.shared, 'mended'), '');
}

/** The checkpoints of the machine, as `target/step`, with the target's hash cut off. */
function listCheckpoints(): readonly string[] {
  const paths = readdirSync(machine.stateDir, { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => path.includes('/.checkpoint-') && !path.includes('/current/'))
    .map((path) => path.replace(/-[0-9a-f]{10}\/.*\.checkpoint-/u, '/'))
    .sort();
}

const MAIN = { step: 'deploy', stage: 'Main' } as const;
const POST = { step: 'deploy', stage: 'Post' } as const;

described('a job that succeeds', () => {
  test('hands on its outputs, environment and path, and is closed at its end', async () => {
    newRepository();
    mend();
    const log = await run();
    expect([log.code, log.all]).toEqual([0, expect.stringContaining('[OK] up completed')]);
    expect(log.printed(MAIN)).toMatch(
      /\[INFO\] state: host in \/var\/lib\/freshtrack-deploy: the host's disk outlives the job/,
    );
    expect(log.printed({ step: 'after' })).toBe(
      'outcome=succeeded image=shop:1.4.2 release=1.4.2\nthe tool of the release\n',
    );
    expect(log.outputs(MAIN).get('steps-run')).toBe('3');
    expect(JSON.parse(log.outputs(MAIN).get('result') ?? '')).toMatchObject({
      schema_version: 1,
      outcome: 'succeeded',
    });
    expect(log.summary(MAIN)).toMatch(/Deployment: succeeded[\s\S]*Pulled \*\*shop\*\*\./);
    expect(log.annotations()).toEqual([]);
    expect(log.printed(POST)).toMatch(/\[OK\] deployment 4711 is closed/);
    expect(listCheckpoints()).toEqual([
      'shop-deploy-deploy-deploy/migrate',
      'shop-deploy-deploy-deploy/pull',
      'shop-deploy-deploy-deploy/up',
    ]);
    const again = await run({ attempt: 2 });
    expect(again.printed(MAIN)).toContain('starting fresh: it had succeeded, and so had its job');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'pull', 'migrate', 'up']);
  });
});

described('a job that fails', () => {
  test('goes on where it stopped when it is run again, and nobody can tell the difference', async () => {
    newRepository();
    const first = await run();
    expect(first.code).toBe(1);
    expect(first.jobResult('deploy')).toBe('failure');
    expect(first.result(MAIN)).toBe('failure');
    expect(first.annotations(MAIN)).toEqual([
      expect.stringMatching(/^::error file=preflight\.yml,line=19,title=up failed.*::up failed/),
    ]);
    expect(first.summary(MAIN)).toContain('Deployment: failed at `up`');
    expect(first.printed({ step: 'after' })).toContain('outcome=failed image=shop:1.4.2');
    expect(listCheckpoints()).toEqual([
      'shop-deploy-deploy-deploy/migrate',
      'shop-deploy-deploy-deploy/pull',
    ]);
    mend();
    const second = await run({ attempt: 2 });
    expect([second.code, second.all]).toEqual([0, expect.any(String)]);
    expect(second.printed(MAIN)).toContain(
      'Deployment 4711 (run attempt 2): resuming, 2 of 3 steps complete',
    );
    expect(second.printed(MAIN)).toMatch(/\[SKIP\] pull \(completed at: \d{4}-.*\)\n\[SKIP\] mig/);
    expect(second.printed({ step: 'after' })).toBe(
      'outcome=succeeded image=shop:1.4.2 release=1.4.2\nthe tool of the release\n',
    );
    expect(second.outputs(MAIN).get('resumed')).toBe('true');
    expect(second.printed(POST)).toContain('is closed');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'up']);
  });

  test('at a later step of its own deploys nothing when it is run again', async () => {
    const later = '      - run: test -e "$SHARED/really-mended"\n';
    newRepository(PLAN, toWorkflow(later));
    mend();
    const first = await run();
    expect([first.code, first.result(MAIN)]).toEqual([1, 'success']);
    expect(first.printed(POST)).not.toContain('is closed');
    writeFileSync(join(repository.shared, 'really-mended'), '');
    const second = await run({ attempt: 2 });
    expect([second.code, second.printed(MAIN)]).toEqual([
      0,
      expect.stringMatching(/all 3 steps are complete.*resume: never/s),
    ]);
    expect(second.printed(POST)).toContain('is closed');
    expect(listRan()).toEqual(['pull', 'migrate', 'up']);
  });
});

described('the legs of a matrix', () => {
  test('are deployments of their own: the failed one resumes, the other one is not touched', async () => {
    const matrix = '    strategy: { matrix: { host: [web-1, web-2] } }\n';
    const workflow = toWorkflow().replace('    steps:\n', `${matrix}    steps:\n`);
    const plan = `
steps:
  - id: pull
    run: echo "pull $HOST" >> "$SHARED/ran"; echo "image=of-$HOST" >> "$GITHUB_OUTPUT"
  - id: up
    run: test "$HOST" = web-1 || test -e "$SHARED/mended"
`;
    const env = '        env: { HOST: "${{ matrix.host }}" }\n';
    newRepository(plan, `${workflow}${env}`);
    const first = await run();
    expect(first.code).toBe(1);
    const results = first.jobs.map((job) => {
      const outputs = first.outputs({ job, ...MAIN });
      return [outputs.get('image'), outputs.get('outcome')].join(' ');
    });
    expect(results.sort()).toEqual(['of-web-1 succeeded', 'of-web-2 failed']);
    expect(listCheckpoints()).toEqual([
      'shop-deploy-deploy-web-1-deploy/pull',
      'shop-deploy-deploy-web-1-deploy/up',
      'shop-deploy-deploy-web-2-deploy/pull',
    ]);
    mend();
    const second = await run({ attempt: 2, matrix: 'host:web-2' });
    expect([second.code, second.printed(MAIN)]).toEqual([
      0,
      expect.stringContaining('resuming, 1 of 2 steps complete'),
    ]);
    expect([...listRan()].sort()).toEqual(['pull web-1', 'pull web-2']);
  });
});

const SLOW = `
steps:
  - id: pull
    run: echo pull >> "$SHARED/ran"
  - id: migrate
    idempotent: false
    run: |
      echo migrate >> "$SHARED/ran"
      echo "migration started"
      sleep "$SECONDS_IT_TAKES"
      echo "schema=7" >> "$GITHUB_OUTPUT"
      echo migrated >> "$SHARED/ran"
  - id: up
    run: echo up >> "$SHARED/ran"
`;

function killAction(): void {
  const pids = findProcesses(machine.path, 'dist/main/index.js');
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

described('a step that is under way when the action is killed', () => {
  test('is waited for by the post step, and does not run again', async () => {
    newRepository(SLOW, toWorkflow());
    const kill = onceItPrints('migration started', killAction);
    const first = await run({ ...kill, env: { SECONDS_IT_TAKES: '1' } });
    expect([first.code, first.result(MAIN)]).toEqual([1, 'failure']);
    expect(first.printed(MAIN)).not.toContain('[OK] migrate completed');
    expect([first.printed(POST), listRan()]).toEqual([
      expect.stringMatching(/\[WAIT\] migrate\n[\s\S]*\[OK\] migrate completed\n/),
      ['pull', 'migrate', 'migrated'],
    ]);
    expect(first.annotations(POST).join('\n')).toContain('The action was killed');
    const second = await run({ attempt: 2 });
    expect([second.code, second.all]).toEqual([0, expect.stringContaining('[SKIP] migrate')]);
    expect(second.outputs(MAIN).get('schema')).toBe('7');
    expect(listRan()).toEqual(['pull', 'migrate', 'migrated', 'up']);
  });
});

described('a plan that cannot be carried out', () => {
  test('is refused with an annotation on each line that is wrong, before anything runs', async () => {
    newRepository(`
steps:
  - id: pull
    rum: echo pull >> "$SHARED/ran"
  - id: up
    run: echo up >> "$SHARED/ran"
    timeout: soon
  - uses: actions/checkout@v5
`);
    const log = await run();
    expect([log.code, log.outputs(MAIN).get('outcome')]).toEqual([1, 'blocked']);
    const places = log.annotations(MAIN).map((line) => /line=(\d+)/u.exec(line)?.[1]);
    expect([...new Set(places)].sort()).toEqual(['4', '7', '8']);
    expect(log.annotations(MAIN).join('\n')).toMatch(/rum.*run/);
    expect(log.annotations(MAIN).every((line) => line.includes('file=preflight.yml'))).toBe(true);
    expect(listRan()).toEqual([]);
    expect(existsSync(machine.stateDir) ? listCheckpoints() : []).toEqual([]);
  });
});

/** A workflow by hand, for somebody who looks or repairs. */
const REPAIR = `
name: repair
on:
  workflow_dispatch:
    inputs:
      mode: { required: true, type: string }
      target: { type: string }
      step: { type: string }
jobs:
  repair:
    runs-on: self-hosted
    steps:
      - uses: freshtrack/preflight-action@v1
        id: repair
        with:
          mode: \${{ inputs.mode }}
          target: \${{ inputs.target }}
          step: \${{ inputs.step }}
`;

described('a repair from another workflow', () => {
  const REPAIR_FILE = '.github/workflows/repair.yml';
  async function repair(inputs: Readonly<Record<string, string>>): Promise<ActLog> {
    const args = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
    return await run({ workflow: REPAIR_FILE, runId: '9000', args });
  }

  /** Ctrl-C ends act's action by SIGKILL, and its post step is told of a cancelled job. */
  test('after a cancel in a step that must not run twice: shown, said to be done, gone on from', async () => {
    newRepository(SLOW, toWorkflow());
    repository.commit({ [REPAIR_FILE]: REPAIR });
    const cancel = onceItPrints('migration started', (running) => {
      running.cancel();
    });
    const env = { SECONDS_IT_TAKES: '60' };
    const first = await run({ workflow: WORKFLOW, ...cancel, env });
    expect([first.code, first.annotations(POST).join('\n')]).toEqual([
      1,
      expect.stringMatching(
        /mode: mark-done if it did[^]*The action was killed.*Step migrate is in doubt: it was ended by cancel/,
      ),
    ]);
    expect([listRan(), findProcesses(machine.path, 'steps/')]).toEqual([['pull', 'migrate'], []]);

    const second = await run({ workflow: WORKFLOW, attempt: 2 });
    expect([second.code, second.outputs(MAIN).get('outcome')]).toEqual([1, 'in-doubt']);
    const told = second.printed(MAIN);
    expect(told).toMatch(/mode: mark-done if it did, mode: forget if it did not/);
    const target = /target: (shop-deploy-deploy-deploy-[0-9a-f]{10})/u.exec(told)?.[1] ?? '';

    const status = await repair({ mode: 'status' });
    const shown = status.printed({ step: 'repair', stage: 'Main' });
    expect([status.code, shown]).toEqual([0, expect.stringContaining(target)]);
    expect(shown).toMatch(/migrate: in doubt \(it was ended by cancel\)/);

    const misspelt = await repair({ mode: 'mark-done', target, step: 'migrat' });
    expect([misspelt.code, misspelt.annotations().join('\n')]).toEqual([
      1,
      expect.stringMatching(/migrat\b.*migrate/s),
    ]);
    const done = await repair({ mode: 'mark-done', target, step: 'migrate' });
    expect([done.code, done.all]).toEqual([0, expect.stringContaining('migrate is marked done')]);

    const third = await run({ workflow: WORKFLOW, attempt: 3 });
    expect([third.code, third.printed(MAIN)]).toEqual([
      0,
      expect.stringMatching(/migrate +skip +.*declared done by nektos\/act, run 9000/),
    ]);
    expect(listRan()).toEqual(['pull', 'migrate', 'up']);
  });
});
