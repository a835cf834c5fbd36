import { describe, expect, test } from '@jest/globals';

import { crashEverywhere, hasMachines } from '../support/crash-matrix.ts';
import { RUNS } from '../support/crash-scenarios.ts';
import { canTest } from '../support/machine.ts';
import { countRepeats } from '../support/soak.ts';
import { hasStrace } from '../support/strace.ts';

/** So many points of each scenario in the short form; in a soak, all. */
const MOST = countRepeats(8, 100_000, 'PREFLIGHT_CRASH_POINTS');

describe('killed at a system call', () => {
  if (!canTest(hasStrace(), 'strace') || !canTest(hasMachines(), 'namespaces')) return;
  test.each(RUNS)(
    '$name: the next run ends as if nothing had happened',
    async (scenario) => {
      const before = performance.now();
      const { points, struck, kills, problems } = await crashEverywhere(scenario, MOST);
      const seconds = ((performance.now() - before) / 1000).toFixed(1);
      process.stderr.write(
        `crash matrix, ${scenario.name}: ${points} points, ${kills} kills at ${struck.size} of them, ${seconds} s\n`,
      );
      expect(problems.slice(0, 5)).toEqual([]);
      expect(struck.size).toBeGreaterThan(Math.min(points, MOST) / 2);
    },
    7_200_000,
  );
});
