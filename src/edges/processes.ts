import { closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { CommandSpec, Ended, Processes, Released, StartFault, Watch } from '../ports.ts';
import { HostFailure } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { ProcessRef } from '../state/record.ts';
import { attempt } from './durable-files.ts';
import type { DirectoryGuard } from './directory-guard.ts';
import { guardDirectories } from './directory-guard.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
import { endLeftovers, inspectDirectory, toLabel } from './leftovers.ts';
import { createOomCounter } from './measurements.ts';
import { createOutputFollower } from './output-follower.ts';
import { isAlive } from './process-identity.ts';
import { readStat } from './process-tree.ts';
import type { CommandNote, RunDirectory } from './run-directory.ts';
import { FILES, toRunDirectory } from './run-directory.ts';
import { toOccupiedFault, toStartFault, toUnregisteredFault } from './start-fault.ts';
import { collectResults } from './step-files.ts';
import { supervise } from './supervision.ts';
import type { LeaderEnd } from './supervision.ts';
import { isSystemError } from './system-error.ts';

/** Where and as whom commands run. */
export interface ProcessesOptions {
  /** The deployment's `run` directory: outlives the job, and us. */
  readonly runDirectory: string;
  readonly workspace: string;
  /** Of this machine, now; empty where the platform has none, and then nothing is adopted. */
  readonly bootId: string;
  /**
   * Unlike any other's on this host, and without a slash. What commands leave behind carries it, until
   * `endTracked` is told to end it.
   */
  readonly trackingIdPrefix: string;
  /** Start-up file of bash shells (location traps). The user's own BASH_ENV is PREFLIGHT_USER_BASH_ENV to it. */
  readonly startupFile?: string;
  /** Whoever shows the output is behind: what more there is stays in its file meanwhile. */
  readonly isBehind?: () => boolean;
  /** Whose free space is looked at after a failure, besides that of workspace, run directory and TMPDIR. */
  readonly measuredDirectories?: readonly string[];
}

/** `Processes`, and what only the one who starts a run over an older one needs. */
export interface SupervisedProcesses extends Processes {
  /**
   * Ends what a `vanished` command left alive. Returns who could not be ended: nothing may be started
   * over them. `run` does this for its own unit; before a probe of another unit, it must be asked for.
   */
  endLeftovers(unit: string): Promise<readonly ProcessRef[]>;
}

/** Commands as processes that survive us, supervised through files in their own directory. */
export function createProcesses(options: ProcessesOptions): SupervisedProcesses {
  return new UnixProcesses(options);
}

/** How soon we learn that a command ended which is not our child. */
const ADOPTED_LOOK_MS = 50;

class UnixProcesses implements SupervisedProcesses {
  readonly #options: ProcessesOptions;
  readonly #countOomKills = createOomCounter();
  readonly #guard: DirectoryGuard;

  constructor(options: ProcessesOptions) {
    this.#options = options;
    // `<state-dir>/<target>/<deployment>/run`, from the top.
    const run = options.runDirectory;
    const above = [dirname(run), dirname(dirname(run)), dirname(dirname(dirname(run)))];
    this.#guard = guardDirectories([...above.toReversed(), run]);
  }

  async inspect(unit: string): ReturnType<Processes['inspect']> {
    const directory = this.#directory(unit);
    return await onHost('look at what is left of', directory, () => {
      this.#guard.check();
      return inspectDirectory(directory, this.#options.bootId);
    });
  }

  async run(spec: CommandSpec, watch: Watch): Promise<Result<Ended | Released, StartFault>> {
    const directory = this.#directory(spec.unit);
    const fault = await this.#makeRoom(directory, spec.unit);
    if (fault !== undefined) return failure(fault);
    const { workspace, bootId, trackingIdPrefix, startupFile } = this.#options;
    const settings = { workspace, bootId, trackingIdPrefix, startupFile };
    const launched = await launch(settings, directory, spec);
    if (!launched.ok) {
      this.#remove(directory);
      return launched;
    }
    const end = await onHost('follow', directory, () =>
      this.#follow(launched.value, directory, spec, watch),
    );
    if (end.kind !== 'unregistered') return success(end);
    this.#remove(directory);
    return failure(toUnregisteredFault(directory));
  }

  /** What is left behind is removed by the next run, before it starts anything (E7). */
  #remove(directory: RunDirectory): void {
    attempt('remove', directory.path, () => {
      this.#guard.check();
      directory.remove();
    });
  }

  async #follow(launched: Launched, directory: RunDirectory, spec: CommandSpec, watch: Watch) {
    const { child, pid, gone, outputFd, note } = launched;
    try {
      return await supervise(
        {
          ...this.#world(directory, note, spec.env['TMPDIR']),
          countOomKills: this.#countOomKills,
          findLeader: () => this.#toRef(pid),
          gone,
          observed: true,
          remainingMs: watch.timeoutMs,
          output: createOutputFollower(this.#output(directory, outputFd, watch)),
        },
        watch,
      );
    } finally {
      child.unref(); // it may run on: released, or not to be ended by anybody
      closeSync(outputFd);
    }
  }

  async adopt(unit: string, watch: Watch): Promise<Ended | Released> {
    const directory = this.#directory(unit);
    return await onHost('follow', directory, () => this.#adopt(directory, unit, watch));
  }

  async #adopt(directory: RunDirectory, unit: string, watch: Watch): Promise<Ended | Released> {
    const notes = directory.readProcessFile();
    const leader = notes?.process;
    if (leader === undefined) throw new Error(`nothing to adopt: ${unit}`);
    const note = directory.readNote() ?? withoutNote(directory);
    const alive = isAlive(leader) === 'alive';
    const watching = new AbortController();
    const outputFd = openIfThere(directory.at(FILES.output));
    try {
      const end = await supervise(
        {
          ...this.#world(directory, note, undefined),
          countOomKills: undefined,
          findLeader: () => leader,
          gone: alive ? this.#waitForDeath(leader, watching.signal) : Promise.resolve(UNKNOWN_END),
          observed: alive,
          remainingMs: Math.max(0, watch.timeoutMs - Math.max(0, Date.now() - note.started_at)),
          output:
            outputFd === undefined
              ? undefined
              : createOutputFollower(this.#output(directory, outputFd, watch)),
        },
        watch,
      );
      if (end.kind === 'unregistered') throw new Error(`not registered any more: ${unit}`);
      return end;
    } finally {
      watching.abort();
      if (outputFd !== undefined) closeSync(outputFd);
    }
  }

  async collect(unit: string): ReturnType<Processes['collect']> {
    const directory = this.#directory(unit);
    return await onHost('read the results of', directory, () => collectResults(directory));
  }

  /** A command that is still running keeps its directory: it is all that anybody knows of it. */
  async clear(unit: string): Promise<void> {
    const directory = this.#directory(unit);
    // What is left behind now is removed by the next run, before it starts anything (E7).
    attempt('remove', directory.path, () => {
      this.#guard.check();
      const trace = inspectDirectory(directory, this.#options.bootId);
      if (trace.kind !== 'running') directory.remove();
    });
    return Promise.resolve();
  }

  /** Those of whom nobody can tell count as alive. */
  living(processes: readonly ProcessRef[]): Promise<readonly ProcessRef[]> {
    return Promise.resolve(processes.filter((process) => isAlive(process) !== 'dead'));
  }

  endLeftovers(unit: string): Promise<readonly ProcessRef[]> {
    return endLeftovers(this.#directory(unit), this.#options.bootId);
  }

  /** An empty directory for the command; nothing is started over what an earlier one left alive. */
  async #makeRoom(directory: RunDirectory, unit: string): Promise<StartFault | undefined> {
    try {
      this.#guard.check();
      if (directory.create()) return undefined;
      const older = directory.setAside();
      const trace = inspectDirectory(older, this.#options.bootId);
      const living =
        trace.kind === 'running'
          ? [trace.process]
          : await endLeftovers(older, this.#options.bootId);
      if (living.length > 0) {
        older.putBack(directory);
        return toOccupiedFault(unit, living.map(toLabel));
      }
      older.remove();
      directory.create();
      return undefined;
    } catch (error) {
      const fault = toStartFault(error, directory.path);
      if (fault === undefined) throw error;
      return fault;
    }
  }

  #directory(unit: string): RunDirectory {
    return toRunDirectory(this.#options.runDirectory, unit);
  }

  #world(directory: RunDirectory, note: CommandNote, temporary: string | undefined) {
    const { bootId, workspace, runDirectory, measuredDirectories = [] } = this.#options;
    return {
      directory,
      bootId,
      note,
      measuredDirectories: [workspace, runDirectory, temporary ?? '/tmp', ...measuredDirectories],
    };
  }

  #output(directory: RunDirectory, fd: number, { onOutput, cancel }: Watch) {
    const { isBehind } = this.#options;
    const path = directory.at(FILES.output);
    return { fd, path, onOutput, cancel, ...(isBehind && { isBehind }) };
  }

  #toRef(pid: number): ProcessRef {
    const startTime = readStat(pid)?.startTime;
    return { pid, start_time: startTime ?? '', boot_id: this.#options.bootId };
  }

  async #waitForDeath(leader: ProcessRef, signal: AbortSignal): Promise<LeaderEnd> {
    while (!signal.aborted && isAlive(leader) === 'alive') {
      await delay(ADOPTED_LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
    return UNKNOWN_END;
  }
}

/** What the host refuses, while a command runs or has ended, the port has no other word for. */
async function onHost<T>(
  operation: string,
  directory: RunDirectory,
  action: () => T | Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const { code, message, path = directory.path } = error;
    throw new HostFailure({ operation: `${operation} the command in`, path, code, message });
  }
}

const UNKNOWN_END: LeaderEnd = { signal: undefined };

/** The note was lost (written last, and cut off by a crash): the little that is certain. */
function withoutNote(directory: RunDirectory): CommandNote {
  return {
    tracking_id: '',
    reports_signals: false,
    started_at: Math.round(directory.changedAt(FILES.process) ?? Date.now()),
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
