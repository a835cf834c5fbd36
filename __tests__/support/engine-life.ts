import type { Command } from '../../src/engine/command.ts';
import type { DeploymentResult, Leftover } from '../../src/engine/engine.ts';
import { runDeployment } from '../../src/engine/engine.ts';
import type { EngineEvent } from '../../src/engine/events.ts';
import { createStop } from '../../src/engine/stop.ts';
import type { Assignment, Ending, Refutation, World } from '../../src/engine/world.ts';
import type { Category } from '../../src/failure/category.ts';
import { parseCategory } from '../../src/failure/category.ts';
import type { Failure } from '../../src/failure/failure.ts';
import type { Policy } from '../../src/inputs/inputs.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { ResumeFacts, ResumeObstacle, ResumePlan } from '../../src/plan/resume.ts';
import { decideResume } from '../../src/plan/resume.ts';
import { settleHostFailure } from '../../src/engine/host-failure.ts';
import type { KnownDeployment, Processes, Trace } from '../../src/ports.ts';
import { HostFailure } from '../../src/ports.ts';
import type { ProcessRef } from '../../src/state/record.ts';
import { toExitCode } from '../../src/state/record.ts';
import { Auditor } from './engine-audit.ts';
import type { Machine } from './engine-machine.ts';
import { processesOf, storeOf } from './engine-machine.ts';
import { aPolicy, fingerprintsOf, RETRY } from './engine-plan.ts';
import { Crash } from './memory-store.ts';
import { TARGET } from './records.ts';

/** What a run of the action is asked to do. */
export interface Order {
  readonly plan: Plan;
  readonly policy?: Policy;
  readonly resume?: ResumeFacts['resume'];
  readonly runAttempt?: number;
  readonly random?: () => number;
  /** Text that is a secret. */
  readonly secret?: string;
}

/** What happens to a run; points are counted from 1 over everything that it asks of the world. */
export interface Mishaps {
  readonly crashAt?: number;
  readonly cancelAt?: number;
  readonly workerGoneAt?: number;
  /** Changes of the store, counted from 1, from this one on, fail. */
  readonly faultFrom?: number;
  /** The fault comes after the change was made. */
  readonly faultAfter?: boolean;
  /** Only that one fails. */
  readonly faultOnce?: boolean;
  /** The host refuses what a command needs at this point, if it is one at which it can. */
  readonly refusedAt?: number;
}

export type LifeEnd =
  | { readonly kind: 'crashed'; readonly at: string }
  | { readonly kind: 'blocked'; readonly obstacles: readonly ResumeObstacle[] }
  | { readonly kind: 'ended'; readonly result: DeploymentResult };

export interface Life {
  readonly end: LifeEnd;
  readonly points: number;
  readonly labels: readonly string[];
  readonly writes: number;
  readonly events: readonly EngineEvent[];
  readonly resume: ResumePlan | undefined;
}

/** What these ports promise to take care of themselves. */
const NEVER_REFUSED = /^clear |is cleared$|^living$/u;
const REFUSAL = {
  operation: 'follow the command in',
  path: '/state/run',
  code: 'EMFILE',
  message: 'too many open files',
};

/** One run of the action on the machine, from loading the state to its end, by crash or otherwise. */
export async function live(machine: Machine, order: Order, mishaps: Mishaps = {}): Promise<Life> {
  const labels: string[] = [];
  const events: EngineEvent[] = [];
  const cancel = createStop();
  const workerGone = createStop();
  const runAttempt = order.runAttempt ?? 1;
  let dead = false;
  let faulted = false;
  let writes = 0;
  /** Says whether node is to die here. */
  const passes = (label: string): boolean => {
    if (dead) return true;
    labels.push(label.trimEnd());
    if (labels.length === mishaps.cancelAt) cancel.request();
    if (labels.length === mishaps.workerGoneAt) workerGone.request();
    dead = labels.length === mishaps.crashAt;
    return dead;
  };
  const auditor = new Auditor(machine, order.plan, {
    runAttempt,
    cancelled: () => cancel.stop.requested,
    stopped: () => cancel.stop.requested || workerGone.stop.requested,
    faulted: () => faulted,
  });
  const pass = (label: string): void => {
    if (passes(label)) throw new Crash(label);
  };
  machine.disk.interrupt = ({ kind, subject }) => {
    writes += 1;
    if (passes(`before ${kind} ${subject}`)) return 'crash-before';
    const { faultFrom = Infinity, faultOnce = false } = mishaps;
    if (faultOnce ? writes === faultFrom : writes >= faultFrom) {
      faulted = true;
      return mishaps.faultAfter === true && writes === mishaps.faultFrom ? 'fault-after' : 'fault';
    }
    return passes(`after ${kind} ${subject}`) ? 'crash-after' : undefined;
  };
  const processes = processesOf(machine, {
    pass: (label) => {
      pass(label);
      if (labels.length !== mishaps.refusedAt || NEVER_REFUSED.test(label)) return;
      throw new HostFailure(REFUSAL);
    },
    onStart: (spec) => {
      auditor.onStart(spec);
    },
    onEffect: (script, happens) => {
      auditor.onEffect(script, happens);
    },
  });
  const secret = order.secret ?? 'hush';
  const world: World = {
    clock: machine.clock(pass),
    random: order.random ?? (() => 0.5),
    store: storeOf(machine),
    processes,
    redaction: {
      redact: (text) => text.replaceAll(secret, '[REDACTED]'),
      contains: (text) => text.includes(secret),
      learn: () => undefined,
    },
    stops: { cancel: cancel.stop, workerGone: workerGone.stop },
    emit: (event) => {
      events.push(event);
      auditor.onEvent(event);
    },
    output: () => ({ write: () => undefined, end: () => undefined }),
    diagnose: (ending) => Promise.resolve(diagnose(ending)),
    refute: (command, problem) => Promise.resolve(refute(command, problem)),
  };
  let resume: ResumePlan | undefined;
  const look = async (): Promise<LifeEnd> => {
    const loaded = await world.store.load();
    if (!loaded.ok) throw new Error(loaded.error.message);
    const known = loaded.value;
    const read = await settleHostFailure(() => toFacts(machine, order, known, processes));
    if (!read.ok) return { kind: 'blocked', obstacles: [] };
    const facts = read.value;
    resume = decideResume(facts);
    const { obstacles } = resume;
    if (obstacles.length > 0) return { kind: 'blocked', obstacles };
    const result = await runDeployment(world, toAssignment(machine, order), {
      plan: order.plan,
      known,
      resume,
      replan: (later) => decideResume({ ...facts, known: later }),
      leftovers: toLeftovers(machine, known, resume),
    });
    return { kind: 'ended', result };
  };
  const end = await look().catch((error: unknown): LifeEnd => {
    if (error instanceof Crash) return { kind: 'crashed', at: labels.at(-1) ?? '' };
    throw error;
  });
  if (end.kind === 'ended' && end.result.outcome === 'succeeded') auditor.onSuccess();
  return { end, points: labels.length, labels, writes, events, resume };
}

async function toFacts(
  machine: Machine,
  order: Order,
  known: KnownDeployment,
  processes: Processes,
): Promise<ResumeFacts> {
  const traces = new Map<string, Trace>();
  const survivors = new Map<string, readonly ProcessRef[]>();
  for (const record of known.steps.values()) {
    if (record.state === 'started') traces.set(record.step, await processes.inspect(record.step));
    if (record.survivors === undefined) continue;
    survivors.set(record.step, await processes.living(record.survivors));
  }
  return {
    steps: order.plan.steps,
    known,
    fingerprints: fingerprintsOf(order.plan.steps),
    traces,
    survivors,
    resume: order.resume ?? 'auto',
    runAttempt: order.runAttempt ?? 1,
    bootId: machine.bootId,
  };
}

/** Living commands that neither the resume plan nor an unfinished rollback takes over. */
function toLeftovers(
  machine: Machine,
  known: KnownDeployment,
  resume: ResumePlan,
): readonly Leftover[] {
  const adopted = new Set<string>();
  if (resume.fresh === undefined) {
    for (const { step, decision } of resume.steps) {
      if (decision.action === 'adopt') adopted.add(step.id);
    }
    if (known.record?.status === 'rolling-back') {
      for (const step of known.steps.keys()) adopted.add(`${step}.undo`);
      adopted.add('deployment.rollback');
    }
  }
  return [...machine.files.values()]
    .filter(({ state, unit }) => state === 'running' && !adopted.has(unit))
    .map(({ unit, pid }) => ({ unit, pid, timeoutMs: 3_600_000 }));
}

export function toAssignment(machine: Machine, order: Order): Assignment {
  const { plan, runAttempt = 1 } = order;
  const run = { run_id: '4711', run_attempt: runAttempt, host: 'web-1', boot_id: machine.bootId };
  return {
    target: TARGET,
    deploymentId: '4711',
    lock: 'lock',
    mode: 'run',
    actor: 'octocat',
    run,
    planSource: plan.file ?? 'inline',
    steps: plan.steps.map(({ id, name }) => ({ id, name })),
    policy: order.policy ?? aPolicy(),
    diagnostics: [],
    graceMs: 5_000,
    baseEnv: { PATH: '/usr/bin' },
    stateDirectory: '/state',
    shell: 'bash',
    workingDirectory: undefined,
    timeoutMs: 3_600_000,
    retry: RETRY,
    holdsSecret: (text) => text.includes(order.secret ?? 'hush'),
  };
}

/** Believes what the command says of itself, as `$PREFLIGHT_RESULT` would have it. */
function diagnose({ step, end }: Ending): Failure {
  if (!('kind' in end)) return toFailure(step, end.category, undefined, end.message);
  return toFailure(step, toCategory(end), end.exit, `${step.id} failed`);
}

function toCategory(end: Extract<Ending['end'], { kind: 'ended' }>): Category {
  if (end.endedBy === 'timeout') return 'critical:timeout';
  if (end.endedBy === 'cancel') return 'fatal:signal';
  const said = parseCategory(end.declared);
  return said ?? (end.exit.kind === 'signalled' ? 'fatal:signal' : 'unknown:exit');
}

function refute({ ref }: Command, problem: Refutation): Failure {
  switch (problem.kind) {
    case 'in-doubt':
      return toFailure(ref, 'fatal:in-doubt', undefined, problem.why);
    case 'bad-results':
      return toFailure(ref, 'recoverable:configuration', undefined, problem.message);
    case 'not-verified':
      return toFailure(ref, 'critical:verification', undefined, problem.answer);
  }
}

export function toFailure(
  step: { readonly id: string; readonly name: string },
  category: Category,
  exit: Failure['exit'],
  message: string,
): Failure {
  return {
    step: step.id,
    name: step.name,
    category,
    rule: 'test',
    evidence: '',
    message,
    exit,
    exitCode: exit === undefined ? 1 : toExitCode(exit),
    place: undefined,
    calledFrom: undefined,
    excerpt: undefined,
    stepAt: { file: 'preflight.yml', line: 1 },
    advice: { meaning: '', look: [], commands: [] } as unknown as Failure['advice'],
    retryAfterMs: undefined,
    signature: message,
    tail: '',
  };
}
