import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { Job } from '../support/action.ts';

/** The number of moments at which node is killed; more by hand with PREFLIGHT_CRASHES. */
const CRASHES = Number(process.env['PREFLIGHT_CRASHES'] ?? '12');

const STEPS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PLAN = `steps:\n${STEPS.map((id) => `  - id: ${id}\n    run: 'echo ${id} >> ran; sleep 0.05; echo "o-${id}=${id}" >> "$GITHUB_OUTPUT"'\n`).join('')}`;

/** Ends the children of `pid` too, as a machine that goes down does. */
function killTree(pid: number): void {
  const tasks = `/proc/${pid}/task/${pid}/children`;
  const children = readFileSync(tasks, 'utf8').split(' ').filter(Boolean).map(Number);
  process.kill(pid, 'SIGKILL');
  for (const child of children) killGroup(child);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

describe('node killed without a word', () => {
  const moments = Array.from({ length: CRASHES }, (_, index) => ({
    afterMs: 120 + Math.round((index * 700) / CRASHES),
    // In turn: node alone, whose step lives on and is adopted, and node with its children.
    whole: index % 2 === 1,
  }));

  test(`loses and repeats no completed step, at ${CRASHES} moments`, async () => {
    for (const { afterMs, whole } of moments) {
      const job = new Job(PLAN);
      const { child, done } = job.start('main');
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (child.exitCode === null && child.pid !== undefined) {
        if (whole) killTree(child.pid);
        else child.kill('SIGKILL');
      }
      await done;
      const marked = listMarked(job);
      const before = job.read('ran').split('\n').filter(Boolean);
      const second = await job.main({ attempt: 2 });
      const ran = job.read('ran').split('\n').filter(Boolean);
      const label = `killed after ${afterMs} ms${whole ? ' with its children' : ''}: ${second.log}`;
      expect([label, second.code]).toEqual([label, 0]);
      expect([label, STEPS.every((id) => ran.includes(id))]).toEqual([label, true]);
      for (const id of marked) {
        expect([label, id, ran.filter((line) => line === id).length]).toEqual([label, id, 1]);
      }
      // At most the step that was running is repeated, and only when its command died with node.
      const repeats = ran.length - STEPS.length;
      expect([label, repeats <= (whole && before.length > 0 ? 1 : 0)]).toEqual([label, true]);
      for (const id of STEPS) expect(second.outputs.get(`o-${id}`)).toBe(id);
      job.remove();
    }
  }, 300_000);
});

function listMarked(job: Job): readonly string[] {
  const targets = readdirSync(job.stateDir).filter((name) => name !== 'locks');
  if (targets.length === 0) return [];
  try {
    const names = readdirSync(job.deployment());
    return names.filter((name) => name.startsWith('.checkpoint-')).map((name) => name.slice('.checkpoint-'.length));
  } catch {
    return [];
  }
}
