import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { Job } from '../support/action.ts';
import { countRepeats } from '../support/soak.ts';

/** The number of moments at which something is killed. */
const CRASHES = countRepeats(15, 210, 'PREFLIGHT_CRASHES');
/** A run takes about this long: the moments are spread over it. */
const RUN_MS = 900;

const STEPS = ['a', 'b', 'c', 'd', 'e', 'f'];
const PLAN = `steps:\n${STEPS.map((id) => `  - id: ${id}\n    run: 'echo ${id} >> ran; sleep 0.05; echo "o-${id}=${id}" >> "$GITHUB_OUTPUT"'\n    rollback: 'echo undo-${id} >> ran; sleep 0.03'\n`).join('')}`;
/** The same, rolled back at the last step. */
const ROLLBACK_PLAN = `${PLAN}  - { id: broken, run: 'exit 9', classify: [{ exit-code: 9, as: 'critical:data' }] }\n`;

/** What is killed: node, whose step lives on; node and its children, as with a machine; the children. */
const VICTIMS = ['node', 'all', 'children'] as const;
type Victim = (typeof VICTIMS)[number];

interface Moment {
  readonly afterMs: number;
  readonly victim: Victim;
}

const MOMENTS: readonly Moment[] = Array.from({ length: CRASHES }, (_, index) => ({
  // A fixed sequence that looks random: a failure can be repeated.
  afterMs: 80 + (((index + 1) * 619) % 1000) * (RUN_MS / 1000),
  victim: VICTIMS[index % VICTIMS.length] ?? 'node',
}));

function listChildren(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

function strike(pid: number, victim: Victim): void {
  const children = listChildren(pid);
  if (victim !== 'children') kill(pid);
  // Each command leads a process group of its own.
  if (victim !== 'node') for (const child of children) kill(-child);
}

function listMarked(job: Job): readonly string[] {
  const prefix = '.checkpoint-';
  try {
    return readdirSync(job.deployment())
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  } catch {
    return [];
  }
}

/** Runs the plan and strikes once; what was on record when the run had ended. */
async function runAndStrike(job: Job, { afterMs, victim }: Moment): Promise<readonly string[]> {
  const { child, done } = job.start('main');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (child.exitCode === null && child.pid !== undefined) strike(child.pid, victim);
  await done;
  return listMarked(job);
}

const linesOf = (job: Job): readonly string[] => job.read('ran').split('\n').filter(Boolean);
const count = (lines: readonly string[], line: string): number =>
  lines.filter((each) => each === line).length;

describe('killed without a word', () => {
  test(`no completed step is lost or repeated, at ${CRASHES} moments`, async () => {
    for (const moment of MOMENTS) {
      const job = new Job(PLAN);
      const marked = await runAndStrike(job, moment);
      const second = await job.main({ attempt: 2 });
      const ran = linesOf(job);
      const label = `${moment.victim} after ${moment.afterMs} ms: ${second.log}`;
      expect([label, second.code]).toEqual([label, 0]);
      for (const id of STEPS) {
        expect([label, id, count(ran, id) >= 1]).toEqual([label, id, true]);
        const allowed = marked.includes(id) ? 1 : 2;
        expect([label, id, count(ran, id) <= allowed]).toEqual([label, id, true]);
        expect(second.outputs.get(`o-${id}`)).toBe(id);
      }
      // Only the step that was running is repeated, and only when its command was killed.
      const repeated = ran.length - STEPS.length;
      expect([label, repeated <= (moment.victim === 'node' ? 0 : 1)]).toEqual([label, true]);
      job.remove();
    }
  }, 3_600_000);

  test(`a rollback is finished, newest first, at ${CRASHES} moments`, async () => {
    for (const moment of MOMENTS) {
      const job = new Job(ROLLBACK_PLAN);
      await runAndStrike(job, { ...moment, afterMs: moment.afterMs * 1.6 });
      // Finishes a rollback that was cut off and goes forward, or goes on and is rolled back itself.
      const second = await job.main({ attempt: 2 });
      const ran = linesOf(job);
      const label = `${moment.victim} after ${moment.afterMs} ms: ${ran.join(' ')}\n${second.log}`;
      expect([label, second.outputs.get('outcome')]).toEqual([label, 'rolled-back']);
      const last = ran.slice(-STEPS.length).map((line) => line.replace('undo-', ''));
      expect([label, last]).toEqual([label, STEPS.toReversed()]);
      for (const id of STEPS) {
        const surplus = count(ran, id) - count(ran, `undo-${id}`);
        // Killed while it ran, a step is done once more than it is undone; killed while it was undone, the reverse.
        expect([label, id, Math.abs(surplus) <= 1]).toEqual([label, id, true]);
      }
      job.remove();
    }
  }, 3_600_000);
});
