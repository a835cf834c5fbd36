import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { Accounts } from '../../../src/edges/probes/accounts.ts';
import { loadWritability, lookAtPath } from '../../../src/edges/probes/files.ts';
import { KernelFiles } from '../../../src/edges/probes/kernel-files.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { mountSmall } from './small-mounts.ts';

const ACCOUNTS = new Accounts(new KernelFiles());

describe('what there is at a path', () => {
  const folder = temporaryFolder();
  beforeAll(() => {
    writeFileSync(join(folder.path, 'file'), 'abc');
    chmodSync(join(folder.path, 'file'), 0o640);
    mkdirSync(join(folder.path, 'sub'));
  });
  afterAll(folder.remove);

  test('is a file with its size, rights and owner', async () => {
    expect(await lookAtPath(join(folder.path, 'file'), ACCOUNTS)).toMatchObject({
      kind: 'present',
      file: { kind: 'file', sizeBytes: 3, mode: 0o640 },
    });
  });

  test('is a directory', async () => {
    const found = await lookAtPath(join(folder.path, 'sub'), ACCOUNTS);
    expect(found).toMatchObject({ kind: 'present', file: { kind: 'directory' } });
  });

  test('is nothing, and then the nearest thing above is named', async () => {
    expect(await lookAtPath(join(folder.path, 'sub/a/b'), ACCOUNTS)).toEqual({
      kind: 'absent',
      nearest: join(folder.path, 'sub'),
    });
  });
});

describe('whether something can be written', () => {
  test('is known without writing anything', async () => {
    const folder = temporaryFolder();
    const before = execFileSync('stat', ['-c', '%Y %Z %i', folder.path]).toString();
    expect(await loadWritability(join(folder.path, 'new/dir'), ACCOUNTS)).toMatchObject({
      ok: true,
      value: { exists: false, target: folder.path, refusal: undefined },
    });
    expect(execFileSync('stat', ['-c', '%Y %Z %i', folder.path]).toString()).toBe(before);
    folder.remove();
  });

  test('on a file system mounted read-only: no, whoever asks', async () => {
    const mount = mountSmall('size=1m,ro');
    if (mount === undefined) return;
    const found = await loadWritability(mount.path, ACCOUNTS);
    mount.remove();
    expect(found).toMatchObject({ value: { exists: true, refusal: 'EROFS' } });
  });

  test('below a file: no', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    const found = await loadWritability(join(folder.path, 'file/below'), ACCOUNTS);
    folder.remove();
    expect(found).toMatchObject({ value: { exists: false, refusal: 'ENOTDIR' } });
  });
});
