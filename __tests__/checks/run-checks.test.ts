import { describe, expect, test } from '@jest/globals';

import { decideGate } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/run-checks.ts';
import type { ProbeCommand } from '../../src/checks/ports.ts';
import { createStop } from '../../src/engine/stop.ts';
import type { Stop } from '../../src/ports.ts';
import { success } from '../../src/result.ts';
import { checkSpec, fakeWorld } from './fake-world.ts';

const GO_ON: Stop = createStop().stop;
const FRESH = { fresh: true, cancel: GO_ON };

/** A clock whose sleeps end when the test says so. */
function handClock() {
  let now = 0;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    clock: {
      now: () => now,
      monotonic: () => now,
      sleep: (ms: number, until?: Stop) =>
        new Promise<void>((wake) => {
          const sleeper = { at: now + ms, wake };
          sleepers.add(sleeper);
          until?.onRequest(() => {
            sleepers.delete(sleeper);
            wake();
          });
        }),
    },
    advance: async (ms: number): Promise<void> => {
      now += ms;
      for (const sleeper of [...sleepers]) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
    sleeping: () => sleepers.size,
  };
}

const memory = (availableBytes: number) => () =>
  Promise.resolve(success({ totalBytes: 8e9, availableBytes, limits: [] }));
const never = () => new Promise<never>(() => undefined);

describe('running checks', () => {
  test('all are reported, in the order of the plan, whatever the others found', async () => {
    const world = fakeWorld({ env: { A: '1' }, host: { memory: memory(1e9) } });
    const findings = await runChecks(
      [
        checkSpec('env', { names: ['B'] }),
        checkSpec('ram', { availableBytes: 2e9 }),
        checkSpec('env', { names: ['A'] }, { id: 'env-2' }),
      ],
      world,
      FRESH,
    );
    expect(findings.map(({ id, status }) => [id, status])).toEqual([
      ['env', 'fail'],
      ['ram', 'fail'],
      ['env-2', 'pass'],
    ]);
    expect(decideGate(findings)).toBe('blocked');
  });

  test('a finding says what was found, what is wanted, and what to do', async () => {
    const world = fakeWorld({ host: { memory: memory(1.5e9) } });
    const [finding] = await runChecks([checkSpec('ram', { availableBytes: 2e9 })], world, FRESH);
    expect(finding).toEqual({
      id: 'ram',
      kind: 'ram',
      name: 'memory',
      position: { file: 'preflight.yml', line: 3, column: 5 },
      level: 'fail',
      status: 'fail',
      found: '1.5 GB available of 8 GB',
      wanted: 'at least 2 GB available',
      remedy: expect.stringContaining('`ps -eo rss,pid,user,args --sort=-rss | head`'),
      measures: [{ label: 'available', value: 1.5e9, unit: 'bytes' }],
      durationMs: 0,
    });
  });

  test('one that only warns says the same and does not block', async () => {
    const world = fakeWorld({ host: { memory: memory(1e9) } });
    const spec = checkSpec('ram', { availableBytes: 2e9 }, { level: 'warn' });
    const findings = await runChecks([spec], world, FRESH);
    expect(findings[0]).toMatchObject({ level: 'warn', status: 'warn' });
    expect(decideGate(findings)).toBe('go');
  });

  test('too few cores warn by default, and block when told to', async () => {
    const cpu = () => Promise.resolve(success({ cores: 1, quotas: [] }));
    const world = fakeWorld({ host: { cpu } });
    const specs = [
      checkSpec('cpu', { cores: 2 }),
      checkSpec('cpu', { cores: 2 }, { level: 'fail' }),
    ];
    const findings = await runChecks(specs, world, FRESH);
    expect(findings.map(({ status }) => status)).toEqual(['warn', 'fail']);
  });

  test('one that cannot be carried out is no pass: it warns with the reason', async () => {
    const findings = await runChecks([checkSpec('ram', { availableBytes: 1 })], fakeWorld(), FRESH);
    expect(findings[0]).toMatchObject({
      level: 'fail',
      status: 'warn',
      found: 'cannot be checked here',
      reason: 'nobody knows',
    });
    expect(decideGate(findings)).toBe('go');
  });

  test('a check that breaks is reported, does not pass, and takes no other with it', async () => {
    const memory = () => Promise.reject(new Error('boom'));
    const world = fakeWorld({ env: { A: '1' }, host: { memory } });
    const findings = await runChecks(
      [checkSpec('ram', { availableBytes: 1 }), checkSpec('env', { names: ['A'] })],
      world,
      FRESH,
    );
    expect(findings.map(({ status }) => status)).toEqual(['warn', 'pass']);
    expect(findings[0]?.reason).toContain('boom');
  });

  test('several things of one check are looked at apart, each with its own finding', async () => {
    const world = fakeWorld({ env: { A: '1', C: ' ' } });
    const specs = [
      checkSpec('env', { names: ['A', 'B', 'C'] }, { id: 'secrets', name: 'secrets are there' }),
    ];
    const findings = await runChecks(specs, world, FRESH);
    expect(findings.map(({ id, name, found }) => [id, name, found])).toEqual([
      ['secrets.1', 'secrets are there (env A)', 'set'],
      ['secrets.2', 'secrets are there (env B)', 'not set'],
      ['secrets.3', 'secrets are there (env C)', 'set, but blank'],
    ]);
  });

  test('the value of a variable is nowhere in the findings', async () => {
    const value = ['hunter', '2'].join('');
    const findings = await runChecks(
      [checkSpec('env', { names: ['PASSWORD', 'OTHER'] })],
      fakeWorld({ env: { PASSWORD: value } }),
      FRESH,
    );
    expect(JSON.stringify(findings)).not.toContain(value);
  });

  test.each(['__proto__', 'constructor'])(
    'a variable named %s is not taken for set',
    async (name) => {
      const [finding] = await runChecks([checkSpec('env', { names: [name] })], fakeWorld(), FRESH);
      expect(finding).toMatchObject({ status: 'fail', found: 'not set' });
    },
  );

  test("the plan's own env counts", async () => {
    const spec = checkSpec('env', { names: ['FROM_PLAN'] }, { env: { FROM_PLAN: 'x' } });
    const [finding] = await runChecks([spec], fakeWorld(), FRESH);
    expect(finding?.status).toBe('pass');
  });

  test('a command runs with the shell, directory and environment of the plan', async () => {
    const asked: ProbeCommand[] = [];
    const run = (command: ProbeCommand) => {
      asked.push(command);
      const exit = { kind: 'exited', code: 0 } as const;
      return Promise.resolve(success({ exit, stdout: '', output: '' }));
    };
    const spec = checkSpec(
      'run',
      { command: 'true' },
      {
        env: { A: 'plan', B: 'plan' },
        command: {
          script: { text: 'true' },
          shell: 'sh',
          workingDirectory: 'sub',
          env: { B: 'check' },
        },
      },
    );
    await runChecks(
      [spec],
      fakeWorld({ env: { A: 'runner', Z: 'runner' }, commands: { run } }),
      FRESH,
    );
    expect(asked).toEqual([
      {
        what: { kind: 'script', text: 'true', shell: 'sh' },
        workingDirectory: '/workspace/sub',
        env: { A: 'plan', B: 'check', Z: 'runner' },
      },
    ]);
  });
});

describe('checks for a fresh start', () => {
  const listeners = () => Promise.resolve(success([]));
  const world = fakeWorld({ host: { listeners } });
  const specs = [
    checkSpec('port', { numbers: [443], state: 'free' }, { id: 'free' }),
    checkSpec('port', { numbers: [443], state: 'free' }, { id: 'always', when: 'always' }),
    checkSpec('port', { numbers: [443], state: 'listening' }, { id: 'listening' }),
    checkSpec('env', { names: ['A'] }, { id: 'env', when: 'fresh' }),
  ];

  test('are all looked at while no step is complete', async () => {
    const findings = await runChecks(specs, world, FRESH);
    expect(findings.map(({ id }) => id)).toEqual(['free', 'always', 'listening', 'env']);
  });

  test('are left out on resume', async () => {
    const findings = await runChecks(specs, world, { fresh: false, cancel: GO_ON });
    expect(findings.map(({ id }) => id)).toEqual(['always', 'listening']);
  });
});

describe('a check that hangs', () => {
  test('is cut at the default limit of ten seconds, fails, and is named', async () => {
    const { clock, advance } = handClock();
    const world = fakeWorld({ clock, env: { A: '1' }, host: { memory: never } });
    const specs = [checkSpec('ram', { availableBytes: 1 }), checkSpec('env', { names: ['A'] })];
    const running = runChecks(specs, world, FRESH);
    await advance(9999);
    await advance(1);
    await advance(100);
    const [hanging, other] = await running;
    expect(other?.status).toBe('pass');
    expect(hanging).toMatchObject({
      name: 'memory',
      status: 'fail',
      found: 'no answer within 10 s',
      remedy: expect.stringContaining('/proc/meminfo'),
      durationMs: 10_100,
    });
  });

  test('has the limit that the plan gives it', async () => {
    const { clock, advance } = handClock();
    const world = fakeWorld({ clock, host: { memory: never } });
    const spec = checkSpec('ram', { availableBytes: 1 }, { timeoutMs: 1500 });
    const running = runChecks([spec], world, FRESH);
    await advance(1500);
    await advance(100);
    expect((await running)[0]?.found).toBe('no answer within 1.5 s');
  });

  test('may still say how far it came', async () => {
    const { clock, advance } = handClock();
    const run = (_: ProbeCommand, cut: Stop) =>
      new Promise<ReturnType<typeof success<{ exit: undefined; stdout: string; output: string }>>>(
        (settle) => {
          cut.onRequest(() => {
            settle(success({ exit: undefined, stdout: '', output: 'waiting for db\n' }));
          });
        },
      );
    const world = fakeWorld({ clock, commands: { run } });
    const running = runChecks([checkSpec('run', { command: './wait.sh' })], world, FRESH);
    await advance(10_000);
    expect((await running)[0]).toMatchObject({
      status: 'fail',
      found: 'still running at its time limit, and ended',
      reason: 'waiting for db',
    });
  });

  test('leaves no timer behind', async () => {
    const { clock, sleeping } = handClock();
    const world = fakeWorld({ clock, host: { memory: memory(1) } });
    await runChecks([checkSpec('ram', { availableBytes: 1 })], world, FRESH);
    expect(sleeping()).toBe(0);
  });

  test('a cancel ends all at once', async () => {
    const { clock } = handClock();
    const cancel = createStop();
    const world = fakeWorld({ clock, host: { memory: never } });
    const specs = [checkSpec('ram', { availableBytes: 1 })];
    const running = runChecks(specs, world, { fresh: true, cancel: cancel.stop });
    cancel.request();
    expect((await running)[0]).toMatchObject({ status: 'warn', reason: 'the run was cancelled' });
  });
});
