import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Scenario } from '../support/engine-explore.ts';
import { liveThrough } from '../support/engine-explore.ts';
import type { Mishaps } from '../support/engine-life.ts';
import type { Behaviour } from '../support/engine-machine.ts';
import { FATES } from '../support/engine-machine.ts';
import { aPlan, aPolicy, aStep } from '../support/engine-plan.ts';

const BEHAVIOURS: readonly Behaviour[] = [
  {},
  {},
  { exit: 1 },
  { exit: 1, category: 'transient:network' },
  { exit: 1, category: 'recoverable:resource' },
  { exit: 1, category: 'critical:health' },
  { exit: 'SIGKILL' },
  { durationMs: 4_000_000 },
  { exit: 127, cannotStart: true },
  { badResults: true },
];

const flag = fc.boolean();
const aRandomStep = fc.record({
  idempotent: flag,
  checkpoint: flag,
  doneWhen: flag,
  rollback: flag,
  irreversible: fc.nat(5).map((n) => n === 0),
  continueOnError: fc.nat(4).map((n) => n === 0),
  /** What it does at its first, second, ... start; after that it works. */
  does: fc.array(fc.nat(BEHAVIOURS.length - 1), { maxLength: 3 }),
  undoes: fc.array(fc.nat(3), { maxLength: 2 }),
});

const at = fc.integer({ min: 1, max: 90 });
const aMishap: fc.Arbitrary<Mishaps> = fc.oneof(
  at.map((crashAt) => ({ crashAt })),
  at.map((crashAt) => ({ crashAt })),
  at.map((cancelAt) => ({ cancelAt })),
  at.map((workerGoneAt) => ({ workerGoneAt })),
  at.map((faultFrom) => ({ faultFrom: Math.ceil(faultFrom / 3) })),
);

const aDeployment = fc.record({
  steps: fc.array(aRandomStep, { minLength: 1, maxLength: 4 }),
  command: flag,
  remedy: flag,
  mishaps: fc.array(aMishap, { maxLength: 3 }),
  fate: fc.constantFrom(...FATES),
});

type Deployment = typeof aDeployment extends fc.Arbitrary<infer T> ? T : never;

/** Whatever happens, the invariants hold, and every end is one of those that there are. */
function toScenario({ steps, command, remedy }: Deployment): Scenario {
  const ids = ['a', 'b', 'c', 'd'];
  const plan = aPlan(
    steps.map(({ doneWhen, rollback, ...rest }, index) =>
      aStep(ids[index] ?? 'z', {
        ...rest,
        // Without a checkpoint it is meant to run each time, idempotent or not.
        checkpoint: rest.checkpoint || !rest.idempotent,
        ...(doneWhen && { doneWhen: true as const }),
        ...(rollback && { rollback: true as const }),
      }),
    ),
    { finally: [aStep('tidy', { script: 'tidy' })] },
  );
  const policy = aPolicy({
    remedies: new Map(remedy ? [['resource', 'prune']] : []),
    ...(command && { rollback: 'restore everything' }),
  });
  return {
    name: 'random',
    order: () => ({ plan, policy }),
    prepare: (machine) => {
      for (const [index, { does, undoes }] of steps.entries()) {
        const behave = (which: readonly number[]) => (now: { readonly starts: number }) =>
          BEHAVIOURS[which[now.starts - 1] ?? 0] ?? {};
        machine.program(`do ${ids[index] ?? ''}`, behave(does));
        machine.program(`undo ${ids[index] ?? ''}`, behave(undoes));
      }
    },
    ends: (end) => ENDS.has(end),
  };
}

const ENDS = new Set([
  ...[
    'succeeded',
    'failed',
    'rolled-back',
    'rollback-incomplete',
    'in-doubt',
    'cancelled',
    'blocked',
  ],
]);

describe('any plan, any failures, any mishaps', () => {
  test('keep the invariants, and come to an end', async () => {
    await fc.assert(
      fc.asyncProperty(aDeployment, async (deployment) => {
        const { mishaps, fate } = deployment;
        const { problems } = await liveThrough(toScenario(deployment), mishaps, fate);
        expect(problems).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);
});
