import type { Trace } from '../ports.ts';
import type { ProcessFile } from '../state/process-file.ts';
import type { Exit, ProcessRef } from '../state/record.ts';
import { toExit } from './command-exit.ts';
import { endTree } from './ending.ts';
import { isAlive } from './process-identity.ts';
import { findLiving, toRefs } from './process-tree.ts';
import type { Ending, RunDirectory } from './run-directory.ts';
import { FILES } from './run-directory.ts';

/** What an earlier run left in a command's directory. */
export function inspectDirectory(directory: RunDirectory, bootId: string): Trace {
  const notes = directory.readProcessFile();
  // The parent writes who it is before it starts anything: without that line nothing was started.
  if (notes?.process === undefined) return { kind: 'none' };
  const { process } = notes;
  const note = directory.readNote();
  const changedAt = Math.round(directory.changedAt(FILES.process) ?? 0);
  const startedAt = note?.started_at ?? changedAt;
  if (notes.exitCode !== undefined) {
    const reportsSignals = note?.reports_signals === true;
    const exit = toExit(notes.exitCode, { died: notes.died !== undefined, reportsSignals });
    const ending = directory.readEnding();
    return {
      kind: 'exited',
      exit: toEndedExit(exit, ending),
      startedAt,
      endedAt: Math.max(startedAt, changedAt),
    };
  }
  if (process.boot_id !== bootId) {
    return { kind: 'vanished', reason: 'the machine was restarted while it ran' };
  }
  if (isAlive(process) === 'alive') return { kind: 'running', process, startedAt };
  return { kind: 'vanished', reason: toReason(directory, process, bootId) };
}

/** A command that was being ended may still exit with 0: that is no success. */
function toEndedExit(exit: Exit, ending: Ending | undefined): Exit {
  const isSuccess = exit.kind === 'exited' && exit.code === 0;
  return ending !== undefined && isSuccess ? { kind: 'signalled', signal: 'SIGTERM' } : exit;
}

function toReason(directory: RunDirectory, process: ProcessRef, bootId: string): string {
  const living = findLeftovers(directory, { process }, bootId);
  const gone = `its supervisor (pid ${process.pid}) is gone and has recorded no end`;
  if (living.length === 0) return gone;
  return `${gone}; still alive of it: ${living.map(toLabel).join(', ')}`;
}

export function toLabel({ pid, command }: ProcessRef): string {
  return command === undefined ? String(pid) : `${pid} (${command})`;
}

/** Processes of a command whose parent died without a word. */
function findLeftovers(
  directory: RunDirectory,
  { process: leader, exitCode }: ProcessFile,
  bootId: string,
): readonly ProcessRef[] {
  if (leader?.boot_id !== bootId || exitCode !== undefined) return [];
  const trackingId = directory.readNote()?.tracking_id;
  return toRefs(findLiving({ leader, trackingId }, false), bootId);
}

const LEFTOVERS_GRACE_MS = 5_000;

/**
 * Ends what a command left alive whose parent died without recording an end; what a command left behind
 * that did end is its daemons, and stays. Returns those that could not be ended, among them processes
 * that seem to be the command's without proof: they are not touched.
 */
export async function endLeftovers(
  directory: RunDirectory,
  bootId: string,
): Promise<readonly ProcessRef[]> {
  const notes = directory.readProcessFile();
  const leader = notes?.process;
  if (notes === undefined || leader === undefined) return [];
  if (findLeftovers(directory, notes, bootId).length === 0) return [];
  return (await endTree({
    tree: { leader, trackingId: directory.readNote()?.tracking_id },
    bootId,
    graceMs: LEFTOVERS_GRACE_MS,
    observed: false,
    beforeSignals: () => {
      directory.noteEnding('leftovers');
    },
    ended: new Promise(() => undefined),
    cancel: undefined,
  })) as readonly ProcessRef[];
}
