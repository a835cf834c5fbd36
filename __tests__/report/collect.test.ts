import { describe, expect, test } from '@jest/globals';

import { createCollector } from '../../src/report/collect.ts';
import type { EngineEvent, Role } from '../../src/engine/events.ts';
import { renderTimeline } from '../../src/report/timeline.ts';
import { bars, failure } from './report-builder.ts';

const PULL = { id: 'pull', name: 'Pull images' };

function collect(...events: readonly (readonly [number, EngineEvent])[]) {
  let now = 0;
  const collector = createCollector({ now: () => now });
  for (const [at, event] of events) {
    now = at;
    collector.on(event);
  }
  return { ...collector.collected, timeline: collector.collected.timeline };
}

const started = (role: Role, at: number, attempt = 1): EngineEvent => ({
  type: 'attempt-started',
  role,
  step: PULL,
  unit: 'pull',
  at,
  attempt,
  maxAttempts: 3,
  adopted: false,
});
const ended = (startedAt: number, at: number, attempt: number, ok: boolean): EngineEvent => ({
  type: 'attempt-ended',
  role: 'step',
  step: PULL,
  unit: 'pull',
  startedAt,
  at,
  attempt,
  exit: { kind: 'exited', code: ok ? 0 : 1 },
  failure: ok ? undefined : failure('unknown:exit'),
  summary: ok ? '**done**' : ' ',
});
const waiting = (at: number, delayMs: number): EngineEvent => ({
  type: 'retry-waiting',
  role: 'step',
  step: PULL,
  at,
  delayMs,
  nextAttempt: 2,
  maxAttempts: 3,
  because: failure('unknown:exit'),
});
const spansOf = (timeline: readonly { kind: string; startedAt: number; endedAt: number }[]) =>
  timeline.map(({ kind, startedAt, endedAt }) => [kind, startedAt, endedAt]);

describe('what the events add up to', () => {
  test('attempts and waits, one after the other', () => {
    const found = collect(
      [0, started('step', 0)],
      [10, ended(0, 10, 1, false)],
      [10, waiting(10, 50)],
      [60, started('step', 60, 2)],
      [80, ended(60, 80, 2, true)],
    );
    expect(spansOf(found.timeline)).toEqual([
      ['attempt', 0, 10],
      ['wait', 10, 60],
      ['attempt', 60, 80],
    ]);
    expect(found.spans.get('pull')).toEqual({ startedAt: 0, endedAt: 80, attempts: 2 });
    expect(found.summaries).toEqual([{ step: 'pull', attempt: 2, markdown: '**done**' }]);
  });

  test('a wait that a cancel cut short lasted until then', () => {
    const stopping: EngineEvent = { type: 'stopping', because: 'cancel' };
    const found = collect([10, waiting(10, 5_000)], [25, stopping]);
    expect(spansOf(found.timeline)).toEqual([['wait', 10, 25]]);
  });

  test('a remedy and the rollback command have their time', () => {
    const remedy: EngineEvent = {
      type: 'remedy-ended',
      step: PULL,
      remedy: 'resource',
      failure: undefined,
    };
    const rollback: EngineEvent = {
      type: 'rollback-ended',
      at: 90,
      report: { undos: [], command: { outcome: 'done' }, complete: true },
    };
    const found = collect(
      [5, started('remedy', 5)],
      [30, remedy],
      [40, started('rollback', 40)],
      [90, rollback],
    );
    expect(spansOf(found.timeline)).toEqual([
      ['remedy', 5, 30],
      ['rollback', 40, 90],
    ]);
    expect(found.remedies).toEqual([{ step: 'pull', remedy: 'resource', ok: true }]);
  });

  test('state that could not be written is kept in words', () => {
    const fault = { operation: 'write', path: '/s/x', code: 'ENOSPC', message: 'no space left' };
    expect(collect([0, { type: 'state-fault', fault }]).fault).toBe('write /s/x: no space left');
  });
});

describe('the timeline', () => {
  test('names of steps cannot be taken for syntax', () => {
    const drawn = renderTimeline(
      bars(
        { step: 'a', name: 'x; %%{init}%% # : \n```\n"y" <b>', forMs: 5, ok: false },
        { step: 'b', name: '\u05e9\u05dc\u05d5\u05dd', forMs: 5 },
      ),
    );
    expect(drawn.match(/^ {2}section .*$/gmu)).toEqual([
      '  section x init y b',
      '  section \u05e9\u05dc\u05d5\u05dd',
    ]);
    expect(drawn.match(/```/gu)).toHaveLength(2);
  });

  test('of very many bars the special and the long ones are drawn', () => {
    const many = bars(
      ...Array.from({ length: 200 }, (_, index) => ({ step: `s${index}`, forMs: index })),
      { step: 'broken', forMs: 1, ok: false },
    );
    const drawn = renderTimeline(many);
    expect(drawn).toContain('section broken');
    expect(drawn).toContain('section s199');
    expect(drawn).not.toContain('section s3\n');
    expect(drawn).toContain('141 shorter ones are left out');
  });
});
