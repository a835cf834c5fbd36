import type { Policy } from '../../src/inputs/inputs.ts';
import type { Plan, RetryPolicy, Script, Step } from '../../src/plan/plan.ts';
import type { Fingerprint } from '../../src/state/record.ts';

/** Builders of plans and policies: valid and unremarkable, but for what a test overrides. */

export const RETRY: RetryPolicy = {
  maxAttempts: 3,
  initialDelayMs: 2_000,
  multiplier: 2,
  maxDelayMs: 60_000,
  budgetMs: 900_000,
};

/** Scripts may be given as text; `rollback: true` and `doneWhen: true` stand for the usual ones. */
type StepOverrides = Partial<Omit<Step, 'script' | 'rollback' | 'doneWhen'>> & {
  readonly script?: string;
  readonly rollback?: string | true;
  readonly doneWhen?: string | true;
};

/** A step whose command is `do <id>`, undone by `undo <id>`, and known by `probe <id>`. */
export function aStep(id: string, overrides: StepOverrides = {}): Step {
  const { script, rollback, doneWhen, ...rest } = overrides;
  const idempotent = rest.idempotent ?? true;
  return {
    id,
    name: `Step ${id}`,
    script: { text: script ?? `do ${id}` },
    shell: 'bash',
    env: {},
    timeoutMs: 3_600_000,
    position: { file: 'preflight.yml', line: 1, column: 1 },
    continueOnError: false,
    checkpoint: true,
    idempotent,
    irreversible: false,
    retry: RETRY,
    hasOwnRetry: false,
    classify: [],
    files: [],
    onChange: idempotent ? 'rerun' : 'fail',
    keepAlive: false,
    ...(rollback === undefined ? {} : { rollback: toScript(rollback, `undo ${id}`) }),
    ...(doneWhen === undefined ? {} : { doneWhen: toScript(doneWhen, `probe ${id}`) }),
    ...rest,
  };
}

function toScript(given: string | true, usual: string): Script {
  return { text: given === true ? usual : given };
}

export function aPlan(steps: readonly Step[], rest: Partial<Plan> = {}): Plan {
  return { file: 'preflight.yml', checks: [], finally: [], ...rest, steps };
}

export function aPolicy(overrides: Partial<Policy> = {}): Policy {
  return {
    onTransient: 'retry',
    onRecoverable: 'fail',
    onCritical: 'rollback',
    onUnknown: 'fail',
    remedies: new Map(),
    ...overrides,
  };
}

/** Stands for the hashes: two steps differ in a part exactly when it reads differently. */
export function fingerprintOf(step: Step): Fingerprint {
  return {
    run: step.script.text,
    shell: step.shell,
    working_directory: step.workingDirectory ?? '',
    env: JSON.stringify(step.env),
    files: step.files.join(','),
  };
}

export function fingerprintsOf(steps: readonly Step[]): ReadonlyMap<string, Fingerprint> {
  return new Map(steps.map((step) => [step.id, fingerprintOf(step)]));
}
