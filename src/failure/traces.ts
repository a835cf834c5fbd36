import { TRACE_END, TRACE_LIST_END, TRACE_MAGIC } from './bash-startup.ts';

/** What a trap of the start-up file knew when a bash, or a subshell of it, failed. */
export interface TraceRecord {
  /** `err`: a command failed outside every condition. `exit`: the shell ended with a failure. */
  readonly kind: 'err' | 'exit';
  /** `$$`: the same in all subshells of one bash. */
  readonly shellPid: string;
  /** `$BASHPID`: that of the subshell. Empty before bash 4. */
  readonly processPid: string;
  /** Parent of the process with `shellPid`. */
  readonly parentPid: string;
  /** Depth of subshells. */
  readonly subshell: number;
  readonly status: number;
  /** Status and line of the shell's last `err`; for one of kind `err` its own. 0: none. */
  readonly lastStatus: number;
  readonly lastLine: number;
  /** Epoch seconds with fraction; undefined before bash 5. */
  readonly atSeconds: number | undefined;
  /** `$0`. */
  readonly script: string;
  /** Directory where the shell started, which relative names of scripts are relative to. */
  readonly startDirectory: string;
  readonly directory: string;
  /** `$BASH_COMMAND`, unexpanded, as bash prints it. */
  readonly command: string;
  /** `$_`: the last argument of the command before an `exit`, or of the failed one; expanded, may be secret. */
  readonly lastArgument: string;
  /** FUNCNAME, BASH_SOURCE and BASH_LINENO, innermost first. */
  readonly functions: readonly string[];
  readonly sources: readonly string[];
  readonly lines: readonly number[];
}

const FIXED_FIELDS = 15;
const MAX_LIST = 200;

/**
 * Reads the traces file. It is written by scripts, may be cut anywhere, and two records can be
 * interleaved: what does not fit the layout is skipped up to the next record.
 */
export function parseTraces(text: string): readonly TraceRecord[] {
  const tokens = text.split('\0');
  const records: TraceRecord[] = [];
  let index = 0;
  while (index < tokens.length) {
    if (!startsRecord(tokens[index])) {
      index += 1;
      continue;
    }
    const parsed = readRecord(tokens, index + 1);
    if (parsed === undefined) {
      index += 1;
    } else {
      records.push(parsed.record);
      index = parsed.next;
    }
  }
  return records;
}

/** A record starts on a line of its own; what a cut one left may stand before it. */
function startsRecord(token: string | undefined): boolean {
  return token === TRACE_MAGIC || token?.endsWith(`\n${TRACE_MAGIC}`) === true;
}

function readRecord(
  tokens: readonly string[],
  start: number,
): { record: TraceRecord; next: number } | undefined {
  const fields = tokens.slice(start, start + FIXED_FIELDS - 1);
  const functions = readList(tokens, start + FIXED_FIELDS - 1);
  const sources = functions && readList(tokens, functions.next);
  const lines = sources && readList(tokens, sources.next);
  if (!functions || !sources || !lines || tokens[lines.next] !== TRACE_END) {
    return undefined;
  }
  const [kind, shellPid = '', processPid = '', parentPid = '', subshell, status, ...rest] = fields;
  const [lastStatus, lastLine, at = '', script = '', startDirectory = '', ...last] = rest;
  const [directory = '', command = '', lastArgument = ''] = last;
  if (kind !== 'err' && kind !== 'exit') {
    return undefined;
  }
  const record: TraceRecord = {
    kind,
    shellPid,
    processPid,
    parentPid,
    subshell: toCount(subshell),
    status: toCount(status),
    lastStatus: toCount(lastStatus),
    lastLine: toCount(lastLine),
    atSeconds: at === '' ? undefined : Number(at.replace(',', '.')),
    script,
    startDirectory,
    directory,
    command,
    lastArgument,
    functions: functions.values,
    sources: sources.values,
    lines: lines.values.map(toCount),
  };
  return { record, next: lines.next + 1 };
}

function readList(
  tokens: readonly string[],
  start: number,
): { values: readonly string[]; next: number } | undefined {
  const end = tokens.indexOf(TRACE_LIST_END, start);
  return end === -1 || end - start > MAX_LIST
    ? undefined
    : { values: tokens.slice(start, end), next: end + 1 };
}

function toCount(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
