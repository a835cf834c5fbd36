import type { TraceRecord } from '../traces.ts';

/** Text of the statement that a record's command belongs to; undefined when the source cannot be read. */
export type StatementOf = (record: TraceRecord) => string | undefined;

/** What the chain is looked for with. */
export interface ChainRequest {
  readonly records: readonly TraceRecord[];
  /** Path of the step's script: the `$0` of the outermost shell. */
  readonly scriptPath: string;
  /** The code that came out of the step. */
  readonly exitCode: number;
  readonly statementOf: StatementOf;
}

/** Seconds between the end of a script and the failure of the tool (make, npm) that had started it. */
const MAX_GAP_SECONDS = 3;

/** Commands that start nothing: no script failed inside them. */
const STARTS_NOTHING =
  /^(?:exit|return|false|true|:|test|\[\[?|\(\(|cd|echo|printf|read|shift|local|export|declare|let|wait|kill|unset|set)(?:\s|$)/;

/** Commands that run scripts which their own line does not name. */
const RUNS_OTHERS =
  /^(?:\S*\/)?(?:make|gmake|ninja|npm|npx|yarn|pnpm|just|task|rake|gradlew?|mvnw?|tox|invoke|fab|xargs|parallel|find|run-parts|sudo|env|timeout|nice|nohup|setsid|flock|chroot|su|ssh|docker|git|ansible-playbook|terraform|pre-commit|python[\d.]*|node|ruby|perl|php|bash|sh|exec|command)(?:\s|$)|^[({]/;

/** Of those, the ones that end with a code of their own when what they ran failed. */
const CHANGES_STATUS =
  /^(?:\S*\/)?(?:make|gmake|ninja|npm|npx|yarn|pnpm|just|task|rake|gradlew?|mvnw?|tox|invoke|fab|xargs|parallel|find|run-parts|docker|git|ansible-playbook|terraform|pre-commit|python[\d.]*|node|ruby|perl|php)(?:\s|$)/;

/**
 * Which records led to the exit code that came out, innermost first: the shell of the step, then the
 * subshell, function or script whose failure made it fail, and so on. A failure that a script
 * tolerated earlier is not part of it.
 */
export function decideChain(request: ChainRequest): readonly TraceRecord[] {
  const outermost = findOutermost(request);
  if (outermost === undefined) {
    return [];
  }
  const chain = [outermost];
  for (let current = outermost; ;) {
    const inner = findCause(request, current);
    if (inner === undefined) {
      return chain.reverse();
    }
    chain.push(inner);
    current = inner;
  }
}

/** The step's own shell; where that is not a bash, or left no record, the last script that failed alike. */
function findOutermost({ records, scriptPath, exitCode }: ChainRequest): TraceRecord | undefined {
  const final = (candidates: readonly TraceRecord[]): TraceRecord | undefined => {
    const last = candidates.at(-1);
    return last === undefined ? undefined : preferErr(records, last);
  };
  const own = records.filter(({ script, subshell }) => script === scriptPath && subshell === 0);
  const matching = (list: readonly TraceRecord[]): readonly TraceRecord[] =>
    list.filter(({ status }) => status === exitCode);
  if (own.length > 0) {
    return own.at(-1)?.status === exitCode ? final(own) : undefined;
  }
  return final(matching(records.filter(({ subshell }) => subshell === 0)));
}

/** Of a failure that both traps saw, the record of the ERR trap: it knows the line. */
function preferErr(records: readonly TraceRecord[], record: TraceRecord): TraceRecord {
  if (record.kind === 'err') {
    return record;
  }
  const before = records
    .slice(0, records.indexOf(record))
    .filter(({ shellPid, subshell }) => shellPid === record.shellPid && subshell === 0)
    .at(-1);
  const sameCommand =
    before !== undefined &&
    (before.command === record.command || /^(?:\.|source)\s/.test(record.command));
  const same =
    before?.kind === 'err' &&
    sameCommand &&
    before.status === record.status &&
    depthOf(before) === depthOf(record);
  return same ? before : record;
}

function findCause(request: ChainRequest, effect: TraceRecord): TraceRecord | undefined {
  const { records } = request;
  const earlier = records.slice(0, records.indexOf(effect));
  const statement = request.statementOf(effect) ?? effect.command;
  return (
    earlier.findLast((record) => isInner(record, effect, statement)) ??
    findChildScript(earlier, effect, statement)
  );
}

/** Functions and sourced files around the command. FUNCNAME would not count files outside functions. */
function depthOf(record: TraceRecord): number {
  return Math.max(record.sources.length - 1, 0);
}

/** Whether a statement can have led to a subshell of it, or to a function or sourced file by that name. */
function canHaveStarted(statement: string, name: string | undefined): boolean {
  if (name === undefined) {
    return /[(`|&]/.test(statement) || sources(statement);
  }
  if (name === 'source') {
    return sources(statement);
  }
  const words = statement.split(/[\s;&|(){}`"'!<>=]+/);
  return words.some((word) => word === name || word.startsWith('$'));
}

function sources(statement: string): boolean {
  return /(?:^|[\s;&|(])(?:\.|source)\s/.test(statement);
}

/** The failing subshell or function of the same bash that made `effect` fail. */
function isInner(record: TraceRecord, effect: TraceRecord, statement: string): boolean {
  const deeper =
    record.subshell > effect.subshell ||
    (record.subshell === effect.subshell && depthOf(record) > depthOf(effect));
  if (
    record.kind !== 'err' ||
    effect.kind !== 'err' ||
    record.shellPid !== effect.shellPid ||
    record.status !== effect.status ||
    !deeper ||
    depthOf(record) < depthOf(effect)
  ) {
    return false;
  }
  const levels = depthOf(record) - depthOf(effect);
  const possible = canHaveStarted(
    statement,
    levels === 0 ? undefined : record.functions[levels - 1],
  );
  const line = levels === 0 ? record.lastLine : (record.lines[levels - 1] ?? 0);
  const tolerance = effect.command.split(/[\n;]/).length + 3;
  return possible && Math.abs(line - effect.lastLine) <= tolerance;
}

function findChildScript(
  earlier: readonly TraceRecord[],
  effect: TraceRecord,
  statement: string,
): TraceRecord | undefined {
  const direct = earlier.findLast(
    (record) =>
      record.subshell === 0 &&
      record.parentPid === effect.processPid &&
      record.status === effect.status &&
      mentions(statement, record),
  );
  const found = direct ?? findGrandchild(earlier, effect, statement);
  return found === undefined ? undefined : preferErr(earlier, found);
}

/** The script that failed last before `effect`, when a tool in between may have run it: its parent is not a known shell. */
function findGrandchild(
  earlier: readonly TraceRecord[],
  effect: TraceRecord,
  statement: string,
): TraceRecord | undefined {
  const child = earlier.findLast(
    (record) => record.shellPid !== effect.shellPid && record.subshell === 0,
  );
  if (child === undefined) {
    return undefined;
  }
  const startedByUs = [...earlier, effect].some(
    (record) => record.shellPid === effect.shellPid && record.processPid === child.parentPid,
  );
  const near =
    child.atSeconds === undefined ||
    effect.atSeconds === undefined ||
    effect.atSeconds - child.atSeconds <= MAX_GAP_SECONDS;
  const statusFits = child.status === effect.status || CHANGES_STATUS.test(effect.command);
  const runsIt = RUNS_OTHERS.test(effect.command) || statement.includes(nameOf(child));
  return !startedByUs && near && statusFits && runsIt ? child : undefined;
}

/** Whether the statement can have started the script: it names it, or by a variable may do so. */
function mentions(statement: string, record: TraceRecord): boolean {
  return (
    statement.includes(nameOf(record)) ||
    (/[$`*?]/.test(statement) && !STARTS_NOTHING.test(statement.trim()))
  );
}

function nameOf({ script }: TraceRecord): string {
  return script.slice(script.lastIndexOf('/') + 1);
}
