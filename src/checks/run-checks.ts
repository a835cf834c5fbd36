import { renderDuration } from '../inputs/duration.ts';
import type { CheckKind } from '../plan/check-options.ts';
import type { CheckSpec } from '../plan/plan.ts';
import type { Stop } from '../ports.ts';
import type { Check, Circumstances, Finding, Verdict } from './check.ts';
import { CHECKS } from './kinds.ts';
import { limit } from './limit.ts';
import type { Limited } from './limit.ts';
import type { CheckWorld } from './ports.ts';

/** How long a check may take unless the plan says otherwise. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** How a script is run where the plan says nothing of it. */
const DEFAULT_SHELL = 'bash';

/** One thing to look at, with everything decided. */
interface Job {
  readonly spec: CheckSpec;
  readonly kind: CheckKind;
  readonly check: Check<unknown>;
  readonly options: unknown;
  readonly id: string;
  readonly name: string;
}

function isCheckKind(kind: string): kind is CheckKind {
  return Object.hasOwn(CHECKS, kind);
}

/** The plan's loader has validated the kind, and made the options what that kind's check takes. */
function toCheck(kind: string): { readonly kind: CheckKind; readonly check: Check<unknown> } {
  if (!isCheckKind(kind)) throw new Error(`no check of kind ${kind}`);
  return { kind, check: CHECKS[kind] as Check<unknown> };
}

/** Whether a check makes sense only while no step is complete. */
export function isForFreshStartOnly(spec: CheckSpec): boolean {
  return (spec.when ?? toCheck(spec.kind).check.defaultOccasion(spec.options)) === 'fresh';
}

function toJobs(spec: CheckSpec): readonly Job[] {
  const { kind, check } = toCheck(spec.kind);
  const parts = check.split(spec.options);
  return parts.map((options, index) => {
    const label = check.label(options);
    const several = parts.length > 1;
    return {
      spec,
      kind,
      check,
      options,
      id: several ? `${spec.id}.${index + 1}` : spec.id,
      name: spec.name === undefined ? label : several ? `${spec.name} (${label})` : spec.name,
    };
  });
}

function toVerdict({ check, options }: Job, limited: Limited<Verdict>, timeoutMs: number): Verdict {
  switch (limited.kind) {
    case 'value':
      return limited.value;
    case 'cancelled':
      return { status: 'unable', reason: 'the run was cancelled' };
    case 'timeout': {
      const found = `no answer within ${renderDuration(timeoutMs)}`;
      return { status: 'fail', found, remedy: check.whenStuck(options) };
    }
  }
}

function toFinding(job: Job, verdict: Verdict, durationMs: number): Finding {
  const { spec, check, options, kind, id, name } = job;
  const level = spec.level ?? check.defaultLevel;
  const common = {
    id,
    kind,
    name,
    level,
    position: spec.position,
    wanted: check.wanted(options),
    durationMs,
  };
  if (verdict.status === 'unable') {
    const { reason, remedy } = verdict;
    const found = 'cannot be checked here';
    return { ...common, status: 'warn', found, reason, measures: [], ...(remedy && { remedy }) };
  }
  const { measures = [], ...rest } = verdict;
  const status = verdict.status === 'fail' && level === 'warn' ? 'warn' : verdict.status;
  return { ...common, ...rest, measures, status };
}

/** A check that breaks has a bug; the others are still reported, and it does not pass. */
async function lookSafely(job: Job, circumstances: Circumstances): Promise<Verdict> {
  try {
    return await job.check.look(job.options, circumstances);
  } catch (error) {
    const message = String(error);
    return { status: 'unable', reason: `the check itself went wrong: ${message}` };
  }
}

async function runJob(job: Job, world: CheckWorld, cancel: Stop): Promise<Finding> {
  const { spec } = job;
  const { clock } = world;
  const timeoutMs = spec.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const env = { ...world.env, ...spec.env, ...spec.command?.env };
  const started = clock.monotonic();
  const limited = await limit(
    (cut) =>
      lookSafely(job, {
        world: { ...world, env },
        command: {
          shell: spec.command?.shell ?? DEFAULT_SHELL,
          workingDirectory: world.files.absolute(spec.command?.workingDirectory ?? '.'),
        },
        cut,
      }),
    timeoutMs,
    clock,
    cancel,
  );
  return toFinding(job, toVerdict(job, limited, timeoutMs), clock.monotonic() - started);
}

/** What `runChecks` has to know of the run. */
export interface CheckRun {
  /** No step is complete yet; otherwise checks for a fresh start are left out. */
  readonly fresh: boolean;
  readonly cancel: Stop;
}

/**
 * Carries out all checks side by side, each within its own limit, and reports each: in the order of the
 * plan, whatever the others found.
 */
export async function runChecks(
  specs: readonly CheckSpec[],
  world: CheckWorld,
  { fresh, cancel }: CheckRun,
): Promise<readonly Finding[]> {
  const due = specs.filter((spec) => fresh || !isForFreshStartOnly(spec));
  return Promise.all(due.flatMap(toJobs).map((job) => runJob(job, world, cancel)));
}
