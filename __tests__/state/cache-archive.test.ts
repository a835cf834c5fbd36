import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readOnlyFile } from '../../src/state/cache-archive.ts';
import { temporaryFolder } from '../support/folders.ts';

const NAME = 'preflight-checkpoint';
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

function path(name: string): string {
  return join(folder.path, name);
}

/** An archive as the system's own tar makes it. */
function pack(...args: readonly string[]): Buffer {
  execFileSync('tar', ['-P', '-C', folder.path, '-cf', path('archive'), ...args]);
  return readFileSync(path('archive'));
}

function read(archive: Uint8Array): string {
  const file = readOnlyFile(archive, NAME);
  return file.ok ? Buffer.from(file.value).toString() : `refused: ${file.error}`;
}

describe('an archive with one checkpoint', () => {
  test.each(['--format=posix', '--format=ustar', '--format=gnu', '--format=v7'])(
    'is read, as tar makes it with %s',
    (format) => {
      for (const content of ['', 'x', 'y'.repeat(511), 'z'.repeat(512), 'ü'.repeat(70_000)]) {
        writeFileSync(path(NAME), content);
        expect(read(pack(format, NAME))).toBe(content);
      }
    },
  );
});

describe('an archive that would write elsewhere, or something else, is refused:', () => {
  beforeEach(() => {
    writeFileSync(path(NAME), 'good');
    writeFileSync(path('other'), 'bad');
  });

  test('another file beside it', () => {
    expect(read(pack(NAME, 'other'))).toMatch(/^refused: holds something else/);
  });
  test('the same file twice', () => {
    expect(read(pack(NAME, '--hard-dereference', NAME))).toMatch(/^refused/);
  });
  test('an absolute name', () => {
    expect(read(pack(path(NAME)))).toMatch(/^refused/);
  });
  test('a name that leads upwards', () => {
    expect(read(pack('--transform', `s,^,../,`, NAME))).toMatch(/^refused/);
  });
  test('a long name that hides behind an extended header', () => {
    const name = `${NAME}${'x'.repeat(150)}`;
    writeFileSync(path(name), 'bad');
    for (const format of ['posix', 'gnu']) {
      expect(read(pack(`--format=${format}`, name))).toMatch(/^refused/);
    }
  });
  test('a directory, a link, a hard link, a pipe', () => {
    mkdirSync(path('d'));
    symlinkSync('/etc/passwd', path('l'));
    linkSync(path(NAME), path('h'));
    execFileSync('mkfifo', [path('p')]);
    expect(read(pack('d'))).toMatch(/^refused/);
    expect(read(pack('--transform', `s,^l$,${NAME},`, 'l'))).toMatch(/^refused/);
    expect(read(pack(NAME, 'h'))).toMatch(/^refused/);
    expect(read(pack('--transform', `s,^p$,${NAME},`, 'p'))).toMatch(/^refused/);
  });
  test('nothing at all', () => {
    expect(read(new Uint8Array(0))).toBe('refused: holds no checkpoint');
    expect(read(new Uint8Array(10_240))).toBe('refused: holds no checkpoint');
  });
  test('cut off at any place within the file', () => {
    writeFileSync(path(NAME), 'good'.repeat(1000));
    const archive = pack('--format=ustar', NAME);
    for (const end of [1, 511, 512, 513, 4_000]) {
      expect(read(archive.subarray(0, end))).toMatch(/^refused/);
    }
  });
});

test('no bytes make it throw, or give what was not in the archive', () => {
  writeFileSync(path(NAME), 'good'.repeat(100));
  const archive = pack('--format=posix', NAME);
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(255), (at, byte) => {
      const damaged = Buffer.from(archive);
      damaged[at] = byte;
      expect(() => read(damaged)).not.toThrow();
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_048 }), (bytes) => {
      expect(readOnlyFile(bytes, NAME).ok).toBe(false);
    }),
  );
});
