import type { Trace } from '../ports.ts';
import { toExitCode, type FingerprintPart } from '../state/record.ts';

/** Why a step is skipped (E2). */
export type SkipReason =
  /** `on`: another machine than this one. */
  | { readonly kind: 'completed'; readonly on?: string }
  | { readonly kind: 'kept'; readonly changed: readonly FingerprintPart[] }
  | { readonly kind: 'set-by-hand' }
  | { readonly kind: 'declared'; readonly by: string }
  /** It had ended well, and we were killed before its checkpoint was made. */
  | { readonly kind: 'marker-missing' };

/** Why a step runs. */
export type RunReason =
  | { readonly kind: 'not-done' }
  | { readonly kind: 'no-checkpoint' }
  | { readonly kind: 'failed-before'; readonly exitCode: number }
  | { readonly kind: 'changed'; readonly parts: readonly FingerprintPart[] }
  | { readonly kind: 'after-change'; readonly step: string }
  | { readonly kind: 'marker-removed' }
  | { readonly kind: 'withheld'; readonly values: readonly string[] }
  | { readonly kind: 'rolled-back' }
  | { readonly kind: 'never-started' };

/** What a run does with a step. */
export type Decision =
  | { readonly action: 'skip'; readonly reason: SkipReason; readonly completedAt: string }
  | { readonly action: 'run'; readonly reason: RunReason }
  /** An earlier run's command still runs, or ended meanwhile and its exit code is known (E3). */
  | { readonly action: 'adopt'; readonly trace: Trace & { readonly kind: 'running' | 'exited' } }
  /** Started, and nobody knows how it ended (E3). */
  | { readonly action: 'in-doubt'; readonly why: string };

/** The reason as the resume plan prints it. */
export function renderReason(decision: Decision): string {
  switch (decision.action) {
    case 'skip':
      return renderSkip(decision.reason, decision.completedAt);
    case 'run':
      return renderRun(decision.reason);
    case 'adopt':
      return decision.trace.kind === 'running'
        ? `still running as process ${decision.trace.process.pid}: wait for it`
        : `ended meanwhile (exit code: ${toExitCode(decision.trace.exit)}): take its result`;
    case 'in-doubt':
      return `in doubt: ${decision.why}`;
  }
}

function renderSkip(reason: SkipReason, completedAt: string): string {
  const completed = `completed at: ${completedAt}`;
  switch (reason.kind) {
    case 'completed':
      return reason.on === undefined ? completed : `${completed} on ${reason.on}`;
    case 'kept':
      return `${completed}; changed: ${renderParts(reason.changed)}, kept`;
    case 'set-by-hand':
      return `${completed}, set by hand`;
    case 'declared':
      return `${completed}, declared done by ${reason.by}`;
    case 'marker-missing':
      return 'completed; its checkpoint is made now';
  }
}

function renderRun(reason: RunReason): string {
  switch (reason.kind) {
    case 'not-done':
      return 'not done yet';
    case 'no-checkpoint':
      return 'no checkpoint';
    case 'failed-before':
      return `failed before (exit code: ${reason.exitCode})`;
    case 'changed':
      return `changed: ${renderParts(reason.parts)}`;
    case 'after-change':
      return `after ${reason.step}, which changed`;
    case 'marker-removed':
      return 'its checkpoint was removed';
    case 'withheld':
      return `secret values were not stored: ${reason.values.join(', ')}`;
    case 'rolled-back':
      return 'rolled back before';
    case 'never-started':
      return 'was about to start when the run was cut off';
  }
}

function renderParts(parts: readonly FingerprintPart[]): string {
  return parts.map((part) => part.replace('_', '-')).join(', ');
}
