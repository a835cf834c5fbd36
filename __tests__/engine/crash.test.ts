import { describe, expect, test } from '@jest/globals';
import { crashEverywhere, crashTwiceEverywhere } from '../support/engine-explore.ts';
import { SCENARIOS, SMALL } from '../support/engine-scenarios.ts';
import { countRepeats } from '../support/soak.ts';

/** Of the pairs of crashes one in so many is tried; in a soak, all: that takes minutes. */
const STRIDE = countRepeats(23, 1, 'PREFLIGHT_CRASH_STRIDE');

let tried = 0;

describe('E1-E4, E6, E9: node dies at any point, and the deployment is run again', () => {
  test.each(SCENARIOS)('$name', async (scenario) => {
    const explored = await crashEverywhere(scenario);
    tried += explored.tried;
    expect([...new Set(explored.problems)].slice(0, 12)).toEqual([]);
    expect(explored.tried).toBeGreaterThan(200);
  });
});

describe('and dies again at any point of the next run', () => {
  test.each(SMALL)(
    '$name',
    async (scenario) => {
      const explored = await crashTwiceEverywhere(scenario, STRIDE);
      tried += explored.tried;
      expect([...new Set(explored.problems)].slice(0, 12)).toEqual([]);
      expect(explored.tried).toBeGreaterThan(100);
    },
    3_600_000,
  );
});

describe('the exploration', () => {
  test('has tried at least 5,000 ways to die', () => {
    process.stderr.write(`engine: ${tried} crashes and pairs of crashes tried\n`);
    expect(tried).toBeGreaterThan(5_000);
  });
});
