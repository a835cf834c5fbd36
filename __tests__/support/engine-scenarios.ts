import type { Scenario } from './engine-explore.ts';
import { live } from './engine-life.ts';
import type { Machine } from './engine-machine.ts';
import { aPlan, aPolicy, aStep } from './engine-plan.ts';

/** Fails with `category` the first `times` that it is started. */
function failing(times: number, category: string, exit = 3) {
  return ({ starts }: { readonly starts: number }) =>
    starts <= times ? ({ exit, category } as never) : {};
}

const always = Infinity;

function placed(machine: Machine): string {
  return [...machine.inPlace.keys()].sort().join(' ');
}

const THREE = [aStep('a'), aStep('b'), aStep('c')];

/** The deployments that are crashed at every point. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'three plain steps',
    order: () => ({ plan: aPlan(THREE) }),
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a b c',
  },
  {
    name: 'retries of a transient failure',
    order: () => ({ plan: aPlan(THREE) }),
    prepare: (machine) => void machine.program('do b', failing(2, 'transient:network')),
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a b c',
  },
  {
    name: 'a remedy for a recoverable failure',
    order: () => ({
      plan: aPlan(THREE),
      policy: aPolicy({ remedies: new Map([['resource', 'prune']]) }),
    }),
    prepare: (machine) => void machine.program('do b', failing(1, 'recoverable:resource')),
    ends: (end) => end === 'succeeded' || end === 'failed',
  },
  {
    name: 'probes, idempotent or not',
    order: () => ({
      plan: aPlan([
        aStep('a', { doneWhen: true }),
        aStep('b', { doneWhen: true, idempotent: false }),
        aStep('c'),
      ]),
    }),
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a b c',
  },
  {
    name: 'a step that is not idempotent and has no probe',
    order: () => ({ plan: aPlan([aStep('a'), aStep('b', { idempotent: false }), aStep('c')]) }),
    ends: (end) => end === 'succeeded' || end === 'in-doubt',
  },
  {
    name: 'a step without checkpoint, a tolerated failure and finally',
    order: () => ({
      plan: aPlan(
        [
          aStep('a', { checkpoint: false }),
          aStep('b', { continueOnError: true }),
          aStep('c', { doneWhen: true }),
        ],
        { finally: [aStep('tidy'), aStep('tell')] },
      ),
    }),
    prepare: (machine) => void machine.program('do b', failing(always, 'unknown:exit')),
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a c tell tidy',
  },
  {
    name: 'a change with its cascade',
    order: () => ({ plan: aPlan([aStep('a', { script: 'do a v2' }), aStep('b'), aStep('c')]) }),
    prepare: async (machine) => {
      await live(machine, { plan: aPlan(THREE) });
      machine.journal.length = 0;
    },
    ends: (end, machine) => {
      const order = machine.journal.map(({ name }) => name);
      const redone = order.lastIndexOf('b') > order.lastIndexOf('a');
      return end === 'succeeded' && redone && order.lastIndexOf('c') > order.lastIndexOf('b');
    },
  },
  {
    name: 'a step with a withheld value',
    order: () => ({ plan: aPlan(THREE) }),
    prepare: (machine) =>
      void machine.program('do a', () => ({
        results: { outputs: [{ name: 'token', value: 'hush' }] },
      })),
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a b c',
  },
  {
    name: 'rollback of a critical failure',
    order: () => ({
      plan: aPlan([
        aStep('a', { rollback: true }),
        aStep('b', { rollback: true }),
        aStep('c', { rollback: true }),
      ]),
    }),
    prepare: (machine) => void machine.program('do c', failing(always, 'critical:health')),
    ends: (end, machine) => end === 'rolled-back' && placed(machine) === '',
  },
  {
    name: 'rollback with retried and failing undos',
    order: () => ({
      plan: aPlan([
        aStep('a', { rollback: true }),
        aStep('b', { rollback: true }),
        aStep('c', { rollback: true }),
      ]),
    }),
    prepare: (machine) => {
      machine.program('do c', failing(always, 'critical:health'));
      machine.program('undo b', failing(always, 'unknown:exit'));
      machine.program('undo a', failing(1, 'transient:network'));
    },
    ends: (end, machine) => end === 'rollback-incomplete' && placed(machine) === 'b',
  },
  {
    name: 'rollback that stops at a point of no return',
    order: () => ({
      plan: aPlan([
        aStep('a', { rollback: true }),
        aStep('b', { irreversible: true, rollback: true }),
        aStep('c', { rollback: true }),
        aStep('d', { rollback: true }),
      ]),
    }),
    prepare: (machine) => void machine.program('do d', failing(always, 'critical:health')),
    ends: (end, machine) => end === 'rollback-incomplete' && placed(machine) === 'a b',
  },
  {
    name: 'rollback with the command of the input, and finally',
    order: () => ({
      plan: aPlan([aStep('a', { rollback: true }), aStep('b', { rollback: true }), aStep('c')], {
        finally: [aStep('tidy', { script: 'tidy' })],
      }),
      policy: aPolicy({ rollback: 'restore everything' }),
    }),
    prepare: (machine) => void machine.program('do c', failing(always, 'critical:health')),
    ends: (end, machine) => {
      const verbs = machine.journal.map(({ verb, name }) => `${verb} ${name}`.trim());
      const restored = verbs.lastIndexOf('run everything');
      return end === 'rolled-back' && placed(machine) === '' && restored > verbs.indexOf('do a');
    },
  },
  {
    name: 'rollback of steps that are not idempotent',
    order: () => ({
      plan: aPlan([
        aStep('a', { rollback: true, idempotent: false }),
        aStep('b', { rollback: true, idempotent: false }),
        aStep('c', { rollback: true }),
      ]),
    }),
    prepare: (machine) => void machine.program('do c', failing(always, 'critical:health')),
    ends: (end) => ['rolled-back', 'rollback-incomplete', 'in-doubt'].includes(end),
  },
];

const TWO = [aStep('a'), aStep('b')];

/** Small enough to be crashed twice at every pair of points. */
export const SMALL: readonly Scenario[] = [
  {
    name: 'two plain steps',
    order: () => ({ plan: aPlan(TWO) }),
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a b',
  },
  {
    name: 'a step that is not idempotent, with and without a probe',
    order: () => ({
      plan: aPlan([
        aStep('a', { idempotent: false, doneWhen: true }),
        aStep('b', { idempotent: false }),
      ]),
    }),
    ends: (end) => end === 'succeeded' || end === 'in-doubt',
  },
  {
    name: 'a change with its cascade',
    order: () => ({ plan: aPlan([aStep('a', { script: 'do a v2' }), aStep('b')]) }),
    prepare: async (machine) => {
      await live(machine, { plan: aPlan(TWO) });
      machine.journal.length = 0;
    },
    ends: (end, machine) => {
      const order = machine.journal.map(({ name }) => name);
      return end === 'succeeded' && order.lastIndexOf('b') > order.lastIndexOf('a');
    },
  },
  {
    name: 'a change whose first run had been killed before it could note the checkpoint',
    order: () => ({ plan: aPlan([aStep('a', { script: 'do a v2' }), aStep('b')]) }),
    prepare: async (machine) => {
      await live(machine, { plan: aPlan(TWO) });
      machine.disk.losePower();
      machine.journal.length = 0;
    },
    ends: (end, machine) => {
      const order = machine.journal.map(({ name }) => name);
      return end === 'succeeded' && order.lastIndexOf('b') > order.lastIndexOf('a');
    },
  },
  {
    name: 'a fresh start over an older life',
    order: (runAttempt) => ({
      plan: aPlan([aStep('a', { script: 'do a v2' }), aStep('b', { script: 'do b v2' })]),
      resume: runAttempt === 1 ? 'never' : 'auto',
    }),
    prepare: async (machine) => {
      await live(machine, { plan: aPlan(TWO) });
      machine.journal.length = 0;
    },
    ends: (end, machine) => end === 'succeeded' && placed(machine) === 'a b',
  },
  {
    name: 'rollback of a critical failure',
    order: () => ({
      plan: aPlan([aStep('a', { rollback: true }), aStep('b', { rollback: true })]),
    }),
    prepare: (machine) => void machine.program('do b', failing(always, 'critical:health')),
    ends: (end, machine) => end === 'rolled-back' && placed(machine) === '',
    fates: ['completes', 'lingers', 'dies', 'forgets'],
  },
  {
    name: 'rollback with the command of the input',
    order: () => ({
      plan: aPlan([aStep('a', { rollback: true }), aStep('b')]),
      policy: aPolicy({ rollback: 'restore everything' }),
    }),
    prepare: (machine) => void machine.program('do b', failing(always, 'critical:health')),
    ends: (end, machine) => end === 'rolled-back' && placed(machine) === '',
    fates: ['completes', 'lingers', 'dies', 'forgets'],
  },
];
