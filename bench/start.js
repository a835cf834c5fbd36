import { statSync } from 'node:fs';
import { join } from 'node:path';

import { createJob, toPlan } from './job.js';
import { measure, ms, NODE, race, ROOT, times } from './measure.js';

/** What is paid before anything is deployed. */
export function benchStart(rounds) {
  const one = createJob(toPlan(1));
  const refused = createJob('stepps: []\n');
  const { node, refusal, step, post } = race(rounds, {
    node: () => measure(NODE, ['-e', '0']),
    refusal: () => refused.run({ expected: 1 }),
    step: () => one.run(),
    post: () => one.run({ entry: join(ROOT, 'dist/post/index.js') }),
  });
  one.remove();
  refused.remove();
  const size = (file) => `${(statSync(join(ROOT, 'dist', file)).size / 1024).toFixed(0)} kB`;
  const row = (what, { wall, user }) => [
    what,
    `${ms(wall)}, ${ms(user)} user`,
    `${times(wall, node.wall)} \`node -e 0\`; ${ms(user - node.user)} user time more`,
  ];
  return [
    ['`dist/bundle/index.js`, loaded by every run', size('bundle/index.js'), ''],
    ['`node -e 0`', `${ms(node.wall)}, ${ms(node.user)} user`, ''],
    row('cold start: a plan that is refused', refusal),
    row('one no-op step, end to end', step),
    row('post with nothing to do', post),
  ];
}
