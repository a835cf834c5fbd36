import { describe, expect, test } from '@jest/globals';
import { settleHostFailure } from '../../src/engine/host-failure.ts';
import { mishapEverywhere } from '../support/engine-explore.ts';
import { live } from '../support/engine-life.ts';
import { Machine } from '../support/engine-machine.ts';
import { aPlan, aStep } from '../support/engine-plan.ts';
import { SCENARIOS } from '../support/engine-scenarios.ts';

describe('E5: after a stop nothing is started, and the next run goes on', () => {
  test.each(SCENARIOS)('a cancel at any point: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (cancelAt) => ({ cancelAt }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  test.each(SCENARIOS)('the worker is gone at any point: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (workerGoneAt) => ({
      workerGoneAt,
    }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });
});

describe('E4: state that cannot be written stops the run, and what is complete stays so', () => {
  test.each(SCENARIOS)('from any write on: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (faultFrom) => ({ faultFrom }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  test.each(SCENARIOS)('also when the write had been made: $name', async (scenario) => {
    const toMishap = (faultFrom: number) => ({ faultFrom, faultAfter: true });
    const { problems } = await mishapEverywhere(scenario, toMishap);
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
  });
});

describe('E4: a host that refuses what a command needs stops the run, and the next one goes on', () => {
  test.each(SCENARIOS)('at any point: $name', async (scenario) => {
    const { tried, problems } = await mishapEverywhere(scenario, (refusedAt) => ({ refusedAt }));
    expect([...new Set(problems)].slice(0, 12)).toEqual([]);
    expect(tried).toBeGreaterThan(30);
  });

  test('says what the host refused, and starts nothing more', async () => {
    const machine = new Machine();
    const plan = aPlan([aStep('a'), aStep('b')]);
    const { labels } = await live(machine.copy(), { plan });
    const refusedAt = labels.indexOf('collect a') + 1;
    const life = await live(machine, { plan }, { refusedAt });
    expect(life.end).toMatchObject({
      kind: 'ended',
      result: { outcome: 'failed', fault: { code: 'EMFILE', path: '/state/run' } },
    });
    expect(machine.journal.map(({ verb, name }) => `${verb} ${name}`)).toEqual(['do a']);
    const next = await live(machine, { plan, runAttempt: 2 });
    expect(next.end).toMatchObject({ result: { outcome: 'succeeded' } });
    expect(machine.journal.map(({ verb, name }) => `${verb} ${name}`)).toEqual(['do a', 'do b']);
  });

  test('anything else that is thrown is a bug, and stays one', async () => {
    const bug = new TypeError('x is not a function');
    await expect(settleHostFailure(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});
