import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';

import { TRACKING_VARIABLE, toSupervisorId } from './process-tree.ts';

/** The small parent's own exit code when it has not started the command. */
export const STARTED_NOTHING = 125;

/**
 * The small parent of a command: it says who it is, starts the command, and writes down how that ended,
 * so that both can be found after our own death. File descriptors: 1 and 2 the output, 3 the notes.
 * Arguments: boot id, path of the notes, tracking id, number of carried variables, then the command.
 *
 * - Signals to the whole group are for the command: the parent stays to record the end. Handlers, unlike
 *   ignored signals, are not inherited.
 * - bash in POSIX mode, as /bin/sh, would not say by which signal a command died.
 * - Its own messages go to the notes: "Killed" there proves what code 137 alone does not.
 * - The start time is field 22 of its stat line, the 20th after the name in parentheses.
 * - It starts nothing before its own line can be found under the path: on a full disk, or when a later
 *   run has moved the directory away, the command does not run.
 * - The command writes to a pipe, as on the runner: a file would be emptied by every `> /dev/stderr`. The
 *   pipe's reader is in our own group, so neither end depends on Node. It outlives TERM (there may be
 *   last words) and a full disk (the command must not die of a log that cannot be written).
 * - The command gets neither the notes nor the saved descriptor, and no variable of this script.
 * - Shells drop variables whose names they could not have themselves, and obey others: both kinds come
 *   under other names, and are given back by an `env` that no PATH of a step can replace.
 */
const SMALL_PARENT = `
trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
case \${BASH_VERSION-} in ?*) set +o posix ;; esac
exec 4>&2 2>&3
preflight_boot=$1 preflight_notes=$2 preflight_tracking=$3 preflight_carried=$4
shift 4
preflight_stat=
{ read -r preflight_stat </proc/$$/stat; } 2>/dev/null
preflight_register() { echo "pid $$ \${20:--} $preflight_boot" >&3; }
preflight_register \${preflight_stat##*) } || exit ${STARTED_NOTHING}
read -r preflight_word preflight_pid preflight_rest <"$preflight_notes" &&
  [ "$preflight_pid" = "$$" ] || exit ${STARTED_NOTHING}
preflight_exec() {
  ${TRACKING_VARIABLE}=$preflight_tracking
  if [ "$preflight_carried" -gt 0 ]; then
    while [ "$preflight_carried" -gt 0 ]; do
      eval "set -- \\"\\$PREFLIGHT_CARRIED_$preflight_carried\\" \\"\\$@\\""
      unset "PREFLIGHT_CARRIED_$preflight_carried"
      preflight_carried=$((preflight_carried - 1))
    done
    set -- /usr/bin/env -- "$@"
  fi
  exec "$@" 2>&1 3>&- 4>&-
}
{
  trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
  (preflight_exec "$@")
  echo "exit $?" >&3
} | {
  trap '' HUP INT QUIT PIPE ALRM TERM USR1 USR2
  exec 3>&- 2>/dev/null
  while :; do
    command -p cat >&4
    case $? in
    0) exit ;;
    126 | 127) exec cat >&4 ;;
    esac
  done
}
`;

export interface SmallParentRequest {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly trackingId: string;
  readonly outputFd: number;
  readonly notesFd: number;
  readonly notesPath: string;
  readonly bootId: string;
}

/** In its own session and process group, with nothing of ours open: our death does not touch it. */
export function startSmallParent(request: SmallParentRequest): ChildProcess {
  const { argv, outputFd, notesFd, notesPath, trackingId } = request;
  const bootId = request.bootId === '' ? '-' : request.bootId;
  const { env, carried } = toShellEnvironment(request.env);
  const own = ['preflight', bootId, notesPath, trackingId, String(carried)];
  return spawn('/bin/sh', ['-c', SMALL_PARENT, ...own, ...argv], {
    cwd: request.workingDirectory,
    env: { ...env, [TRACKING_VARIABLE]: toSupervisorId(trackingId) },
    detached: true,
    stdio: ['ignore', outputFd, outputFd, notesFd],
  });
}

/**
 * Would make the parent itself run other code (libraries, prompts that are commands), read its own
 * notes wrongly, or stand where it keeps something. The command gets them like all others.
 */
const OBEYED =
  /^(?:(?:LD|DYLD|GLIBC)_\w*|GCONV_PATH|LOCPATH|ENV|IFS|PS4|SHELLOPTS|BASHOPTS|BASH_XTRACEFD|BASH_COMPAT|POSIXLY_CORRECT|PREFLIGHT_CARRIED_\w*|preflight_\w*)$/;

/** What a shell can hand on and does not obey, and the rest as `PREFLIGHT_CARRIED_<n>`: a whole entry each. */
function toShellEnvironment(env: Readonly<Record<string, string>>): {
  env: Record<string, string>;
  carried: number;
} {
  const plain: [string, string][] = [];
  let carried = 0;
  for (const [name, value] of Object.entries(env)) {
    if (/^[A-Za-z_]\w*$/.test(name) && !OBEYED.test(name)) plain.push([name, value]);
    else plain.push([`PREFLIGHT_CARRIED_${(carried += 1)}`, `${name}=${value}`]);
  }
  return { env: Object.fromEntries(plain), carried };
}
