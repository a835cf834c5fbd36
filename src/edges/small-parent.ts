import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

/**
 * The small parent of a command: it says who it is, starts the command, and writes down how that ended,
 * so that both can be found after our own death. File descriptors: 1 and 2 the output, 3 the notes.
 * Arguments: boot id, path of the notes, then the command.
 *
 * - Signals to the whole group are for the command: the parent stays to record the end. Handlers, unlike
 *   ignored signals, are not inherited.
 * - bash in POSIX mode, as /bin/sh, would not say by which signal a command died.
 * - Its own messages go to the notes: "Killed" there proves what code 137 alone does not.
 * - The start time is field 22 of its stat line, the 20th after the name in parentheses.
 * - It starts nothing before its own line can be found under the path: on a full disk, or when a later
 *   run has moved the directory away, the command does not run.
 * - The command gets neither the notes nor the saved descriptor.
 */
const SMALL_PARENT = `
trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
case \${BASH_VERSION-} in ?*) set +o posix ;; esac
exec 4>&2 2>&3
boot=$1 notes=$2
shift 2
stat=
{ read -r stat </proc/$$/stat; } 2>/dev/null
register() { echo "pid $$ \${20:--} $boot" >&3; }
register \${stat##*) } || exit 125
read -r word pid rest <"$notes" && [ "$pid" = "$$" ] || exit 125
(exec "$@" 2>&4 3>&- 4>&-)
code=$?
echo "exit $code" >&3
exit $code
`;

export interface SmallParentRequest {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly outputFd: number;
  readonly notesFd: number;
  readonly notesPath: string;
  readonly bootId: string;
}

/** In its own session and process group, with nothing of ours open: our death does not touch it. */
export function startSmallParent(request: SmallParentRequest): ChildProcess {
  const { argv, outputFd, notesFd } = request;
  const bootId = request.bootId === '' ? '-' : request.bootId;
  const args = ['-c', SMALL_PARENT, 'preflight', bootId, request.notesPath, ...argv];
  return spawn('/bin/sh', args, {
    cwd: request.workingDirectory,
    env: request.env,
    detached: true,
    stdio: ['ignore', outputFd, outputFd, notesFd],
  });
}
