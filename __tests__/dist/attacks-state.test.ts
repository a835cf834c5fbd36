import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Phase, Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { Canary } from '../support/canary.ts';
import { canTest, isRoot } from '../support/machine.ts';

/** Longer than any honest run here takes on a busy machine, shorter than waiting for a pipe. */
const LONGEST_MS = 30_000;
const NOBODY = 65_534;

const PLAN = `steps:
  - { id: one, run: 'echo one >> ran' }
  - { id: two, run: 'echo two >> ran; [ -e mended ] && [ -z "$NOT_MENDED" ]', rollback: 'echo unpull >> ran' }
`;

let job: Job;
let canary: Canary;

beforeAll(async () => {
  job = new Job(PLAN);
  canary = new Canary(job.home);
  await job.main();
  if (job.read('ran') !== 'one\ntwo\n') throw new Error('the first run did not do its part');
  job.write('mended', '');
  cpSync(job.stateDir, join(job.home, 'before'), { recursive: true });
});
beforeEach(() => {
  for (const name of ['state', 'copy', 'state.aside']) {
    rmSync(join(job.home, name), { recursive: true, force: true });
  }
  cpSync(join(job.home, 'before'), job.stateDir, { recursive: true, verbatimSymlinks: true });
  job.write('ran', 'one\ntwo\n');
});
afterAll(() => {
  job.remove();
});

/** Runs again; whatever was done to the state, the run ends, and touches nothing of somebody else's. */
async function runAgain(phase: Phase = {}): Promise<Ran> {
  const started = performance.now();
  const ran = await job.main({ attempt: 2, ...phase });
  expect(performance.now() - started).toBeLessThan(LONGEST_MS);
  expect(ran.signal).toBe(null);
  expect(canary.isWhole()).toBe(true);
  expect(ran.log).not.toMatch(/at .*index\.js:\d+/u);
  return ran;
}

function expectRefused(ran: Ran, path: string): void {
  expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'blocked']);
  expect(ran.log).toContain(path);
  expect(job.read('ran')).toBe('one\ntwo\n');
}

const PLACES: Readonly<Record<string, () => string>> = {
  'the state dir': () => job.stateDir,
  'the target': () => dirname(job.deployment()),
  'the deployment': () => job.deployment(),
  'the records': () => join(job.deployment(), 'steps'),
  'the deployment’s record': () => join(job.deployment(), 'deployment.json'),
  'a step’s record': () => join(job.deployment(), 'steps', 'one.json'),
  'a checkpoint': () => join(job.deployment(), '.checkpoint-one'),
  'the last error': () => join(job.deployment(), '.last-error'),
  'the locks': () => join(job.stateDir, 'locks'),
};

const isDirectory = (path: string): boolean => lstatSync(path).isDirectory();

const FORMS: Readonly<Record<string, (path: string) => void>> = {
  'a link to something valuable': (path) => {
    const to = isDirectory(path) ? canary.directory : canary.file;
    renameSync(path, `${path}.aside`);
    symlinkSync(to, path);
  },
  'a link to a copy that somebody else may change': (path) => {
    const copy = join(job.home, 'copy');
    renameSync(path, copy);
    symlinkSync(copy, path);
  },
  'a named pipe': (path) => {
    rmSync(path, { recursive: true });
    execFileSync('mkfifo', [path]);
  },
  'a file that is huge': (path) => {
    rmSync(path, { recursive: true });
    writeFileSync(path, '');
    truncateSync(path, 64 * 2 ** 30);
  },
  'a directory where a file was, or the reverse': (path) => {
    const was = isDirectory(path);
    rmSync(path, { recursive: true });
    if (was) writeFileSync(path, '');
    else mkdirSync(path);
  },
};

/** A marker counts by being there, and what `.last-error` says is only shown: their size is no matter. */
const HARMLESS = ['a checkpoint', 'the last error'];

const ROWS = Object.keys(PLACES).flatMap((place) =>
  Object.keys(FORMS).map((form) => [form, place] as const),
);
const isHarmless = (form: string, place: string): boolean =>
  form === 'a file that is huge' && HARMLESS.includes(place);

/** Makes the attack, and runs again. */
async function attack(form: string, place: string): Promise<[Ran, string]> {
  const path = PLACES[place]?.() ?? '';
  FORMS[form]?.(path);
  return [await runAgain(), path];
}

describe('in the state dir', () => {
  test.each(ROWS.filter(([form, place]) => !isHarmless(form, place)))(
    '%s in place of %s is not followed, waited for or believed',
    async (form, place) => {
      const [ran, path] = await attack(form, place);
      expectRefused(ran, path);
      expect(ran.log).not.toContain('valuable\n');
    },
  );

  test.each(ROWS.filter(([form, place]) => isHarmless(form, place)))(
    '%s in place of %s changes nothing',
    async (form, place) => {
      const [ran] = await attack(form, place);
      expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'succeeded']);
      expect(job.read('ran')).toBe('one\ntwo\ntwo\n');
    },
  );
});

describe('a hard link to something valuable', () => {
  test.each(['the deployment’s record', 'a step’s record'])('is no %s', async (place) => {
    const path = PLACES[place]?.() ?? '';
    rmSync(path);
    linkSync(canary.file, path);
    expectRefused(await runAgain(), path);
  });

  test('is not written through where its content does not matter', async () => {
    for (const name of ['.checkpoint-one', '.checkpoint-two', '.last-error']) {
      const path = join(job.deployment(), name);
      rmSync(path, { force: true });
      linkSync(canary.file, path);
    }
    rmSync(join(job.deployment(), '.checkpoint-two'));
    // The step fails, and is undone: both files are written anew.
    const ran = await runAgain({ inputs: { 'on-unknown': 'rollback' }, env: { NOT_MENDED: '1' } });
    expect(ran.outputs.get('outcome')).not.toBe('blocked');
  });
});

describe('state that others can change', () => {
  const DIRECTORIES = ['the state dir', 'the target', 'the deployment', 'the records', 'the locks'];

  test.each(DIRECTORIES)(
    'is refused when everybody, or the group, can write to %s',
    async (place) => {
      const path = PLACES[place]?.() ?? '';
      chmodSync(path, place === 'the target' ? 0o777 : 0o770);
      expectRefused(await runAgain(), path);
      chmodSync(path, 0o755);
      expect((await runAgain()).outputs.get('outcome')).toBe('succeeded');
    },
  );

  if (canTest(isRoot(), 'a user that may change owners')) {
    test.each(DIRECTORIES)('is refused when %s belongs to another user', async (place) => {
      const path = PLACES[place]?.() ?? '';
      chownSync(path, NOBODY, NOBODY);
      const ran = await runAgain();
      expectRefused(ran, path);
      expect(ran.log).toMatch(/another user/u);
    });

    test('is refused by an ordinary user when it is that of root, lock and all', async () => {
      const lock = join(job.stateDir, 'locks', 'of-root');
      writeFileSync(lock, 'root was here\n');
      execFileSync('chown', [
        '-R',
        `${NOBODY}:${NOBODY}`,
        join(job.home, 'temp'),
        join(job.home, 'user'),
        job.workspace,
      ]);
      chmodSync(job.home, 0o755);
      chmodSync(job.stateDir, 0o755);
      const under = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
      for (const mode of ['run', 'unlock', 'forget']) {
        const inputs = { mode, ...(mode === 'run' ? {} : { target: 'of-root' }) };
        const { child, done } = job.start('main', { attempt: 2, under, inputs, asUser: NOBODY });
        expect(child.pid).toBeGreaterThan(0);
        const ran = await done;
        expect(ran.code).toBe(1);
        expect(ran.log).toMatch(/belongs to another user|cannot be/u);
      }
      expect(lstatSync(lock).size).toBe(14);
      execFileSync('chown', ['-R', '0:0', job.home]);
    });
  }
});
