import type { Outcome } from '../../engine/outcome.ts';
import type { Failure, Place } from '../../failure/failure.ts';
import { renderDuration } from '../../inputs/duration.ts';
import { toLeftToDo } from '../left-to-do.ts';
import { advice, alert, block, code, stack, text } from '../markdown.ts';
import { toNextAction } from '../next-action.ts';
import { findStepInDoubt, toBeforeAnswer } from '../question.ts';
import type { Note, RunReport } from '../run-report.ts';
import { toVisibleLines } from '../visible.ts';
import { count, renderCompletedAt, renderNames, sentence } from './words.ts';

const ICONS: Readonly<Record<Outcome, string>> = {
  succeeded: '✅',
  failed: '❌',
  'rolled-back': '↩️',
  'rollback-incomplete': '🚨',
  cancelled: '🛑',
  'in-doubt': '❓',
  blocked: '🚧',
};

/** What is read in ten seconds: how it ended, why, and what to do. */
export function renderHead(report: RunReport): string {
  return stack([
    `## ${ICONS[report.outcome]} ${renderTitle(report)}`,
    report.outcome === 'succeeded' ? renderSuccess(report) : renderBox(report),
    renderFacts(report),
  ]);
}

function renderTitle(report: RunReport): string {
  const subject = text(report.planName, 100) || 'Deployment';
  return `${subject}: ${renderEnd(report)}`;
}

function renderEnd(report: RunReport): string {
  if (report.mode !== 'run') return `mode ${report.mode} ${report.outcome}`;
  const at = renderFailedStep(report);
  switch (report.outcome) {
    case 'succeeded':
      return `succeeded${report.resumed ? ' after a resume' : ''}${renderToleratedCount(report)}`;
    case 'failed': {
      const how = wasKilled(report) ? 'killed during' : 'failed at';
      return at === '' ? 'failed' : `${how} ${at}`;
    }
    case 'rolled-back':
      return at === '' ? 'rolled back' : `rolled back after ${at} failed`;
    case 'rollback-incomplete':
      return at === '' ? 'rollback incomplete' : `rollback incomplete after ${at} failed`;
    case 'cancelled':
      return at === '' ? 'cancelled' : `cancelled during ${at}`;
    case 'in-doubt':
      return `nobody knows whether ${at === '' ? 'a step' : at} took effect`;
    case 'blocked':
      return `not started, ${renderBlocked(report)}`;
  }
}

/** Nothing failed that we know of: we ourselves were ended. */
function wasKilled(report: RunReport): boolean {
  return report.failure === undefined && toCauseNote(report) !== undefined;
}

function renderToleratedCount({ steps }: RunReport): string {
  const tolerated = steps.filter(({ result }) => result === 'tolerated').length;
  return tolerated === 0 ? '' : `, with ${count(tolerated, 'failed step')} tolerated`;
}

function renderFailedStep({ failedStep, steps }: RunReport): string {
  const step = steps.find(({ id }) => id === failedStep);
  return step === undefined || step.name === step.id ? code(failedStep) : text(step.name, 100);
}

function renderBlocked({ blockage, checks }: RunReport): string {
  switch (blockage?.kind) {
    case 'input':
      return `${count(blockage.problems.length, 'problem')} in plan or inputs`;
    case 'checks': {
      const failed = checks.filter(({ status }) => status === 'fail').length;
      return `${count(failed, 'check')} failed`;
    }
    case 'lock':
      return 'another deployment holds the lock';
    case 'resume':
      return 'it cannot go on from what is recorded';
    case 'state':
      return 'its state cannot be used';
    case undefined:
      return 'blocked';
  }
}

function renderSuccess(report: RunReport): string {
  const { mode, resumed, steps, checks, startedAt } = report;
  if (mode !== 'run') {
    const passed = checks.filter(({ status }) => status === 'pass').length;
    return checks.length === 0 ? '' : `${passed} of ${count(checks.length, 'check')} passed.`;
  }
  const skipped = steps.filter(({ result }) => result === 'skipped');
  if (!resumed || skipped.length === 0) return '';
  const times = skipped.flatMap(({ completedAt = '' }) =>
    completedAt === '' ? [] : [completedAt],
  );
  const last = times.toSorted().at(-1);
  const when =
    last === undefined ? '' : `, the last of them on ${renderCompletedAt(last, startedAt)}`;
  const were = skipped.length === 1 ? 'It was' : 'They were';
  return skipped.length === steps.filter(({ isFinally }) => !isFinally).length
    ? `All steps had been completed before${when}. Nothing ran.`
    : `${renderNames(skipped.map(({ id }) => id))} had been completed before${when}. ${were} skipped.`;
}

const BOXES = {
  failed: 'CAUTION',
  'rolled-back': 'WARNING',
  'rollback-incomplete': 'CAUTION',
  cancelled: 'WARNING',
  'in-doubt': 'WARNING',
  blocked: 'WARNING',
} as const satisfies Readonly<Record<Exclude<Outcome, 'succeeded'>, string>>;

/** The rollback's own table has all of them. */
const MOST_LEFT = 20;

function renderBox(report: RunReport): string {
  const { outcome, failure, rerun } = report;
  if (outcome === 'succeeded') return '';
  const left = toLeftToDo(report.rollback)
    .slice(0, MOST_LEFT)
    .map(({ what }, index) => `${index + 1}. ${sentence(what)}`);
  const skips = rerun?.skips ?? [];
  return alert(BOXES[outcome], [
    ...(failure === undefined ? renderFault(report) : renderCause(failure, outcome)),
    renderNext(report),
    left.join('\n'),
    renderFirstLook(report),
    renderWayOut(report),
    skips.length === 0 ? '' : `A re-run skips ${renderNames(skips)}.`,
  ]);
}

function renderNext(report: RunReport): string {
  const { blockage } = report;
  // Each reason has said it.
  if (blockage !== undefined && 'reasons' in blockage) return '';
  const step = findStepInDoubt(report);
  const next =
    step === undefined
      ? sentence(toNextAction(report)) || 'Look at the log.'
      : `${toBeforeAnswer(report)}Find out whether ${code(step)} took effect. Then say so, by this step in a workflow that you start by hand, and re-run this job:`;
  return `**What to do:** ${next}`;
}

/** The most telling thing to look at; with a list of things to do it would only be in the way. */
function renderFirstLook(report: RunReport): string {
  const { outcome, failure, rollback } = report;
  const [first] = failure?.advice.lookAt ?? [];
  const hasOther =
    toLeftToDo(rollback).length > 0 ||
    findStepInDoubt(report) !== undefined ||
    outcome === 'cancelled';
  return first === undefined || hasOther ? '' : `**Look at:** ${advice(first)}`;
}

function renderFault(report: RunReport): readonly string[] {
  const { fault, blockage } = report;
  if (fault !== '') return [`**What happened:** State could not be written: ${code(fault)}`];
  if (blockage !== undefined && 'reasons' in blockage) {
    return blockage.reasons
      .slice(0, 10)
      .flatMap(({ message, fix }) => [
        `**What happened:** ${text(message, 1_000)}`,
        `**What to do:** ${advice(fix, 1_000)}`,
      ]);
  }
  const note = toCauseNote(report);
  return note === undefined ? [] : [`**What happened:** ${text(note.message, 1_000)}`];
}

/** The note that says why, where no failure, fault or closed gate does: that we were killed. */
export function toCauseNote(report: RunReport): Note | undefined {
  const { outcome, failure, fault, blockage, notes } = report;
  if (outcome === 'succeeded' || failure !== undefined || fault !== '' || blockage !== undefined) {
    return undefined;
  }
  return notes.findLast(({ level }) => level === 'warning');
}

/** Where no line decided, the last one is the best there is. */
function renderLastWords({ tail }: Failure): string {
  const last = code(toVisibleLines(tail).at(-1) ?? '', MOST_EVIDENCE);
  return last === '' ? '' : `Its last words: ${last}`;
}

/** Longest line of evidence in the box at the top. */
export const MOST_EVIDENCE = 300;

function renderCause(failure: Failure, outcome: Outcome): readonly string[] {
  const { place, message, category, evidence } = failure;
  const at = place === undefined ? '' : ` at ${renderPlace(place)}`;
  // A cancel explains itself; its category would only alarm.
  const meaning =
    outcome === 'cancelled' ? '' : ` ${text(failure.advice.meaning)} (${code(category)})`;
  return [
    `**What happened:** ${text(message)}${at}.${meaning}`,
    evidence === '' ? renderLastWords(failure) : code(evidence, MOST_EVIDENCE),
  ];
}

export function renderPlace({ file, line }: Pick<Place, 'file' | 'line'>): string {
  return code(`${file}:${line}`);
}

/** The step to put into a workflow that is started by hand; empty when there is nothing to say. */
function renderWayOut(report: RunReport): string {
  const step = findStepInDoubt(report);
  if (step === undefined) return '';
  const { target, deploymentId } = report;
  return block(
    [
      '- uses: freshtrack/preflight-action@v1',
      '  with:',
      '    mode: mark-done # if it took effect; forget if it did not',
      `    target: ${JSON.stringify(target)}`,
      `    step: ${JSON.stringify(step)}`,
      `    deployment-id: ${JSON.stringify(deploymentId)}`,
    ],
    'yaml',
  );
}

const COMPLETE: ReadonlySet<string> = new Set(['succeeded', 'skipped', 'declared']);

function renderFacts(report: RunReport): string {
  const { steps, startedAt, endedAt, runAttempt, deploymentId, host } = report;
  const own = steps.filter(({ isFinally }) => !isFinally);
  const undos = report.rollback?.undos.filter(({ outcome }) => outcome.kind === 'undone');
  const undoneIds = new Set(undos?.map(({ step }) => step.id));
  // What was undone is not in place any more: it counts once, as undone.
  const complete = own.filter(
    ({ id, result }) => COMPLETE.has(result) && !undoneIds.has(id),
  ).length;
  return [
    ...(own.length === 0 ? [] : [`**${complete} of ${count(own.length, 'step')}** done`]),
    ...(undos === undefined ? [] : [`**${undos.length}** undone`]),
    `**${renderDuration(Math.max(0, endedAt - startedAt))}**`,
    `run attempt ${runAttempt}`,
    `deployment ${code(deploymentId, 80)}`,
    ...(host === undefined ? [] : [`host ${code(host.name, 80)}`]),
  ].join(' · ');
}
