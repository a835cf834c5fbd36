import type { RunReport } from './run-report.ts';
import { categoryOf } from './outputs.ts';
import { renderUndo } from './log.ts';

/** Version of the report's and the `result` output's shape. */
const SCHEMA_VERSION = 1;

/** The report for other tools. Times are ISO 8601 in UTC, durations milliseconds. */
export function toJsonReport(report: RunReport): Readonly<Record<string, unknown>> {
  const { failure, rollback } = report;
  return {
    schema_version: SCHEMA_VERSION,
    outcome: report.outcome,
    mode: report.mode,
    plan: report.planName,
    target: report.target,
    deployment_id: report.deploymentId,
    state_dir: report.stateDir,
    run: { attempt: report.runAttempt, url: report.runUrl },
    resumed: report.resumed,
    started_at: toTime(report.startedAt),
    ended_at: toTime(report.endedAt),
    category: categoryOf(report),
    steps: report.steps.map((step) => ({
      id: step.id,
      name: step.name,
      result: step.result,
      reason: step.reason,
      attempts: step.attempts,
      started_at: step.startedAt === undefined ? null : toTime(step.startedAt),
      duration_ms: step.durationMs ?? null,
      finally: step.isFinally,
    })),
    failure:
      failure === undefined
        ? null
        : {
            step: failure.step,
            category: failure.category,
            rule: failure.rule,
            message: failure.message,
            evidence: failure.evidence,
            exit_code: failure.exitCode,
            signal: failure.exit?.kind === 'signalled' ? failure.exit.signal : null,
            place: failure.place ?? null,
            called_from: failure.calledFrom ?? null,
            advice: failure.advice,
            tail: failure.tail,
          },
    rollback:
      rollback === undefined
        ? null
        : {
            complete: rollback.complete,
            steps: rollback.undos.map(({ step, outcome }) => ({
              id: step.id,
              outcome: outcome.kind,
              detail: renderUndo(outcome),
            })),
            command: rollback.command?.outcome ?? null,
          },
    blockage: report.blockage ?? null,
    checks: report.checks,
    timeline: report.timeline.map(({ startedAt, endedAt, ...entry }) => ({
      ...entry,
      started_at: toTime(startedAt),
      ended_at: toTime(endedAt),
    })),
    diagnostics: report.diagnostics,
    notes: report.notes,
  };
}

/** An output is limited to 1 MiB, and big ones are a burden to every later step: details go first. */
const MOST_RESULT_BYTES = 64 * 1024;

/** The `result` output: the same document, shortened to fit. */
export function renderResult(report: RunReport): string {
  const full = toJsonReport(report);
  const shorter = [
    full,
    { ...full, timeline: [], truncated: true },
    { ...full, timeline: [], checks: [], notes: [], steps: [], truncated: true },
    {
      schema_version: SCHEMA_VERSION,
      outcome: report.outcome,
      category: categoryOf(report),
      truncated: true,
    },
  ];
  const texts = shorter.map((document) => JSON.stringify(document));
  return texts.find((text) => text.length <= MOST_RESULT_BYTES) ?? texts.at(-1) ?? '{}';
}

function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
