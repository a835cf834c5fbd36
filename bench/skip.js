import { statSync } from 'node:fs';

import { createJob, toPlan } from './job.js';
import { ms, race } from './measure.js';

const COMPLETED = [1_000, 5_000];
const SUMMARY_STEPS = 2_000;

/** What completed steps cost the run that skips them, and a summary that lists them. */
export function benchSkip(rounds) {
  const one = createJob(toPlan(1));
  one.run();
  const rows = COMPLETED.map((count) => {
    const job = createJob(toPlan(count));
    job.run();
    const { skip, reference } = race(rounds, {
      skip: () => job.again(),
      reference: () => one.again(),
    });
    job.remove();
    return [
      `skipping ${count} completed steps`,
      `${ms(skip.wall - reference.wall)}, ${ms(skip.user - reference.user)} user`,
      `beyond a plan of one (${ms(reference.wall)})`,
    ];
  });
  one.remove();
  return [...rows, benchSummary(rounds)];
}

function benchSummary(rounds) {
  const job = createJob(toPlan(SUMMARY_STEPS));
  job.run();
  const { without, shown } = race(rounds, {
    without: () => job.again(),
    shown: () => job.again({ inputs: { summary: 'always' } }),
  });
  const { size } = statSync(job.summary());
  job.remove();
  return [
    `the summary of ${SUMMARY_STEPS} steps`,
    ms(shown.wall - without.wall),
    `${(size / 1024).toFixed(0)} kB; a step may show 1,024 kB`,
  ];
}
