import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createJob } from './job.js';
import { measure, NODE, race, ROOT, times } from './measure.js';

const MEGABYTES = 500;
/** What steps print: sentences; a service's log; a test runner with colours. */
const KINDS = {
  sentences: 'the quick brown fox jumps over the lazy dog 0123456789',
  'log lines':
    '2026-11-22T10:46:07Z INFO [pool-3] com.example.shop.OrderService - order 41723 shipped in 37 ms, user_id=902117',
  'coloured lines': '\\033[32m✓\\033[0m renders the basket \\033[90m(41 ms)\\033[39m',
};

/** What output costs that goes through the redactor to the log. */
export function benchOutput(rounds) {
  return Object.entries(KINDS).flatMap(([kind, line]) => {
    const print = `yes "$(printf '${line}')" | head -c ${MEGABYTES}000000`;
    const job = createJob(`steps:\n  - id: print\n    run: |\n      ${print} || true\n`);
    const exec = join(job.home, 'exec.mjs');
    const toolkit = join(ROOT, 'node_modules/@actions/exec/lib/exec.js');
    writeFileSync(
      exec,
      `import { exec } from ${JSON.stringify(toolkit)};\nawait exec('bash', ['-c', ${JSON.stringify(print)}]);\n`,
    );
    const { cat, library, action } = race(rounds, {
      cat: () => measure('bash', ['-c', `${print} | cat`]),
      library: () => measure(NODE, [exec]),
      action: () => job.run(),
    });
    job.remove();
    const speed = ({ wall }) => `${(MEGABYTES / (wall / 1_000)).toFixed(0)} MB/s`;
    return [
      [
        `${MEGABYTES} MB of ${kind}`,
        speed(action),
        `${times(cat.wall, action.wall)} \`cat\` (${speed(cat)}); ${times(library.wall, action.wall)} \`@actions/exec\` (${speed(library)})`,
      ],
      [
        `peak memory with it`,
        `${(action.peak / 2 ** 20).toFixed(0)} MB`,
        `\`@actions/exec\` ${(library.peak / 2 ** 20).toFixed(0)} MB`,
      ],
    ];
  });
}
