import { describe, expect, test } from '@jest/globals';
import type { DeploymentResult } from '../../src/engine/engine.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { ProcessRef } from '../../src/state/record.ts';
import type { Life, Mishaps, Order } from '../support/engine-life.ts';
import { live } from '../support/engine-life.ts';
import type { Behaviour } from '../support/engine-machine.ts';
import { Machine } from '../support/engine-machine.ts';
import { skipAll } from '../support/engine-many.ts';
import { aPlan, aPolicy, aStep, fingerprintsOf } from '../support/engine-plan.ts';

const HEALTH: Behaviour = { exit: 1, category: 'critical:health' };

/** Runs to the first point whose label is `label`, and dies there. */
async function dieAt(machine: Machine, order: Order, label: string): Promise<void> {
  await live(machine, order, await mishapAt(machine, order, label, 'crashAt'));
}

/** Where a run that is not cut off passes `label`, found out on a machine in the same state. */
async function mishapAt(
  machine: Machine,
  order: Order,
  label: string,
  kind: keyof Mishaps,
): Promise<Mishaps> {
  const twin = machine.copy();
  const { labels } = await live(twin, order);
  const at = labels.indexOf(label) + 1;
  if (at === 0) throw new Error(`never passed: ${label}\n${labels.join('\n')}`);
  return { [kind]: at };
}

function resultOf({ end }: Life): DeploymentResult {
  if (end.kind === 'ended') return end.result;
  throw new Error(JSON.stringify(end));
}

function journalOf(machine: Machine): readonly string[] {
  return machine.journal.map(({ verb, name, version }) => `${verb} ${name} ${version}`.trim());
}

function undosOf(life: Life): Readonly<Record<string, string>> {
  const undos = resultOf(life).rollback?.undos ?? [];
  return Object.fromEntries(undos.map(({ step, outcome }) => [step.id, outcome.kind]));
}

const again = (plan: Plan, rest: Partial<Order> = {}): Order => ({ plan, runAttempt: 2, ...rest });

describe('what an older attempt left behind', () => {
  test('a checkpoint removed by hand stays removed, though the run that made it died before its note', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('a'), aStep('b')]);
    await dieAt(machine, { plan }, 'before noteMarked a');
    await live(machine, again(plan));
    expect(machine.stepRecord('a')?.marked).toBe(true);
    machine.markers.delete('a');
    await live(machine, { plan, runAttempt: 3 });
    expect(journalOf(machine)).toEqual(['do a', 'do b', 'do a']);
  });

  test('a recorded end is not taken for that of an attempt that never started', async () => {
    const machine = new Machine();
    const first = aPlan([aStep('a')]);
    const changed = aPlan([aStep('a', { script: 'do a v2' })]);
    await dieAt(machine, { plan: first }, 'clear a');
    await dieAt(machine, again(changed), 'after saveStep a:started');
    expect(resultOf(await live(machine, { plan: changed, runAttempt: 3 })).outcome).toBe(
      'succeeded',
    );
    expect(machine.inPlace.get('a')).toBe('v2');
  });

  test('nor that of an undo', async () => {
    const machine = new Machine();
    let broken = true;
    machine.program('do b', () => (broken ? HEALTH : {}));
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b')]);
    await dieAt(machine, { plan }, 'clear a.undo');
    broken = false;
    machine.program('do b', ({ starts }) => (starts === 2 ? HEALTH : {}));
    await dieAt(machine, again(plan), 'after saveStep a:undoing');
    await live(machine, { plan, runAttempt: 3 });
    expect(machine.violations).toEqual([]);
    expect(journalOf(machine).filter((line) => line === 'undo a')).toHaveLength(2);
  });

  test('nothing is started in front of a step that still runs', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('login', { checkpoint: false }), aStep('b')]);
    await dieAt(machine, { plan }, 'b has started');
    const life = await live(machine, again(plan));
    expect(machine.violations).toEqual([]);
    expect(resultOf(life).outcome).toBe('succeeded');
    expect(journalOf(machine)).toEqual(['do login', 'do b', 'do login']);
  });

  test('a failure that nobody watched is tried again: that is what a re-run is for', async () => {
    const machine = new Machine().program('do a', ({ starts }) =>
      starts === 1 ? { exit: 1 } : {},
    );
    const plan = aPlan([aStep('a'), aStep('b')]);
    await dieAt(machine, { plan }, 'a has started');
    machine.suffer('completes');
    const life = await live(machine, again(plan));
    expect(resultOf(life).outcome).toBe('succeeded');
    expect(machine.starts.get('do a')).toBe(2);
  });

  test('but not one that is fatal', async () => {
    const machine = new Machine().program('do a', () => ({
      exit: 1,
      category: 'fatal:signal',
    }));
    const plan = aPlan([aStep('a')]);
    await dieAt(machine, { plan }, 'a has started');
    machine.suffer('completes');
    expect(resultOf(await live(machine, again(plan))).outcome).toBe('failed');
    expect(machine.starts.get('do a')).toBe(1);
  });

  test('a step taken over is on record as an act of the run that took it over', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('a')]);
    await dieAt(machine, { plan }, 'a has started');
    await live(machine, again(plan));
    const history = machine.record()?.history ?? [];
    expect(history.map(({ run, outcome }) => [run.run_attempt, outcome])).toEqual([
      [1, undefined],
      [2, 'succeeded'],
    ]);
  });
});

describe('a tolerated failure', () => {
  test('does not hold up the run, but a fatal one does, whatever the plan tolerates', async () => {
    const plan = aPlan([aStep('a', { continueOnError: true }), aStep('b')]);
    const tolerant = new Machine().program('do a', () => ({ exit: 1 }));
    expect(resultOf(await live(tolerant, { plan })).outcome).toBe('succeeded');
    const fatal = new Machine().program('do a', () => ({
      exit: 1,
      category: 'fatal:signal',
    }));
    expect(resultOf(await live(fatal, { plan })).outcome).toBe('failed');
    expect(fatal.starts.get('do b')).toBe(undefined);
  });
});

describe('a step that is not idempotent', () => {
  test('is not run again on a re-run when it exited with 0 and its results could not be read', async () => {
    const machine = new Machine().program('do a', () => ({ badResults: true }));
    const plan = aPlan([aStep('a', { idempotent: false })]);
    expect(resultOf(await live(machine, { plan })).outcome).toBe('failed');
    expect(resultOf(await live(machine, again(plan))).outcome).toBe('in-doubt');
    expect(journalOf(machine)).toEqual(['do a']);
  });

  test('is not retried either, although it has its own retry', async () => {
    const machine = new Machine().program('do a', () => ({ badResults: true }));
    const retry = { ...aStep('a').retry, on: ['recoverable'] as const };
    const plan = aPlan([aStep('a', { idempotent: false, hasOwnRetry: true, retry })]);
    await live(machine, { plan });
    expect(journalOf(machine)).toEqual(['do a']);
  });

  test('starts only when its record would survive the machine, where the store can say so', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('a', { idempotent: false })]);
    const { labels } = await live(machine, { plan });
    expect(labels.indexOf('after confirm')).toBe(labels.indexOf('run a') - 1);
  });
});

describe('a start that the store does not confirm', () => {
  test('stops the run in front of the step, and leaves no doubt', async () => {
    const machine = new Machine();
    const order = { plan: aPlan([aStep('a', { idempotent: false })]) };
    const { labels } = await live(machine.copy(), order);
    const writes = labels.filter((label) => label.startsWith('before '));
    const faultFrom = writes.indexOf('before confirm') + 1;
    const life = await live(machine, order, { faultFrom, faultOnce: true });
    expect(resultOf(life).outcome).toBe('blocked');
    expect(machine.journal).toEqual([]);
    machine.suffer('forgets');
    expect(resultOf(await live(machine, again(order.plan))).outcome).toBe('succeeded');
  });
});

describe('a cancel', () => {
  test('between the record of a start and the start leaves no doubt, even on another machine', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('a', { idempotent: false })]);
    const order = { plan };
    const mishap = await mishapAt(machine, order, 'after saveStep a:started', 'cancelAt');
    expect(resultOf(await live(machine, order, mishap)).outcome).toBe('cancelled');
    machine.suffer('forgets');
    expect(resultOf(await live(machine, again(plan))).outcome).toBe('succeeded');
  });

  test('that meets a step as it ends well does not fail it: the next run verifies it', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('a', { doneWhen: true, idempotent: false })]);
    const mishap = await mishapAt(machine, { plan }, 'a has ended', 'cancelAt');
    const life = await live(machine, { plan }, mishap);
    expect(resultOf(life)).toMatchObject({ outcome: 'cancelled', failure: undefined });
    expect(resultOf(await live(machine, again(plan))).outcome).toBe('succeeded');
    expect(journalOf(machine)).toEqual(['do a']);
  });

  test('between two tries of an undo leaves the rest of them to the next run', async () => {
    const machine = new Machine();
    machine.program('do b', () => HEALTH);
    machine.program('undo a', ({ starts }) =>
      starts === 1 ? { exit: 1, category: 'transient:network' } : {},
    );
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b')]);
    const mishap = await mishapAt(machine, { plan }, 'sleep', 'cancelAt');
    expect(resultOf(await live(machine, { plan }, mishap)).outcome).toBe('cancelled');
    expect(machine.record()?.status).toBe('rolling-back');
    machine.program('do b', () => ({}));
    expect(resultOf(await live(machine, again(plan))).outcome).toBe('succeeded');
    expect(journalOf(machine)).toEqual(['do a', 'undo a', 'do a', 'do b']);
  });
});

describe('E4, E9: the outcome when state cannot be written', () => {
  test.each([
    ['before anything was started', 1, 'blocked'],
    ['after the only step had run', 5, 'failed'],
  ] as const)('%s', async (_, faultFrom, outcome) => {
    const machine = new Machine();
    const life = await live(machine, { plan: aPlan([aStep('a')]) }, { faultFrom });
    expect(resultOf(life)).toMatchObject({ outcome, fault: { code: 'ENOSPC' } });
  });
});

describe('E6: rollback', () => {
  const survivor: ProcessRef = { pid: 66, start_time: '1', boot_id: 'boot-1' };

  test('undoes four, three, two, one', async () => {
    const machine = new Machine().program('do d', () => HEALTH);
    const steps = ['a', 'b', 'c', 'd'].map((id) => aStep(id, { rollback: true }));
    const life = await live(machine, { plan: aPlan([...steps, aStep('e')]) });
    expect(resultOf(life).outcome).toBe('rolled-back');
    const undone = journalOf(machine).filter((line) => line.startsWith('undo'));
    expect(undone).toEqual(['undo d', 'undo c', 'undo b', 'undo a']);
    expect([...machine.markers.keys()]).toEqual([]);
    expect(resultOf(life).failure?.category).toBe('critical:health');
  });

  test('a rollback whose command was cut off is finished first, then all starts fresh', async () => {
    const machine = new Machine().program('do b', () => HEALTH);
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b')]);
    const order = { plan, policy: aPolicy({ rollback: 'restore everything' }) };
    await dieAt(machine, order, 'deployment.rollback has started');
    machine.suffer('dies');
    machine.program('do b', () => ({}));
    expect(resultOf(await live(machine, { ...order, runAttempt: 2 })).outcome).toBe('succeeded');
    expect(journalOf(machine)).toEqual(['do a', 'undo a', 'run everything', 'do a', 'do b']);
  });

  test('its command is not run again once its end is known', async () => {
    const machine = new Machine().program('do b', () => HEALTH);
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b')]);
    const order = { plan, policy: aPolicy({ rollback: 'restore everything' }) };
    await dieAt(machine, order, 'before saveDeployment rolled-back');
    machine.program('do b', () => ({}));
    await live(machine, { ...order, runAttempt: 2 });
    expect(journalOf(machine).filter((line) => line === 'run everything')).toHaveLength(1);
  });

  test('nothing is undone over processes that KILL did not end; once they are gone, it is', async () => {
    const machine = new Machine();
    machine.alive.add(survivor.pid);
    machine.program('do b', () => ({ exit: 1, survivors: [survivor] }));
    machine.program('do c', () => HEALTH);
    const plan = aPlan([
      aStep('a', { rollback: true }),
      aStep('b', { continueOnError: true }),
      aStep('c'),
    ]);
    const life = await live(machine, { plan });
    expect(resultOf(life).outcome).toBe('rollback-incomplete');
    expect(undosOf(life)).toMatchObject({ a: 'in-doubt' });
    expect((await live(machine, again(plan))).end.kind).toBe('blocked');
    machine.alive.clear();
    await live(machine, { plan, runAttempt: 3 });
    expect(journalOf(machine).slice(0, 2)).toEqual(['do a', 'undo a']);
  });

  test('what a hand declared done is listed, not undone', async () => {
    const machine = new Machine().program('do a', ({ starts }) =>
      starts === 1 ? { exit: 1 } : {},
    );
    machine.program('do b', () => HEALTH);
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b')]);
    await live(machine, { plan });
    machine.markers.set('a', '2026-11-22T10:46:00+00:00');
    const life = await live(machine, again(plan));
    expect(undosOf(life)).toMatchObject({ a: 'declared' });
    expect(machine.markers.has('a')).toBe(true);
  });

  test('a marker that another hand made meanwhile does not outlive the undo', async () => {
    const machine = new Machine();
    machine.program('do b', () => {
      machine.markers.set('b', 'by the step itself');
      return HEALTH;
    });
    const plan = aPlan([aStep('a'), aStep('b', { rollback: true })]);
    await live(machine, { plan });
    expect(machine.markers.has('b')).toBe(false);
    expect(machine.violations).toEqual([]);
  });

  test('a rollback finished by a later run gives the undos what the steps had handed on', async () => {
    const machine = new Machine().program('do b', () => HEALTH);
    machine.program('do a', () => ({ results: { env: [{ name: 'RELEASE', value: '7' }] } }));
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b', { rollback: true })]);
    await dieAt(machine, { plan }, 'after saveStep b:undone');
    machine.program('do b', () => ({}));
    await live(machine, again(plan));
    expect(machine.envs.get('undo a')).toMatchObject({ RELEASE: '7' });
  });

  test('the steps that follow a finished rollback run in an open deployment again', async () => {
    const machine = new Machine().program('do b', () => HEALTH);
    const plan = aPlan([aStep('a', { rollback: true }), aStep('b')]);
    await dieAt(machine, { plan }, 'after saveStep a:undone');
    machine.program('do b', () => ({}));
    await live(machine, again(plan));
    expect(machine.record()?.status).toBe('open');
    expect(machine.record()?.history.map(({ outcome }) => outcome)).toEqual([
      undefined,
      'succeeded',
    ]);
    expect(machine.violations).toEqual([]);
  });
});

describe('markers by hand', () => {
  test('one made while the step fails makes the next run skip it', async () => {
    const machine = new Machine().program('do a', () => {
      machine.markers.set('a', 'by hand');
      return { exit: 1 };
    });
    const plan = aPlan([aStep('a'), aStep('b')]);
    expect(resultOf(await live(machine, { plan })).outcome).toBe('failed');
    expect(resultOf(await live(machine, again(plan))).outcome).toBe('succeeded');
    expect(machine.starts.get('do a')).toBe(1);
  });

  test('those of steps that the plan does not have are left alone, also by a fresh start', async () => {
    const machine = new Machine();
    machine.markers.set('somebody-elses', 'long ago');
    await live(machine, { plan: aPlan([aStep('a')]) });
    await live(machine, again(aPlan([aStep('a')]), { resume: 'never' }));
    expect([...machine.markers.keys()].sort()).toEqual(['a', 'somebody-elses']);
  });
});

describe('finally', () => {
  const plan = (rest: Partial<Plan>) => aPlan([aStep('a'), aStep('b')], rest);
  const finals = { finally: [aStep('tidy'), aStep('tell')] };

  test.each(['unknown:exit', 'critical:health'] as const)('runs after %s', async (category) => {
    const machine = new Machine().program('do b', () => ({ exit: 1, category }));
    const { failure, outcome } = resultOf(await live(machine, { plan: plan(finals) }));
    expect(journalOf(machine).slice(-2)).toEqual(['do tidy', 'do tell']);
    expect([failure?.step, outcome]).toEqual([
      'b',
      category === 'unknown:exit' ? 'failed' : 'rolled-back',
    ]);
  });

  test('all of them run, and one that fails fails the run', async () => {
    const machine = new Machine().program('do tidy', () => ({ exit: 1 }));
    const { failure, outcome } = resultOf(await live(machine, { plan: plan(finals) }));
    expect([failure?.step, outcome]).toEqual(['tidy', 'failed']);
    expect(machine.inPlace.has('tell')).toBe(true);
  });
});

describe('5,000 steps', () => {
  test('that are all complete are skipped in no time', async () => {
    const machine = new Machine();
    const steps = Array.from({ length: 5_000 }, (_, index) => aStep(`s${index}`));
    const plan = aPlan(steps);
    await skipAll(machine, plan, fingerprintsOf(steps)); // the first time is the compiler's
    const tookMs = await skipAll(machine, plan, fingerprintsOf(steps));
    expect(tookMs).toBeLessThan(500);
  });
});
