import { describe, expect, test } from '@jest/globals';
import { crashEverywhere } from '../support/engine-explore.ts';
import { SCENARIOS } from '../support/engine-scenarios.ts';

describe('node dies at any point, and the deployment is run again', () => {
  test.each(SCENARIOS)('$name', async (scenario) => {
    const { tried, problems } = await crashEverywhere(scenario);
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(200);
  });
});
