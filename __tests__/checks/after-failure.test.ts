import { describe, expect, test } from '@jest/globals';

import { checksThatFit, renderChanges } from '../../src/checks/after-failure.ts';
import type { Finding } from '../../src/checks/check.ts';
import { checkSpec } from './fake-world.ts';

const PLAN = [
  checkSpec('disk', { path: '/', freeBytes: 1e9 }),
  checkSpec('ram', { availableBytes: 1e9 }),
  checkSpec('network', { targets: [{ url: 'https://example.com' }] }),
  checkSpec('port', { numbers: [443], state: 'free' }),
  checkSpec('docker', {}),
  checkSpec('run', { command: 'true' }),
];

function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'disk',
    kind: 'disk',
    name: 'disk /',
    position: { file: 'preflight.yml', line: 1, column: 1 },
    level: 'fail',
    status: 'pass',
    found: '14 GiB free',
    wanted: 'at least 10 GiB free',
    measures: [{ label: 'free', value: 14 * 2 ** 30, unit: 'bytes' }],
    durationMs: 1,
    ...overrides,
  };
}

describe('the checks that fit a failure', () => {
  test.each([
    ['recoverable:resource', ['disk', 'ram', 'docker']],
    ['transient:network', ['network']],
    ['recoverable:port', ['port']],
    ['critical:service', ['disk', 'ram', 'docker']],
    ['transient:rate-limit', []],
  ] as const)('%s: %j', (category, kinds) => {
    expect(checksThatFit(category, PLAN).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('a port that had to be free is asked again only when the port is the trouble', () => {
    const ports = [
      checkSpec('port', { numbers: [443], state: 'free' }, { id: 'free' }),
      checkSpec('port', { numbers: [5432], state: 'listening' }, { id: 'listening' }),
    ];
    const idsFor = (category: Parameters<typeof checksThatFit>[0]) =>
      checksThatFit(category, ports).map(({ id }) => id);
    expect(idsFor('recoverable:port')).toEqual(['free', 'listening']);
    expect(idsFor('critical:health')).not.toContain('free');
  });
});

describe('what became of the host', () => {
  test('a measure that moved is shown before and after', () => {
    const after = finding({
      status: 'fail',
      measures: [{ label: 'free', value: 0, unit: 'bytes' }],
    });
    expect(renderChanges([finding()], [after])).toEqual(['disk /: free 14 GiB → 0']);
  });

  test('what did not move is left out', () => {
    expect(renderChanges([finding()], [finding()])).toEqual([]);
  });

  test('without a measure the answers are held side by side', () => {
    const before = finding({ name: 'port 443', measures: [], found: 'free' });
    const after = finding({
      name: 'port 443',
      measures: [],
      status: 'fail',
      found: 'nginx (pid 7) listens on 0.0.0.0:443',
    });
    expect(renderChanges([before], [after])).toEqual([
      'port 443: free → nginx (pid 7) listens on 0.0.0.0:443',
    ]);
  });

  test('a check that was not run before is nothing to compare with', () => {
    expect(renderChanges([], [finding()])).toEqual([]);
  });
});
