import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostStore } from '../../src/edges/host-store.ts';
import { openHostStore } from '../../src/edges/host-store.ts';
import type { KnownDeployment, StateProblem } from '../../src/ports.ts';
import { encodeStepRecord } from '../../src/state/codec.ts';
import { describeStoreContract } from '../contract/store-contract.ts';
import { compileSources } from '../support/compiled-sources.ts';
import { temporaryFolder } from '../support/folders.ts';
import { deploymentRecord, lastError, namesOf, stepRecord } from '../support/records.ts';

const NOW = '2026-11-22T10:46:00+00:00';

describeStoreContract('the store on the host', () => {
  const { path: stateDir, remove } = temporaryFolder();
  return {
    open: (target, deployment) => openHostStore({ stateDir, target, deployment }),
    close: remove,
  };
});

const record = deploymentRecord();
const { target, deployment } = namesOf(record);
let folder: ReturnType<typeof temporaryFolder>;
let store: HostStore;

beforeEach(() => {
  folder = temporaryFolder();
  store = open(folder.path);
});
afterEach(() => {
  folder.remove();
});

function open(stateDir: string): HostStore {
  return openHostStore({ stateDir, target, deployment });
}

/** A deployment with one complete step, as most tests find it. */
async function saveSome(): Promise<void> {
  await store.saveDeployment(record);
  await store.saveStep(stepRecord({ step: 'pull', state: 'succeeded' }));
  await store.putMarker('pull', NOW);
  await store.noteMarked(stepRecord({ step: 'pull', state: 'succeeded', marked: true }));
  await store.makeCurrent();
}

async function known(): Promise<KnownDeployment> {
  const loaded = await open(folder.path).load();
  if (!loaded.ok) throw new Error(`${loaded.error.path} ${loaded.error.message}`);
  return loaded.value;
}

async function problem(): Promise<StateProblem> {
  const loaded = await open(folder.path).load();
  if (loaded.ok) throw new Error('was loaded');
  return loaded.error;
}

/** Every file below the state dir, with what would show that it was touched. */
function snapshot(): readonly string[] {
  return readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const stat = lstatSync(join(folder.path, path));
      return `${path} ${stat.ino} ${stat.mode.toString(8)} ${stat.mtimeMs} ${stat.ctimeMs}`;
    });
}

describe('the layout', () => {
  test('is that of the contract, and private whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await saveSome();
      await store.saveLastError(lastError());
    } finally {
      process.umask(before);
    }
    const at = (path: string) => join(folder.path, target, path);
    expect(readlinkSync(at('current'))).toBe(deployment);
    expect(readFileSync(at('current/.checkpoint-pull'), 'utf8')).toBe(`${NOW}\n`);
    expect(store.directory).toBe(at(deployment));
    expect(store.runDirectory).toBe(at(`${deployment}/run`));
    for (const file of ['.checkpoint-pull', '.last-error', 'deployment.json', 'steps/pull.json']) {
      expect(`${file} ${(statSync(at(`${deployment}/${file}`)).mode & 0o777).toString(8)}`).toBe(
        `${file} 600`,
      );
    }
    for (const directory of ['', deployment, `${deployment}/steps`]) {
      expect(statSync(at(directory)).mode & 0o777).toBe(0o700);
    }
  });

  test('is usable even when the umask would take everything away', async () => {
    const before = process.umask(0o777);
    try {
      await saveSome();
    } finally {
      process.umask(before);
    }
    expect(statSync(join(store.directory, 'steps/pull.json')).mode & 0o777).toBe(0o600);
    expect(statSync(store.directory).mode & 0o777).toBe(0o700);
  });

  test('is not touched by loading', async () => {
    await store.load();
    expect(readdirSync(folder.path)).toEqual([]);
    await saveSome();
    writeFileSync(join(store.directory, '.tmp-0123'), 'left by a killed writer');
    const before = snapshot();
    await known();
    expect(snapshot()).toEqual(before);
  });

  test('loses what killed writers left, with the first write', async () => {
    await saveSome();
    const left = [join(store.directory, '.tmp-0123'), join(store.directory, 'steps/.tmp-0123')];
    for (const path of left) writeFileSync(path, '{"schema_ver');
    expect((await known()).steps.size).toBe(1);
    await open(folder.path).putMarker('up', NOW);
    expect(left.filter((path) => existsSync(path))).toEqual([]);
  });
});

describe('markers', () => {
  test('of other programs are found, and never touched', async () => {
    await saveSome();
    writeFileSync(join(store.directory, '.checkpoint-by_hand'), '');
    writeFileSync(join(store.directory, '.checkpoint-other.lib'), 'Sun Nov 22 10:46:00 UTC 2026\n');
    writeFileSync(join(store.directory, '.checkpoint-no-newline'), NOW);
    const { markers } = await known();
    expect(
      Object.fromEntries([...markers].map(([step, { completedAt }]) => [step, completedAt])),
    ).toEqual({
      pull: NOW,
      by_hand: '',
      'other.lib': 'Sun Nov 22 10:46:00 UTC 2026',
      'no-newline': NOW,
    });
  });

  test('that are huge or hostile are read in part and made printable', async () => {
    await saveSome();
    writeFileSync(join(store.directory, '.checkpoint-huge'), 'x'.repeat(20_000_000));
    writeFileSync(join(store.directory, '.checkpoint-hostile'), '\u001b[31m::error::x\u2028\0\n2');
    writeFileSync(
      join(store.directory, '.checkpoint-binary'),
      Buffer.from([0xff, 0xfe, 0x0d, 0x41]),
    );
    const { markers } = await known();
    expect(markers.get('huge')?.completedAt).toBe('x'.repeat(200));
    expect(markers.get('hostile')?.completedAt).toBe('\uFFFD[31m::error::x\uFFFD\uFFFD');
    expect(markers.get('binary')?.completedAt).toBe('\uFFFD\uFFFD');
  });

  test.each<[string, (path: string) => void]>([
    ['a directory', mkdirSync],
    [
      'a link',
      (path) => {
        symlinkSync('/etc/hostname', path);
      },
    ],
    [
      'a link to nowhere',
      (path) => {
        symlinkSync('/nonexistent', path);
      },
    ],
    ['a named pipe', (path) => execFileSync('mkfifo', [path])],
  ])('that are %s are refused by name', async (_, make) => {
    await saveSome();
    const path = join(store.directory, '.checkpoint-migrate');
    make(path);
    expect((await problem()).path).toBe(path);
  });

  test('with names that no step can have are left alone', async () => {
    await saveSome();
    mkdirSync(join(store.directory, '.checkpoint-'));
    mkdirSync(join(store.directory, '.checkpoint-a b'));
    execFileSync('bash', ['-c', String.raw`touch "$1"/.checkpoint-$'\377'`, '-', store.directory]);
    expect([...(await known()).markers.keys()]).toEqual(['pull']);
  });

  test.each(['../../x', 'a/b', '', '.', 'a\0b', 'x'.repeat(300)])(
    'are never made for a step called %j',
    async (step) => {
      await saveSome();
      const before = snapshot();
      const outcomes = [
        await store.putMarker(step, NOW),
        await store.saveStep(stepRecord({ step })),
        await store.noteMarked(stepRecord({ step })),
        await store.removeMarkers([step]),
        await store.removeSteps([step]),
      ];
      expect(outcomes.map((outcome) => !outcome.ok && outcome.error.code)).toEqual(
        Array(5).fill('EINVAL'),
      );
      expect(snapshot()).toEqual(before);
    },
  );

  test('hold one line, whatever the time is said to be', async () => {
    await store.putMarker('pull', 'a\nb');
    expect(readFileSync(join(store.directory, '.checkpoint-pull'), 'utf8')).toBe('a\n');
  });
});

describe('a change', () => {
  test('is on disk before its name is, and its name before we go on', () => {
    const sources = temporaryFolder();
    try {
      compileSources(sources.path);
      const worker = join(import.meta.dirname, '../support/traced-store.mjs');
      const args = [worker, sources.path, folder.path, JSON.stringify(stepRecord())];
      const traced = JSON.parse(
        execFileSync(process.execPath, args, { encoding: 'utf8' }),
      ) as unknown;
      const record = [
        'write temporary',
        'sync temporary',
        'rename steps/migrate.json',
        'sync steps',
      ];
      expect(traced).toEqual({
        removeMarkers: ['unlink .checkpoint-migrate', 'sync .'],
        started: record,
        ended: record,
        marker: ['write temporary', 'sync temporary', 'rename .checkpoint-migrate', 'sync .'],
        note: ['write steps/migrate.json'],
      });
    } finally {
      sources.remove();
    }
  });
});

describe('the note that a checkpoint was made', () => {
  test('is written in place: no other file takes the place of the safe one', async () => {
    const ended = stepRecord({ state: 'succeeded' });
    await store.saveStep(ended);
    const path = join(store.directory, 'steps/migrate.json');
    const { ino } = statSync(path);
    await store.noteMarked({ ...ended, marked: true });
    expect(statSync(path).ino).toBe(ino);
    expect(readFileSync(path, 'utf8')).toBe(encodeStepRecord({ ...ended, marked: true }));
  });
});

describe('state that is not understood', () => {
  test.each<[string, (path: string) => void, string]>([
    [
      'truncated',
      (path) => {
        truncateSync(path, 100);
      },
      'cut off',
    ],
    [
      'empty',
      (path) => {
        truncateSync(path, 0);
      },
      'is empty',
    ],
    [
      'newer',
      (path) => {
        writeFileSync(path, '{"schema_version":7}');
      },
      'newer version (schema 7',
    ],
    [
      'of a wrong type',
      (path) => {
        writeFileSync(path, '{"schema_version":1}');
      },
      'not understood',
    ],
    [
      'too large',
      (path) => {
        writeFileSync(path, ' '.repeat(9 << 20));
      },
      'larger than 8 MiB',
    ],
    [
      'not UTF-8',
      (path) => {
        writeFileSync(path, Buffer.from('{"a":"\xff"}', 'latin1'));
      },
      'not UTF-8',
    ],
    [
      'a link',
      (path) => {
        rmSync(path);
        symlinkSync('/etc/hostname', path);
      },
      'symbolic link',
    ],
    [
      'a directory',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      'not a regular file',
    ],
  ])('is refused when %s, with the file named and left as it is', async (_, spoil, why) => {
    for (const file of ['steps/pull.json', 'deployment.json']) {
      await saveSome();
      const path = join(store.directory, file);
      spoil(path);
      const before = snapshot();
      const { path: named, message } = await problem();
      expect(named).toBe(path);
      expect(message).toContain(why);
      expect(snapshot()).toEqual(before);
      rmSync(path, { recursive: true });
    }
  });

  test('says how to go on', async () => {
    await saveSome();
    truncateSync(join(store.directory, 'steps/pull.json'), 5);
    expect((await problem()).message).toContain('remove the file');
    writeFileSync(join(store.directory, 'steps/pull.json'), '{"schema_version":2}');
    expect((await problem()).message).toContain('Use the version of the action that wrote it');
  });

  test('includes records that belong somewhere else', async () => {
    await saveSome();
    writeFileSync(
      join(store.directory, 'steps/up.json'),
      encodeStepRecord(stepRecord({ step: 'pull' })),
    );
    expect((await problem()).message).toContain('the record of another step, pull');
    rmSync(join(store.directory, 'steps/up.json'));
    await store.saveDeployment(deploymentRecord({ deployment_id: '4712' }));
    expect((await problem()).message).toContain('belongs to another deployment');
  });

  test.each([
    ['the deployment', () => store.directory],
    ['the target', () => join(folder.path, target)],
    ['the records', () => join(store.directory, 'steps')],
  ])('includes a link in place of the directory of %s', async (_, pathOf) => {
    await saveSome();
    const elsewhere = temporaryFolder();
    try {
      rmSync(pathOf(), { recursive: true });
      symlinkSync(elsewhere.path, pathOf());
      expect((await problem()).path).toBe(pathOf());
      expect((await open(folder.path).saveStep(stepRecord())).ok).toBe(false);
      expect(readdirSync(elsewhere.path)).toEqual([]);
    } finally {
      elsewhere.remove();
    }
  });

  test('does not include a last error in somebody else’s format', async () => {
    await saveSome();
    writeFileSync(join(store.directory, '.last-error'), 'boom at line 3\n');
    expect((await known()).lastError).toBeUndefined();
  });
});

describe('current', () => {
  const link = () => join(folder.path, target, 'current');

  test.each([
    ['relative', () => '4712-0123456789', '4712-0123456789'],
    ['with a slash', () => './4712-0123456789/', '4712-0123456789'],
    ['absolute', () => join(folder.path, target, '4712-0123456789'), '4712-0123456789'],
  ])('is understood when it is %s, even if its directory is gone', async (_, to, expected) => {
    await saveSome();
    rmSync(link());
    symlinkSync(to(), link());
    expect((await known()).current).toBe(expected);
  });

  test('that leads away, or is no link, is refused', async () => {
    await saveSome();
    rmSync(link());
    symlinkSync('/etc', link());
    expect((await problem()).message).toContain('points out of its directory');
    rmSync(link());
    mkdirSync(link());
    expect((await problem()).message).toContain('not a symbolic link');
    expect((await store.makeCurrent()).ok).toBe(false);
  });
});

describe('a host that fails', () => {
  test('a full disk is a fault that names it, and what was complete stays so', async () => {
    const disk = join(folder.path, 'disk');
    mkdirSync(disk);
    const smallDisk = mountSmallDisk(disk);
    try {
      store = open(disk);
      await saveSome();
      const refill = smallDisk.fill(store.directory);
      const { code } = smallDisk;
      const large = stepRecord({ name: 'x'.repeat(10_000) });
      expect(await store.saveStep(large)).toMatchObject({ ok: false, error: { code } });
      expect((await store.putMarker('migrate', NOW)).ok).toBe(false);
      expect((await store.saveLastError(lastError())).ok).toBe(false);
      expect((await store.saveDeployment(record)).ok).toBe(false);

      const loaded = await open(disk).load();
      expect(loaded.ok && [...loaded.value.steps.keys()]).toEqual(['pull']);
      expect(loaded.ok && [...loaded.value.markers.keys()]).toEqual(['pull']);
      const left = readdirSync(disk, { recursive: true, encoding: 'utf8' });
      expect(left.filter((path) => path.includes('.tmp-'))).toEqual([]);

      refill();
      expect((await store.saveStep(stepRecord())).ok).toBe(true);
    } finally {
      smallDisk.unmount();
    }
  });

  test('a state dir that vanished under us is a fault, not a new beginning', async () => {
    await saveSome();
    rmSync(join(folder.path, target), { recursive: true });
    expect(await store.putMarker('up', NOW)).toMatchObject({
      ok: false,
      error: { code: 'ENOENT' },
    });
    expect(existsSync(store.directory)).toBe(false);
  });

  test('a state dir that is a file is a fault for every write', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    expect(await open(file).saveStep(stepRecord())).toMatchObject({
      ok: false,
      error: { code: 'ENOTDIR' },
    });
  });

  test('a record that could not be read back is not written', async () => {
    await store.saveStep(stepRecord());
    const summary = 'x'.repeat(8 << 20);
    const huge = stepRecord({ results: { outputs: [], env: [], path: [], summary } });
    expect(await store.saveStep(huge)).toMatchObject({ ok: false, error: { code: 'EFBIG' } });
    expect((await known()).steps.get('migrate')).toEqual(stepRecord());
  });

  test('a directory that cannot be read is a problem that names it', async () => {
    await saveSome();
    // Root may read everything, so this is told by another user.
    chmodSync(folder.path, 0o755);
    for (const path of [
      join(folder.path, target),
      store.directory,
      join(store.directory, 'steps'),
    ]) {
      if (process.getuid?.() === 0) chownSync(path, 65_534, 65_534);
    }
    chmodSync(join(store.directory, 'deployment.json'), 0o000);
    const loaded = await asNobody(() => open(folder.path).load());
    expect(loaded).toMatchObject({
      ok: false,
      error: { path: join(store.directory, 'deployment.json') },
    });
  });
});

/** Runs `action` as a user without rights, where we have the right to become one. */
async function asNobody<T>(action: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return action();
  process.seteuid?.(65_534);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

interface SmallDisk {
  /** What writing to it fails with once it is full. */
  readonly code: string;
  /** Leaves no room for another file in the directory, and returns how to make room again. */
  fill(directory: string): () => void;
  unmount(): void;
}

/** A disk that can be filled; a directory that takes no more files, where nothing may be mounted. */
function mountSmallDisk(path: string): SmallDisk {
  if (process.getuid?.() !== 0) {
    const setMode = (directory: string, mode: number) => {
      for (const each of [directory, join(directory, 'steps')]) chmodSync(each, mode);
    };
    return {
      code: 'EACCES',
      fill: (directory) => {
        setMode(directory, 0o500);
        return () => {
          setMode(directory, 0o700);
        };
      },
      unmount: () => undefined,
    };
  }
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path]);
  const ballast = join(path, 'ballast');
  return {
    code: 'ENOSPC',
    fill: () => {
      expect(() => {
        writeFileSync(ballast, Buffer.alloc(512 * 1024));
      }).toThrow('ENOSPC');
      return () => {
        rmSync(ballast);
      };
    },
    unmount: () => {
      execFileSync('umount', [path]);
    },
  };
}
