import type { EngineEvent, Role } from '../engine/events.ts';
import { renderDuration } from '../inputs/duration.ts';
import { shorten } from '../report/bounds.ts';
import { toVisibleLine } from '../report/visible.ts';

/** What goes on at the moment. Times are milliseconds that never go back. */
type Doing =
  | { readonly kind: 'running'; readonly what: string; readonly since: number }
  | { readonly kind: 'waiting'; readonly what: string; readonly until: number };

/** Follows a run for the live line at the bottom of a terminal. */
export interface Progress {
  readonly on: (event: EngineEvent, now: number) => void;
  /** One line of at most so many columns; empty when nothing goes on. */
  readonly render: (now: number, columns: number) => string;
}

const WORDS: Readonly<Record<Role, string>> = {
  step: '',
  finally: '',
  probe: ' · done-when',
  undo: ' · rollback',
  remedy: ' · remedy',
  rollback: '',
  diagnostic: ' · diagnostics',
};

/** The name of a step comes from the plan: `redact` keeps secrets out of the line. */
export function createProgress(redact: (text: string) => string): Progress {
  let doing: Doing | undefined;
  return {
    on: (event, now) => {
      doing = toDoing(event, now, doing);
    },
    render: (now, columns) => {
      if (doing === undefined) return '';
      const what = toVisibleLine(redact(doing.what));
      const time =
        doing.kind === 'running'
          ? toSeconds(now - doing.since)
          : `again in ${toSeconds(Math.max(0, doing.until - now))}`;
      // The time is what changes: it stays in sight whatever the name is.
      const room = Math.max(0, columns - time.length - 3);
      return `${shorten(what, Math.max(1, room))} · ${time}`;
    },
  };
}

function toDoing(event: EngineEvent, now: number, before: Doing | undefined): Doing | undefined {
  switch (event.type) {
    case 'attempt-started': {
      const { step, role, attempt, maxAttempts } = event;
      const tries =
        attempt > 1 && role !== 'probe' ? ` · attempt ${attempt} of ${maxAttempts}` : '';
      const what = role === 'rollback' ? 'rollback command' : step.id;
      return { kind: 'running', what: `${what}${WORDS[role]}${tries}`, since: now };
    }
    case 'retry-waiting': {
      const { step, nextAttempt, maxAttempts, delayMs } = event;
      const what = `${step.id} · attempt ${nextAttempt} of ${maxAttempts}`;
      return { kind: 'waiting', what, until: now + delayMs };
    }
    case 'leftover-waited-for':
      return { kind: 'running', what: `${event.step} · started by an earlier run`, since: now };
    case 'attempt-ended':
    case 'remedy-ended':
    case 'diagnostic-ended':
    case 'probe-answered':
    case 'rollback-ended':
    case 'step-completed':
    case 'step-failed':
    case 'step-skipped':
    case 'stopping':
    case 'undo-ended':
      return undefined;
    case 'checkpoints-dropped':
    case 'doubt-resolved':
    case 'old-failure':
    case 'retries-ended':
    case 'rollback-started':
    case 'state-fault':
    case 'values-withheld':
      return before;
  }
}

/** Whole seconds: a line that is drawn several times a second must not flicker. */
function toSeconds(ms: number): string {
  return ms < 1000 ? '0 s' : renderDuration(Math.floor(ms / 1000) * 1000);
}
