import { describe, expect, test } from '@jest/globals';
import { mishapEverywhere } from '../support/engine-explore.ts';
import { SCENARIOS } from '../support/engine-scenarios.ts';

describe('E5: after a stop nothing is started, and the next run goes on', () => {
  test.each(SCENARIOS)('a cancel at any point: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (cancelAt) => ({ cancelAt }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  test.each(SCENARIOS)('the worker is gone at any point: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (workerGoneAt) => ({
      workerGoneAt,
    }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });
});

describe('E4: state that cannot be written stops the run, and what is complete stays so', () => {
  test.each(SCENARIOS)('from any write on: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (faultFrom) => ({ faultFrom }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  test.each(SCENARIOS)('also when the write had been made: $name', async (scenario) => {
    const toMishap = (faultFrom: number) => ({ faultFrom, faultAfter: true });
    const { problems } = await mishapEverywhere(scenario, toMishap);
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
  });
});
