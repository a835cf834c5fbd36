/**
 * What is shown beside the code and at the top of the run. The runner masks messages, but neither titles
 * nor files: no command and no output is in those.
 */
import type { Problem } from '../inputs/problem.ts';
import type { Failure } from '../failure/failure.ts';
import { cutToBytes } from './bounds.ts';
import { renderCommand } from './commands.ts';
import { renderExit } from './exit.ts';
import { renderFinding, renderProblemPlace } from './findings.ts';
import { toLeftToDo } from './left-to-do.ts';
import { toNextAction } from './next-action.ts';
import type { RunReport } from './run-report.ts';
import { toVisibleLines } from './visible.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Relative to the repository's root. */
  readonly at?: { readonly file: string; readonly line: number; readonly column?: number };
}

/** The runner shows ten of a level, and so many that nobody reads them are worth nothing. */
const MOST_ANNOTATIONS = 5;
/** Each problem of a plan is a place to go to. */
const MOST_PROBLEMS = 10;
/** The runner cuts a message at 4096 characters. */
const MOST_MESSAGE_BYTES = 4_000;

/** What is annotated at the end of a run: one error if it failed, and what else a person should know. */
export function toAnnotations(report: RunReport): readonly Annotation[] {
  if (report.blockage?.kind === 'input')
    return report.blockage.problems.slice(0, MOST_PROBLEMS).map(toProblem);
  const all = [...toError(report), ...toWarnings(report), ...toNotices(report)];
  if (all.length <= MOST_ANNOTATIONS) return all;
  const shown = all.slice(0, MOST_ANNOTATIONS - 1);
  const rest = all.slice(MOST_ANNOTATIONS - 1);
  const level = rest.some((annotation) => annotation.level === 'warning') ? 'warning' : 'notice';
  const message = rest.map(({ title }) => title).join('\n');
  return [...shown, { level, title: `preflight: ${rest.length} more in the job summary`, message }];
}

function toError(report: RunReport): readonly Annotation[] {
  const { outcome, failure } = report;
  if (outcome === 'succeeded') return [];
  if (failure === undefined) {
    return [{ level: 'error', title: `preflight: ${outcome}`, message: toMessage(report) }];
  }
  const message = [
    failure.message,
    failure.evidence,
    failure.advice.meaning,
    ...failure.advice.commands.map((command) => `  ${command}`),
    toNextAction(report),
    ...toLeftToDo(report.rollback).map(({ what }) => `- ${what}`),
  ];
  return [
    {
      level: 'error',
      title: `${failure.step} failed: ${failure.category}`,
      message: join(message),
      ...toPlace(failure),
    },
  ];
}

function toMessage(report: RunReport): string {
  const { blockage, checks, fault } = report;
  const failed = checks.filter(({ status }) => status === 'fail');
  const said =
    blockage !== undefined && 'reasons' in blockage
      ? blockage.reasons.flatMap(({ message, fix }) => [message, fix])
      : failed.flatMap(renderFinding);
  return join([fault, ...said, toNextAction(report)]);
}

function toWarnings({ steps, notes }: RunReport): readonly Annotation[] {
  const tolerated = steps.flatMap(({ result, failure }) =>
    result === 'tolerated' && failure !== undefined ? [toTolerated(failure)] : [],
  );
  return [
    ...tolerated,
    ...notes
      .filter(({ level }) => level === 'warning')
      .map(
        ({ title, message }) =>
          ({ level: 'warning', title: `preflight: ${title}`, message }) as const,
      ),
  ];
}

function toTolerated(failure: Failure): Annotation {
  const { step, category, evidence, advice } = failure;
  const message = [
    `${step} failed ${renderExit(failure)}; continue-on-error let the run go on.`,
    evidence,
    advice.meaning,
  ];
  const title = `${step} failed, tolerated: ${category}`;
  return { level: 'warning', title, message: join(message), ...toPlace(failure) };
}

function toNotices({ steps, remedies, withheld }: RunReport): readonly Annotation[] {
  const done = new Set(steps.filter(({ result }) => result === 'succeeded').map(({ id }) => id));
  const worked = remedies.filter(({ step, ok }) => ok && done.has(step));
  return [
    ...worked.map(
      ({ step, remedy }) =>
        ({
          level: 'notice',
          title: `preflight: a remedy helped ${step}`,
          message: `${step} succeeded after the remedy for ${remedy}. If that happens again and again, its cause wants mending.`,
        }) as const,
    ),
    ...withheld.map(
      ({ step, values }) =>
        ({
          level: 'notice',
          title: `preflight: values of ${step} are not stored`,
          message: `${values.join(', ')} of ${step} contains a secret and is not stored: on a resume the step runs again.`,
        }) as const,
    ),
  ];
}

/** The line that failed, or the line that led there, or the step in its plan: whichever is in the repository. */
function toPlace({ place, calledFrom, stepAt }: Failure): Pick<Annotation, 'at'> {
  const found = [place, calledFrom].find((candidate) => candidate?.inRepository === true) ?? stepAt;
  const { file, line } = found;
  const outside = file === '' || file.startsWith('/') || file.split('/')[0] === '..';
  return outside || line < 1 ? {} : { at: { file, line } };
}

function toProblem(problem: Problem): Annotation {
  const { at, message } = problem;
  const title =
    'input' in at ? 'preflight: an input is not valid' : 'preflight: the plan cannot be run';
  if ('line' in at) return { level: 'error', title, message, at };
  return { level: 'error', title, message: `${renderProblemPlace(problem)}: ${message}` };
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

/** An annotation as a workflow command. */
export function renderAnnotation({ level, title, message, at }: Annotation): string {
  const text = cutToBytes(toVisibleLines(message).join('\n'), MOST_MESSAGE_BYTES);
  const place =
    at === undefined
      ? {}
      : {
          file: at.file,
          line: String(at.line),
          ...(at.column === undefined ? {} : { col: String(at.column) }),
        };
  return renderCommand(level, text, { ...place, title });
}
