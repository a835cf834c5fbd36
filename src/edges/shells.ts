import { accessSync, constants, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';

import type { StartFault } from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';

/** A shell as the runner would start it, found on this host. */
export interface ShellCommand {
  /** Absolute path of the program, then its arguments. */
  readonly argv: readonly string[];
  /** The script as this shell wants it. */
  readonly script: string;
  /** It exits with 128+n when a command in the script was killed by signal n. */
  readonly reportsSignals: boolean;
  /** It reads the file that BASH_ENV names. */
  readonly isBash: boolean;
}

interface Builtin {
  /** Programs, in order of preference. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
}

/** As the runner has them, except that `python` means Python 3 where both exist. */
const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ['bash', { programs: ['bash'], args: ['--noprofile', '--norc', '-eo', 'pipefail', '{0}'] }],
  ['sh', { programs: ['sh'], args: ['-e', '{0}'] }],
  ['python', { programs: ['python3', 'python'], args: ['{0}'] }],
  ['pwsh', { programs: ['pwsh'], args: ['-command', ". '{0}'"] }],
]);

/** Shells that turn death by a signal into 128+n. */
const REPORTING = new Set(['bash', 'sh', 'dash', 'ash', 'ksh', 'mksh', 'zsh']);
const POWERSHELLS = new Set(['pwsh', 'powershell']);
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['bash', '.sh'],
  ['sh', '.sh'],
  ['python', '.py'],
  ['pwsh', '.ps1'],
  ['powershell', '.ps1'],
]);

/** The name of the script file: some programs insist on an extension. */
export function toScriptName(shell: string): string {
  return `script${EXTENSIONS.get(programOf(shell)) ?? ''}`;
}

function programOf(shell: string): string {
  const [first = ''] = shell.trimStart().split(' ', 1);
  return first;
}

/** Where a shell is looked for, and what for. */
export interface ShellRequest {
  /** As written in the plan: a known name, or a template with `{0}`. */
  readonly shell: string;
  readonly script: string;
  readonly scriptPath: string;
  readonly workingDirectory: string;
  readonly path: string | undefined;
  /** Where it is looked for when it is not in `path`: a step may have set that to anything. */
  readonly ownPath?: string | undefined;
}

/** Finds the shell, and makes the command that runs the script. */
export function resolveShell(request: ShellRequest): Result<ShellCommand, StartFault> {
  const program = programOf(request.shell);
  const template = request.shell.trim().slice(program.length).trim();
  const builtin = template === '' ? BUILTINS.get(program) : undefined;
  if (builtin === undefined && !template.includes('{0}'))
    return failure(unknownShell(request.shell));
  const programs = builtin?.programs ?? [program];
  const found = findProgram(programs, request);
  if (!found.ok) return found;
  const isPowerShell = POWERSHELLS.has(basename(program));
  // Inside PowerShell's single quotes a quote is doubled.
  const path = isPowerShell ? request.scriptPath.replaceAll("'", "''") : request.scriptPath;
  const args = builtin?.args ?? splitTemplate(template);
  const unix = request.script.replaceAll('\r\n', '\n');
  return success({
    argv: [found.value, ...args.map((arg) => arg.replaceAll('{0}', () => path))],
    script: isPowerShell ? toPowerShell(unix) : unix,
    reportsSignals: REPORTING.has(basename(program)),
    isBash: basename(program) === 'bash',
  });
}

/** As the runner does: errors end the script, and the last program's exit code is the script's. */
function toPowerShell(script: string): string {
  return [
    "$ErrorActionPreference = 'stop'",
    script,
    'if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }',
  ].join('\n');
}

/**
 * Splits at blanks outside of double quotes; a backslash takes the quote after it literally. Single
 * quotes mean nothing, as in the runner.
 */
export function splitTemplate(template: string): readonly string[] {
  const args: string[] = [];
  for (const [raw] of template.matchAll(/(?:\\"|"(?:\\"|[^"])*"?|[^\s"])+/g)) {
    args.push(raw.replaceAll(/\\"|"/g, (quote) => (quote === '"' ? '' : '"')));
  }
  return args;
}

function findProgram(
  programs: readonly string[],
  { path = '', ownPath = '', workingDirectory }: ShellRequest,
): Result<string, StartFault> {
  let forbidden: string | undefined;
  for (const program of programs) {
    const directories = program.includes('/')
      ? ['']
      : [...(path === '' ? [] : path.split(':')), ...toAbsolute(ownPath)];
    for (const directory of directories) {
      const candidate = resolve(workingDirectory, directory, program);
      const found = lookAt(candidate);
      if (found === 'program') return success(candidate);
      if (found === 'forbidden') forbidden ??= candidate;
    }
  }
  const name = programs.join(' or ');
  return failure(
    forbidden === undefined
      ? {
          code: 'ENOENT',
          category: 'recoverable:dependency',
          message: `The shell ${name} is not installed, or not in PATH (${path}).`,
        }
      : {
          code: 'EACCES',
          category: 'recoverable:permission',
          message: `The shell ${forbidden} may not be executed.`,
        },
  );
}

function toAbsolute(path: string): readonly string[] {
  return path.split(':').filter((directory) => directory.startsWith('/'));
}

/** What cannot be looked at (a directory of somebody else's in PATH) is passed over, as by a shell. */
function lookAt(path: string): 'program' | 'forbidden' | 'nothing' {
  try {
    if (!statSync(path).isFile()) return 'nothing';
  } catch {
    return 'nothing';
  }
  try {
    accessSync(path, constants.X_OK);
    return 'program';
  } catch {
    return 'forbidden';
  }
}

function unknownShell(shell: string): StartFault {
  const names = [...BUILTINS.keys()].join(', ');
  return {
    code: 'EINVAL',
    category: 'recoverable:configuration',
    message:
      `'${shell}' is not a shell: use ${names}, or a template in which {0} stands for the ` +
      `script file, such as 'perl {0}'.`,
  };
}
