import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

const DIST = process.env['PREFLIGHT_TEST_DIST'] ?? 'dist';

/** Names that only the client of the Actions cache and what it uploads with have. */
const CLIENT = /CreateCacheEntry|BlobServiceClient/u;

test('the client of the Actions cache is in no file that a run with state on the host could load', () => {
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.js'),
  );
  const holders = files.filter((path) => CLIENT.test(readFileSync(join(DIST, path), 'utf8')));
  expect(holders.length).toBeGreaterThan(0);
  expect(holders.filter((path) => !path.startsWith('cache/'))).toEqual([]);
});
