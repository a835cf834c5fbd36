import type { EngineEvent } from '../engine/events.ts';
import { renderDuration } from '../inputs/duration.ts';
import type { LogPart } from '../report/log.ts';
import { renderEvent } from '../report/log.ts';

/**
 * One event as a terminal has it: the words of the log, the names of the steps beside their ids instead
 * of in headings of their own, and how long what has ended took.
 */
export function renderAtTerminal(
  event: EngineEvent,
  tookMs: number | undefined,
): readonly LogPart[] {
  const parts = renderEvent(event);
  switch (event.type) {
    case 'attempt-started':
      return renderStart(event, parts);
    case 'step-completed':
    case 'step-failed':
    case 'undo-ended':
      return tookMs === undefined ? parts : parts.map((part) => withTime(part, tookMs));
    default:
      return parts;
  }
}

function renderStart(
  { step, role }: EngineEvent & { readonly type: 'attempt-started' },
  parts: readonly LogPart[],
): readonly LogPart[] {
  const lines = parts.filter(({ kind }) => kind === 'line');
  // What has no line of its own keeps its heading: nobody would know whose output follows.
  if (lines.length === 0) {
    return parts.map((part) =>
      part.kind === 'open-group' ? { kind: 'line', text: `[RUN] ${part.title}` } : part,
    );
  }
  const isNamed = role !== 'rollback' && step.name !== step.id;
  return lines.map((part) =>
    part.kind === 'line' && isNamed ? { ...part, text: `${part.text}: ${step.name}` } : part,
  );
}

function withTime(part: LogPart, tookMs: number): LogPart {
  return part.kind === 'line'
    ? { ...part, text: `${part.text} in ${renderDuration(tookMs)}` }
    : part;
}
