import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Phase, Ran } from './action.ts';
import { Job } from './action.ts';
import type { Scene } from './crash-scene.ts';
import { compare, countStrays, findFinished, look } from './crash-scene.ts';
import { canTest } from './machine.ts';
import { isSoak } from './soak.ts';
import type { Point } from './strace.ts';
import { hasStrace, killAt, readPoints, underStrace } from './strace.ts';

/**
 * Who dies. `node`: its step lives on. `tree`: node, and at once everything that it started. `machine`:
 * all in the same instant, and the next run finds another boot of the host.
 */
export type Victim = 'node' | 'tree' | 'machine';

/** A strike that has happened. */
export interface Struck {
  readonly victim: Victim;
  readonly label: string;
  /** Steps of which the state knew then that they had ended. */
  readonly finished: readonly string[];
}

/** A run that is crashed everywhere, and what comes before and after it. */
export interface Scenario {
  readonly name: string;
  readonly plan: string;
  /** Makes the world that the run finds; the phase is handed to the runs that follow. */
  readonly before?: (job: Job) => Promise<Phase>;
  /** What `before` started is alive, so its world cannot be copied. */
  readonly isAlive?: boolean;
  /** The run that is struck. Default: main. */
  readonly run?: (job: Job, phase: Phase) => Promise<Ran>;
  /** How people go on; called until nothing strikes any more. Default: main, with the next run attempt. */
  readonly again?: (job: Job, phase: Phase) => Promise<Ran>;
  /** After the last `again`, where that is not the end; what it returns is judged. */
  readonly after?: (job: Job, phase: Phase, last: Ran) => Promise<Ran>;
  /** Of the points only these. */
  readonly isPoint?: (point: Point) => boolean;
  readonly victims?: readonly Victim[];
  /** What is wrong with the effects; the scene is compared by itself. */
  readonly judge: (job: Job, struck: readonly Struck[]) => readonly string[];
  /** Steps of which the state knows now that they have ended. Default: what lies in the state dir. */
  readonly finished?: (job: Job) => readonly string[];
  /** Takes out of the scene what may differ. */
  readonly blur?: (scene: Scene) => Scene;
  /** Between a crash and the next run. */
  readonly onCrash?: (job: Job) => Promise<void>;
  readonly dispose?: (job: Job) => Promise<void>;
}

/** What was tried. */
export interface Tried {
  readonly points: number;
  readonly struck: ReadonlySet<string>;
  readonly kills: number;
  readonly problems: readonly string[];
}

/** Where all of it lies: a disk that waits for nothing takes the same calls in less time. */
export const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Strikes `most` points, evenly spread, or every one in a soak; returns what went wrong. */
export async function crashEverywhere(scenario: Scenario, most: number): Promise<Tried> {
  const stage = new Stage(scenario);
  try {
    return await stage.strikeAll(most);
  } finally {
    await stage.dispose();
  }
}

class Stage {
  readonly #scenario: Scenario;
  readonly #job: Job;
  readonly #copy: string;
  readonly #log: string;
  #phase: Phase | undefined;
  #kills = 0;
  readonly #struck = new Set<string>();

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#job = new Job(scenario.plan, IN_MEMORY);
    this.#copy = `${this.#job.home}.copy`;
    mkdirSync(this.#copy);
    this.#log = `${this.#job.home}.strace`;
    mkdirSync(join(this.#job.home, 'tmp'));
  }

  async dispose(): Promise<void> {
    await this.#scenario.dispose?.(this.#job);
    endAllOf(this.#job);
    for (const path of [this.#copy, this.#log]) rmSync(path, { recursive: true, force: true });
    this.#job.remove();
  }

  async strikeAll(most: number): Promise<Tried> {
    const whole = await this.#rehearse();
    const { isPoint = () => true, victims = VICTIMS } = this.#scenario;
    const points = whole.points.filter((point) => point.kind !== 'read' && isPoint(point));
    const problems = [...whole.problems];
    for (const [index, at] of sample(points.length, most).entries()) {
      const point = points[at];
      if (point === undefined) continue;
      const victim = victims[index % victims.length] ?? 'node';
      // Every third is struck a second time, somewhere else.
      const second = index % 3 === 1 ? points[(at * 619 + 7) % points.length] : undefined;
      const strikes = second === undefined ? [point] : [point, second];
      problems.push(...(await this.#strike(strikes, victim, whole.scene)));
    }
    // How often something is written differs by one or two between runs: what was missed has its turn.
    const missed = isSoak() ? points.filter(({ label }) => !this.#struck.has(label)) : [];
    for (const point of missed) {
      problems.push(...(await this.#strike([point], victims[0] ?? 'node', whole.scene)));
    }
    const labels = new Set(points.map(({ label }) => label));
    const struck = new Set([...this.#struck].filter((label) => labels.has(label)));
    return { points: points.length, struck, kills: this.#kills, problems };
  }

  /** The run without a crash. */
  async #rehearse() {
    const phase = await this.#begin();
    const first = await this.#run({ ...phase, under: underStrace(this.#log) });
    const points = readPoints(this.#log, this.#job.home);
    const last = await this.#finish({ ...phase, attempt: 2 }, first);
    const scene = this.#look(last);
    const problems = this.#scenario.judge(this.#job, []).map((what) => `without a crash: ${what}`);
    return { points, scene, problems };
  }

  async #strike(
    strikes: readonly Point[],
    victim: Victim,
    expected: Scene,
  ): Promise<readonly string[]> {
    const { onCrash, finished } = this.#scenario;
    let phase = await this.#begin();
    const struck: Struck[] = [];
    for (const point of strikes) {
      const under = toPrefix(victim, this.#log, point, this.#job.home);
      const ran = await (struck.length === 0
        ? this.#run({ ...phase, under })
        : this.#again({ ...phase, under }));
      phase = { ...phase, attempt: (phase.attempt ?? 1) + 1 };
      if (ran.signal !== 'SIGKILL' && ran.code !== 137) continue;
      if (victim === 'tree') endAllOf(this.#job);
      const label = readPoints(this.#log, this.#job.home).at(-1)?.label ?? 'somewhere';
      struck.push({ victim, label, finished: (finished ?? findFinished)(this.#job) });
      this.#struck.add(label);
      this.#kills += 1;
      await onCrash?.(this.#job);
    }
    const ran = await this.#again(phase);
    const last = await this.#finish(phase, ran);
    const problems = [
      ...this.#scenario.judge(this.#job, struck),
      ...compare(this.#look(last), expected),
      ...countStrays(this.#job, struck.length),
    ];
    const where = struck.map(({ label }) => label).join(', then ');
    return problems.map((what) => `${victim} killed at ${where}: ${what}\n${last.log}`);
  }

  async #begin(): Promise<Phase> {
    const { before, isAlive = false } = this.#scenario;
    const { home } = this.#job;
    const blank = join(this.#copy, 'blank');
    const begun = join(this.#copy, 'begun');
    endAllOf(this.#job);
    if (this.#phase !== undefined && !isAlive) {
      this.#restore(begun);
      return this.#phase;
    }
    if (this.#phase === undefined) execFileSync('cp', ['-a', home, blank]);
    else this.#restore(blank);
    const given = (await before?.(this.#job)) ?? {};
    this.#phase = { ...given, env: { ...given.env, TMPDIR: join(home, 'tmp') } };
    if (!isAlive) execFileSync('cp', ['-a', home, begun]);
    return this.#phase;
  }

  #restore(from: string): void {
    rmSync(this.#job.home, { recursive: true, force: true });
    execFileSync('cp', ['-a', from, this.#job.home]);
  }

  async #run(phase: Phase): Promise<Ran> {
    return await (this.#scenario.run ?? runMain)(this.#job, phase);
  }

  async #again(phase: Phase): Promise<Ran> {
    return await (this.#scenario.again ?? runMain)(this.#job, phase);
  }

  #look(last: Ran): Scene {
    const scene = look(this.#job, last);
    return this.#scenario.blur?.(scene) ?? scene;
  }

  async #finish(phase: Phase, last: Ran): Promise<Ran> {
    return (await this.#scenario.after?.(this.#job, phase, last)) ?? last;
  }
}

const VICTIMS: readonly Victim[] = ['node', 'machine', 'tree'];

async function runMain(job: Job, phase: Phase): Promise<Ran> {
  return await job.main(phase);
}

/** Indices of `most` things out of `count`, evenly spread; all of them in a soak. */
export function sample(count: number, most: number): readonly number[] {
  const wanted = isSoak() ? count : Math.min(most, count);
  return Array.from({ length: wanted }, (_, index) => Math.floor(((index + 0.5) * count) / wanted));
}

/** A host of its own: pid namespace and boot id; with its first process everything in it dies. */
const MACHINE = `mount -t proc proc /proc && mount --bind "$1" /proc/sys/kernel/random/boot_id && shift && exec "$@"`;
const UNSHARE = ['unshare', '--mount', '--pid', '--fork'];

/** Whether this machine lets runs be traced, and machines be made. */
export function canCrash(): boolean {
  return canTest(hasStrace(), 'strace') && canTest(hasMachines(), 'the right to make namespaces');
}

function hasMachines(): boolean {
  return (
    spawnSync('unshare', [...UNSHARE.slice(1), 'mount', '-t', 'proc', 'proc', '/proc']).status === 0
  );
}

function toPrefix(victim: Victim, log: string, point: Point, home: string): readonly string[] {
  const traced = underStrace(log, killAt(point));
  if (victim !== 'machine') return traced;
  const boot = join(home, 'boot_id');
  writeFileSync(boot, `${randomUUID()}\n`);
  // bash, since sh drops variables with names such as INPUT_STATE-DIR.
  return [...UNSHARE, 'bash', '-c', MACHINE, 'machine', boot, ...traced];
}

/** Ends every process that was started for the job, as the death of its machine would. */
export function endAllOf(job: Job): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
    try {
      const env = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (env.includes(`GITHUB_WORKSPACE=${job.workspace}\0`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // it has ended, or is the kernel's
    }
  }
}
