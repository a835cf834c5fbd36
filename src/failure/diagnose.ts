import { resolve } from 'node:path/posix';

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
import { toExcerpt } from './excerpt.ts';
import type { Failure, Place } from './failure.ts';
import type { Located, Location } from './locate.ts';
import { locate } from './locate.ts';
import { normaliseError } from './same-failure.ts';

/** Lines of output that a failure carries along. */
const TAIL_LINES = 200;

export interface DiagnosisFacts {
  readonly redact: (text: string) => string;
  readonly workspace: string;
  /** Absolute path of the file that a command's script ran from. */
  readonly scriptPath: (unit: string, shell: string) => string;
  readonly steps: readonly Step[];
  /** Text of a file, by absolute path; undefined when it cannot be read. */
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
  facts: DiagnosisFacts,
  ending: Ending,
  end: Ended,
  stepAt: Failure['stepAt'],
): Failure {
  const { redact } = facts;
  const { step } = ending;
  const located = end.endedBy === 'itself' ? locateEnd(facts, ending, end) : undefined;
  const verdict = classify(
    {
      command: located?.primary.command ?? located?.calledFrom?.command ?? ending.script.text,
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
    place: toPlace(step.id, located?.primary, redact),
    calledFrom: toPlace(step.id, located?.calledFrom, redact),
    excerpt: toRedactedExcerpt(facts, located?.primary),
    stepAt,
    advice: redactAdvice(verdict.advice, redact),
    retryAfterMs: verdict.retryAfterMs,
    signature: normaliseError(end.tail),
    tail: redact(lastLines(end.tail)),
  };
}

function locateEnd(facts: DiagnosisFacts, ending: Ending, end: Ended): Located | undefined {
  const { workspace, readSource, fileExists, scriptPath } = facts;
  const { workingDirectory, unit, shell, script } = ending;
  return locate({
    traces: end.traces,
    tail: end.tail,
    exit: end.exit,
    shell,
    script,
    scriptPath: scriptPath(unit, shell),
    workspace,
    repositoryRoot: workspace,
    ...(workingDirectory === undefined
      ? {}
      : { workingDirectory: resolve(workspace, workingDirectory) }),
    exists: fileExists,
    readText: readSource,
  });
}

/** Of a script given inline in the workflow only its own line is known. */
function toPlace(
  step: string,
  location: Location | undefined,
  redact: (text: string) => string,
): Place | undefined {
  if (location === undefined) return undefined;
  const { file, line, scriptLine, inRepository } = location;
  const command = redact(location.command ?? '');
  if (file !== undefined && line !== undefined) return { file, line, inRepository, command };
  if (scriptLine === undefined) return undefined;
  return { file: step, line: scriptLine, inRepository: false, command };
}

/** The source around the failing line; only of the repository, whatever a process claims. */
function toRedactedExcerpt(
  { workspace, readSource, redact }: DiagnosisFacts,
  location: Location | undefined,
): Failure['excerpt'] {
  if (location?.file === undefined || location.line === undefined || !location.inRepository) {
    return undefined;
  }
  const text = readSource(resolve(workspace, location.file));
  // Redacted as a whole, since a secret may span lines; redaction keeps the line breaks it finds.
  const redacted = text === undefined ? undefined : redact(text);
  const keepsLines = redacted?.split('\n').length === text?.split('\n').length;
  return redacted === undefined || !keepsLines ? undefined : toExcerpt(redacted, location.line);
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
