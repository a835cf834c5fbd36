import type { Failure } from '../../failure/failure.ts';
import { takeLast } from '../bounds.ts';
import { renderExit } from '../exit.ts';
import { advice, block, bullets, code, fold, html, stack, table, text } from '../markdown.ts';
import type { DiagnosticReport, RunReport } from '../run-report.ts';
import { toVisibleLines } from '../visible.ts';
import { MOST_EVIDENCE, renderPlace } from './head.ts';
import type { Room } from './room.ts';
import { count } from './words.ts';

const MOST_DIAGNOSTICS = 20;

/** A failure in depth: which kind and why, where, what to look at, and the end of the output. */
export function renderFailure(report: RunReport, room: Room): string {
  const { failure } = report;
  if (failure === undefined) return '';
  return stack([
    `### ${renderHeading(report.outcome, code(failure.step))}`,
    renderVerdict(failure),
    renderExcerpt(failure),
    // Whoever pressed the button knows why.
    report.outcome === 'cancelled' ? '' : renderAdvice(failure),
    renderTail(failure, room),
  ]);
}

function renderHeading(outcome: RunReport['outcome'], step: string): string {
  if (outcome === 'in-doubt') return `Why ${step} is in doubt`;
  return outcome === 'cancelled' ? `Where ${step} was cancelled` : `Why ${step} failed`;
}

function renderVerdict(failure: Failure): string {
  const { category, rule, evidence, place, calledFrom } = failure;
  const facts: readonly (readonly [string, string])[] = [
    [
      'Kind',
      `${code(category)}, ${rule === 'none' ? 'as no rule knows it' : `decided by the rule ${code(rule)}`}`,
    ],
    // The box at the top has it, if it is not too long for a box.
    ['Because of', evidence.length > MOST_EVIDENCE ? code(evidence, 4_000) : ''],
    ['Command', code(place?.command ?? '')],
    ['Where', place === undefined ? '' : renderPlace(place)],
    ['Called from', calledFrom === undefined ? '' : renderPlace(calledFrom)],
  ];
  const [first, ...rest] = facts.filter(([, value]) => value !== '');
  if (first === undefined) return '';
  return rest.length === 0 ? `${first[1]}.` : table(first, ['left', 'left'], rest);
}

function renderExcerpt({ excerpt, place }: Failure): string {
  if (excerpt === undefined || place === undefined) return '';
  const width = String(excerpt.first + excerpt.lines.length - 1).length;
  const lines = excerpt.lines.map((line, index) => {
    const number = excerpt.first + index;
    const mark = number === excerpt.failing ? '>' : ' ';
    const shown = toVisibleLines(line)[0] ?? '';
    // The visible line has lost its indentation, which is half of what a reader sees in source.
    const indent = /^[ \t]*/u.exec(line)?.[0].replaceAll('\t', '    ') ?? '';
    return `${mark} ${String(number).padStart(width)} | ${indent}${shown.trimStart()}`.trimEnd();
  });
  return stack([`${renderPlace(place)}, with the lines around it:`, block(lines)]);
}

function renderAdvice(failure: Failure): string {
  const { lookAt, commands } = failure.advice;
  if (lookAt.length === 0 && commands.length === 0) return '';
  const lines = commands.slice(0, 20).flatMap((command) => toVisibleLines(command));
  return stack([
    '**Look at**',
    bullets(lookAt.slice(0, 20).map((item) => advice(item))),
    lines.length === 0 ? '' : block(lines, 'sh'),
  ]);
}

/** Where no line of it decided, a person has to: it is open then. */
function renderTail({ tail, step, evidence }: Failure, { tailLines, tailBytes }: Room): string {
  const all = toVisibleLines(tail);
  const shown = takeLast(all, { mostLines: tailLines, mostBytes: tailBytes });
  if (shown.lines.length === 0) return '';
  const some =
    shown.omitted === 0 ? 'Output' : `Last ${count(shown.lines.length, 'line')} of the output`;
  const title = `${some} of <code>${html(step)}</code>`;
  return fold(title, block(shown.lines), evidence === '');
}

/** Steps whose failure was let pass: a few words each, with their output. */
export function renderTolerated({ steps }: RunReport, room: Room): string {
  const failures = steps.flatMap(({ result, failure }) =>
    result === 'tolerated' && failure !== undefined ? [failure] : [],
  );
  return stack(
    failures.slice(0, 10).map((failure) => {
      const { step, category, evidence } = failure;
      const because = evidence === '' ? '' : ` because of ${code(evidence, 300)}`;
      return stack([
        `⚠️ ${code(step)} failed ${text(renderExit(failure))} as ${code(category)}${because}; ${code('continue-on-error')} let the run go on. ${text(failure.advice.meaning)}`,
        renderTail(failure, room),
      ]);
    }),
  );
}

/** What the commands of the `diagnostics` input showed. */
export function renderDiagnostics(diagnostics: readonly DiagnosticReport[], room: Room): string {
  const folds = diagnostics.slice(0, MOST_DIAGNOSTICS).map(({ command, exitCode, output }) => {
    const title = `<code>${html(command, 200)}</code>${exitCode === 0 ? '' : ` (exit code: ${exitCode})`}`;
    const all = toVisibleLines(output);
    const { lines } = takeLast(all, { mostLines: room.tailLines, mostBytes: room.tailBytes });
    return fold(title, lines.length === 0 ? '*It printed nothing.*' : block(lines));
  });
  return folds.length === 0 ? '' : stack(['### Diagnostics', ...folds]);
}
