import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createCacheCalls, DEADLINES_MS } from '../../src/edges/cache-calls.ts';
import { describeCacheContract } from '../contract/cache-contract.ts';
import type { ActOptions } from '../support/act.ts';
import { ActMachine, ActRepository, hasAct, onceItPrints } from '../support/act.ts';
import type { ActLog } from '../support/act-log.ts';
import { temporaryFolder } from '../support/folders.ts';
import { canTest } from '../support/machine.ts';

/** State in the cache of a program that is not ours: act's server, which speaks the old protocol. */
const CAN_TEST = canTest(hasAct(), 'act and unshare');
const described = CAN_TEST ? describe : describe.skip;

const MAIN = { step: 'deploy', stage: 'Main' } as const;
const POST = { step: 'deploy', stage: 'Post' } as const;
const WORKFLOW = `
name: deploy
on: workflow_dispatch
jobs:
  deploy:
    runs-on: [self-hosted, ephemeral]
    steps:
      - uses: actions/checkout@v5
      - uses: freshtrack/preflight-action@v1
        id: deploy
        with:
          plan: preflight.yml
`;
const PLAN = `
steps:
  - id: push
    run: echo push >> "$SHARED/ran"; echo "digest=sha256-4711" >> "$GITHUB_OUTPUT"
  - id: migrate
    run: echo migrate >> "$SHARED/ran"
    idempotent: false
  - id: up
    run: echo up >> "$SHARED/ran"; test -e "$SHARED/mended"
`;
/** How a controller of ephemeral runners tells the jobs of them. */
const EPHEMERAL = { RUNNER_EPHEMERAL: 'true' };

described('machines that do not come back, with the cache of act between them', () => {
  let repository: ActRepository;
  let machines: ActMachine[];
  beforeEach(() => {
    machines = [];
    repository = new ActRepository({
      '.github/workflows/deploy.yml': WORKFLOW,
      'preflight.yml': PLAN,
    });
  });
  afterEach(() => {
    for (const machine of machines) machine.remove();
    repository.remove();
  });

  async function runOnNewMachine(options: ActOptions = {}): Promise<ActLog> {
    const machine = new ActMachine();
    machines.push(machine);
    return await machine.run(repository, { ...options, env: { ...EPHEMERAL, ...options.env } });
  }

  function listRan(): readonly string[] {
    const path = join(repository.shared, 'ran');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }

  test('a failed deployment goes on from an empty machine, is closed, and then starts fresh', async () => {
    const first = await runOnNewMachine();
    expect([first.code, first.printed(MAIN)]).toEqual([
      1,
      expect.stringMatching(/state: cache in .*: this runner is ephemeral, and its disk does not/),
    ]);
    expect(first.printed(MAIN)).toMatch(/checkpoints saved in the Actions cache: \d uploads?/);
    writeFileSync(join(repository.shared, 'mended'), '');
    const second = await runOnNewMachine({ attempt: 2 });
    expect([second.code, second.printed(MAIN)]).toEqual([
      0,
      expect.stringContaining('checkpoint restored from the Actions cache: save'),
    ]);
    expect(second.outputs(MAIN).get('digest')).toBe('sha256-4711');
    expect(second.printed(POST)).toMatch(/is closed\n.*checkpoints saved in the Actions cache/);
    expect(listRan()).toEqual(['push', 'migrate', 'up', 'up']);
    const third = await runOnNewMachine({ attempt: 3 });
    expect([third.code, third.printed(MAIN)]).toEqual([
      0,
      expect.stringContaining('starting fresh: it had succeeded, and so had its job'),
    ]);
  });

  test('a machine that is lost in a step that must not run twice: the next one asks, and goes on there', async () => {
    repository.commit({
      'preflight.yml': `
steps:
  - id: push
    run: echo push >> "$SHARED/ran"; echo "digest=sha256-4711" >> "$GITHUB_OUTPUT"
  - id: migrate
    idempotent: false
    done-when: test -e "$SHARED/migrated"
    run: |
      echo migrate >> "$SHARED/ran"
      echo "migration started"
      test -e "$SHARED/mended" || sleep 60
      touch "$SHARED/migrated"
`,
    });
    const lose = onceItPrints('migration started', (running) => {
      running.lose();
    });
    const lost = await runOnNewMachine(lose);
    expect([lost.code, lost.printed(POST)]).toEqual([null, '']);
    writeFileSync(join(repository.shared, 'mended'), '');
    const second = await runOnNewMachine({ attempt: 2 });
    expect([second.code, second.all]).toEqual([
      0,
      expect.stringMatching(/\[SKIP\] push \(completed at: .*\)/),
    ]);
    expect(second.printed(MAIN)).toMatch(/migrate +ask +in doubt: the machine went down/);
    expect(second.outputs(MAIN).get('digest')).toBe('sha256-4711');
    expect(listRan()).toEqual(['push', 'migrate', 'migrate']);
  });
});

if (CAN_TEST) {
  describeCacheContract("act's own server", async () => {
    // It lives as long as a run of act does, and only jobs are told where.
    const repository = new ActRepository({
      '.github/workflows/wait.yml': `
on: workflow_dispatch
jobs:
  wait:
    runs-on: self-hosted
    steps:
      - run: |
          echo "the cache is at $ACTIONS_CACHE_URL"
          until [ -e "$SHARED/done" ]; do sleep 0.2; done
`,
    });
    const machine = new ActMachine();
    const folder = temporaryFolder();
    let ran: Promise<ActLog> | undefined;
    const url = await new Promise<string>((resolve, reject) => {
      const onPrinted = (text: string): void => {
        const found = /the cache is at (\S+)/u.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      };
      ran = machine.run(repository, { onPrinted });
      ran.then((log) => {
        reject(new Error(log.all));
      }, reject);
    });
    const env = {
      PATH: process.env['PATH'] ?? '',
      RUNNER_TEMP: folder.path,
      GITHUB_SERVER_URL: 'https://github.com',
      ACTIONS_CACHE_URL: url,
      ACTIONS_RUNTIME_TOKEN: 'not looked at',
    };
    const dist = process.env['PREFLIGHT_TEST_DIST'] ?? join(import.meta.dirname, '../../dist');
    const program = join(dist, 'cache', 'index.js');
    return {
      calls: createCacheCalls({ env, program, deadlinesMs: DEADLINES_MS }),
      close: async () => {
        writeFileSync(join(repository.shared, 'done'), '');
        await ran;
        machine.remove();
        repository.remove();
        folder.remove();
      },
    };
  });
}
