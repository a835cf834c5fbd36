import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StateDir, StateDirRequest } from '../../src/edges/state-dir.ts';
import { chooseStateDir } from '../../src/edges/state-dir.ts';
import { temporaryFolder } from '../support/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
const at = (path: string) => join(folder.path, path);

beforeEach(() => {
  folder = temporaryFolder();
  for (const path of ['var', 'home', 'runner/_work/shop/shop', 'runner/_work/_temp', 'etc']) {
    mkdirSync(at(path), { recursive: true, mode: 0o755 });
  }
});
afterEach(() => {
  folder.remove();
});

function request(overrides: Partial<StateDirRequest> = {}): StateDirRequest {
  return {
    defaultDir: at('var/freshtrack-deploy'),
    env: { HOME: at('home') },
    workspace: at('runner/_work/shop/shop'),
    runnerWorkspace: at('runner/_work/shop'),
    runnerTemp: at('runner/_work/_temp'),
    uid: process.getuid?.() ?? 0,
    user: 'deployer',
    inContainer: false,
    create: true,
    ...overrides,
  };
}

function choose(overrides: Partial<StateDirRequest> = {}): StateDir {
  const chosen = chooseStateDir(request(overrides));
  if (!chosen.ok) throw new Error(chosen.error.message);
  return chosen.value;
}

function refusal(overrides: Partial<StateDirRequest>): string {
  const chosen = chooseStateDir(request(overrides));
  if (chosen.ok) throw new Error(`${chosen.value.dir} was accepted`);
  return chosen.error.message;
}

/** Makes the default unusable in the way that does not depend on who we are: a file is in its place. */
function blockDefault(): void {
  writeFileSync(at('var/freshtrack-deploy'), '');
}

const HOME_DIR = 'home/.local/state/freshtrack-deploy';
const RUNNER_DIR = 'runner/_work/_freshtrack-deploy';

describe('the default state dir', () => {
  test('is used without a word when it is there', () => {
    mkdirSync(at('var/freshtrack-deploy'), { mode: 0o700 });
    expect(choose()).toEqual({
      dir: at('var/freshtrack-deploy'),
      kind: 'default',
      exists: true,
      notes: [],
    });
  });

  test('is made, private, when it may be', () => {
    expect(choose().kind).toBe('default');
    expect(statSync(at('var/freshtrack-deploy')).mode & 0o777).toBe(0o700);
  });

  test.each<[string, () => void, string]>([
    ['is a file', blockDefault, 'it is not a directory'],
    [
      'is a link to somewhere else',
      () => {
        symlinkSync(at('etc'), at('var/freshtrack-deploy'));
      },
      'it is a symbolic link',
    ],
    [
      'is a link to nowhere',
      () => {
        symlinkSync('/nonexistent', at('var/freshtrack-deploy'));
      },
      'it is a symbolic link',
    ],
    [
      'can be written to by everybody',
      () => {
        mkdirSync(at('var/freshtrack-deploy'));
        chmodSync(at('var/freshtrack-deploy'), 0o1777);
      },
      'other users can write to it (mode 1777)',
    ],
    [
      'lies below a file',
      () => {
        folder.remove();
        mkdirSync(at('home'), { recursive: true });
        writeFileSync(at('var'), '');
      },
      'not a directory',
    ],
    [
      'lies in a directory that everybody can change',
      () => {
        chmodSync(at('var'), 0o777);
      },
      'above it',
    ],
  ])('that %s gives way to the home, says why and how to provision it', (_, spoil, why) => {
    spoil();
    const { dir, kind, notes } = choose();
    expect(kind).toBe('fallback');
    expect(dir).toBe(at(HOME_DIR));
    expect(notes[0]).toContain(`${at('var/freshtrack-deploy')} cannot be used: `);
    expect(notes[0]).toContain(why);
    expect(notes[0]).toMatch(
      /to provision it: (sudo install -d -m 0700 -o deployer|chmod [go]+-w) /,
    );
    expect(notes[1]).toContain(`${at(HOME_DIR)} is used instead`);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('of another user is nobody’s to use, and neither is what turns out not to be ours', () => {
    mkdirSync(at('var/freshtrack-deploy'), { mode: 0o700 });
    const message = refusal({ uid: (process.getuid?.() ?? 0) + 1 });
    for (const dir of ['var/freshtrack-deploy', HOME_DIR, RUNNER_DIR]) {
      expect(message).toContain(`${at(dir)} cannot be used: it belongs to another user`);
    }
  });

  test('that may not be made gives way, and names the one command', () => {
    const { notes, dir } = asOrdinaryUser(() => choose({ user: "o'neil", uid: 65_534 }));
    expect(dir).toBe(at(HOME_DIR));
    expect(notes[0]).toContain('it does not exist and cannot be made (EACCES');
    const command = `sudo install -d -m 0700 -o 'o'\\''neil' ${at('var/freshtrack-deploy')}`;
    expect(notes[0]?.endsWith(`; to provision it: ${command}`)).toBe(true);
  });
});

describe('the fallbacks', () => {
  test('are XDG_STATE_HOME before the home, and a relative one counts for nothing', () => {
    blockDefault();
    expect(choose({ env: { HOME: at('home'), XDG_STATE_HOME: at('xdg') } }).dir).toBe(
      at('xdg/freshtrack-deploy'),
    );
    expect(choose({ env: { HOME: at('home'), XDG_STATE_HOME: 'xdg' } }).dir).toBe(at(HOME_DIR));
  });

  test('end beside the workspace, never in it', () => {
    blockDefault();
    expect(choose({ env: {} }).dir).toBe(at(RUNNER_DIR));
    const workspace = at('runner/_work/shop/shop');
    const { dir, notes } = choose({ env: { HOME: workspace } });
    expect(dir).toBe(at(RUNNER_DIR));
    expect(notes.join('\n')).toContain('inside the checkout');
  });

  test('are searched for the deployment before anything is made', () => {
    mkdirSync(at(RUNNER_DIR), { mode: 0o700 });
    const { dir, notes } = choose({ find: (candidate) => candidate === at(RUNNER_DIR) });
    expect(dir).toBe(at(RUNNER_DIR));
    expect(notes).toEqual([`${at(RUNNER_DIR)} is used instead: the deployment is recorded there`]);
    expect(readdirSync(at('var'))).toEqual([]);
    expect(readdirSync(at('home'))).toEqual([]);
  });

  test('are not searched when they cannot be trusted', () => {
    mkdirSync(at(RUNNER_DIR));
    chmodSync(at(RUNNER_DIR), 0o777);
    const searched: string[] = [];
    const { kind } = choose({
      find: (candidate) => {
        searched.push(candidate);
        return true;
      },
    });
    expect(searched).toEqual([]);
    expect(kind).toBe('default');
  });

  test('that are all unusable make an error that names each', () => {
    blockDefault();
    writeFileSync(at('home/.local'), '');
    writeFileSync(at(RUNNER_DIR), '');
    const message = refusal({});
    for (const dir of ['var/freshtrack-deploy', HOME_DIR, RUNNER_DIR]) {
      expect(message).toContain(`${at(dir)} cannot be used`);
    }
  });
});

describe('a state dir that is only looked at', () => {
  test('is not made', () => {
    expect(choose({ create: false })).toEqual({
      dir: at('var/freshtrack-deploy'),
      kind: 'default',
      exists: false,
      notes: [],
    });
    expect(choose({ create: false, chosen: at('mine') }).exists).toBe(false);
    expect(readdirSync(folder.path).sort()).toEqual(['etc', 'home', 'runner', 'var']);
    expect(readdirSync(at('var'))).toEqual([]);
  });
});

describe('a job container', () => {
  test('has only volumes to keep state on, and never its home', () => {
    const { dir, notes } = choose({
      inContainer: true,
      isVolume: (path) => path.startsWith(at('runner')) || path.startsWith(at('home')),
    });
    expect(dir).toBe(at(RUNNER_DIR));
    expect(notes.join('\n')).toContain('lies on none');
    expect(notes.join('\n')).toContain('home of a job container');
  });

  test('may be given a volume as state dir, and nothing else', () => {
    const chosen = at('var/state');
    expect(choose({ inContainer: true, chosen, isVolume: () => true }).dir).toBe(chosen);
    expect(refusal({ inContainer: true, chosen, isVolume: () => false })).toContain('volumes');
    expect(refusal({ inContainer: true, chosen: '/root/state' })).toContain('volumes');
  });
});

describe('a state dir that the user chose', () => {
  test('is that one, made when it is missing', () => {
    expect(choose({ chosen: at('var/a/b') })).toEqual({
      dir: at('var/a/b'),
      kind: 'chosen',
      exists: true,
      notes: [],
    });
  });

  test('may be readable by others, since what lies in it is not', () => {
    mkdirSync(at('mine'), { mode: 0o755 });
    expect(choose({ chosen: at('mine') }).dir).toBe(at('mine'));
  });

  test.each<[string, () => string, string]>([
    [
      'a file',
      () => {
        writeFileSync(at('mine'), '');
        return at('mine');
      },
      'is not a directory',
    ],
    [
      'a link',
      () => {
        symlinkSync(at('etc'), at('mine'));
        return at('mine');
      },
      'symbolic link',
    ],
    [
      'a link with a slash behind it',
      () => {
        symlinkSync(at('etc'), at('mine'));
        return `${at('mine')}/`;
      },
      'symbolic link',
    ],
    [
      'writable for its group',
      () => {
        mkdirSync(at('mine'));
        chmodSync(at('mine'), 0o770);
        return at('mine');
      },
      'To set it right: chmod go-w',
    ],
    ['in the checkout', () => at('runner/_work/shop/shop/.state'), 'inside the checkout'],
    ['the checkout', () => at('runner/_work/shop/shop'), 'inside the checkout'],
    [
      'in the checkout by way of a link',
      () => {
        symlinkSync(at('runner/_work/shop/shop'), at('via'));
        return at('via/state');
      },
      'inside the checkout',
    ],
    ['relative', () => 'state', 'not an absolute path'],
    ['in nobody’s home', () => '~/state', 'not an absolute path'],
    ['not a path at all', () => '/a\0b', 'cannot be looked at'],
    ['too long', () => `/${'x'.repeat(5000)}`, 'cannot be looked at (ENAMETOOLONG)'],
    ['in a place that cannot be made', () => '/proc/nowhere/at/all/state', 'cannot be made'],
  ])('is an error when it is %s, and nothing is made', (_, make, why) => {
    const chosen = make();
    expect(refusal({ chosen })).toContain(why);
    expect(existsSync(at(HOME_DIR))).toBe(false);
    expect(existsSync(at('var/freshtrack-deploy'))).toBe(false);
    expect(readdirSync(at('runner/_work/shop/shop'))).toEqual([]);
  });

  test('is not in the checkout for having a similar name', () => {
    expect(choose({ chosen: at('runner/_work/shop/shop-state') }).kind).toBe('chosen');
    expect(choose({ chosen: at('runner/_work/shop/..state') }).kind).toBe('chosen');
  });
});

/** Runs as a user whose home is `home` and who may write nowhere else. */
function asOrdinaryUser<T>(action: () => T): T {
  if (process.getuid?.() !== 0) {
    chmodSync(at('var'), 0o555);
    return action();
  }
  chmodSync(folder.path, 0o755);
  chownSync(at('home'), 65_534, 65_534);
  process.seteuid?.(65_534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}
