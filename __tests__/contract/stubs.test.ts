import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { describe, expect, test } from '@jest/globals';

/** Files below a directory whose names end so. */
function listSources(directory: string, ending: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(directory, path))
    .toSorted();
}

function findAll(files: readonly string[], what: RegExp): readonly string[] {
  return files.filter((path) => what.test(readFileSync(path, 'utf8')));
}

const toolkit = readdirSync('node_modules/@actions').flatMap((name) =>
  listSources(join('node_modules/@actions', name, 'lib'), '.js'),
);

describe('the bundle has a stand-in for the HTTP client', () => {
  const used = toolkit.filter((path) => /@actions\/(?:core|exec|io)\//u.test(path));

  test('which is imported in one place only, for OIDC tokens', () => {
    expect(findAll(used, /from ['"]@actions\/http-client/u)).toEqual([
      'node_modules/@actions/core/lib/oidc-utils.js',
    ]);
    expect(findAll(used, /OidcClient/u)).toEqual([
      'node_modules/@actions/core/lib/core.js',
      'node_modules/@actions/core/lib/oidc-utils.js',
    ]);
  });

  test('and asks for none', () => {
    expect(findAll(listSources('src', '.ts'), /getIDToken/u)).toEqual([]);
  });

  test('so that no run loads what it brings', () => {
    const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
    const loaded = join(folder, 'loaded');
    const spy = join(folder, 'spy.cjs');
    writeFileSync(
      spy,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(loaded)}, process.moduleLoadList.join('\\n')));`,
    );
    const output = join(folder, 'output');
    writeFileSync(output, '');
    const { status } = spawnSync(
      process.execPath,
      ['--require', spy, resolve('dist/main/index.js')],
      {
        cwd: folder,
        env: { GITHUB_WORKSPACE: folder, GITHUB_OUTPUT: output },
      },
    );
    expect(status).toBe(1);
    expect(readFileSync(output, 'utf8')).toContain('blocked');
    const modules = readFileSync(loaded, 'utf8').split('\n');
    expect(modules).toContain('NativeModule child_process');
    expect(
      modules.filter((name) => /^NativeModule (?:https?|http2|tls|_http)/u.test(name)),
    ).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('the bundle of the cache has a stand-in for undici', () => {
  test('which is imported in one place only', () => {
    expect(findAll(toolkit, /from ['"]undici['"]/u)).toEqual([
      'node_modules/@actions/http-client/lib/index.js',
    ]);
  });

  test('by a method that nobody calls', () => {
    expect(findAll(toolkit, /\.getAgentDispatcher\(/u)).toEqual([]);
  });
});
