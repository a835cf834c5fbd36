import type { ChildProcess } from 'node:child_process';
import { closeSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import type { CommandSpec, StartFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { CommandNote, RunDirectory } from './run-directory.ts';
import { FILES } from './run-directory.ts';
import type { ShellCommand } from './shells.ts';
import { resolveShell, toScriptName } from './shells.ts';
import { startSmallParent } from './small-parent.ts';
import { toDirectoryFault, toStartFault } from './start-fault.ts';
import type { LeaderEnd } from './supervision.ts';

/** What a launch needs besides the command itself. */
export interface LaunchSettings {
  readonly workspace: string;
  readonly bootId: string;
  readonly trackingIdPrefix: string;
  /** Text of a start-up file that bash shells read first. */
  readonly startupFile: string | undefined;
}

/** A command that was started. */
export interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Of the small parent. */
  readonly gone: Promise<LeaderEnd>;
  readonly outputFd: number;
  readonly note: CommandNote;
}

/** Fills the command's fresh directory and starts it. On a fault nothing runs. */
export async function launch(
  settings: LaunchSettings,
  directory: RunDirectory,
  spec: CommandSpec,
): Promise<Result<Launched, StartFault>> {
  const workingDirectory = resolve(settings.workspace, spec.workingDirectory ?? '');
  const scriptPath = directory.at(toScriptName(spec.shell));
  const { shell, script, env } = spec;
  const [path, ownPath] = [env['PATH'], process.env['PATH']];
  const command = resolveShell({ shell, script, scriptPath, workingDirectory, path, ownPath });
  if (!command.ok) return failure(refineFault(command.error, workingDirectory));
  const fds: number[] = [];
  try {
    directory.write(toScriptName(shell), command.value.script);
    const outputFd = directory.openOutput();
    fds.push(outputFd);
    const notesFd = directory.openProcessFile();
    fds.push(notesFd);
    const note = writeNote(settings, directory, spec, command.value);
    const child = startSmallParent({
      argv: command.value.argv,
      workingDirectory,
      env: { ...env, ...prepareFiles(settings, directory, spec, command.value) },
      outputFd,
      notesFd,
      notesPath: directory.at(FILES.process),
      bootId: settings.bootId,
      trackingId: note.tracking_id,
    });
    const gone = waitForExit(child);
    if (child.pid === undefined) {
      await gone; // rejects with the reason
      throw new Error('a process without a number has ended');
    }
    fds.splice(0, 1);
    return success({ child, pid: child.pid, gone, outputFd, note });
  } catch (error) {
    const fault = toStartFault(error, directory.path);
    if (fault === undefined) throw error;
    return failure(refineFault(fault, workingDirectory));
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

/** "No such file" may mean the shell or the place to run it in: the place is looked at only now. */
function refineFault(fault: StartFault, workingDirectory: string): StartFault {
  try {
    const stat = statSync(workingDirectory, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return fault;
    return toDirectoryFault(workingDirectory, stat !== undefined);
  } catch (error) {
    return toStartFault(error, workingDirectory) ?? fault;
  }
}

function waitForExit(child: ChildProcess): Promise<LeaderEnd> {
  return new Promise((resolvePromise, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolvePromise({ signal: signal ?? undefined, code: code ?? undefined });
    });
  });
}

function writeNote(
  { trackingIdPrefix }: LaunchSettings,
  directory: RunDirectory,
  { unit, keepAlive }: CommandSpec,
  { reportsSignals }: ShellCommand,
): CommandNote {
  const startedAt = Date.now();
  // Another prefix: what ends the job's left-overs must not find it.
  const prefix = keepAlive ? `keep-${trackingIdPrefix}` : trackingIdPrefix;
  const note: CommandNote = {
    tracking_id: `${prefix}/${unit}/${startedAt.toString(36)}`,
    reports_signals: reportsSignals,
    started_at: startedAt,
  };
  directory.write(FILES.command, JSON.stringify(note));
  return note;
}

const EMPTY_FILES = [
  ['GITHUB_OUTPUT', FILES.githubOutput],
  ['GITHUB_ENV', FILES.githubEnv],
  ['GITHUB_PATH', FILES.githubPath],
  ['GITHUB_STEP_SUMMARY', FILES.githubStepSummary],
  ['GITHUB_STATE', FILES.githubState],
] as const;

/** The command's own files, and the variables that name them. */
function prepareFiles(
  { startupFile }: LaunchSettings,
  directory: RunDirectory,
  { env }: CommandSpec,
  { isBash }: ShellCommand,
): Record<string, string> {
  const variables: Record<string, string> = {
    PREFLIGHT_RESULT: directory.at(FILES.result),
  };
  for (const [variable, name] of EMPTY_FILES) {
    directory.createEmpty(name);
    variables[variable] = directory.at(name);
  }
  if (startupFile === undefined || !isBash) return variables;
  directory.write(FILES.startup, startupFile);
  const theirs = env['BASH_ENV'];
  return {
    ...variables,
    PREFLIGHT_TRACES: directory.at(FILES.traces),
    BASH_ENV: directory.at(FILES.startup),
    ...(theirs !== undefined && theirs !== '' && { PREFLIGHT_USER_BASH_ENV: theirs }),
  };
}
