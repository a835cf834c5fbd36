import { toDeploymentName } from '../state/identity.ts';
import { renderFailureBlock } from './failure-block.ts';
import { renderResultLine } from './next-action.ts';
import { toNextAtTerminal } from './next-at-terminal.ts';
import type { RunReport } from './run-report.ts';

/** What stands last at a terminal: the failure, where to look, how it ended, and what to type next. */
export function renderTerminalEnd(
  report: RunReport,
  reportFile: string | undefined,
): readonly string[] {
  const isAct = report.mode === 'run' || report.mode === 'rollback' || report.mode === 'check';
  // Who asked to be shown something, or to have something noted, has been answered.
  if (report.outcome === 'succeeded' && !isAct) return [];
  const next = toNextAtTerminal(report, report.venue);
  const found = [...renderFailure(report), ...renderPlaces(report, reportFile)];
  return [
    ...(found.length === 0 ? [] : ['', ...found, '']),
    renderResultLine(report),
    ...(next === undefined
      ? []
      : [`next: ${next.text}`, ...next.commands.map((command) => `    ${command}`)]),
  ];
}

/** Who pressed Ctrl-C need not be told to find out who did it. */
function renderFailure(report: RunReport): readonly string[] {
  const { outcome, failure } = report;
  if (outcome !== 'cancelled' || failure?.rule !== 'cancelled') return renderFailureBlock(report);
  return [`[CANCEL] ${failure.message}`];
}

/** A success needs no inquest. */
function renderPlaces(
  { outcome, stateDir, target, deploymentId }: RunReport,
  reportFile: string | undefined,
): readonly string[] {
  if (outcome === 'succeeded' || stateDir === '' || target === '') return [];
  const directory = `${stateDir}/${target}/${toDeploymentName(deploymentId)}`;
  return [
    `  state        ${directory}`,
    ...(reportFile === undefined ? [] : [`  report       ${reportFile}`]),
  ];
}
