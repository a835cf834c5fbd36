import type { StepEntry } from '../engine/engine.ts';
import type { EngineEvent, Role } from '../engine/events.ts';
import type { Failure } from '../failure/failure.ts';
import type { Clock } from '../ports.ts';
import type {
  DiagnosticReport,
  RemedyReport,
  StepReport,
  StepResult,
  StepSummary,
  TimelineEntry,
  WithheldReport,
} from './run-report.ts';

interface Span {
  startedAt: number;
  endedAt: number;
  attempts: number;
}

/** What the engine's events add up to: times, attempts and summaries that no other place keeps. */
export interface Collected {
  readonly timeline: readonly TimelineEntry[];
  readonly summaries: readonly StepSummary[];
  readonly diagnostics: readonly DiagnosticReport[];
  readonly remedies: readonly RemedyReport[];
  readonly withheld: readonly WithheldReport[];
  /** State that could not be written, in words; empty when all could. */
  readonly fault: string;
  /** By step id. */
  readonly reasons: ReadonlyMap<string, string>;
  /** When the steps that were skipped had been completed, by id. */
  readonly completedAt: ReadonlyMap<string, string>;
  readonly spans: ReadonlyMap<string, Readonly<Span>>;
}

export interface Collector {
  readonly on: (event: EngineEvent) => void;
  readonly collected: Collected;
}

const TIMELINE_KINDS: Readonly<Record<Role, TimelineEntry['kind']>> = {
  step: 'attempt',
  probe: 'probe',
  undo: 'undo',
  remedy: 'remedy',
  rollback: 'rollback',
  finally: 'finally',
  diagnostic: 'diagnostic',
};

/** Listens to a run. The clock is for the few events that say only that something has ended. */
export function createCollector(clock: Pick<Clock, 'now'>): Collector {
  return new EventCollector(clock);
}

class EventCollector implements Collector, Collected {
  readonly timeline: TimelineEntry[] = [];
  readonly summaries: StepSummary[] = [];
  readonly diagnostics: DiagnosticReport[] = [];
  readonly remedies: RemedyReport[] = [];
  readonly withheld: WithheldReport[] = [];
  fault = '';
  readonly reasons = new Map<string, string>();
  readonly completedAt = new Map<string, string>();
  readonly spans = new Map<string, Span>();
  /** Start of what is running, by role. */
  readonly #startedAt = new Map<Role, number>();
  /** The wait that nothing has followed yet. */
  #wait: TimelineEntry | undefined;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get collected(): Collected {
    this.#endWait(this.#clock.now());
    return this;
  }

  readonly on = (event: EngineEvent): void => {
    switch (event.type) {
      case 'step-skipped':
        this.reasons.set(event.step.id, event.reason);
        this.completedAt.set(event.step.id, event.completedAt);
        this.#addSummary(event.step.id, 0, event.summary);
        break;
      case 'attempt-started':
        this.#startedAt.set(event.role, event.at);
        this.#endWait(event.at);
        break;
      case 'attempt-ended':
        this.#endAttempt(event);
        break;
      case 'remedy-ended': {
        const { step, remedy, failure } = event;
        this.remedies.push({ step: step.id, remedy, ok: failure === undefined });
        this.#endOther('remedy', step, failure === undefined);
        break;
      }
      case 'rollback-ended': {
        const { command } = event.report;
        const step = { id: 'deployment', name: 'rollback command' };
        if (command !== undefined) this.#endOther('rollback', step, command.outcome === 'done');
        break;
      }
      case 'diagnostic-ended': {
        const { command, exitCode, output } = event;
        this.diagnostics.push({ command, exitCode, output });
        break;
      }
      case 'retry-waiting': {
        const { step, nextAttempt, at, delayMs } = event;
        this.#wait = {
          step: step.id,
          name: step.name,
          kind: 'wait',
          attempt: nextAttempt,
          startedAt: at,
          endedAt: at + delayMs,
          ok: true,
        };
        break;
      }
      case 'doubt-resolved':
        this.reasons.set(event.step.id, `was in doubt: ${event.why}`);
        break;
      case 'values-withheld':
        this.withheld.push({ step: event.step.id, values: event.values });
        break;
      case 'state-fault': {
        const { operation, path, message } = event.fault;
        this.fault = `${operation} ${path}: ${message}`;
        break;
      }
      case 'checkpoints-dropped':
      case 'leftover-waited-for':
      case 'old-failure':
      case 'probe-answered':
      case 'retries-ended':
      case 'rollback-started':
      case 'step-completed':
      case 'step-failed':
      case 'stopping':
      case 'undo-ended':
        break;
    }
  };

  #endAttempt(event: EngineEvent & { readonly type: 'attempt-ended' }): void {
    const { role, step, attempt, startedAt, at: endedAt, failure } = event;
    const kind = TIMELINE_KINDS[role];
    const ok = failure === undefined;
    const { id, name } = step;
    this.timeline.push({ step: id, name, kind, attempt, startedAt, endedAt, ok });
    this.#startedAt.delete(role);
    if (role === 'step' || role === 'finally') extend(this.spans, id, startedAt, endedAt);
    this.#addSummary(id, attempt, event.summary);
  }

  #endOther(role: Role, step: { readonly id: string; readonly name: string }, ok: boolean): void {
    const startedAt = this.#startedAt.get(role);
    if (startedAt === undefined) return;
    this.#startedAt.delete(role);
    const { id, name } = step;
    const kind = TIMELINE_KINDS[role];
    const endedAt = this.#clock.now();
    this.timeline.push({ step: id, name, kind, attempt: 1, startedAt, endedAt, ok });
  }

  /** A cancel cuts a wait short: it lasted until the next thing began. */
  #endWait(at: number): void {
    if (this.#wait === undefined) return;
    const { startedAt, endedAt } = this.#wait;
    this.timeline.push({ ...this.#wait, endedAt: Math.max(startedAt, Math.min(endedAt, at)) });
    this.#wait = undefined;
  }

  #addSummary(step: string, attempt: number, markdown: string): void {
    if (markdown.trim() !== '') this.summaries.push({ step, attempt, markdown });
  }
}

function extend(spans: Map<string, Span>, step: string, startedAt: number, endedAt: number): void {
  const span = spans.get(step);
  if (span === undefined) {
    spans.set(step, { startedAt, endedAt, attempts: 1 });
  } else {
    span.endedAt = endedAt;
    span.attempts++;
  }
}

/** Joins what the engine returned with what its events told. `reason`: why it was to run, if that says something. */
export function toStepReport(
  entry: StepEntry,
  collected: Collected,
  isFinally: boolean,
  reason = '',
): StepReport {
  const { step, outcome } = entry;
  const span = collected.spans.get(step.id);
  const result = toResult(outcome);
  const failure = toFailure(outcome);
  const completedAt = collected.completedAt.get(step.id);
  return {
    id: step.id,
    name: step.name,
    result,
    reason: collected.reasons.get(step.id) ?? (result === 'not-reached' ? '' : reason),
    attempts: span?.attempts ?? toAttempts(outcome),
    startedAt: span?.startedAt,
    durationMs: span === undefined ? undefined : span.endedAt - span.startedAt,
    isFinally,
    ...(failure === undefined ? {} : { failure }),
    ...(completedAt === undefined || result !== 'skipped' ? {} : { completedAt }),
  };
}

function toFailure(outcome: StepEntry['outcome']): Failure | undefined {
  return outcome !== undefined && 'failure' in outcome ? outcome.failure : undefined;
}

function toAttempts(outcome: StepEntry['outcome']): number {
  return outcome !== undefined && 'attempts' in outcome ? (outcome.attempts ?? 0) : 0;
}

function toResult(outcome: StepEntry['outcome']): StepResult {
  switch (outcome?.kind) {
    case undefined:
      return 'not-reached';
    case 'done':
      return outcome.how === 'ran' ? 'succeeded' : outcome.how;
    case 'tolerated':
      return 'tolerated';
    case 'failed':
    case 'fault':
      return 'failed';
    case 'stopped':
      return outcome.failure === undefined ? 'not-reached' : 'cancelled';
    case 'in-doubt':
      return 'in-doubt';
  }
}
