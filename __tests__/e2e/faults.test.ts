import { expect, test } from '@jest/globals';

import type { Scenario } from '../support/crash-matrix.ts';
import { canCrash } from '../support/crash-matrix.ts';
import { effectsOf, forward, rollback } from '../support/crash-scenarios.ts';
import { failEverywhere } from '../support/faults.ts';
import { countRepeats } from '../support/soak.ts';

/** So many faults in the short form; in a soak, every error that fits at every call. */
const MOST = countRepeats(12, 1_000_000, 'PREFLIGHT_FAULTS');

/** With an undo that fails the end is another one; but no step that is in place is done once more. */
const undone: Scenario = {
  ...rollback,
  judge: (job) => {
    const own = effectsOf(job).filter((line) => line.endsWith('once-b'));
    const isTwice = own.some((line, index) => line === own[index - 1]);
    return isTwice ? [`done or undone twice: ${own.join(' ')}`] : [];
  },
};

test.each([
  [forward, false],
  [undone, true],
] as const)(
  '%#: a system call fails: the run succeeds or says what failed where, and the next one goes on',
  async (scenario, isLoose) => {
    if (!canCrash()) return;
    const before = performance.now();
    const { faults, tried, succeeded, failed, problems } = await failEverywhere(
      scenario,
      MOST,
      isLoose,
    );
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    process.stderr.write(
      `faults, ${scenario.name}: ${faults} there are, ${tried} tried; ${succeeded} runs succeeded all the same, ${failed} failed; ${seconds} s\n`,
    );
    expect(problems.slice(0, 5)).toEqual([]);
    expect(tried).toBeGreaterThan(Math.min(MOST, faults) / 2);
  },
  7_200_000,
);
