import type { Failure, Place } from '../failure/failure.ts';
import { renderCommand } from './commands.ts';
import { renderExit } from './log.ts';

/** One block that says all about a failure: what, where, which kind, why, what to do. */
export function renderFailureBlock(failure: Failure, nextAction: string): readonly string[] {
  const { advice, evidence, place, calledFrom, category, rule } = failure;
  const facts: readonly (readonly [string, string])[] = [
    ['what', `${failure.name} ${renderExit(failure)}`],
    ['where', place === undefined ? '' : renderPlace(place)],
    ['called from', calledFrom === undefined ? '' : renderPlace(calledFrom)],
    ['category', `${category} (rule ${rule})`],
    ['because', evidence],
    ['meaning', advice.meaning],
  ];
  const width = Math.max(...facts.map(([label]) => label.length));
  return [
    `──── ${failure.message} ────`,
    ...facts
      .filter(([, text]) => text !== '')
      .map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    ...list('look at', advice.lookAt),
    ...list('run', advice.commands),
    ...(nextAction === '' ? [] : [`  next: ${nextAction}`]),
  ];
}

function renderPlace({ file, line, command }: Place): string {
  return command === '' ? `${file}:${line}` : `${file}:${line}  ${command}`;
}

function list(label: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`  ${label}:`, ...items.map((item) => `    ${item}`)];
}

/**
 * The one error of a run, at the line that failed. Title and file are not masked by the runner: no
 * command and no output is in them.
 */
export function toFailureAnnotation(failure: Failure): string {
  const { place, calledFrom, stepAt, category, evidence, advice } = failure;
  const at = [place, calledFrom].find((candidate) => candidate?.inRepository === true);
  const file = at?.file ?? stepAt.file;
  const line = String(at?.line ?? stepAt.line);
  const message = [
    failure.message,
    evidence,
    advice.meaning,
    ...advice.commands.map((c) => `  ${c}`),
  ]
    .filter((text) => text !== '')
    .join('\n');
  const title = `${failure.step} failed: ${category}`;
  const position = file === '' ? {} : { file, line };
  return renderCommand('error', message.slice(0, MOST_MESSAGE), { ...position, title });
}

/** The runner cuts an annotation's message here. */
const MOST_MESSAGE = 4096;
