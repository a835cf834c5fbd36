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

/** The first field that may hold any text. */
const FREE_TEXT = 12;

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
  const numbers = [shellPid, parentPid, subshell, status, ...lines.values];
  const cut = fields.slice(0, FREE_TEXT).some(startsRecord);
  if (cut || (kind !== 'err' && kind !== 'exit') || numbers.some((number) => !isCount(number))) {
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
    atSeconds: toSeconds(at),
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

/** A list that runs into another record belongs to one that was cut. */
function readList(
  tokens: readonly string[],
  start: number,
): { values: readonly string[]; next: number } | undefined {
  const window = tokens.slice(start, start + MAX_LIST);
  const length = window.indexOf(TRACE_LIST_END);
  const values = window.slice(0, length);
  return length === -1 || values.some(startsRecord)
    ? undefined
    : { values, next: start + length + 1 };
}

function toSeconds(text: string): number | undefined {
  const seconds = Number(text.replace(',', '.'));
  return text === '' || Number.isNaN(seconds) ? undefined : seconds;
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,10}$/.test(text);
}

function toCount(text: string | undefined): number {
  return isCount(text) ? Number(text) : 0;
}
