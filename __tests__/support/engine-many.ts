import { runDeployment } from '../../src/engine/engine.ts';
import { createStop } from '../../src/engine/stop.ts';
import type { World } from '../../src/engine/world.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { decideResume } from '../../src/plan/resume.ts';
import type { Fingerprint } from '../../src/state/record.ts';
import { toAssignment, toFailure } from './engine-life.ts';
import type { Machine } from './engine-machine.ts';
import { processesOf, storeOf } from './engine-machine.ts';
import { deploymentRecord, stepRecord } from './records.ts';

/** How many milliseconds the engine takes to decide on and skip a plan whose steps are all complete. */
export async function skipAll(
  machine: Machine,
  plan: Plan,
  fingerprints: ReadonlyMap<string, Fingerprint>,
): Promise<number> {
  const completedAt = '2026-11-22T10:46:00+00:00';
  const steps = new Map(
    plan.steps.map(({ id }, index) => {
      const fingerprint = fingerprints.get(id) ?? stepRecord().fingerprint;
      const done = { state: 'succeeded', marked: true, sequence: index + 1 } as const;
      return [id, stepRecord({ step: id, fingerprint, ...done })] as const;
    }),
  );
  const known = {
    record: deploymentRecord(),
    steps,
    markers: new Map(plan.steps.map(({ id }) => [id, { step: id, completedAt }] as const)),
    lastError: undefined,
    current: 'deployment',
    name: 'deployment',
  };
  let skipped = 0;
  const world: World = {
    clock: machine.clock(() => undefined),
    random: () => 0,
    store: storeOf(machine),
    processes: processesOf(machine, {
      pass: () => undefined,
      onStart: () => undefined,
      onEffect: () => undefined,
    }),
    redaction: { redact: (text) => text, contains: () => false, learn: () => undefined },
    stops: { cancel: createStop().stop, workerGone: createStop().stop },
    emit: ({ type }) => {
      if (type === 'step-skipped') skipped += 1;
    },
    output: () => ({ write: () => undefined, end: () => undefined }),
    diagnose: ({ step }) => Promise.resolve(toFailure(step, 'unknown:exit', undefined, '')),
    refute: ({ ref }) => Promise.resolve(toFailure(ref, 'unknown:exit', undefined, '')),
  };
  const begun = performance.now();
  const facts = {
    steps: plan.steps,
    known,
    fingerprints,
    traces: new Map(),
    survivors: new Map(),
    resume: 'auto',
    runAttempt: 2,
    bootId: machine.bootId,
  } as const;
  const { outcome } = await runDeployment(world, toAssignment(machine, { plan }), {
    plan,
    known,
    resume: decideResume(facts),
    replan: (later) => decideResume({ ...facts, known: later }),
    leftovers: [],
  });
  const tookMs = performance.now() - begun;
  if (outcome !== 'succeeded' || skipped !== plan.steps.length) throw new Error(outcome);
  return tookMs;
}
