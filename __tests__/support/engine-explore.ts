import type { Life, LifeEnd, Mishaps, Order } from './engine-life.ts';
import { live } from './engine-life.ts';
import type { Fate } from './engine-machine.ts';
import { FATES, Machine } from './engine-machine.ts';

/** A deployment that can be lived through again and again, from the same beginning. */
export interface Scenario {
  readonly name: string;
  /** What each run is asked to do, by run attempt. */
  readonly order: (runAttempt: number) => Order;
  /** The machine before the first run. */
  readonly prepare?: (machine: Machine) => Promise<void> | void;
  /** How all may end, once a run is not cut off any more. */
  readonly ends: (end: string, machine: Machine) => boolean;
  readonly fates?: readonly Fate[];
}

/** How often a deployment may have to be run again until it comes to an end. */
const MOST_LIVES = 8;

export function summarise(end: LifeEnd): string {
  switch (end.kind) {
    case 'crashed':
      return `crashed ${end.at}`;
    case 'blocked':
      return ['blocked', ...end.obstacles.map(({ kind }) => kind)].join(' ');
    case 'ended':
      return end.result.outcome;
  }
}

/** A machine as it is before the first run, and how many runs it has seen. */
export async function prepared(scenario: Scenario): Promise<Machine> {
  const machine = new Machine();
  await scenario.prepare?.(machine);
  return machine;
}

/**
 * Runs until an end, with one mishap a run as long as there are some. Returns what went wrong, as
 * sentences that name the mishaps.
 */
export async function liveThrough(
  scenario: Scenario,
  mishaps: readonly Mishaps[],
  fate: Fate,
): Promise<{ readonly problems: readonly string[]; readonly lives: readonly Life[] }> {
  const machine = await prepared(scenario);
  const lives: Life[] = [];
  const path: string[] = [];
  for (let runAttempt = 1; runAttempt <= MOST_LIVES; runAttempt += 1) {
    const mishap = mishaps[runAttempt - 1] ?? {};
    const order = { ...scenario.order(runAttempt), runAttempt };
    const life = await live(machine, order, mishap);
    lives.push(life);
    const end = summarise(life.end);
    path.push(end);
    if (life.end.kind === 'crashed') {
      machine.suffer(fate);
      continue;
    }
    if (Object.keys(mishap).length > 0) {
      // What was let go, or left alive, comes to its own end.
      machine.suffer(fate === 'lingers' ? 'lingers' : 'completes');
      if (end === 'cancelled' || end === 'failed' || end === 'blocked') continue;
    }
    const wrong = scenario.ends(end, machine) ? [] : [`ended as ${end}`];
    const problems = [...machine.violations, ...wrong];
    return { problems: problems.map((what) => `${what} [${fate}: ${path.join(' > ')}]`), lives };
  }
  return { problems: [`does not come to an end [${fate}: ${path.join(' > ')}]`], lives };
}

export interface Exploration {
  readonly tried: number;
  readonly problems: readonly string[];
}

/** Crashes the first run at every point there is, for every fate of what was running. */
export async function crashEverywhere(scenario: Scenario): Promise<Exploration> {
  const problems: string[] = [];
  let tried = 0;
  for (const fate of scenario.fates ?? FATES) {
    for (let crashAt = 1; ; crashAt += 1) {
      const lived = await liveThrough(scenario, [{ crashAt }], fate);
      if (lived.lives[0]?.end.kind !== 'crashed') break;
      tried += 1;
      problems.push(...lived.problems);
    }
  }
  return { tried, problems };
}

/**
 * Crashes the first run at every point, and the next one at every `stride`th, beginning elsewhere each
 * time: all points of both, and an even share of the pairs.
 */
export async function crashTwiceEverywhere(
  scenario: Scenario,
  stride: number,
): Promise<Exploration> {
  const problems: string[] = [];
  let tried = 0;
  for (const fate of scenario.fates ?? FATES) {
    for (let first = 1; ; first += 1) {
      let crashed = false;
      for (let second = 1 + (first % stride); ; second += stride) {
        const crashes = [{ crashAt: first }, { crashAt: second }];
        const lived = await liveThrough(scenario, crashes, fate);
        crashed ||= lived.lives[0]?.end.kind === 'crashed';
        if (!crashed || lived.lives[1]?.end.kind !== 'crashed') break;
        tried += 1;
        problems.push(...lived.problems);
      }
      if (!crashed) break;
    }
  }
  return { tried, problems };
}

/** Every other mishap at every point: a cancel, the loss of the worker, state that cannot be written. */
export async function mishapEverywhere(
  scenario: Scenario,
  toMishap: (at: number) => Mishaps,
  fate: Fate = 'completes',
): Promise<Exploration> {
  const whole = await liveThrough(scenario, [], fate);
  const points = whole.lives[0]?.points ?? 0;
  const problems: string[] = [];
  for (let at = 1; at <= points; at += 1) {
    const lived = await liveThrough(scenario, [toMishap(at)], fate);
    problems.push(...lived.problems.map((problem) => `${problem} at ${at}`));
  }
  return { tried: points, problems };
}
