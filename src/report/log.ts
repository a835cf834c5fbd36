import type { EngineEvent, UndoOutcome } from '../engine/events.ts';
import type { Failure } from '../failure/failure.ts';
import { renderDuration } from '../inputs/duration.ts';
import type { ResumePlan } from '../plan/resume.ts';
import { renderReason } from '../plan/decision.ts';
import { unreachable } from '../result.ts';
import { renderExit } from './exit.ts';

/**
 * A piece of the log; how groups look, and that lines are inert, is the business of who prints. A
 * group holds the output of one command and ends with the next piece.
 */
export type LogPart =
  | { readonly kind: 'line'; readonly text: string }
  /** Lines that are there for those who look. */
  | { readonly kind: 'group'; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'open-group'; readonly title: string };

const line = (text: string): LogPart => ({ kind: 'line', text });
const open = (title: string): LogPart => ({ kind: 'open-group', title });

const ACTIONS = { skip: 'skip', run: 'run', adopt: 'wait', 'in-doubt': 'ask' } as const;

/** The first thing printed: what becomes of each step, and why. */
export function renderResumePlan(resume: ResumePlan, headline: string): readonly LogPart[] {
  const rows = resume.steps.map(({ step, decision }) => [
    step.id,
    ACTIONS[decision.action],
    renderReason(decision),
  ]);
  const width = Math.max(0, ...rows.map(([id]) => id?.length ?? 0));
  const lines = rows.map(([id = '', action = '', reason = '']) =>
    `  ${id.padEnd(width)}  ${action.padEnd(4)}  ${reason}`.trimEnd(),
  );
  return [line(headline), ...lines.map(line)];
}

/** One event as the log tells it, with the words that users of the shell library know. */
export function renderEvent(event: EngineEvent): readonly LogPart[] {
  switch (event.type) {
    case 'step-skipped':
      return [line(`[SKIP] ${event.step.id} (${event.reason})`)];
    case 'attempt-started':
      return renderStart(event);
    case 'attempt-ended':
      return [];
    case 'step-completed':
      return [
        line(
          event.how === 'probe'
            ? `[OK] ${event.step.id} completed (its done-when says so: nothing to do)`
            : `[OK] ${event.step.id} completed`,
        ),
      ];
    case 'step-failed':
      return [
        line(
          event.tolerated
            ? `[WARN] ${event.step.id} failed ${renderExit(event.failure)}; continue-on-error lets the run go on`
            : `[ERROR] ${event.step.id} failed ${renderExit(event.failure)}`,
        ),
      ];
    case 'retry-waiting':
      return [
        line(
          `[RETRY] ${event.step.id}: attempt ${event.nextAttempt} of ${event.maxAttempts} in ${renderDuration(event.delayMs)} (${renderCause(event.because)})`,
        ),
      ];
    case 'retries-ended':
      return [line(`[INFO] ${event.step.id} is not tried again: ${event.why}`)];
    case 'remedy-ended':
      return [line(renderRemedy(event))];
    case 'diagnostic-ended':
      return event.exitCode === 0
        ? []
        : [line(`[INFO] this diagnostic ended with exit code ${event.exitCode}`)];
    case 'probe-answered':
      return [line(renderProbe(event))];
    case 'doubt-resolved':
      return [line(renderDoubt(event))];
    case 'old-failure':
      return [
        line(
          `[INFO] ${event.step.id} had failed ${renderExit(event.failure)} while no run was watching; it is tried again`,
        ),
      ];
    case 'values-withheld':
      return [
        line(
          `[NOTICE] ${event.step.id}: ${event.values.join(', ')} contains a secret and is not stored; on resume the step runs again`,
        ),
      ];
    case 'checkpoints-dropped':
      return [
        line(
          `[INFO] ${event.because} changed: the checkpoints of ${event.steps.join(', ')} are dropped`,
        ),
      ];
    case 'leftover-waited-for':
      return [
        line(
          `[INFO] process ${event.pid} of ${event.step}, started by an earlier run, is still alive: waiting for it`,
        ),
      ];
    case 'rollback-started':
      return [line(renderRollbackStart(event))];
    case 'undo-ended':
      return [line(`[UNDO] ${event.step.id}: ${renderUndo(event.outcome)}`)];
    case 'rollback-ended':
      return renderRollbackEnd(event);
    case 'state-fault':
      return [
        line(
          `[ERROR] state could not be written: ${event.fault.operation} ${event.fault.path}: ${event.fault.message}`,
        ),
      ];
    case 'stopping':
      return [
        line(
          event.because === 'cancel'
            ? '[CANCEL] cancelled: no further step is started'
            : '[CANCEL] the runner is gone: no further step is started',
        ),
      ];
    default:
      return unreachable(event);
  }
}

type EventOf<T extends EngineEvent['type']> = EngineEvent & { readonly type: T };

const PROBE_WORDS = { done: 'done', 'not-done': 'not done', unknown: 'cannot tell' } as const;

function renderProbe(event: EventOf<'probe-answered'>): string {
  const code = event.answer === 'unknown' ? ` (exit code: ${event.exitCode})` : '';
  return `[INFO] done-when of ${event.step.id}: ${PROBE_WORDS[event.answer]}${code}`;
}

function renderRemedy({ step, remedy, failure }: EventOf<'remedy-ended'>): string {
  return failure === undefined
    ? `[INFO] remedy for ${remedy} done; ${step.id} gets one more attempt`
    : `[WARN] remedy for ${remedy} failed ${renderExit(failure)}; ${step.id} gets one more attempt all the same`;
}

function renderRollbackStart({ resumed, because }: EventOf<'rollback-started'>): string {
  if (resumed) return '[ROLLBACK] finishing the rollback that was cut off';
  const cause = because === undefined ? '' : ` (${because.category} in ${because.step})`;
  return `[ROLLBACK] undoing what was done, newest first${cause}`;
}

function renderStart(event: EventOf<'attempt-started'>): readonly LogPart[] {
  const { step, role, attempt, maxAttempts, adopted } = event;
  const tries = attempt > 1 ? ` (attempt ${attempt} of ${maxAttempts})` : '';
  switch (role) {
    case 'step':
    case 'finally':
      return [
        line(`${adopted ? '[WAIT]' : '[RUN]'} ${step.id}${tries}`),
        open(`${step.name}${tries}`),
      ];
    case 'probe':
      return [open(`${step.name}: done-when`)];
    case 'undo':
      return [line(`[UNDO] ${step.id}`), open(`${step.name}: rollback`)];
    case 'remedy':
      return [open(`${step.name}: remedy`)];
    case 'diagnostic':
      return [open(`diagnostics: ${step.name}`)];
    case 'rollback':
      return [line('[UNDO] rollback command'), open('rollback command')];
  }
}

function renderCause({ category, evidence }: Failure): string {
  return evidence === '' ? category : `${category}: ${evidence}`;
}

function renderDoubt({ step, why, resolution }: EventOf<'doubt-resolved'>): string {
  const doubt = `[INFO] ${step.id} was in doubt (${why})`;
  switch (resolution) {
    case 'probe-done':
      return `${doubt}: its done-when says that it is done`;
    case 'probe-not-done':
      return `${doubt}: its done-when says that it is not done, so it runs`;
    case 'idempotent':
      return `${doubt}: it is idempotent, so it runs again`;
  }
}

/** What became of an undo, for log and summary. */
export function renderUndo(outcome: UndoOutcome): string {
  switch (outcome.kind) {
    case 'undone':
      return 'undone';
    case 'already-undone':
      return 'undone before';
    case 'nothing-to-undo':
      return 'has no rollback; left as it is';
    case 'declared':
      return 'was declared done, not done by this deployment; left as it is';
    case 'failed':
      return `its rollback failed ${renderExit(outcome.failure)}`;
    case 'in-doubt':
      return `in doubt: ${outcome.why}`;
    case 'not-stored':
      return 'is no longer in the plan, and its rollback command held a secret and was not stored';
    case 'irreversible':
      return 'is irreversible: the rollback stops here';
    case 'behind-irreversible':
      return `not undone: it lies behind ${outcome.step}, which is irreversible`;
  }
}

function renderRollbackEnd({ report }: EventOf<'rollback-ended'>): readonly LogPart[] {
  const { command, complete } = report;
  const said = command === undefined ? '' : `, rollback command ${command.outcome}`;
  const end = line(`[ROLLBACK] ${complete ? 'complete' : 'incomplete'}${said}`);
  return [end];
}
