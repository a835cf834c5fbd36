import type { EngineEvent, Role } from '../engine/events.ts';
import type { StepEntry } from '../engine/engine.ts';
import type {
  DiagnosticReport,
  StepReport,
  StepResult,
  StepSummary,
  TimelineEntry,
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
  /** By step id. */
  readonly reasons: ReadonlyMap<string, string>;
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

export function createCollector(): Collector {
  const timeline: TimelineEntry[] = [];
  const summaries: StepSummary[] = [];
  const diagnostics: DiagnosticReport[] = [];
  const reasons = new Map<string, string>();
  const spans = new Map<string, Span>();
  return {
    collected: { timeline, summaries, diagnostics, reasons, spans },
    on: (event) => {
      switch (event.type) {
        case 'step-skipped':
          reasons.set(event.step.id, event.reason);
          if (event.summary !== '') {
            summaries.push({ step: event.step.id, attempt: 0, markdown: event.summary });
          }
          break;
        case 'attempt-ended': {
          const { role, step, attempt, startedAt, at, failure } = event;
          const kind = TIMELINE_KINDS[role];
          const ok = failure === undefined;
          timeline.push({
            step: step.id,
            name: step.name,
            kind,
            attempt,
            startedAt,
            endedAt: at,
            ok,
          });
          if (role === 'step' || role === 'finally') extend(spans, step.id, startedAt, at);
          if (event.summary !== '')
            summaries.push({ step: step.id, attempt, markdown: event.summary });
          break;
        }
        case 'diagnostic-ended': {
          const { command, exitCode, output } = event;
          diagnostics.push({ command, exitCode, output });
          break;
        }
        case 'retry-waiting':
          timeline.push({
            step: event.step.id,
            name: event.step.name,
            kind: 'wait',
            attempt: event.nextAttempt,
            startedAt: event.at,
            endedAt: event.at + event.delayMs,
            ok: true,
          });
          break;
        case 'doubt-resolved':
          reasons.set(event.step.id, `was in doubt: ${event.why}`);
          break;
        default:
          break;
      }
    },
  };
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

/** Joins what the engine returned with what its events told. */
export function toStepReport(
  entry: StepEntry,
  collected: Collected,
  isFinally: boolean,
): StepReport {
  const { step, outcome } = entry;
  const span = collected.spans.get(step.id);
  return {
    id: step.id,
    name: step.name,
    result: toResult(outcome),
    reason: collected.reasons.get(step.id) ?? '',
    attempts: span?.attempts ?? 0,
    startedAt: span?.startedAt,
    durationMs: span === undefined ? undefined : span.endedAt - span.startedAt,
    isFinally,
  };
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
