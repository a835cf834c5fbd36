import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createJob, toPlan } from './job.js';

const CALLS = ['openat', 'fsync', 'fdatasync', 'rename', 'unlink', 'mkdir', 'rmdir'];

/** System calls of node that touch the state directory, by name, for one more step. */
export function benchStateWrites() {
  const [few, many] = [1, 11].map((steps) => count(steps));
  const each = CALLS.map((call) => [call, (many[call] - few[call]) / 10]);
  const shown = each.filter(([, times]) => times > 0).map(([call, times]) => `${times} ${call}`);
  return [['calls that write state, for each step', shown.join(', '), 'of node alone']];
}

function count(steps) {
  const job = createJob(toPlan(steps));
  const trace = join(job.home, 'trace');
  job.run({ under: ['strace', '-y', '-e', `trace=${CALLS.join(',')}`, '-o', trace] });
  const state = join(job.home, 'state');
  const lines = readFileSync(trace, 'utf8').split('\n');
  job.remove();
  return Object.fromEntries(
    CALLS.map((call) => [
      call,
      lines.filter((line) => line.startsWith(`${call}(`) && line.includes(state) && writes(line))
        .length,
    ]),
  );
}

/** An open file is counted when it is made. */
const writes = (line) => !line.startsWith('openat(') || line.includes('O_CREAT');
