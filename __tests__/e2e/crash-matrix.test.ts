import { describe, expect, test } from '@jest/globals';

import { createCacheScenario } from '../support/crash-cache.ts';
import type { Scenario } from '../support/crash-matrix.ts';
import { canCrash, crashEverywhere } from '../support/crash-matrix.ts';
import { createHandScenarios } from '../support/crash-hands.ts';
import { RUNS } from '../support/crash-scenarios.ts';
import { countRepeats } from '../support/soak.ts';

/** So many points of a scenario in the short form; in a soak, all. */
const ALL = 1_000_000;
const OF_RUNS = countRepeats(8, ALL, 'PREFLIGHT_CRASH_POINTS');
const OF_HANDS = countRepeats(3, ALL, 'PREFLIGHT_CRASH_POINTS');

/** Crashes a scenario and prints what was tried; returns what went wrong. */
async function crash(scenario: Scenario, most: number): Promise<readonly string[]> {
  if (!canCrash()) return [];
  const before = performance.now();
  const { points, struck, kills, problems } = await crashEverywhere(scenario, most);
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  process.stderr.write(
    `crash matrix, ${scenario.name}: ${points} points, ${kills} kills at ${struck.size} of them, ${problems.length} problems, ${seconds} s\n`,
  );
  const isTried = struck.size >= Math.min(points, most) / 2;
  return [...problems.slice(0, 5), ...(isTried ? [] : [`only ${struck.size} points were struck`])];
}

describe('killed at a system call', () => {
  test.each([...RUNS, createCacheScenario()])(
    '$name: the next run ends as if nothing had happened',
    async (scenario) => {
      expect(await crash(scenario, OF_RUNS)).toEqual([]);
    },
    7_200_000,
  );

  test.each(createHandScenarios())(
    '$name: all ends as if nothing had happened',
    async (scenario) => {
      expect(await crash(scenario, OF_HANDS)).toEqual([]);
    },
    7_200_000,
  );
});
