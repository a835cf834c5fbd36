import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

/** Sources of the toolkit's packages that the bundle is made of. */
function listSources(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return listSources(path);
    return entry.name.endsWith('.js') ? [path] : [];
  });
}

describe('the bundle has a stand-in for undici', () => {
  const sources = readdirSync('node_modules/@actions').flatMap((name) =>
    listSources(join('node_modules/@actions', name, 'lib')),
  );

  test('which is imported in one place only', () => {
    const importers = sources.filter((path) =>
      /from ['"]undici['"]/u.test(readFileSync(path, 'utf8')),
    );
    expect(importers).toEqual(['node_modules/@actions/http-client/lib/index.js']);
  });

  test('by a method that nobody calls', () => {
    const callers = sources.filter((path) =>
      readFileSync(path, 'utf8').includes('.getAgentDispatcher('),
    );
    expect(callers).toEqual([]);
  });
});
