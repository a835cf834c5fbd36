// Measures the shipped bundle against plain commands in the same run; prints Markdown rows. Nothing here passes or
// fails: figures depend on the machine, ratios less so. `node bench/bench.js [--rounds N] [start steps …]`
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

import { NODE } from './measure.js';
import { benchOutput } from './output.js';
import { benchSkip } from './skip.js';
import { benchStart } from './start.js';
import { benchStateWrites } from './state-writes.js';
import { benchSteps } from './steps.js';

const PARTS = {
  start: benchStart,
  steps: benchSteps,
  skip: benchSkip,
  output: benchOutput,
  'state-writes': benchStateWrites,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}

const version = spawnSync(NODE, ['--version']).stdout.toString().trim();
console.log(`Node ${version}, medians of ${values.rounds} rounds\n`);
console.log('| what | figure | against |\n| --- | ---: | --- |');
for (const [name, run] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const row of run(Number(values.rounds))) console.log(`| ${row.join(' | ')} |`);
}
