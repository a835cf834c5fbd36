import { access, constants, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ChildProcess } from 'node:child_process';

import type { CommandPlace, ProbeCommand, ProbeEnd } from '../../checks/ports.ts';
import type { Stop } from '../../ports.ts';
import { failure, success } from '../../result.ts';
import type { Result } from '../../result.ts';
import type { Exit } from '../../state/record.ts';
import { resolveShell, toScriptName } from '../shells.ts';
import { toErrorCode } from './kernel-files.ts';

/** Enough for the JSON of `docker info` on a large host. */
const MOST_STDOUT_CHARACTERS = 262_144;
/** Enough to see why a command failed. */
const MOST_TAIL_CHARACTERS = 4096;
/** A command at its limit may clean up for this long before it is killed. */
const GRACE_MS = 60;
/** Something the command left behind may keep its output open; the command itself has said its word. */
const DRAIN_MS = 100;
/** At the limit there is no time for that. */
const CUT_DRAIN_MS = 10;

async function isExecutable(path: string): Promise<boolean | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    return toErrorCode(error) === 'EACCES' ? false : undefined;
  }
}

/** Looks along the PATH as a shell would; a name with a slash is a path. */
export async function findCommand(
  name: string,
  searchPath: string,
  workspace: string,
): Promise<CommandPlace> {
  const searched = name.includes('/') ? [''] : [...new Set(searchPath.split(':'))];
  let notExecutable: string | undefined;
  for (const directory of searched) {
    const path = resolve(workspace, directory, name);
    const executable = await isExecutable(path);
    if (executable === true) return { kind: 'found', path };
    if (executable === false) notExecutable ??= path;
  }
  return notExecutable === undefined
    ? { kind: 'absent', searched: searched.filter((directory) => directory !== '') }
    : { kind: 'not-executable', path: notExecutable };
}

/** The process group of a command that we started, and nothing else. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Gone already, or (macOS) a zombie: there is nobody left to signal.
    if (!['ESRCH', 'EPERM'].includes(toErrorCode(error))) throw error;
  }
}

interface Collected {
  stdout: string;
  output: string;
}

function collect(child: ChildProcess): Collected {
  const collected: Collected = { stdout: '', output: '' };
  const addTail = (text: string): void => {
    collected.output = (collected.output + text).slice(-MOST_TAIL_CHARACTERS);
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    collected.stdout = (collected.stdout + text).slice(0, MOST_STDOUT_CHARACTERS);
    addTail(text);
  });
  child.stderr?.setEncoding('utf8').on('data', addTail);
  return collected;
}

/** Runs a program in a process group of its own, which does not outlive it or the cut. */
async function runProgram(
  argv: readonly string[],
  { env, workingDirectory }: ProbeCommand,
  cut: Stop,
): Promise<Result<ProbeEnd, string>> {
  const { spawn } = await import('node:child_process');
  const [file = '', ...args] = argv;
  return new Promise((settle) => {
    const child = spawn(file, args, {
      cwd: workingDirectory,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const collected = collect(child);
    const timers: NodeJS.Timeout[] = [];
    let wasCut = false;
    const forget = cut.onRequest(() => {
      wasCut = true;
      signalGroup(child, 'SIGTERM');
      timers.push(
        setTimeout(() => {
          signalGroup(child, 'SIGKILL');
        }, GRACE_MS),
      );
    });
    let finished = false;
    const finish = (end: Result<Exit, string>): void => {
      if (finished) return;
      finished = true;
      forget();
      timers.forEach(clearTimeout);
      signalGroup(child, 'SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      settle(
        end.ok
          ? success({ exit: wasCut ? undefined : end.value, ...collected })
          : failure(end.error),
      );
    };
    child.on('error', (error) => {
      finish(failure(`${file} cannot be started (${toErrorCode(error)})`));
    });
    child.on('exit', (code, signal) => {
      const exit: Exit =
        signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal };
      const end = (): void => {
        finish(success(exit));
      };
      child.on('close', end);
      timers.push(setTimeout(end, wasCut ? CUT_DRAIN_MS : DRAIN_MS));
    });
  });
}

/** A directory of its own for a script; the error says why there can be none. */
async function makeDirectory(base: string): Promise<Result<string, string>> {
  try {
    return success(await mkdtemp(join(base, 'preflight-check-')));
  } catch (error) {
    return failure(`no temporary file can be made in ${base} (${toErrorCode(error)})`);
  }
}

/** Runs a script as a step would be: from a file, by the named shell or template. */
async function runScript(
  { text, shell }: Extract<ProbeCommand['what'], { kind: 'script' }>,
  command: ProbeCommand,
  cut: Stop,
): Promise<Result<ProbeEnd, string>> {
  const directory = await makeDirectory(command.env['RUNNER_TEMP'] ?? tmpdir());
  if (!directory.ok) return directory;
  const scriptPath = join(directory.value, toScriptName(shell));
  try {
    const resolved = resolveShell({
      shell,
      script: text,
      scriptPath,
      workingDirectory: command.workingDirectory,
      path: command.env['PATH'],
    });
    if (!resolved.ok) return failure(resolved.error.message);
    const { argv, script } = resolved.value;
    await writeFile(scriptPath, script, { mode: 0o600 });
    return await runProgram(argv, command, cut);
  } finally {
    await rm(directory.value, { recursive: true, force: true });
  }
}

/** Runs a short command; the error says why it could not be started at all. */
export async function runProbe(
  command: ProbeCommand,
  cut: Stop,
): Promise<Result<ProbeEnd, string>> {
  const { what, workingDirectory } = command;
  try {
    if (!(await stat(workingDirectory)).isDirectory()) {
      return failure(`the working directory ${workingDirectory} is not a directory`);
    }
  } catch (error) {
    return failure(
      `the working directory ${workingDirectory} is not there (${toErrorCode(error)})`,
    );
  }
  return what.kind === 'program'
    ? runProgram(what.argv, command, cut)
    : runScript(what, command, cut);
}
