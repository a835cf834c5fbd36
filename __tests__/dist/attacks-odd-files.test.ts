import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Phase, Ran } from '../support/action.ts';
import { Job } from '../support/action.ts';
import { Canary } from '../support/canary.ts';
import { canTest, isRoot } from '../support/machine.ts';
import { countRepeats } from '../support/soak.ts';

const LONGEST_MS = 30_000;

const PLAN = `steps:
  - { id: one, run: 'echo one >> ran; ls "$PREFLIGHT_STATE_DIR/../../locks" > locks' }
  - { id: two, run: 'echo two >> ran; [ -e mended ]' }
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
  rmSync(job.stateDir, { recursive: true, force: true });
  cpSync(join(job.home, 'before'), job.stateDir, { recursive: true, verbatimSymlinks: true });
  job.write('ran', 'one\ntwo\n');
});
afterAll(() => {
  job.remove();
});

async function runAgain(phase: Phase = {}): Promise<Ran> {
  const started = performance.now();
  const ran = await job.main({ attempt: 2, ...phase });
  expect(performance.now() - started).toBeLessThan(LONGEST_MS);
  expect(ran.signal).toBe(null);
  expect(canary.isWhole()).toBe(true);
  expect(ran.log).not.toMatch(/internal error|at .*index\.js:\d+/u);
  return ran;
}

/** Nothing ran, and one error names the path. */
function expectRefused(ran: Ran, path: string): void {
  expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'blocked']);
  const errors = ran.log.split('\n').filter((line) => line.startsWith('::error'));
  expect(errors).toEqual([expect.stringContaining(path)]);
  expect(job.read('ran')).toBe('one\ntwo\n');
}

/** It went on from where the first run stopped. */
function expectResumed(ran: Ran): void {
  expect([ran.log, ran.outputs.get('outcome')]).toEqual([ran.log, 'succeeded']);
  expect(job.read('ran')).toBe('one\ntwo\ntwo\n');
}

const lockPath = (): string => join(job.stateDir, 'locks', job.read('locks').trim());

const PLACES: Readonly<Record<string, () => string>> = {
  'the state dir': () => job.stateDir,
  'the target': () => dirname(job.deployment()),
  'the deployment': () => job.deployment(),
  'the records': () => join(job.deployment(), 'steps'),
  'the deployment’s record': () => join(job.deployment(), 'deployment.json'),
  'a step’s record': () => join(job.deployment(), 'steps', 'one.json'),
  'a checkpoint': () => join(job.deployment(), '.checkpoint-one'),
  'the last error': () => join(job.deployment(), '.last-error'),
  'the link to the current deployment': () => join(dirname(job.deployment()), 'current'),
  'the locks': () => join(job.stateDir, 'locks'),
  'the lock': lockPath,
  'the commands’ directories': () => join(job.deployment(), 'run'),
};

const MAKE_SOCKET = 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])';
const FORMS: Readonly<Record<string, (path: string) => void>> = {
  'a socket': (path) => {
    // From beside it: the name of a socket has no more than 108 bytes.
    execFileSync('python3', ['-c', MAKE_SOCKET, 'odd'], { cwd: dirname(path) });
    renameSync(join(dirname(path), 'odd'), path);
  },
  'a device that never ends': (path) => execFileSync('mknod', [path, 'c', '1', '5']),
  'a block device': (path) => execFileSync('mknod', [path, 'b', '7', '250']),
  'a link to itself': (path) => {
    symlinkSync(path, path);
  },
  'a link to something valuable': (path) => {
    symlinkSync(canary.directory, path);
  },
  'a file of 10 GB without content': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 10 * 2 ** 30);
  },
};

const FILES = ['the deployment’s record', 'a step’s record', 'a checkpoint', 'the last error'];
const ROWS: readonly (readonly [string, readonly string[]])[] = [
  ['a socket', Object.keys(PLACES)],
  ['a device that never ends', [...FILES, 'the lock']],
  ['a block device', ['a step’s record', 'the lock']],
  ['a link to itself', ['the state dir', 'the records', 'a checkpoint', 'the lock', 'the locks']],
  ['a link to something valuable', ['the lock', 'the commands’ directories']],
  ['a file of 10 GB without content', ['the lock', 'the commands’ directories']],
];
const isPossible = (form: string): boolean =>
  !form.includes('device') || canTest(isRoot(), 'the right to make devices');

describe('in the state dir', () => {
  test.each(
    ROWS.filter(([form]) => isPossible(form)).flatMap(([form, places]) =>
      places.map((place) => [form, place] as const),
    ),
  )('%s in place of %s is named, and nothing runs', async (form, place) => {
    const path = PLACES[place]?.() ?? '';
    rmSync(path, { recursive: true, force: true });
    FORMS[form]?.(path);
    expectRefused(await runAgain(), path);
  });

  test('a path on which a link leads to itself is refused', async () => {
    const loop = join(job.home, 'user', 'loop');
    symlinkSync(loop, loop);
    const ran = await runAgain({ inputs: { 'state-dir': join(loop, 'state') } });
    rmSync(loop);
    expectRefused(ran, loop);
  });

  test('names that are no names, of files and directories, change nothing and say nothing', async () => {
    const names = [
      'x\n::error::forged',
      '\r##[error]forged',
      '::error::forged',
      '.checkpoint-',
      '~',
    ]
      .map((name) => Buffer.from(name))
      .concat([
        Buffer.from([0x66, 0xff, 0xfe]),
        Buffer.concat([Buffer.from('.checkpoint-'), Buffer.from([0xff])]),
        Buffer.from('.checkpoint-one\n'),
        Buffer.from('.tmp-\n'),
        Buffer.from('.json'),
        Buffer.from('x'.repeat(255)),
      ]);
    const places = ['the state dir', 'the target', 'the deployment', 'the records', 'the locks'];
    // All of them before anything strange is there.
    for (const directory of places.map((place) => PLACES[place]?.() ?? '')) {
      for (const [number, name] of names.entries()) {
        const path = Buffer.concat([Buffer.from(`${directory}/`), name]);
        if (number % 2 === 0) writeFileSync(path, 'stray');
        else mkdirSync(path);
      }
    }
    const ran = await runAgain();
    expectResumed(ran);
    expect(ran.log).not.toContain('forged');
    for (const mode of ['status', 'plan']) {
      const looked = await job.main({ attempt: 3, inputs: { mode } });
      expect([looked.log, looked.code]).toEqual([looked.log, 0]);
      expect(looked.log).not.toContain('forged');
    }
    const post = await job.post({ attempt: 2, env: Job.handOver(ran) });
    expect(post.log).toContain('is closed');
    expect(post.log).not.toContain('forged');
  });

  const MANY = countRepeats(10_000, 100_000);
  test(`${MANY} stray files are passed over`, async () => {
    for (const place of ['the deployment', 'the records', 'the locks', 'the target']) {
      const directory = PLACES[place]?.() ?? '';
      const write = `seq ${MANY / 4} | xargs -I{} -n 500 printf '%s\\n' stray-{} | xargs touch`;
      execFileSync('bash', ['-c', write], { cwd: directory });
    }
    expectResumed(await runAgain());
  });
});

/** A mount that only this run sees. */
const withMount = (mount: string): Phase => ({
  under: ['unshare', '-m', 'bash', '-ec', `${mount}; exec "$@"`, 'bash'],
});

if (canTest(isRoot(), 'the right to mount')) {
  describe('another file system', () => {
    test.each(['the state dir', 'the records', 'the commands’ directories'])(
      'mounted noexec, nodev and nosuid in place of %s, with what was there, is as good as any',
      async (place) => {
        const path = PLACES[place]?.() ?? '';
        mkdirSync(path, { recursive: true });
        const mount = `cp -a '${path}' '${job.home}/copy'; mount -t tmpfs -o mode=700,noexec,nodev,nosuid none '${path}'; cp -a '${job.home}/copy/.' '${path}'; rm -rf '${job.home}/copy'`;
        expectResumed(await runAgain(withMount(mount)));
      },
    );

    test.each(['a step’s record', 'the deployment’s record'])(
      'that holds %s alone stops the run before anything starts',
      async (place) => {
        const path = (PLACES[place]?.() ?? '').replace('one.json', 'two.json');
        const mount = `cp '${path}' '${job.home}/copy'; mount --bind '${job.home}/copy' '${path}'`;
        const ran = await runAgain(withMount(mount));
        rmSync(join(job.home, 'copy'));
        expect([ran.log, ran.code]).toEqual([ran.log, 1]);
        expect(ran.log).toMatch(/::error.*EBUSY/u);
        expect(job.read('ran')).toBe('one\ntwo\n');
        expectResumed(await runAgain());
      },
    );
  });
}

/** Sets an attribute of the file system, and takes it away again. */
async function withAttribute(
  attribute: string,
  path: string,
  act: () => Promise<void>,
): Promise<void> {
  execFileSync('chattr', [`+${attribute}`, path]);
  try {
    await act();
  } finally {
    execFileSync('chattr', [`-${attribute}`, path]);
  }
}

function canChangeAttributes(): boolean {
  const probe = join(tmpdir(), `preflight-attribute-${process.pid}`);
  writeFileSync(probe, '');
  const set = spawnSync('chattr', ['+i', probe]).status === 0;
  spawnSync('chattr', ['-i', probe]);
  rmSync(probe);
  return set;
}

if (canTest(canChangeAttributes(), 'attributes of files (chattr)')) {
  describe('what may not be changed', () => {
    test.each([
      ['i', 'the state dir'],
      ['i', 'the records'],
      ['i', 'the deployment’s record'],
      ['a', 'the deployment'],
      ['a', 'the locks'],
    ])('+%s on %s: one error names it, and the next run goes on', async (attribute, place) => {
      const path = PLACES[place]?.() ?? '';
      await withAttribute(attribute, path, async () => {
        const ran = await runAgain();
        expect(ran.log.split('\n').filter((line) => line.startsWith('::error'))).toEqual([
          expect.stringMatching(/EPERM/u),
        ]);
        expect(job.read('ran')).toBe('one\ntwo\n');
      });
      expectResumed(await runAgain({ attempt: 3 }));
    });
  });
}

describe('rights', () => {
  test.each(['1700', '2700', '3750'])('of mode %s are as good as any', async (mode) => {
    chmodSync(job.stateDir, Number.parseInt(mode, 8));
    expectResumed(await runAgain());
  });

  /** An access control list in the kernel's own form: owner, one other user, group, mask, all others. */
  function setAcl(path: string, kind: 'access' | 'default', rights: number): boolean {
    const script = `import os, struct, sys
own = 0xffffffff
entries = [(1, 7, own), (2, ${rights}, 65534), (4, 0, own), (16, ${rights}, own), (32, 0, own)]
data = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
os.setxattr(sys.argv[1], 'system.posix_acl_${kind}', data)`;
    return spawnSync('python3', ['-c', script, path]).status === 0;
  }
  const probe = mkdtempSync(join(tmpdir(), 'preflight-acl-'));
  const hasAcls = canTest(setAcl(probe, 'default', 7), 'access control lists');
  rmSync(probe, { recursive: true });

  if (hasAcls) {
    test.each(['the state dir', 'the records'])(
      'that a list gives another user to write to %s are seen, and refused',
      async (place) => {
        const path = PLACES[place]?.() ?? '';
        setAcl(path, 'access', 7);
        expectRefused(await runAgain(), path);
        setAcl(path, 'access', 5);
        expectResumed(await runAgain());
      },
    );

    test('that a list would pass on to what is made there are not passed on', async () => {
      rmSync(job.stateDir, { recursive: true });
      mkdirSync(job.stateDir, { mode: 0o700 });
      setAcl(job.stateDir, 'default', 7);
      const ran = await runAgain({ attempt: 1 });
      expect([ran.log, ran.code]).toEqual([ran.log, 0]);
      const modes = readdirSync(job.stateDir, { recursive: true, encoding: 'utf8' })
        .map((name) => lstatSync(join(job.stateDir, name)))
        .filter((stat) => !stat.isSymbolicLink())
        .map(({ mode }) => mode & 0o077);
      // The group's bits are the mask of the list: without them it gives nothing.
      expect(modes.length).toBeGreaterThan(5);
      expect(new Set(modes)).toEqual(new Set([0]));
    });
  }
});
