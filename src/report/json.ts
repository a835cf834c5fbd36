import type { Finding } from '../checks/check.ts';
import type { Failure, Place } from '../failure/failure.ts';
import { byteLength, shorten } from './bounds.ts';
import { renderProblemPlace } from './findings.ts';
import type { DeploymentStatus } from './deployment-status.ts';
import type { JsonReport } from './json-shape.ts';
import { toLeftToDo } from './left-to-do.ts';
import { renderUndo } from './log.ts';
import { mapTexts } from './map-texts.ts';
import { toNextAction } from './next-action.ts';
import { categoryOf } from './outputs.ts';
import type { Blockage, HostSnapshot, RunReport, StepReport } from './run-report.ts';

/** The report for other tools; `report.schema.json` describes it. */
export function toJsonReport(report: RunReport): JsonReport {
  const { failure, blockage, rerun, host, recheck } = report;
  return {
    schema_version: 1,
    outcome: report.outcome,
    mode: report.mode,
    next_action: toNextAction(report),
    plan: report.planName,
    target: report.target,
    deployment_id: report.deploymentId,
    state_dir: report.stateDir,
    run: { attempt: report.runAttempt, url: report.runUrl },
    resumed: report.resumed,
    started_at: toTime(report.startedAt),
    ended_at: toTime(report.endedAt),
    category: categoryOf(report),
    steps: report.steps.map(toStep),
    failure: failure === undefined ? null : toFailure(failure),
    rollback: toRollback(report),
    rerun:
      rerun === undefined
        ? null
        : {
            skips: [...rerun.skips],
            goes_on_from: rerun.goesOnFrom ?? null,
            doubt: rerun.doubt,
          },
    blockage: blockage === undefined ? null : toBlockage(blockage),
    fault: report.fault,
    checks: report.checks.map(toFinding),
    checks_after:
      recheck === undefined
        ? null
        : { findings: recheck.findings.map(toFinding), changes: [...recheck.changes] },
    host:
      host === undefined
        ? null
        : { name: host.name, before: toSnapshot(host.before), after: toSnapshot(host.after) },
    timeline: report.timeline.map(({ startedAt, endedAt, ...entry }) => ({
      ...entry,
      started_at: toTime(startedAt),
      ended_at: toTime(endedAt),
    })),
    remedies: [...report.remedies],
    withheld: report.withheld.map(({ step, values }) => ({ step, values: [...values] })),
    diagnostics: report.diagnostics.map(({ command, exitCode, output }) => ({
      command,
      exit_code: exitCode,
      output,
    })),
    notes: [...report.notes],
    preview: [...report.preview],
    deployments: report.deployments.map(toDeployment),
  };
}

function toDeployment(found: DeploymentStatus): JsonReport['deployments'][number] {
  return {
    target: found.target,
    deployment_id: found.deploymentId,
    directory: found.directory,
    status: found.status ?? null,
    current: found.isCurrent,
    touched_at: toTime(found.touchedAt),
    locked_by: found.lockedBy ?? null,
    failure:
      found.failure === undefined
        ? null
        : { step: found.failure.step, category: found.failure.category },
    steps: found.steps.map((step) => ({
      id: step.id,
      status: step.status,
      completed_at: step.completedAt ?? null,
      declared_by: step.declaredBy ?? null,
      exit_code: step.exitCode ?? null,
      pid: step.pid ?? null,
    })),
    problem: found.problem,
  };
}

function toStep(step: StepReport): JsonReport['steps'][number] {
  return {
    id: step.id,
    name: step.name,
    result: step.result,
    reason: step.reason,
    attempts: step.attempts,
    started_at: step.startedAt === undefined ? null : toTime(step.startedAt),
    duration_ms: step.durationMs === undefined ? null : Math.max(0, step.durationMs),
    completed_at: step.completedAt ?? null,
    finally: step.isFinally,
    category: step.failure?.category ?? null,
  };
}

function toFailure(failure: Failure): NonNullable<JsonReport['failure']> {
  const { exit, place, calledFrom, excerpt, stepAt, advice } = failure;
  return {
    step: failure.step,
    category: failure.category,
    rule: failure.rule,
    message: failure.message,
    evidence: failure.evidence,
    exit_code: failure.exitCode,
    signal: exit?.kind === 'signalled' ? exit.signal : null,
    place: place === undefined ? null : toPlace(place),
    called_from: calledFrom === undefined ? null : toPlace(calledFrom),
    step_at: { file: stepAt.file, line: stepAt.line },
    excerpt: excerpt === undefined ? null : { ...excerpt, lines: [...excerpt.lines] },
    meaning: advice.meaning,
    look_at: [...advice.lookAt],
    commands: [...advice.commands],
    tail: failure.tail,
  };
}

function toPlace({ file, line, inRepository, command }: Place): {
  file: string;
  line: number;
  in_repository: boolean;
  command: string;
} {
  return { file, line, in_repository: inRepository, command };
}

function toRollback({ rollback }: RunReport): JsonReport['rollback'] {
  if (rollback === undefined) return null;
  return {
    complete: rollback.complete,
    steps: rollback.undos.map(({ step, outcome }) => ({
      id: step.id,
      outcome: outcome.kind,
      detail: renderUndo(outcome),
    })),
    command: rollback.command?.outcome ?? null,
    left_to_do: toLeftToDo(rollback).map(({ what }) => what),
  };
}

function toBlockage(blockage: Blockage): NonNullable<JsonReport['blockage']> {
  const { kind, category } = blockage;
  switch (blockage.kind) {
    case 'input': {
      const reasons = blockage.problems.map((problem) => ({
        message: problem.message,
        fix: '',
        where: renderProblemPlace(problem),
      }));
      return { kind, category, reasons };
    }
    case 'state':
    case 'lock':
    case 'resume':
      return { kind, category, reasons: blockage.reasons.map((said) => ({ ...said, where: '' })) };
    case 'checks':
      return { kind, category, reasons: [] };
  }
}

function toFinding(finding: Finding): JsonReport['checks'][number] {
  const { id, kind, name, status, found, wanted, remedy, reason, durationMs } = finding;
  return {
    id,
    kind,
    name,
    status,
    found,
    wanted,
    remedy: remedy ?? null,
    reason: reason ?? null,
    duration_ms: Math.max(0, durationMs),
  };
}

function toSnapshot({
  at,
  memory,
  load,
  disks,
}: HostSnapshot): NonNullable<JsonReport['host']>['before'] {
  return {
    at: toTime(at),
    memory:
      memory === undefined
        ? null
        : { available_bytes: memory.availableBytes, total_bytes: memory.totalBytes },
    load: load === undefined ? null : { one_minute: load.oneMinute, cores: load.cores },
    disks: disks.map(({ path, freeBytes, totalBytes }) => ({
      path,
      free_bytes: freeBytes,
      total_bytes: totalBytes,
    })),
  };
}

/** An output is limited to 1 MiB, and big ones are a burden to every later step: details go first. */
export const MOST_RESULT_BYTES = 64 * 1024;
const MOST_TAIL = 4_000;

type Shortening = (full: JsonReport) => Partial<JsonReport>;

/** What is left out, one after the other, until the rest fits. */
const SHORTENINGS: readonly Shortening[] = [
  ({ failure }) => ({
    failure: failure === null ? null : { ...failure, tail: shorten(failure.tail, MOST_TAIL) },
    diagnostics: [],
  }),
  () => ({ timeline: [] }),
  ({ failure }) => ({ failure: failure === null ? null : { ...failure, tail: '', excerpt: null } }),
  () => ({ checks: [], checks_after: null, preview: [], deployments: [] }),
  () => ({ notes: [], withheld: [], remedies: [] }),
  () => ({ steps: [] }),
  ({ failure }) => ({ failure: failure === null ? null : shortenAll(failure, 500) }),
  ({ blockage }) => ({
    blockage:
      blockage === null
        ? null
        : { ...blockage, reasons: shortenAll(blockage.reasons.slice(0, 20), 500) },
  }),
  () => ({ rollback: null, rerun: null, host: null }),
];

/** The `result` output: the same document, shortened to fit. */
export function renderResult(report: RunReport): string {
  let result = toJsonReport(report);
  let text = JSON.stringify(result);
  for (const shortening of SHORTENINGS) {
    if (byteLength(text) <= MOST_RESULT_BYTES) return text;
    const shorter = shortening(result);
    const truncated = [...new Set([...(result.truncated ?? []), ...Object.keys(shorter)])];
    result = { ...result, ...shorter, truncated };
    text = JSON.stringify(result);
  }
  return byteLength(text) <= MOST_RESULT_BYTES ? text : JSON.stringify(shortenAll(result, 200));
}

function shortenAll<T>(value: T, most: number): T {
  return mapTexts(value, (text) => shorten(text, most));
}

function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
