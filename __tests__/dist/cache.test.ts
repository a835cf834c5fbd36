import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { readOnlyFile } from '../../src/state/cache-archive.ts';
import { parseCacheKey } from '../../src/state/cache-key.ts';
import { parsePayload } from '../../src/state/cache-payload.ts';
import type { Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import type { Entry } from '../support/cache-server.ts';
import { CacheServer } from '../support/cache-server.ts';
import { countRepeats, isSoak } from '../support/soak.ts';

/** The number of moments at which a machine is lost. */
const KILLS = countRepeats(6, 500, 'PREFLIGHT_CACHE_KILLS');

let server: CacheServer;
let shared: string;
let machines: Job[];

beforeEach(async () => {
  server = new CacheServer();
  await server.listen();
  shared = mkdtempSync(join(tmpdir(), 'preflight-shared-'));
  machines = [];
});
afterEach(async () => {
  await server.close();
  for (const machine of machines) machine.remove();
  rmSync(shared, { recursive: true, force: true });
});

/** What the steps did to the world that all machines share. */
function listRan(): readonly string[] {
  const path = join(shared, 'ran');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

const act = (id: string, then = ''): string => `'echo ${id} >> "$SHARED/ran"${then}'`;
const FAILS_ONCE = '; test -e "$SHARED/mended"';
const PLAN = `
steps:
  - id: pull
    run: ${act('pull', '; echo "image=v1" >> "$GITHUB_OUTPUT"')}
    rollback: echo unpull >> "$SHARED/ran"
  - id: migrate
    run: ${act('migrate')}
    idempotent: false
  - id: up
    run: ${act('up', FAILS_ONCE)}
`;

/** A machine that has never seen any of this. */
function newMachine(plan = PLAN): Job {
  const machine = new Job(plan);
  machines.push(machine);
  return machine;
}

interface Options {
  readonly attempt?: number;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly runId?: string;
}

function toPhase({ attempt = 1, inputs, env, runId }: Options): Parameters<Job['main']>[0] {
  return {
    attempt,
    inputs: { state: 'cache', ...inputs },
    env: { SHARED: shared, ...server.env(), ...env },
    ...(runId === undefined ? {} : { runId }),
  };
}

async function run(machine: Job, options: Options = {}): Promise<Ran> {
  return await machine.main(toPhase(options));
}

function mend(): void {
  symlinkSync('/dev/null', join(shared, 'mended'));
}

/** Which steps an entry says are complete. */
function readMarked({ key, blob }: Entry): readonly string[] {
  const parsed = parseCacheKey(key);
  if (parsed === undefined) return [];
  const file = readOnlyFile(gunzipSync(blob), 'preflight-checkpoint');
  if (!file.ok) throw new Error(file.error);
  const read = parsePayload(Buffer.from(file.value).toString(), parsed);
  if (!read.ok) throw new Error(read.error);
  return read.value.markers.map(({ step }) => step);
}

describe('a deployment whose machine does not come back', () => {
  test('goes on from another machine, with the results of what is done', async () => {
    const first = await run(newMachine());
    expect(first.outputs.get('outcome')).toBe('failed');
    expect(first.log).toMatch(/checkpoints saved in the Actions cache: \d uploads?.* of \d+ bytes/);
    mend();
    const second = await run(newMachine(), { attempt: 2 });
    expect(second.log).toContain('checkpoint restored from the Actions cache: save');
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(second.outputs.get('image')).toBe('v1');
    expect(second.outputs.get('resumed')).toBe('true');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'up']);
  });

  test('goes on over the old protocol, as on an enterprise server', async () => {
    const env = server.env('v1');
    await run(newMachine(), { env });
    mend();
    const second = await run(newMachine(), { attempt: 2, env });
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'up']);
  });

  test('goes on where there is no zstd, from where there is', async () => {
    await run(newMachine());
    mend();
    const bin = join(shared, 'bin');
    linkAllBut('zstd', bin);
    const second = await run(newMachine(), { attempt: 2, env: { PATH: bin } });
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'up']);
  });

  test('a server that lowers keys and overwrites is no obstacle', async () => {
    await server.close();
    server = new CacheServer({ lowersKeys: true, overwrites: true });
    await server.listen();
    await run(newMachine());
    mend();
    const second = await run(newMachine(), { attempt: 2 });
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'up']);
  });

  test('closes in the post step, so that a re-run of the green job starts fresh', async () => {
    mend();
    const machine = newMachine();
    const main = await run(machine);
    const env = { ...Job.handOver(main), SHARED: shared, ...server.env() };
    const post = await machine.post({ inputs: { state: 'cache' }, env });
    expect(post.log).toContain('is closed');
    expect(post.log).toContain('checkpoints saved in the Actions cache: 1 upload of');
    const again = await run(newMachine(), { attempt: 2 });
    expect(again.log).toContain('starting fresh: it had succeeded, and so had its job');
    expect(listRan()).toEqual(['pull', 'migrate', 'up', 'pull', 'migrate', 'up']);
  });

  test('an older deployment is superseded by a newer one of another machine', async () => {
    await run(newMachine(), { runId: '100' });
    mend();
    await run(newMachine(), { runId: '200' });
    const again = await run(newMachine(), { runId: '100', attempt: 2 });
    expect(again.log).toContain('another deployment of this target has run since');
    expect(again.outputs.get('outcome')).toBe('succeeded');
  });
});

/** Folder of links to all programs but one. */
function linkAllBut(name: string, bin: string): void {
  rmSync(bin, { recursive: true, force: true });
  const folder = mkdtempSync(join(shared, 'bin-'));
  for (const from of (process.env['PATH'] ?? '').split(':')) {
    if (!existsSync(from)) continue;
    for (const program of readdirSync(from)) {
      const link = join(folder, program);
      if (!program.includes(name) && !existsSync(link)) linkIfNew(join(from, program), link);
    }
  }
  symlinkSync(folder, bin);
}

function linkIfNew(target: string, link: string): void {
  try {
    symlinkSync(target, link);
  } catch {
    // a link to nothing is there already
  }
}

test('modes that only look read the cache, and write nothing to it', async () => {
  await run(newMachine());
  const before = server.requests.length;
  const machine = newMachine();
  const looked = await run(machine, { attempt: 2, inputs: { mode: 'plan' } });
  expect(looked.log).toMatch(/pull +skip +completed at/);
  expect(looked.log).toMatch(/migrate +skip +completed at/);
  const asked = new Set(server.requests.slice(before));
  expect([...asked].sort()).toEqual(['download', 'find']);
  expect(readdirSync(machine.stateDir)).toEqual([]);
});

describe('what main could not finish', () => {
  const SLOW = `
steps:
  - id: pull
    run: ${act('pull')}
  - id: up
    run: ${act('up', '; echo started; sleep 2')}
`;

  test('the post step brings to the cache, when main was killed', async () => {
    const machine = newMachine(SLOW);
    let killed = false;
    const onLog = (text: string): void => {
      if (!text.includes('started') || killed) return;
      killed = true;
      child.kill('SIGKILL');
    };
    server.fault = (operation) => (operation === 'commit' ? { kind: 'silence' } : undefined);
    const { child, done } = machine.start('main', { ...toPhase({}), onLog });
    const main = await done;
    expect(server.committed).toEqual([]);
    server.fault = () => undefined;
    const env = { ...Job.handOver(main), SHARED: shared, ...server.env() };
    const post = await machine.post({ inputs: { state: 'cache', 'job-status': 'failure' }, env });
    expect(post.log).toContain('checkpoints saved in the Actions cache');
    const second = await run(newMachine(SLOW), { attempt: 2 });
    expect(second.log).toContain('all 2 steps are complete');
    expect(listRan()).toEqual(['pull', 'up']);
  });

  test('does not hold up a cancel, and is done by the post step', async () => {
    const machine = newMachine(SLOW);
    let cancelledAt = 0;
    const onLog = (text: string): void => {
      if (!text.includes('started') || cancelledAt > 0) return;
      cancelledAt = Date.now();
      child.kill('SIGINT');
    };
    server.fault = (operation) => (operation === 'commit' ? { kind: 'silence' } : undefined);
    const { child, done } = machine.start('main', { ...toPhase({}), onLog });
    const main = await done;
    expect(Date.now() - cancelledAt).toBeLessThan(7_500);
    expect(main.outputs.get('outcome')).toBe('cancelled');
    expect(main.log).toContain('left to the post step');
    server.fault = () => undefined;
    const env = { ...Job.handOver(main), SHARED: shared, ...server.env() };
    await machine.post({ inputs: { state: 'cache', 'job-status': 'cancelled' }, env });
    expect(server.committed.length).toBeGreaterThan(0);
  });
});

describe('a repair from another workflow', () => {
  test('is known to the next attempt', async () => {
    const first = await run(newMachine());
    expect(first.outputs.get('failed-step')).toBe('up');
    const target = parseCacheKey(server.entries.at(-1)?.key ?? '')?.target ?? '';
    const repaired = await run(newMachine(), {
      runId: '9000',
      inputs: { mode: 'mark-done', target, step: 'up' },
    });
    expect([repaired.code, repaired.log]).toEqual([
      0,
      expect.stringContaining('up is marked done'),
    ]);
    const second = await run(newMachine(), { attempt: 2 });
    expect(second.log).toContain('all 3 steps are complete');
    expect(listRan()).toEqual(['pull', 'migrate', 'up']);
  });
});

describe('a step that must not run twice', () => {
  test('runs on another machine, when the first was lost before it came to that', async () => {
    const waits = 'test -e "$SHARED/mended" || sleep 50';
    const slow = PLAN.replace('echo pull', `${waits}; echo pull`);
    const { child, done } = newMachine(slow).start('main', toPhase({}));
    // Which deployment is current is an entry too.
    const isSaved = (): boolean =>
      server.committed.some(({ key }) => parseCacheKey(key) !== undefined);
    for (let tries = 0; tries < 500 && !isSaved(); tries++) await delay(100);
    expect(isSaved()).toBe(true);
    if (child.pid !== undefined) killMachine(child.pid);
    await done;
    mend();
    const second = await run(newMachine(slow), { attempt: 2 });
    expect(second.outputs.get('outcome')).toBe('succeeded');
    expect(listRan()).toEqual(['pull', 'migrate', 'up']);
  });

  test('does not start while its start cannot be made known', async () => {
    server.grant('token-read', { scopes: ['refs/heads/main'], writes: false });
    const refused = await run(newMachine(), { env: server.env('v2', 'token-read') });
    expect(listRan()).toEqual(['pull']);
    expect(refused.code).toBe(1);
    expect(refused.log).toContain("this job's token may not write to the cache");
  });

  test('does not run on a later attempt for which the cache holds nothing', async () => {
    await run(newMachine());
    server.entries.length = 0;
    mend();
    const second = await run(newMachine(), { attempt: 2 });
    expect(second.outputs.get('outcome')).toBe('in-doubt');
    expect(second.log).toContain('holds nothing of the earlier attempts');
    expect(listRan().filter((id) => id === 'migrate')).toHaveLength(1);
    const forced = await run(newMachine(), { attempt: 3, inputs: { resume: 'never' } });
    expect(forced.outputs.get('outcome')).toBe('succeeded');
  });

  test('does not run when the newest entry is damaged', async () => {
    await run(newMachine());
    for (const entry of server.entries.slice(-1)) entry.blob = entry.blob.subarray(0, 300);
    for (const entry of server.entries) if (readsMigrate(entry)) entry.committed = false;
    mend();
    const second = await run(newMachine(), { attempt: 2 });
    expect(second.log).toContain('an entry of the Actions cache is not used');
    expect(second.outputs.get('outcome')).toBe('in-doubt');
    expect(listRan().filter((id) => id === 'migrate')).toHaveLength(1);
  });
});

function readsMigrate(entry: Entry): boolean {
  try {
    return readMarked(entry).includes('migrate');
  } catch {
    return false;
  }
}

describe('what comes out of the cache', () => {
  test('is never a command: the recorded undo of a step that the plan lost is not run', async () => {
    await run(newMachine());
    const rest = `\nsteps:\n  - id: up\n    run: exit 3\n    classify: [{ exit-code: 3, as: 'critical:verification' }]\n`;
    const second = await run(newMachine(rest), { attempt: 2 });
    expect(second.outputs.get('outcome')).toBe('rollback-incomplete');
    expect(listRan()).not.toContain('unpull');
  });

  test('holds no secret and no raw output', async () => {
    const secret = ['tok', 'en-', 'Zq83kd02ks', '9fk3jd'].join('');
    const plan = `
steps:
  - id: show
    run: 'echo "raw output line"; echo "value=$API_TOKEN" >> "$GITHUB_OUTPUT"; echo "$API_TOKEN"; exit 1'
`;
    await run(newMachine(plan), { env: { API_TOKEN: secret } });
    const texts = server.committed.map(({ blob }) => gunzipSync(blob).toString());
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain('raw output line');
    }
  });
});

describe('a cache that does not work', () => {
  const faults = {
    'refuses the token': { kind: 'status', status: 401 },
    'answers with a page': { kind: 'html' },
    'closes connections': { kind: 'drop' },
    'limits the rate': { kind: 'status', status: 429 },
  } as const;
  const plan = `\nsteps:\n  - id: pull\n    run: ${act('pull')}\n`;

  test.each(Object.keys(faults) as (keyof typeof faults)[])(
    'and %s does not fail a deployment, and is told once',
    async (name) => {
      server.fault = () => faults[name];
      const ran = await run(newMachine(plan));
      expect(ran.outputs.get('outcome')).toBe('succeeded');
      const told = ran.log.split('\n').filter((line) => /^\[WARN\].*cannot be resumed/.test(line));
      expect(told).toHaveLength(1);
      expect(ran.log).not.toContain('checkpoints saved');
      // None of the library's own commands, which would use up the job's annotations.
      expect(ran.log).not.toMatch(/::(?:warning|error|debug)::/);
    },
    90_000,
  );

  test('is told of at once where the runner gave no access', async () => {
    const env = { ACTIONS_RUNTIME_TOKEN: '', ACTIONS_RESULTS_URL: '' };
    const machine = newMachine(plan);
    const before = performance.now();
    const ran = await run(machine, { env });
    const post = await machine.post({
      inputs: { state: 'cache' },
      env: { ...Job.handOver(ran), SHARED: shared, ...env },
    });
    // Asking for a server that nobody has named takes ten seconds each time, and it would be three times.
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(ran.outputs.get('outcome')).toBe('succeeded');
    expect(`${ran.log}${post.log}`.match(/^\[WARN\].*/gm)).toEqual([
      '[WARN] State cannot be kept in the Actions cache: the runner gave this job no access to a cache; this job cannot be resumed on another machine.',
    ]);
    expect(server.requests).toEqual([]);
    const status = await run(newMachine(), { env, inputs: { mode: 'status' } });
    expect(status.log).toContain(
      'the Actions cache could not be read: the runner gave this job no',
    );
  });

  test('and is not there at all does not hold up a deployment for long', async () => {
    const env = { ACTIONS_RESULTS_URL: 'http://127.0.0.1:9/' };
    const before = performance.now();
    const ran = await run(newMachine(plan), { env });
    expect(performance.now() - before).toBeLessThan(40_000);
    expect(ran.outputs.get('outcome')).toBe('succeeded');
    expect(ran.log).toContain('the service cannot be reached (ECONNREFUSED)');
    expect(ran.log).not.toContain('checkpoints saved');
  });
});

// It takes as long as all deadlines together; each of them is tried in edges/cache-calls.test.ts.
if (isSoak()) {
  test('a cache that accepts connections but never answers takes bounded time, and claims nothing', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const env = { ACTIONS_RESULTS_URL: `http://127.0.0.1:${port}/` };
    const before = performance.now();
    const ran = await run(newMachine('steps: [{ id: pull, run: echo pull }]'), { env });
    expect(performance.now() - before).toBeLessThan(70_000);
    silent.close();
    expect(ran.outputs.get('outcome')).toBe('succeeded');
    expect(ran.log).toContain('the Actions cache could not be read: the service did not answer');
    expect(ran.log).toMatch(
      /\[WARN\] The last checkpoints could not be saved in the Actions cache:/,
    );
    expect(ran.log).not.toContain('checkpoints saved');
  }, 120_000);
}

describe('state: auto', () => {
  test('is the cache on a GitHub-hosted runner, and says so', async () => {
    const env = { RUNNER_ENVIRONMENT: 'github-hosted' };
    const ran = await run(newMachine(), { inputs: { state: 'auto', 'state-dir': '' }, env });
    expect(ran.log).toMatch(/\[INFO\] state: cache in .*: the disk of this GitHub-hosted runner/);
    expect(server.committed.length).toBeGreaterThan(0);
  });

  const runner = (machine: Job): string => join(machine.home, '.runner');
  test.each<[string, (machine: Job) => Readonly<Record<string, string>>, RegExp]>([
    ['a job container', () => ({ HOME: '/github/home' }), /the disk of this job's container/],
    ['RUNNER_EPHEMERAL', () => ({ RUNNER_EPHEMERAL: '1' }), /this runner is ephemeral/],
    ['a pod', () => ({ ACTIONS_RUNNER_POD_NAME: 'runner-x7' }), /this runner is ephemeral/],
    [
      "the runner's own settings",
      (machine) => {
        writeFileSync(runner(machine), '\uFEFF{ "agentId": 7, "ephemeral": true }');
        return {};
      },
      /this runner is ephemeral/,
    ],
  ])('is the cache by the evidence of %s, and says so', async (_, prepare, why) => {
    const machine = newMachine();
    const env = prepare(machine);
    const inputs = { state: 'auto', 'state-dir': '', mode: 'plan' };
    const { log } = await run(machine, { inputs, env });
    const [line = ''] = log.split('\n').filter((text) => text.startsWith('[INFO] state: '));
    expect([log, line]).toEqual([log, expect.stringMatching(/^\[INFO\] state: cache in .*: /)]);
    expect(line).toMatch(why);
    expect(line).toMatch(/does not outlive the job$/);
  });

  test('is the host elsewhere, without a single request', async () => {
    const ran = await run(newMachine(), { inputs: { state: 'auto' } });
    expect(ran.log).toMatch(/\[INFO\] state: host in .*: the host's disk outlives the job/);
    expect(server.requests).toEqual([]);
  });
});

test('a run of ten steps costs few requests', async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `s${index}`);
  const plan = `steps:\n${ids.map((id) => `  - { id: ${id}, run: sleep 0.1 }\n`).join('')}`;
  const ran = await run(newMachine(plan));
  expect(ran.code).toBe(0);
  const uploads = server.requests.filter((operation) => operation === 'commit').length;
  process.stderr.write(
    `ten steps: ${server.requests.length} requests, ${uploads} uploads, last ${server.committed.at(-1)?.blob.length ?? 0} bytes packed\n`,
  );
  expect(server.requests.length).toBeLessThanOrEqual(2 + 3 * 13);
});

describe('a machine lost at any moment', () => {
  const STEPS = ['a', 'b', 'c', 'd', 'e'];
  const plan = `steps:\n${STEPS.map(
    (id) =>
      `  - id: ${id}\n    run: 'echo ${id} >> "$SHARED/ran"; sleep 0.1; echo "o-${id}=${id}" >> "$GITHUB_OUTPUT"'\n${id === 'c' ? '    idempotent: false\n' : ''}`,
  ).join('')}`;

  /** How long a run takes that nothing happens to. */
  async function measureRun(): Promise<number> {
    const machine = newMachine(plan);
    const before = performance.now();
    await run(machine);
    const tookMs = performance.now() - before;
    machine.remove();
    return tookMs;
  }

  /** A number from 0 to 1, each as far from all before it as can be. */
  const spread = (index: number): number => (index * 0.618_034) % 1;

  test(
    `loses at most what was done since the last upload, at ${KILLS} moments`,
    async () => {
      let resumed = 0;
      let inDoubt = 0;
      let beforeItEnded = 0;
      let mostRepeated = 0;
      let beforeAnySave = 0;
      let usualMs = 0;
      for (let index = 0; index < KILLS; index++) {
        // As fast as the machine is now: the moments are to cover the whole run, however long it takes.
        if (index % 25 === 0) usualMs = await measureRun();
        const afterMs = Math.round(spread(index) * usualMs * 1.1);
        rmSync(join(shared, 'ran'), { force: true });
        server.entries.length = 0;
        const lost = newMachine(plan);
        const { child, done } = lost.start('main', toPhase({}));
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        if (child.pid !== undefined && child.exitCode === null) {
          killMachine(child.pid);
          beforeItEnded++;
        }
        await done;
        const saved = server.committed.filter(({ key }) => parseCacheKey(key) !== undefined);
        const marked = saved.slice(-1).flatMap(readMarked);
        lost.remove();
        const other = newMachine(plan);
        const second = await run(other, { attempt: 2 });
        const ran = listRan();
        const label = `lost after ${afterMs} ms, ${saved.length} saves: ${second.log}`;
        for (const id of [...marked, 'c']) {
          expect([label, id, ran.filter((line) => line === id).length <= 1]).toEqual([
            label,
            id,
            true,
          ]);
        }
        const outcome = second.outputs.get('outcome');
        expect([label, ['succeeded', 'in-doubt'].includes(outcome ?? '')]).toEqual([label, true]);
        const given = STEPS.filter((id) => second.outputs.get(`o-${id}`) === id);
        expect([label, outcome === 'in-doubt' || given.length === STEPS.length]).toEqual([
          label,
          true,
        ]);
        if (outcome === 'in-doubt') inDoubt++;
        if (outcome === 'in-doubt' && saved.length === 0) beforeAnySave++;
        if (marked.length > 0 && outcome === 'succeeded') resumed++;
        mostRepeated = Math.max(mostRepeated, ran.length - new Set(ran).size);
        other.remove();
      }
      process.stderr.write(
        `${KILLS} machines lost, ${beforeItEnded} of them before the run had ended: ${resumed} resumed, ` +
          `${inDoubt} stopped in doubt (${beforeAnySave} of them lost before anything was saved), ` +
          `at most ${mostRepeated} steps repeated\n`,
      );
    },
    KILLS * 15_000,
  );
});

/** Ends node and everything that it started, as a machine that goes away does. */
function killMachine(pid: number): void {
  const children = readChildren(pid);
  process.kill(pid, 'SIGKILL');
  for (const child of children) {
    const own = readChildren(child);
    for (const target of [-child, child, ...own]) {
      try {
        process.kill(target, 'SIGKILL');
      } catch {
        // it has ended already, or leads no group
      }
    }
  }
}

function readChildren(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
