import type { Finding } from '../../src/checks/check.ts';
import { toAdvice } from '../../src/failure/advice.ts';
import type { Category } from '../../src/failure/category.ts';
import type { Failure } from '../../src/failure/failure.ts';
import type {
  HostReport,
  RunReport,
  StepReport,
  TimelineEntry,
} from '../../src/report/run-report.ts';
import { IN_A_JOB } from '../../src/report/venue.ts';

/** 22 November 2026, 10:46 UTC: when all runs in these tests begin. */
export const START = Date.UTC(2026, 10, 22, 10, 46);

export function report(overrides: Partial<RunReport> = {}): RunReport {
  return {
    outcome: 'succeeded',
    venue: IN_A_JOB,
    mode: 'run',
    planName: 'freshtrack-production',
    target: 'freshtrack-shop--deploy-1f2e3d4c',
    deploymentId: '19284756301',
    stateDir: '/var/lib/freshtrack-deploy',
    runAttempt: 1,
    runUrl: 'https://github.com/freshtrack/shop/actions/runs/19284756301',
    startedAt: START,
    endedAt: START + 133_000,
    resumed: false,
    steps: [],
    failure: undefined,
    failedStep: '',
    rollback: undefined,
    blockage: undefined,
    checks: [],
    timeline: [],
    notes: [],
    summaries: [],
    diagnostics: [],
    remedies: [],
    withheld: [],
    fault: '',
    host: undefined,
    recheck: undefined,
    rerun: undefined,
    preview: [],
    deployments: [],
    ...overrides,
  };
}

export function step(id: string, overrides: Partial<StepReport> = {}): StepReport {
  return {
    id,
    name: id,
    result: 'succeeded',
    reason: '',
    attempts: 1,
    startedAt: START,
    durationMs: 4_200,
    isFinally: false,
    ...overrides,
  };
}

/** A step that an earlier run had completed. */
export function skipped(id: string, name: string, completedAt: string): StepReport {
  return step(id, {
    name,
    result: 'skipped',
    reason: `completed at: ${completedAt}`,
    completedAt,
    attempts: 0,
    startedAt: undefined,
    durationMs: undefined,
  });
}

export function notReached(id: string, name = id): StepReport {
  return step(id, {
    name,
    result: 'not-reached',
    attempts: 0,
    startedAt: undefined,
    durationMs: undefined,
  });
}

/** A failure with the advice that its category really gives. */
export function failure(
  category: Category,
  overrides: Partial<Failure> = {},
  facts: Readonly<Record<string, string>> = {},
): Failure {
  const evidence = overrides.evidence ?? '';
  return {
    step: 'migrate',
    name: 'Migrate the database',
    category,
    rule: 'example',
    message: 'migrate failed (exit code: 3)',
    exit: { kind: 'exited', code: 3 },
    exitCode: 3,
    place: undefined,
    calledFrom: undefined,
    excerpt: undefined,
    stepAt: { file: 'deploy/preflight.yml', line: 14 },
    advice: toAdvice(category, { facts, line: evidence }),
    retryAfterMs: undefined,
    signature: evidence,
    tail: '',
    ...overrides,
    evidence,
  };
}

/** Bars one after the other: each a step, its kind, and how long it took. */
export function bars(
  ...parts: readonly (Partial<TimelineEntry> & {
    readonly step: string;
    readonly forMs: number;
  })[]
): readonly TimelineEntry[] {
  let at = START;
  return parts.map(({ forMs, ...part }) => {
    const startedAt = at;
    at += forMs;
    return {
      name: part.step,
      kind: 'attempt',
      attempt: 1,
      startedAt,
      endedAt: at,
      ok: true,
      ...part,
    };
  });
}

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    id: 'disk',
    kind: 'disk',
    name: 'disk /',
    position: { file: 'deploy/preflight.yml', line: 4, column: 5 },
    level: 'fail',
    status: 'pass',
    found: '14 GiB free',
    wanted: 'at least 10 GiB free',
    measures: [{ label: 'free', value: 14 * 2 ** 30, unit: 'bytes' }],
    durationMs: 2,
    ...overrides,
  };
}

const GIB = 2 ** 30;

export function host(afterFreeBytes = 9 * GIB, afterMemoryBytes = 3.1 * GIB): HostReport {
  const memory = { availableBytes: 3.4 * GIB, totalBytes: 7.7 * GIB };
  return {
    name: 'web-1',
    before: {
      at: START,
      memory,
      load: { oneMinute: 0.42, cores: 4 },
      disks: [{ path: '/', freeBytes: 14.2 * GIB, totalBytes: 40 * GIB }],
    },
    after: {
      at: START + 60_000,
      memory: { ...memory, availableBytes: afterMemoryBytes },
      load: { oneMinute: 3.87, cores: 4 },
      disks: [{ path: '/', freeBytes: afterFreeBytes, totalBytes: 40 * GIB }],
    },
  };
}
