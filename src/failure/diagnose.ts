import type { Command } from '../engine/command.ts';
import type { Ending, Refutation } from '../engine/world.ts';
import type { Step } from '../plan/plan.ts';
import type { Ended } from '../ports.ts';
import type { Exit } from '../state/record.ts';
import { toExitCode } from '../state/record.ts';
import { renderDuration } from '../inputs/duration.ts';
import { toAdvice } from './advice.ts';
import type { Category } from './category.ts';
import { classify } from './classify.ts';
import type { Failure } from './failure.ts';
import { normaliseError } from './same-failure.ts';

/** Lines of output that a failure carries along. */
const TAIL_LINES = 200;

export interface DiagnosisFacts {
  readonly redact: (text: string) => string;
  readonly workspace: string;
  readonly runDirectory: string;
  readonly steps: readonly Step[];
  readonly readSource: (path: string) => string | undefined;
  readonly fileExists: (path: string) => boolean;
}

/** What the engine asks when something failed: where, which kind, what to do; redacted when it is made. */
export interface Diagnosis {
  readonly diagnose: (ending: Ending) => Failure;
  readonly refute: (command: Command, problem: Refutation) => Failure;
}

export function createDiagnosis(facts: DiagnosisFacts): Diagnosis {
  const places = new Map(facts.steps.map((step) => [step.id, step.position]));
  const toStepAt = (id: string): Failure['stepAt'] => {
    const position = places.get(id);
    return position === undefined
      ? { file: '', line: 0 }
      : { file: position.file, line: position.line };
  };
  return {
    diagnose: (ending) =>
      'kind' in ending.end
        ? diagnoseEnd(facts, ending, ending.end, toStepAt(ending.step.id))
        : diagnoseStart(facts, ending, ending.end, toStepAt(ending.step.id)),
    refute: (command, problem) => refuteSuccess(facts, command, problem, toStepAt(command.ref.id)),
  };
}

function diagnoseEnd(
  { redact }: DiagnosisFacts,
  ending: Ending,
  end: Ended,
  stepAt: Failure['stepAt'],
): Failure {
  const { step } = ending;
  const verdict = classify(
    {
      command: ending.script.text,
      exit: end.exit,
      endedBy: end.endedBy,
      tail: end.tail,
      declared: end.declared,
      durationMs: end.endedAt - end.startedAt,
      measured: end.measured,
    },
    ending.classify,
  );
  return {
    step: step.id,
    name: redact(step.name),
    category: verdict.category,
    rule: verdict.rule,
    evidence: redact(verdict.evidence ?? ''),
    message: `${step.id} ${describeEnd(end, ending.timeoutMs)}`,
    exit: end.exit,
    exitCode: toExitCode(end.exit),
    place: undefined,
    calledFrom: undefined,
    excerpt: undefined,
    stepAt,
    advice: redactAdvice(verdict.advice, redact),
    retryAfterMs: verdict.retryAfterMs,
    signature: normaliseError(end.tail),
    tail: redact(lastLines(end.tail)),
  };
}

function describeEnd(end: Ended, timeoutMs: number): string {
  switch (end.endedBy) {
    case 'timeout':
      return `ran into its timeout of ${renderDuration(timeoutMs)}`;
    case 'cancel':
      return 'was cancelled';
    case 'itself':
      return describeExit(end.exit);
  }
}

function describeExit(exit: Exit): string {
  return exit.kind === 'exited'
    ? `failed (exit code: ${exit.code})`
    : `was killed by ${exit.signal}`;
}

function lastLines(text: string): string {
  return text.split('\n').slice(-TAIL_LINES).join('\n');
}

function redactAdvice(
  advice: Failure['advice'],
  redact: (text: string) => string,
): Failure['advice'] {
  return {
    meaning: redact(advice.meaning),
    lookAt: advice.lookAt.map(redact),
    commands: advice.commands.map(redact),
  };
}

function diagnoseStart(
  { redact }: DiagnosisFacts,
  { step }: Ending,
  fault: Exclude<Ending['end'], { kind: 'ended' }>,
  stepAt: Failure['stepAt'],
): Failure {
  const message = redact(fault.message);
  return toPlainFailure(step, stepAt, {
    category: fault.category,
    rule: 'not-started',
    message: `${step.id} could not be started: ${message}`,
    evidence: message,
  });
}

function refuteSuccess(
  { redact }: DiagnosisFacts,
  { ref }: Command,
  problem: Refutation,
  stepAt: Failure['stepAt'],
): Failure {
  switch (problem.kind) {
    case 'in-doubt':
      return toPlainFailure(ref, stepAt, {
        category: 'fatal:in-doubt',
        rule: 'in-doubt',
        message: `${ref.id} is in doubt: ${problem.why}`,
        evidence: '',
      });
    case 'bad-results':
      return toPlainFailure(ref, stepAt, {
        category: 'recoverable:configuration',
        rule: 'workflow-file',
        message: `${ref.id} exited with 0, but what it wrote for the workflow cannot be read`,
        evidence: redact(problem.message),
      });
    case 'not-verified':
      return toPlainFailure(ref, stepAt, {
        category: 'critical:verification',
        rule: 'done-when',
        message:
          problem.answer === 'unknown'
            ? `${ref.id} exited with 0, but its done-when cannot tell whether it is done`
            : `${ref.id} exited with 0, but its done-when says that it is not done`,
        evidence: '',
      });
  }
}

interface PlainFacts {
  readonly category: Category;
  readonly rule: string;
  readonly message: string;
  readonly evidence: string;
}

/** A failure without a command's end behind it. */
function toPlainFailure(
  { id, name }: { readonly id: string; readonly name: string },
  stepAt: Failure['stepAt'],
  { category, rule, message, evidence }: PlainFacts,
): Failure {
  return {
    step: id,
    name,
    category,
    rule,
    evidence,
    message,
    exit: undefined,
    exitCode: 1,
    place: undefined,
    calledFrom: undefined,
    excerpt: undefined,
    stepAt,
    advice: toAdvice(category, { facts: {}, line: evidence }),
    retryAfterMs: undefined,
    signature: message,
    tail: '',
  };
}
