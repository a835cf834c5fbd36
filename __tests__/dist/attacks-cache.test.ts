import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { parseCacheKey } from '../../src/state/cache-key.ts';
import type { CachePayload } from '../../src/state/cache-payload.ts';
import { findForeignTags, toHtml } from '../report/github-page.ts';
import type { Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import type { Entry } from '../support/cache-server.ts';
import { CacheServer } from '../support/cache-server.ts';
import { Canary, findForeignCommands } from '../support/canary.ts';
import type { Member } from '../support/forged-entries.ts';
import {
  forge,
  packEntry,
  packMembers,
  packPayload,
  readEntry,
} from '../support/forged-entries.ts';

const PLAN = `
steps:
  - { id: pull, run: 'echo pull >> "$SHARED/ran"; echo "image=v1" >> "$GITHUB_OUTPUT"' }
  - { id: migrate, idempotent: false, run: 'echo migrate >> "$SHARED/ran"' }
  - { id: up, run: 'echo up >> "$SHARED/ran"; test -n "$MENDED"', rollback: 'true' }
`;
/** What the action itself says to the runner. */
const OWN = /^::(?:add-mask|group|endgroup|(?:error|warning|notice)(?: [^:]*)?)::(?!forged)/u;

let server: CacheServer;
let shared: string;
/** What the first machine saved; the second finds it, or what was made of it. */
let honest: readonly Entry[];
let canary: Canary;
let outside: string;

beforeAll(async () => {
  server = new CacheServer();
  await server.listen();
  shared = mkdtempSync(join(tmpdir(), 'preflight-shared-'));
  outside = mkdtempSync(join(tmpdir(), 'preflight-outside-'));
  canary = new Canary(outside);
  const machine = new Job(PLAN);
  await run(machine, 1);
  machine.remove();
  honest = server.committed.map((entry) => ({ ...entry }));
  if (listRan().join(' ') !== 'pull migrate up') throw new Error('the first run failed');
});
beforeEach(() => {
  server.entries.splice(0, Infinity, ...honest.map((entry) => ({ ...entry })));
  for (const name of readdirSync(shared)) rmSync(join(shared, name));
});
afterAll(async () => {
  await server.close();
  rmSync(shared, { recursive: true });
  rmSync(outside, { recursive: true });
});

async function run(machine: Job, attempt: number, mended = ''): Promise<Ran> {
  return await machine.main({
    attempt,
    inputs: { state: 'cache' },
    env: { SHARED: shared, MENDED: mended, ...server.env() },
  });
}

const listRan = (): readonly string[] => {
  const path = join(shared, 'ran');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
};

type Make = (payload: CachePayload) => Buffer;

/** Puts blobs in the places of the checkpoints, in turn: a search looks into several. */
function plant(...makes: readonly Make[]): void {
  const ours = server.entries.filter(({ key }) => parseCacheKey(key) !== undefined).toReversed();
  if (ours.length < makes.length) throw new Error('the first run has made too few entries');
  for (const [index, entry] of ours.entries()) {
    const make = makes[index % makes.length];
    if (make !== undefined) entry.blob = make(readEntry(entry.blob));
  }
}

/** As many as a search looks into for sure: there are more entries of the first run. */
const TOGETHER = 3;

function inGroups<T>(rows: readonly T[]): readonly (readonly T[])[] {
  return rows.length === 0 ? [] : [rows.slice(0, TOGETHER), ...inGroups(rows.slice(TOGETHER))];
}

/** Goes on from another machine; whatever it finds, nothing but the run's own places has changed. */
async function resumeElsewhere(): Promise<Ran> {
  const machine = new Job(PLAN);
  try {
    const started = performance.now();
    const ran = await run(machine, 2, 'yes');
    expect(performance.now() - started).toBeLessThan(25_000);
    expect(ran.signal).toBe(null);
    expect(canary.isWhole()).toBe(true);
    expect(ran.log).not.toMatch(/internal error|at .*index\.js:\d+/u);
    expect(findForeignCommands(ran.log, OWN)).toEqual([]);
    expect(findForeignTags(toHtml(ran.summary))).toEqual([]);
    expect(readdirSync(machine.home).toSorted()).toEqual(['state', 'temp', 'user', 'work']);
    expect(readdirSync(machine.workspace)).toEqual(['preflight.yml']);
    expect(
      readdirSync(join(machine.home, 'temp')).filter((name) => name.includes('cache')),
    ).toEqual([]);
    return ran;
  } finally {
    machine.remove();
  }
}

/** The entry was passed over, with one sentence for each; what must not run twice did not run. */
function expectPassedOver(ran: Ran, ...reasons: readonly RegExp[]): void {
  const told = ran.log
    .split('\n')
    .filter((line) => line.includes('an entry of the Actions cache is not used'));
  expect([ran.log, told.length >= reasons.length && told.length <= 4]).toEqual([ran.log, true]);
  for (const reason of reasons) expect(told).toContainEqual(expect.stringMatching(reason));
  expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'in-doubt']);
  expect(listRan()).not.toContain('migrate');
}

describe('an archive that', () => {
  const ONE = 'preflight-checkpoint';
  const SOMETHING_ELSE = /holds something else than one checkpoint/u;
  const up = '../'.repeat(12);
  const rows: readonly (readonly [string, () => readonly Member[]])[] = [
    ['names a file upwards', () => [{ name: `${up}${canary.file.slice(1)}`, content: 'x' }]],
    ['names a file from the root', () => [{ name: canary.file, content: 'x' }]],
    ['holds a link', () => [{ name: ONE, type: '2', link: canary.file }]],
    ['holds a hard link', () => [{ name: ONE, type: '1', link: canary.file }]],
    [
      'holds a link, and then a file through it',
      () => [
        { name: ONE, type: '2', link: canary.directory },
        { name: `${ONE}/file`, content: 'x' },
      ],
    ],
    ['holds a device', () => [{ name: ONE, type: '3' }]],
    ['holds a named pipe', () => [{ name: ONE, type: '6' }]],
    ['holds a directory', () => [{ name: ONE, type: '5' }]],
    [
      'holds a second file',
      () => [
        { name: ONE, content: 'x' },
        { name: 'evil', content: 'x' },
      ],
    ],
    [
      'holds the file twice',
      () => [
        { name: ONE, content: 'x' },
        { name: ONE, content: 'y' },
      ],
    ],
  ];
  test.each(
    inGroups(rows).map((group) => [group.map(([what]) => what).join('; or '), group] as const),
  )('%s, is passed over, and nothing of it is unpacked', async (_what, group) => {
    plant(
      ...group.map(
        ([, members]) =>
          () =>
            gzipSync(packMembers(members())),
      ),
    );
    const ran = await resumeElsewhere();
    expectPassedOver(ran, ...group.map(() => SOMETHING_ELSE));
  });

  test('says that it is larger than it is, is none, or is empty, is passed over', async () => {
    plant(
      () => gzipSync(packMembers([{ name: ONE, size: 2 ** 30 }])),
      () => Buffer.from('<html>Sign in</html>'),
      () => gzipSync(Buffer.alloc(0)),
    );
    const ran = await resumeElsewhere();
    expectPassedOver(ran, /cut off/u, /cannot be unpacked/u, /holds no checkpoint/u);
  });

  test.each<[string, () => Buffer, RegExp]>([
    [
      'is a bomb',
      () =>
        Buffer.concat([
          gzipSync(packMembers([{ name: ONE, size: 2 ** 30 }]).subarray(0, 512)),
          ...Array<Buffer>(16).fill(gzipSync(Buffer.alloc(2 ** 26))),
        ]),
      /too large/u,
    ],
    [
      'has 100 000 members',
      () => gzipSync(Buffer.concat(Array.from({ length: 100_000 }, () => MEMBER)), { level: 1 }),
      /too large/u,
    ],
  ])('%s is passed over, and takes no memory', async (_what, make, reason) => {
    const blob = make();
    plant(() => blob);
    const peak = join(shared, 'peak');
    const machine = new Job(PLAN);
    const { done } = machine.start('main', {
      attempt: 2,
      inputs: { state: 'cache' },
      env: { SHARED: shared, MENDED: 'yes', ...server.env() },
      // The largest of all processes that ran below, the cache's client among them.
      under: ['python3', '-c', MEASURE, peak],
    });
    const ran = await done;
    machine.remove();
    expectPassedOver(ran, reason);
    const peakMb = Number(readFileSync(peak, 'utf8')) / 1024;
    process.stderr.write(`${_what}: at most ${Math.round(peakMb)} MB in one process\n`);
    expect(peakMb).toBeLessThan(250);
  });
});

const MEMBER = packMembers([{ name: 'x' }]).subarray(0, 512);
const MEASURE =
  'import resource, subprocess, sys\n' +
  'code = subprocess.call(sys.argv[2:])\n' +
  'open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))\n' +
  'sys.exit(code)';

/** Changes one field of a JSON document. */
const edit = (text: string | undefined, change: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ ...(JSON.parse(text ?? '{}') as object), ...change })}\n`;

type Files = Map<string, string>;
const PULL = 'steps/pull.json';
const results = (change: Readonly<Record<string, unknown>>) => (files: Files) => {
  const { results: before } = JSON.parse(files.get(PULL) ?? '{}') as { results: object };
  files.set(PULL, edit(files.get(PULL), { results: { ...before, ...change } }));
};

describe('a checkpoint that', () => {
  const rows: readonly (readonly [string, Make, RegExp])[] = [
    [
      'is of another target',
      (payload) => packPayload({ ...payload, target: 'other-0123456789' }),
      /belongs to another deployment/u,
    ],
    [
      'is of another deployment',
      (payload) => packPayload({ ...payload, deployment: '4712-0123456789' }),
      /belongs to another deployment/u,
    ],
    [
      'is of another repository, by its record',
      (payload) =>
        packPayload(
          forge(payload, (files) => {
            const { target } = JSON.parse(files.get('deployment.json') ?? '{}') as {
              target: object;
            };
            files.set(
              'deployment.json',
              edit(files.get('deployment.json'), {
                target: { ...target, repository: 'evil/shop' },
              }),
            );
          }),
        ),
      /record of another deployment/u,
    ],
    [
      'is of another attempt than its key says',
      (payload) => packPayload({ ...payload, stamp: { ...payload.stamp, run_attempt: 7 } }),
      /not what its key says/u,
    ],
    [
      'is newer than this version',
      (payload) => packEntry(edit(JSON.stringify(payload), { schema_version: 99 })),
      /newer/u,
    ],
    [
      'holds a newer record',
      (payload) =>
        packPayload(
          forge(payload, (files) => files.set(PULL, edit(files.get(PULL), { schema_version: 99 }))),
        ),
      /newer/u,
    ],
    [
      'does not match its hashes',
      (payload) =>
        packPayload({
          ...payload,
          files: payload.files.map((file) => ({
            ...file,
            content: file.content.replace('v1', 'v2'),
          })),
        }),
      /hash does not match/u,
    ],
    [
      'names a file upwards',
      (payload) => packPayload(forge(payload, (files) => files.set('../../../evil', 'x'))),
      /none of ours/u,
    ],
    [
      'names a record upwards',
      (payload) =>
        packPayload(
          forge(payload, (files) => files.set('steps/../../evil.json', files.get(PULL) ?? '')),
        ),
      /wrong name|none of ours|record/u,
    ],
    [
      'names a marker upwards',
      (payload) => packPayload(forge(payload, (files) => files.set('.checkpoint-../../evil', 'x'))),
      /none of ours/u,
    ],
    [
      'has an output whose name is two',
      (payload) =>
        packPayload(
          forge(payload, results({ outputs: [{ name: 'x\noutcome', value: 'forged' }] })),
        ),
      /step's record/u,
    ],
    [
      'has a variable whose name swallows the rest',
      (payload) => packPayload(forge(payload, results({ env: [{ name: 'x<<EOF', value: '1' }] }))),
      /step's record/u,
    ],
    ['is no document', () => packEntry('{"schema_version": 1, "target": ["'), /JSON|not/u],
    ['is nested without end', () => packEntry('['.repeat(200_000)), /./u],
  ];
  test.each(
    inGroups(rows).map((group) => [group.map(([what]) => what).join('; or '), group] as const),
  )('%s, is passed over', async (_what, group) => {
    plant(...group.map(([, make]) => make));
    expectPassedOver(await resumeElsewhere(), ...group.map(([, , reason]) => reason));
  });

  test('claims a step that the plan does not have changes nothing', async () => {
    plant((payload) =>
      packPayload(
        forge(payload, (files) => {
          files.set(
            'steps/evil.json',
            edit(files.get(PULL), { step: 'evil', name: '::error::forged' }),
          );
          files.set('.checkpoint-evil', '::error::forged\n');
        }),
      ),
    );
    const ran = await resumeElsewhere();
    expect([ran.log, ran.code]).toEqual([ran.log, 0]);
    expect(listRan()).toEqual(['up']);
    expect(ran.log).not.toContain('::error::forged');
  });

  test('speaks to the runner and the terminal is shown as text', async () => {
    const evil =
      'x\n::set-output name=outcome::mine\r##[error]forged\u001b]0;x\u0007\u001b[2J</details><img src=x>';
    plant((payload) =>
      packPayload(
        forge(payload, (files) => {
          results({
            outputs: [
              { name: 'image', value: evil },
              { name: 'outcome', value: 'mine' },
            ],
            env: [
              { name: 'NODE_OPTIONS', value: '--require=/evil' },
              { name: 'V', value: evil },
            ],
          })(files);
          files.set(PULL, edit(files.get(PULL), { name: evil }));
          files.set('.checkpoint-pull', `${evil}\n`);
          files.set(
            '.last-error',
            `timestamp=x\nscript=${JSON.stringify(evil)}\nline=1\nexit_code=1\ncategory=::error::forged\n`,
          );
        }),
      ),
    );
    const ran = await resumeElsewhere();
    expect([ran.log, ran.code]).toEqual([ran.log, 0]);
    expect(ran.outputs.get('outcome')).toBe('succeeded');
    expect(ran.outputs.get('image')).toBe(evil);
    expect(ran.env.has('NODE_OPTIONS')).toBe(false);
    // eslint-disable-next-line no-control-regex -- colours are ours
    expect(ran.log.replaceAll(/\u001b\[[\d;]*m/gu, '')).not.toContain('\u001b');
    expect(listRan()).toEqual(['up']);
  });
});

test('a key that begins as ours does and goes on otherwise is not ours', async () => {
  const [last] = honest.filter(({ key }) => parseCacheKey(key) !== undefined).slice(-1);
  if (last === undefined) throw new Error('nothing was saved');
  server.entries.length = 0;
  for (const suffix of ['x', '-evil', '/../x', '9999999-', ' ', '\n'])
    server.put(`${last.key}${suffix}`, last.version, last.blob);
  const ran = await resumeElsewhere();
  expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'in-doubt']);
  expect(listRan()).not.toContain('migrate');
});
