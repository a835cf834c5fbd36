import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { snapshotTree } from '../support/canary.ts';
import { countRepeats } from '../support/soak.ts';

const RUNS = countRepeats(1, 30);
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PLAN = `steps:\n${IDS.map(
  (id) => `  - { id: ${id}, run: 'echo ${id} >> ran; sleep 0.15', rollback: 'true' }\n`,
).join('')}`;

let job: Job;
beforeEach(() => {
  job = new Job();
});
afterEach(() => {
  job.remove();
});

/** Starts somebody who changes `path` all the time; returns how to stop it, and how often it did. */
function startRacer(how: string, path: string): () => Promise<number> {
  const script = join(import.meta.dirname, '..', 'support', 'racer.py');
  const child = spawn('python3', [script, how, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  return async () => {
    child.stdin.end();
    await ended;
    return Number(said);
  };
}

/** Steps that a log says are complete. */
const listCompleted = ({ log }: Ran): readonly string[] =>
  [...log.matchAll(/^\[OK\] (\w+) completed$/gmu)].map(([, id = '']) => id);

const countOf = (id: string): number =>
  job
    .read('ran')
    .split('\n')
    .filter((line) => line === id).length;

/** Files with something in them; an empty directory was never of use to anybody. */
function listFiles(directory: string): readonly string[] {
  return snapshotTree(directory)
    .split('\n')
    .filter((line) => line.startsWith('[') && !line.endsWith(',""]'));
}

const lockPath = (): string => join(job.stateDir, 'locks', job.read('lock').trim());

const TARGETS: Readonly<Record<string, readonly [Way, () => string]>> = {
  'renames the state dir': ['rename', () => job.stateDir],
  'swaps the state dir for a link to a copy': ['swap', () => job.stateDir],
  'swaps the deployment for a link to a copy': ['swap', () => job.deployment()],
  'swaps the records for a link to a copy': ['swap', () => join(job.deployment(), 'steps')],
  'swaps the commands’ directories for a link': ['swap', () => join(job.deployment(), 'run')],
  'swaps the locks for a link': ['swap', () => join(job.stateDir, 'locks')],
  'replaces a record': ['replace', () => join(job.deployment(), 'steps', 'c.json')],
  'replaces the lock': ['replace', lockPath],
};
type Way = 'rename' | 'swap' | 'replace';

/** An older run, and beside its state what there is to be led to: it looks like the real thing. */
async function prepare(how: Way, at: () => string): Promise<{ path: string; other: string }> {
  job.remove();
  job = new Job(
    `steps: [{ id: a, run: 'ls "$PREFLIGHT_STATE_DIR/../../locks" > lock; exit 1' }]\n`,
  );
  await job.main();
  job.write('preflight.yml', PLAN);
  const path = at();
  const other = `${path}.other`;
  if (how === 'replace') writeFileSync(other, 'not what it was\n', { mode: 0o600 });
  else {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    cpSync(path, other, { recursive: true, verbatimSymlinks: true });
  }
  return { path, other };
}

const readOther = (path: string): string =>
  lstatSync(path).isDirectory() ? listFiles(path).join('\n') : readFileSync(path, 'utf8');

describe('somebody with the same rights, who all the time', () => {
  test.each(Object.entries(TARGETS))(
    '%s, has nothing written elsewhere, and no step repeated',
    async (what, [how, at]) => {
      let changes = 0;
      let failed = 0;
      for (let run = 0; run < RUNS; run++) {
        const { path, other } = await prepare(how, at);
        const before = readOther(other);
        const stop = startRacer(how, path);
        const ran = await job.main({ attempt: 2 });
        changes += await stop();
        if (ran.code !== 0) failed++;
        expect(readOther(other)).toBe(before);
        expect(ran.log).not.toMatch(/internal error|at .*index\.js:\d+/u);
        const errors = ran.log.split('\n').filter((line) => line.startsWith('::error'));
        expect([ran.log, errors.length]).toEqual([ran.log, ran.code === 0 ? 0 : 1]);
        rmSync(other, { recursive: true });
        // As the error says: what is not understood is removed.
        if (how === 'replace') rmSync(path, { force: true });
        const again = await job.main({ attempt: 3 });
        expect([again.log, again.code]).toEqual([again.log, 0]);
        for (const id of IDS) {
          const least = listCompleted(ran).includes(id) ? [1] : [1, 2];
          expect([ran.log, again.log, id, least]).toEqual([
            ran.log,
            again.log,
            id,
            expect.arrayContaining([countOf(id)]),
          ]);
        }
      }
      expect(changes).toBeGreaterThan(0);
      process.stderr.write(`${what}: ${changes} times; ${failed} of ${RUNS} runs failed\n`);
    },
    60_000 + RUNS * 10_000,
  );
});

describe('a step that must not run twice, and that', () => {
  test.each([
    ['removes the directory of its own files', 'rm -rf "$PREFLIGHT_STATE_DIR/run"'],
    ['moves it', 'mv "$PREFLIGHT_STATE_DIR/run" "$PREFLIGHT_STATE_DIR/moved"'],
    [
      'puts a link to something valuable in its place',
      'mv "$PREFLIGHT_STATE_DIR/run" "$HOME/moved"; mkdir -p "$HOME/valuable/once"; touch "$HOME/valuable/once/file"; ln -s "$HOME/valuable" "$PREFLIGHT_STATE_DIR/run"',
    ],
  ])('%s is in doubt, and not taken for one that never started', async (_what, does) => {
    job.write(
      'preflight.yml',
      `steps:\n  - { id: once, idempotent: false, run: 'echo once >> ran; ${does}' }\n`,
    );
    const first = await job.main();
    expect([first.log, first.code]).toEqual([first.log, 1]);
    // Whatever stands in its place now is not followed, and what was there stays.
    const below = join(job.home, 'user', 'valuable', 'once');
    expect(existsSync(below) ? readdirSync(below) : ['file']).toEqual(['file']);
    rmSync(join(job.deployment(), 'run'), { force: true, recursive: true });
    const second = await job.main({ attempt: 2 });
    expect([second.log, second.outputs.get('outcome')]).toEqual([second.log, 'in-doubt']);
    expect(job.read('ran')).toBe('once\n');
  });
});
