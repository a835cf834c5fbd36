/**
 * The last output of a command, line by line, as the rules see it. A line that talks about a cause
 * without being one (a retry that is announced, a warning, a passing test, an excerpt of source, a
 * stack frame) is noise; one that only passes on that something below failed is a wrapper.
 */
export type LineRole = 'plain' | 'retry' | 'noise' | 'wrapper';

export interface Line {
  /** Without colours, prefixes of build tools and trailing blanks; bounded. */
  readonly text: string;
  /** Worked out when it is asked for: most lines interest no rule. */
  readonly role: LineRole;
}

/** Bounds that keep classification linear on hostile output. */
const MAX_CHARS = 64 * 1024;
const MAX_LINES = 800;
const MAX_LINE_CHARS = 2000;
/** What is kept of the end of a line that is too long: a JSON message often has its cause there. */
const LONG_LINE_END_CHARS = 500;

const ANSI =
  // eslint-disable-next-line no-control-regex -- terminal sequences are what is removed here
  /\u001B(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001B]{0,200}(?:\u0007|\u001B\\)|[@-Z\\-_])/gu;
// eslint-disable-next-line no-control-regex -- likewise
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F]/gu;
/** Time stamps, and the prefixes of build logs, compose, terraform and the runner. */
const PREFIX =
  /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]{0,10}(?:Z|[+-]\d\d:?\d\d)? {1,3}|#\d{1,4} (?:\d{1,6}\.\d{1,3} )?|\d{1,5}\.\d{3} (?=\S)|[\w.-]{1,60}-\d{1,3} {1,12}\| |[│╷╵] ?|##\[error\]|::error[^:]{0,200}::){1,3}/u;

const RETRY =
  /\bretry(?:ing)? (?:in|after) \d|\bretrying\b|\bwill (?:be )?(?:automatically )?(?:re-?tr(?:y|ied)|try again)\b|\btrying again\b|\btries remaining\b|\b(?:retr(?:y|ies)|attempts?) (?:left|remaining)\b|\bbacking off\b|\bback-?off\b.{0,20}\d|\breconnecting\b|\bRetry\(total=|\bsleeping \d+|\bretry (?:#|number )?\d+(?: ?(?:of|\/) ?\d+)?\b|\bnext (?:try|attempt) in\b/iu;
const ATTEMPT =
  /\b(?:attempt|try|retry|tries) #?(\d{1,4}) ?(?:of|\/|out of) ?(\d{1,4})\b|\((\d{1,4})\/(\d{1,4})\)/iu;
const GAVE_UP =
  /\b(?:exhausted|giving up|gave up|no more (?:retries|attempts)|max(?:imum)?\b.{0,30}\b(?:retries|attempts|retry|exceeded)|(?:after|failed) \d+ (?:retries|attempts|tries|times)|aborting|CrashLoopBackOff|ImagePullBackOff|BackoffLimitExceeded)\b/iu;
const WARNING =
  /^(?:\S{1,30} )?(?:\[?warn(?:ing)?s?\]?\b(?!.{0,10}:? some files)|\[(?:info|debug|notice|note|warn|warning)\])|^(?:W|N|I): |^(?:hint|note|info|debug|notice|help|tip|suggestion|deprecated|DeprecationWarning)\b ?:|^\(node:\d+\)|\blevel=(?:warn|warning|info|debug)\b|^\S{0,40}: warning: |: warning: |^\S{0,40} ?\[warn(?:ing)?\]|^(?:INFO|DEBUG|WARN)\b|^\[[^\]]{1,40}\] (?:WARN|INFO|DEBUG)|^npm (?:WARN|warn|notice|http)\b|^warning /iu;
const TRUE_WARNINGS =
  /^rsync warning|REMOTE HOST IDENTIFICATION|UNPROTECTED PRIVATE KEY|^\s*(?:info|debug)\S{0,3}\s.{0,40}\berror\b/iu;
const PASSED =
  /^\s*(?:✓|✔|√|☑|PASS\b|PASSED\b|ok \d+\b|--- PASS|\[ *(?:OK|PASS(?:ED)?) *\]|test \S{1,200} \.\.\. ok$)|\bPASSED(?: +\[ *\d+%\])?$|^\s*(?:0 (?:failed|failing|errors?|failures?)\b)/u;
const SOURCE =
  /^\s*(?:>{1,3}\s{0,3})?\d{1,6} ?[|│]|^\s*[|│]|^[\s^~|=.·-]{1,300}$|^\+{1,4} \S|^\s{0,4}(?:\/\/|\/\*|<!--)/u;
const FRAME =
  /^\s{1,20}at (?:async |new )?\S|^\s{0,20}File "[^"]{1,400}", line \d|^\s{1,20}from \S{1,400}:\d+:in |^goroutine \d|^created by |^\s{1,20}\.\.\. \d+ more$|^\s{0,20}#\d{1,3}:? .{0,200}\(\)|^\s{2,20}(?:errno|code|syscall|address|port|path|dest|spawnargs|requireStack|hostname): \S/u;
const WRAPPER =
  /^make(?:\[\d+\])?: \*\*\* .{0,200}(?:Error \d+|Waiting for unfinished jobs)|\bELIFECYCLE\b|\bexit code:? \d+$|\bexit(?:ed)?(?: with)? (?:status|code):? ?\d+\.?$|^npm (?:ERR!|error) (?:A complete log|errno|path|command|Lifecycle|syscall|at |signal|weird)|^Process completed with exit code|^error Command failed with exit code|^info Visit |\bFailed at the \S{1,80} script|^script returned exit code|^tar: (?:Exiting with failure|Error is not recoverable|Child returned status)|^(?:ERROR: )?failed to solve: process|^See (?:'|https?:)|\breturned non-zero exit status \d+|^fatal: Could not read from remote repository|^Tasks?: TOP|^\(See full trace|^rsync error: error starting client-server protocol|^PLAY RECAP|\bunreachable=\d+ +failed=\d+|^E: Unable to fetch some archives|^A complete log of this run|^error: (?:failed to push some refs|metadata-generation-failed|process didn't exit)|\bCommand failed\b.{0,10}$|^Error: Process completed|^\S{1,80} exited \(\d+\)$/iu;

/** Splits raw output into lines with their roles; only the end of long output is looked at. */
export function toLines(tail: string): readonly Line[] {
  const raw = tail
    .slice(-MAX_CHARS)
    .replace(ANSI, '')
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/u);
  const texts = raw
    .filter((text) => text.trim() !== '')
    .slice(-MAX_LINES)
    .map(toText);
  return texts.map((text, index) => ({
    text: text.trim(),
    get role() {
      return toRole(texts, index);
    },
  }));
}

function toText(raw: string): string {
  const text = raw.replace(CONTROL, '').trimEnd().replace(PREFIX, '');
  if (text.length <= MAX_LINE_CHARS) return text;
  const start = text.slice(0, MAX_LINE_CHARS - LONG_LINE_END_CHARS);
  return `${start} … ${text.slice(-LONG_LINE_END_CHARS)}`;
}

function toRole(texts: readonly string[], index: number): LineRole {
  const text = texts[index] ?? '';
  if (isExcerpt(texts, index)) return 'noise';
  if (announcesRetry(text) || announcesRetryOf(text, texts[index + 1])) return 'retry';
  if (WARNING.test(text) && !TRUE_WARNINGS.test(text)) return 'noise';
  return WRAPPER.test(text.trim()) ? 'wrapper' : 'plain';
}

/** Source, stack frames and passing tests quote words that happened to nobody. */
function isExcerpt(texts: readonly string[], index: number): boolean {
  const text = texts[index] ?? '';
  if (SOURCE.test(text) || FRAME.test(text) || PASSED.test(text)) return true;
  const next = texts[index + 1];
  if (next !== undefined && /^\s*[\^~]{1,200}\s*$/u.test(next) && !/^\S{1,200}: /u.test(text))
    return true;
  const previous = texts[index - 1];
  return (
    previous !== undefined &&
    /^\s{1,20}File "[^"]{1,400}", line \d/u.test(previous) &&
    /^\s{4}/u.test(text)
  );
}

/** An error right before the announcement that it is tried again is not the end of it. */
function announcesRetryOf(text: string, next: string | undefined): boolean {
  if (next === undefined || !announcesRetry(next) || GAVE_UP.test(text)) return false;
  return !/^\s/u.test(text);
}

function announcesRetry(text: string): boolean {
  if (GAVE_UP.test(text)) return false;
  const attempt = ATTEMPT.exec(text);
  if (attempt !== null) {
    const now = Number(attempt[1] ?? attempt[3]);
    const all = Number(attempt[2] ?? attempt[4]);
    if (now < all) return /\b(?:attempt|try|retry|tries)\b/iu.test(text);
    return false;
  }
  return RETRY.test(text);
}
