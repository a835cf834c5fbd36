import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createJob, toPlan } from './job.js';
import { measure, ms, race, times } from './measure.js';

const SHELL = 'bash --noprofile --norc -eo pipefail';

/** The same commands by bash: in one script, in a loop with checkpoints, and with the fsyncs that make them durable. */
function createLoops() {
  const directory = mkdtempSync(join(tmpdir(), 'preflight-loop-'));
  const script = join(directory, 'noop.sh');
  writeFileSync(script, 'true\n');
  const marks = join(directory, 'marks');
  const loop = (count, body) => () => {
    rmSync(marks, { recursive: true, force: true });
    mkdirSync(marks);
    return measure('bash', ['-c', `for ((i = 0; i < ${count}; i++)); do ${body}; done`]);
  };
  const mark = `${marks}/.checkpoint-$i`;
  return {
    plain: (count) => loop(count, `${SHELL} ${script}`),
    checkpoints: (count) =>
      loop(count, `[[ -f ${mark} ]] || { ${SHELL} ${script} && date -Iseconds > ${mark}; }`),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Six fsyncs, as a step makes them: of three files and of their directories. */
function createSyncs(count) {
  const directory = mkdtempSync(join(tmpdir(), 'preflight-sync-'));
  const program = `
import os
for n in range(${count} * 3):
    file = os.open(f"${directory}/{n}", os.O_CREAT | os.O_WRONLY)
    os.write(file, b"x" * 500)
    os.fsync(file)
    os.close(file)
    parent = os.open("${directory}", os.O_RDONLY)
    os.fsync(parent)
    os.close(parent)
`;
  return {
    run: (enabled) => () =>
      measure('python3', ['-c', enabled ? program : program.replaceAll('os.fsync', 'str')]),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** What a step costs with its durable records. */
export function benchSteps(rounds) {
  const loops = createLoops();
  const rows = [];
  for (const count of [1, 10, 200, 2_000]) {
    const job = createJob(toPlan(count));
    const { action, plain, checkpoints } = race(count > 200 ? 1 : rounds, {
      action: () => job.run(),
      plain: loops.plain(count),
      checkpoints: loops.checkpoints(count),
    });
    job.remove();
    rows.push([
      `a plan of ${count} no-op steps`,
      ms(action.wall),
      `one bash loop ${ms(plain.wall)}, with checkpoints ${ms(checkpoints.wall)}`,
    ]);
  }
  const [few, many] = [1, 41];
  const jobs = { few: createJob(toPlan(few)), many: createJob(toPlan(many)) };
  const syncs = createSyncs(many - few);
  const each = race(rounds, {
    few: () => jobs.few.run(),
    many: () => jobs.many.run(),
    plain: loops.plain(many - few),
    checkpoints: loops.checkpoints(many - few),
    synced: syncs.run(true),
    unsynced: syncs.run(false),
  });
  for (const job of Object.values(jobs)) job.remove();
  for (const made of [loops, syncs]) made.remove();
  const perStep = (value) => value / (many - few);
  const step = perStep(each.many.wall - each.few.wall);
  const checkpoint = perStep(each.checkpoints.wall);
  const sync = Math.max(0, perStep(each.synced.wall - each.unsynced.wall));
  return [
    ...rows,
    [
      'a no-op step with its durable records',
      ms(step),
      `${times(step, perStep(each.plain.wall))} a bash loop (${ms(perStep(each.plain.wall))})`,
    ],
    [
      'the same in a bash loop with checkpoints',
      ms(checkpoint),
      `${times(step, checkpoint)}; with six fsyncs (${ms(sync)}) ${times(step, checkpoint + sync)}`,
    ],
  ];
}
