/**
 * The start-up file that every bash below a step reads first (`BASH_ENV`). It installs an ERR and an
 * EXIT trap that append one record to `$PREFLIGHT_TRACES` when the shell fails; `traces.ts` reads them.
 *
 * What a script can notice must not change, so:
 * - nothing is installed where bash would otherwise behave differently (`bash -c` becomes its last
 *   command, DEBUG traps see our commands) or where the script lists its traps;
 * - failures inside functions and subshells need `set -E`, which would also widen an ERR trap of the
 *   script's own and shows in `$-`: it is set only when the script's text has neither, nor sources
 *   other files. Without it the EXIT trap still knows function, command and call stack, and the line
 *   is found in the source;
 * - the traps define no function, fork nothing, and keep `$?`, `$_` and PIPESTATUS; `2>/dev/null` around
 *   them hides their own lines from `set -x`;
 * - a trap that the script sets replaces ours. That is its right, and the location is then found
 *   another way.
 */

/** First field of a record, and the version of its layout. */
export const TRACE_MAGIC = 'preflight-trace:1';

/** Last field of a record. */
export const TRACE_END = 'end';

/** Ends each of the three lists of a record: neither a function, nor a file, nor a line is called so. */
export const TRACE_LIST_END = '//';

/** Frames kept of a deep recursion, innermost first. */
const MAX_FRAMES = 30;

/** Records one shell writes before it only remembers its last failure. */
const MAX_RECORDS = 25;

/** Size in bytes at which the file is emptied: what is worth knowing is at its end. */
const MAX_TRACES_BYTES = 1_048_576;

/** Lines of a script that are looked at to decide about `set -E`; longer scripts go without. */
const MAX_SCANNED_LINES = 400;

/** The values of an array and the end mark; even the count of an unset one would trip `set -u`. */
function array(name: string): string {
  return `\${${name}[@]+"\${${name}[@]:0:${MAX_FRAMES}}"} ${TRACE_LIST_END}`;
}

/** Appends a record; where the system tells the file's size (Linux), a file grown too large is emptied first. */
function appendRecord(kind: 'err' | 'exit', status: string): string {
  return `{
      builtin printf "\\n"
      if IFS=" \t" builtin read -r PREFLIGHT_SIZE PREFLIGHT_SIZE </proc/self/fdinfo/1 &&
        [[ $PREFLIGHT_SIZE -gt ${MAX_TRACES_BYTES} ]]; then
        builtin printf "\\n" >|"$PREFLIGHT_TRACES"
      fi
      builtin printf "%s\\0" ${TRACE_MAGIC} ${kind} "$$" "\${BASHPID-}" "$PPID" "\${BASH_SUBSHELL-0}" "${status}" \\
        "\${PREFLIGHT_STATUS-}" "\${PREFLIGHT_LINE-}" "\${EPOCHREALTIME-}" "$0" "\${PREFLIGHT_PWD-}" "\${PWD-}" \\
        "\${BASH_COMMAND:0:2000}" "\${PREFLIGHT_LAST:0:500}" \\
        ${array('FUNCNAME')} ${array('BASH_SOURCE')} ${array('BASH_LINENO')} ${TRACE_END}
    } >>"\${PREFLIGHT_TRACES-}"`;
}

/**
 * `$LINENO` is only right on the trap's first line. A script that goes on failing gets a short trap in the
 * end, which only remembers: bash parses a trap anew each time.
 */
const ON_ERR = `{ PREFLIGHT_STATUS=$? PREFLIGHT_LINE=$LINENO PREFLIGHT_LAST=$_
    if [[ \${PREFLIGHT_COUNT:-0} -lt ${MAX_RECORDS} ]]; then
      PREFLIGHT_COUNT=$((\${PREFLIGHT_COUNT:-0} + 1))
      ${appendRecord('err', '$PREFLIGHT_STATUS')}
    else
      builtin trap "{ PREFLIGHT_STATUS=\\$? PREFLIGHT_LINE=\\$LINENO PREFLIGHT_LAST=\\$_
        builtin : \\"\\$PREFLIGHT_LAST\\"; } 2>/dev/null" ERR
    fi || builtin :
    builtin : "$PREFLIGHT_LAST"
  } 2>/dev/null`;

const ON_EXIT = `{ PREFLIGHT_CODE=$? PREFLIGHT_LAST=$_
    [[ $PREFLIGHT_CODE == 0 ]] || ${appendRecord('exit', '$PREFLIGHT_CODE')} || builtin :
  } 2>/dev/null`;

const END_OF_COMMAND = '[[:blank:]]*[\n;|&)>]';

/** What in a script's text would see any trap of ours: then there is none. */
const LEAVE_ALONE = [
  '[[:blank:]]DEBUG|BASH_XTRACEFD|ulimit|verbose|restricted',
  `trap([[:blank:]]+-p|${END_OF_COMMAND})`,
  'set[[:blank:]]+-[a-z]*[rv]',
];

/** What would see `set -E`, directly or because another file might. */
const NO_ERRTRACE = [
  'SHELLOPTS|errtrace|\\$\\{?-|shopt[[:blank:]]+-[a-z]*o',
  'trap[^\n]*[[:blank:]][Ee][Rr][Rr]|[[:blank:]]ERR[^A-Z_]',
  `set[[:blank:]]+[-+]o${END_OF_COMMAND}`,
  '([\n;&|({!`]|[[:space:]](then|do|else|elif|if|while|until|command|builtin)[[:blank:]])[[:blank:]]*(\\.|source)[[:blank:]]',
];

/** Options and `$_` as they were, the tracing of these lines not shown. */
const RESTORE = `{
    [[ $PREFLIGHT_SET != *v* ]] || set -v
    [[ $PREFLIGHT_SET != *x* ]] || set -x
    unset PREFLIGHT_SET
    builtin : "$PREFLIGHT_LAST"
  } 2>/dev/null`;

/** The text of the start-up file; it needs no arguments and depends on the environment alone. */
export function renderBashStartup(): string {
  return `{ PREFLIGHT_LAST=$_ PREFLIGHT_SET=$-; set +vx; } 2>/dev/null
if [[ -n \${PREFLIGHT_TRACES-} && -z \${BASH_EXECUTION_STRING+c} && $PREFLIGHT_SET != *v* ]] &&
  ! shopt -q restricted_shell; then
  unset PREFLIGHT_STATUS PREFLIGHT_LINE PREFLIGHT_COUNT
  PREFLIGHT_PWD=$PWD PREFLIGHT_TEXT= PREFLIGHT_MODE=plain
  if [[ \${BASH_VERSINFO[0]} -ge 5 && -f $0 && $0 != /dev/* && $0 != /proc/* ]]; then
    mapfile -n ${MAX_SCANNED_LINES} PREFLIGHT_LINES <"$0"
    PREFLIGHT_TEXT="
\${PREFLIGHT_LINES[*]}
"
    PREFLIGHT_PATTERN='${[...NO_ERRTRACE, ...LEAVE_ALONE].join('|')}'
    if [[ \${#PREFLIGHT_LINES[@]} -lt ${MAX_SCANNED_LINES} && ! $PREFLIGHT_TEXT =~ $PREFLIGHT_PATTERN ]]; then
      [[ -n \${PREFLIGHT_USER_BASH_ENV-} ]] || PREFLIGHT_MODE=errtrace
    else
      PREFLIGHT_PATTERN='${LEAVE_ALONE.join('|')}'
      [[ ! $PREFLIGHT_TEXT =~ $PREFLIGHT_PATTERN ]] || PREFLIGHT_MODE=none
    fi
    unset BASH_REMATCH
  fi 2>/dev/null
  if [[ $PREFLIGHT_MODE != none ]]; then
    trap '${ON_ERR}' ERR
    trap '${ON_EXIT}' EXIT
    [[ $PREFLIGHT_MODE == plain ]] || set -E
  fi
  unset PREFLIGHT_TEXT PREFLIGHT_LINES PREFLIGHT_PATTERN PREFLIGHT_MODE
fi
PREFLIGHT_FILE=
if [[ -n \${PREFLIGHT_USER_BASH_ENV-} && $PREFLIGHT_USER_BASH_ENV != "\${BASH_ENV-}" ]]; then
  eval "PREFLIGHT_FILE=\\"\${PREFLIGHT_USER_BASH_ENV//\\"/\\\\\\"}\\""
  [[ $PREFLIGHT_FILE == */* ]] || PREFLIGHT_FILE=./$PREFLIGHT_FILE
  [[ -e $PREFLIGHT_FILE ]] || PREFLIGHT_FILE=
fi
if [[ -n $PREFLIGHT_FILE ]]; then
  ${RESTORE}
  . "$PREFLIGHT_FILE"
else
  ${RESTORE}
fi
`;
}
