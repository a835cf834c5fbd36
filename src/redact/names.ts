import type { Line, Page, Rule } from './page.ts';
import { classifyName, type NameClass } from './secret-name.ts';
import {
  findClosing,
  isHarmless,
  isMetavariable,
  isPlainWord,
  isReference,
  looksGenerated,
  MAX_VALUE,
  readValue,
  type ReadValue,
} from './secret-value.ts';

/** Longest name that is looked at, to either side of the telling word. */
const MAX_NAME = 64;
const MAX_OPEN_LINES = 40;
const MAX_OPEN = 4_096;

/** A telling name in the text. */
interface Name {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: NameClass;
}

/** How name and value are tied: `=`, `:`, a flag and a blank, the columns of a table, plain prose. */
type Tie = 'assign' | 'colon' | 'flag' | 'column' | 'prose';

/** `DB_PASSWORD=x`, `"token": "x"`, `--secret x`, `<password>x</password>` and their kin. */
export const nameRule: Rule = {
  literals: [
    'pass',
    'pwd',
    'psw',
    'secret',
    'token',
    'key',
    'auth',
    'cred',
    'jwt',
    'bearer',
    'otp',
    'rootpw',
    'bindpw',
    'db_pw',
    '_pat',
    '-pw',
  ],
  find: findByName,
};

function findByName(page: Page, start: number, end: number): void {
  const { text } = page;
  if (end <= page.lastNameEnd) return;
  let from = start;
  while (from > 0 && start - from < MAX_NAME && isNameCode(text.charCodeAt(from - 1))) from--;
  let to = end;
  while (to < text.length && to - end < MAX_NAME && isNameCode(text.charCodeAt(to))) to++;
  page.lastNameEnd = to;
  if (start - from >= MAX_NAME || to - end >= MAX_NAME) return;
  // `-Dname=`, `--name`: dashes are no part of it; `name.` ends a sentence.
  while (from < start && /[-.]/.test(text[from] ?? '')) from++;
  while (to > end && /[-.]/.test(text[to - 1] ?? '')) to--;
  if (!mayBeTied(text, to)) return;
  const word = text.slice(from, to);
  if (/(?:^|[_-])secret[_-]?id$/i.test(word)) markSecretId(page, to);
  const kind = page.classify(word);
  // The header has a rule of its own, which keeps the scheme.
  if (kind === 'none' || /authorization$/i.test(word)) return;
  const name: Name = { start: from, end: to, text: word, kind: strengthen(page, from, to, kind) };
  if (name.kind === 'none' || page.isMarked(from)) return;
  findValue(page, name);
}

/** Whether what follows a name can tie it to a value: most names in a log are ruled out here. */
function mayBeTied(text: string, at: number): boolean {
  switch (text.charCodeAt(at)) {
    case 32: // blank
    case 9:
    case 61: // =
    case 58: // :
    case 34: // "
    case 39: // '
    case 96: // `
    case 92: // \
    case 93: // ]
    case 41: // )
    case 62: // >
    case 60: // <
    case 44: // ,
    case 10:
    case 13:
      return true;
    default:
      return at >= text.length;
  }
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46
  );
}

/** Vault's AppRole: half of a log-in, unlike all other ids. */
function markSecretId(page: Page, at: number): void {
  const value =
    /^\\?["']?[ \t]*(?:[:=]|[ \t])[ \t]*\\?["']?([0-9a-f]{8}-[0-9a-f-]{27})(?![0-9a-f-])/.exec(
      page.text.slice(at, at + 120),
    );
  if (value?.[1] !== undefined) page.redact(at + value[0].length - 36, at + value[0].length);
}

const WORD_BEFORE = /(?:^|[^\w])([A-Za-z]{1,20})[ \t]$/;

/** `API key` and `secret access key` are two words of one name; so is `cache key`. */
function strengthen(page: Page, start: number, end: number, kind: NameClass): NameClass {
  if (kind !== 'weak') return kind;
  const before = WORD_BEFORE.exec(page.text.slice(Math.max(0, start - 24), start))?.[1];
  if (before === undefined) return kind;
  const joined = classifyName(`${before}_${page.text.slice(start, end)}`);
  return joined === 'likely' ? 'weak' : joined;
}

const TIE =
  /(\\{0,7}["'`]|\\{0,7}["']?\]|\)|[ \t]#?\d{1,3}(?=:))?[ \t]{0,40}(:=|=>|->|={1,3}|:{1,2}(?![-?+=]))(?:[ \t]{0,40})/y;
const ELEMENT = /(?:[ \t][^<>\r\n]{0,200})?>/y;
const WRAPPED_VALUE = /[ \t]{0,40}<\/(?:key|name)>[ \t]{0,40}<(?:string|value)>/y;

function findValue(page: Page, name: Name): void {
  const { text } = page;
  const line = page.lineAt(name.start);
  if (text[name.start - 1] === '<') {
    findElement(page, name, line);
    return;
  }
  WRAPPED_VALUE.lastIndex = name.end;
  if (text[name.start - 1] === '>' && WRAPPED_VALUE.test(text)) {
    markUntilTag(page, WRAPPED_VALUE.lastIndex);
    return;
  }
  if (findPartner(page, name, line)) return;
  TIE.lastIndex = name.end;
  const tie = TIE.exec(text);
  if (tie !== null && TIE.lastIndex <= Math.max(line.end, name.end)) {
    findTied(page, name, line, tie);
    return;
  }
  findLoose(page, name, line);
}

function findElement(page: Page, name: Name, line: Line): void {
  ELEMENT.lastIndex = name.end;
  if (ELEMENT.test(page.text)) markUntilTag(page, ELEMENT.lastIndex);
  else findLoose(page, name, line);
}

function markUntilTag(page: Page, start: number): void {
  let end = start;
  while (end - start < MAX_OPEN && end < page.text.length && !/[<\r\n]/.test(page.text[end] ?? ''))
    end++;
  const value = page.text.slice(start, end);
  if (!isHarmless(value.trim())) page.redact(start, end);
}

const PARTNER_BEFORE =
  /(?:^|[\s{,<\\"'([])(?:name|key|variable|field|id|envvar|env_var|parametername|property)\\{0,7}["']?[ \t]{0,20}[:=][ \t]{0,20}\\{0,7}["']?(?:[\w./-]{1,80}[./])?$/i;
const PARTNER_AFTER =
  /^\\{0,7}["']?[ \t]{0,20}[,;]?(?:[^\n\r"'{}<>]{0,40})$|^\\{0,7}["']?[ \t]{0,20}[,; ]/;
const PARTNER_VALUE =
  /(?:^|[\s{,\\"'])(?:value|stringvalue|plaintext)\\{0,7}["']?[ \t]{0,20}[:=][ \t]{0,20}/i;

/** `name: DB_PASSWORD` with `value: x` beside it or on the next line. True when the name is such a value. */
function findPartner(page: Page, name: Name, line: Line): boolean {
  const { text } = page;
  const before = text.slice(Math.max(line.start, name.start - 140), name.start);
  if (!PARTNER_BEFORE.test(before)) return false;
  const rest = text.slice(name.end, Math.min(line.end, name.end + 300));
  if (!PARTNER_AFTER.test(rest)) return false;
  const inLine = PARTNER_VALUE.exec(rest);
  if (inLine !== null) {
    markStrong(page, name.end + inLine.index + inLine[0].length, line.end, name);
    return true;
  }
  let at = line.end;
  for (let n = 0; n < 3; n++) {
    const next = page.nextLine(at, line.start);
    if (next === undefined) return true;
    const head = text.slice(next.start, Math.min(next.end, next.start + 120));
    const value =
      /^[ \t]{0,60}\\{0,7}["']?(?:value|stringValue)\\{0,7}["']?[ \t]{0,20}[:=][ \t]{0,20}/i.exec(
        head,
      );
    if (value !== null) {
      markStrong(page, next.start + value[0].length, next.end, name);
      return true;
    }
    if (
      !/^[ \t]{0,60}\\{0,7}["']?[A-Za-z]+\\{0,7}["']?[ \t]{0,4}[:=][ \t]*\\{0,7}["']?[\w./:-]*\\{0,7}["']?,?$/.test(
        head,
      )
    )
      return true;
    at = next.end;
  }
  return true;
}

function markStrong(page: Page, at: number, limit: number, name: Name): void {
  const value = readValue(page.text, at, limit);
  if (value === undefined) return;
  const inner = page.text.slice(value.start, value.end);
  if (isHarmless(inner) || (name.kind === 'weak' && !looksGenerated(inner))) return;
  page.redact(value.start, value.end);
}

function findTied(page: Page, name: Name, line: Line, tie: RegExpExecArray): void {
  const { text } = page;
  const mark = tie[2] ?? '';
  const at = name.end + tie[0].length;
  if (isComparison(mark) && !/["'`]/.test(text[at] ?? '')) return;
  if (mark === ':' && isUrlPort(page, name)) return;
  if (at >= line.end) {
    if (mark === ':' || mark === '=') findBelow(page, name, line, tie);
    return;
  }
  const spaced = /[ \t]$/.test(tie[0]);
  const kind: Tie = mark.startsWith(':') && mark !== ':=' ? 'colon' : 'assign';
  // `token= in query strings`: nothing was assigned.
  if (
    mark === '=' &&
    spaced &&
    !/[ \t]=/.test(tie[0]) &&
    /[ \t]/.test(text.slice(at, line.end).trim())
  )
    return;
  if (isBlockMark(text.slice(at, line.end))) {
    markBlock(page, name, line);
    return;
  }
  judge(page, name, line, at, kind);
}

function isComparison(mark: string): boolean {
  return mark === '==' || mark === '===' || mark === '->' || mark === '::';
}

/** `token:443` in `https://token:443` is a host. */
function isUrlPort(page: Page, name: Name): boolean {
  return page.text.startsWith('//', name.start - 2);
}

function judge(page: Page, name: Name, line: Line, at: number, tie: Tie): void {
  const { text } = page;
  const value = readValue(text, at, line.end);
  if (value === undefined) return;
  const inner = text.slice(value.start, value.end);
  if (
    !isSecretValue(
      name,
      inner,
      value,
      tie,
      text.slice(value.end, Math.min(line.end, value.end + 60)),
    )
  )
    return;
  if (value.quoted && !value.closed) markOpen(page, value, line);
  else if (isScheme(inner) && !value.quoted) markAfterScheme(page, value, line);
  else markInner(page, name, value, inner);
  markChange(page, value, line);
  markFolded(page, value, line);
}

/** `user:password` after `auth`: the user stays. */
function markInner(page: Page, name: Name, value: ReadValue, inner: string): void {
  const pair = /^(?:auth|creds?|credentials)$/i.test(name.text)
    ? /^[A-Za-z][\w.@-]{0,40}:(?=.{3})/.exec(inner)
    : null;
  const scheme = /^(?:Bearer|Basic|Token|ApiKey|Digest)[ \t]+/i.exec(inner);
  const kept = scheme?.[0].length ?? pair?.[0].length ?? 0;
  page.redact(
    value.start + kept,
    value.end - value.start < MAX_VALUE - 1 ? value.end : endOfRun(page, value),
  );
}

/** A value that is longer than what is read goes on to the next blank or quote. */
function endOfRun(page: Page, value: ReadValue): number {
  let end = value.end;
  while (end < page.text.length && !/[\s"'`<>]/.test(page.text[end] ?? '')) end++;
  return end;
}

function isScheme(inner: string): boolean {
  return /^(?:bearer|basic|token|apikey|digest|splunk|negotiate)$/i.test(inner);
}

function markAfterScheme(page: Page, scheme: ReadValue, line: Line): void {
  const at =
    scheme.end + (/^[ \t]{0,8}/.exec(page.text.slice(scheme.end, scheme.end + 8))?.[0].length ?? 0);
  const value = readValue(page.text, at, line.end);
  if (value === undefined) return;
  if (!isHarmless(page.text.slice(value.start, value.end))) page.redact(value.start, value.end);
}

function isSecretValue(
  name: Name,
  inner: string,
  value: ReadValue,
  tie: Tie,
  rest: string,
): boolean {
  if (isScheme(inner)) return !value.quoted && name.kind !== 'weak';
  // A key block is for the rule that knows where it ends.
  if (isHarmless(inner) || (!value.quoted && inner.startsWith('-----'))) return false;
  if (isCount(name, inner, rest)) return false;
  if (value.quoted && isSentence(inner)) return false;
  const weak = name.kind === 'weak';
  switch (tie) {
    case 'assign':
      return weak ? looksGenerated(inner) || isBasicPair(inner) : isAssigned(name, inner, value);
    case 'colon':
      if (weak) return looksGenerated(inner, 12) || isBasicPair(inner);
      return value.quoted || !isProse(inner, rest, name);
    case 'flag':
      if (
        inner.startsWith('-') ||
        isMetavariable(inner) ||
        /^(?:id|type|source|src|name)=/.test(inner)
      )
        return false;
      return weak
        ? looksGenerated(inner) || isBasicPair(inner)
        : value.quoted || !isProse(inner, rest, name) || looksGenerated(inner);
    case 'column':
      return name.kind === 'strong' ? !isMetavariable(inner) : looksGenerated(inner);
    case 'prose':
      return looksGenerated(inner, 12);
  }
}

function isAssigned(name: Name, inner: string, value: ReadValue): boolean {
  if (name.kind === 'strong') return inner.length > 1 || value.quoted;
  return inner.length >= 6 && !isPlainWord(inner);
}

/** `token: 1024 bytes`, `tokens=32000`, `key: 12`: a size or a count. */
function isCount(name: Name, inner: string, rest: string): boolean {
  if (!/^\d[\d.,]*(?:ms|s|m|h|d|[kKMG]i?B?|bytes|chars|%)?$/.test(inner)) return false;
  if (/^[ \t]+(?:bytes|chars|characters|bits|items|entries|times|tokens|keys)\b/.test(rest))
    return true;
  return !/pass|pwd|pin|secret/i.test(name.text) || !/^\d+$/.test(inner) || inner.length < 3;
}

function isBasicPair(inner: string): boolean {
  return (
    decodesToPair(inner) ||
    (/^[A-Za-z][\w.@-]{0,40}:[^\s:/]{6,}$/.test(inner) &&
      /\d/.test(inner) &&
      !/^\w+:\d+$/.test(inner))
  );
}

/** Whether base64 text holds `user:password`. */
export function decodesToPair(text: string): boolean {
  if (text.length < 8 || text.length > 2_000 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text))
    return false;
  try {
    return /^[\x21-\x39\x3b-\x7e]{0,200}:[\x20-\x7e]+$/.test(
      atob(text.replace(/-/g, '+').replace(/_/g, '/')),
    );
  } catch {
    return false;
  }
}

function isSentence(inner: string): boolean {
  const parts = inner.split(/\s+/);
  if (parts.length < 2 || parts.some((part) => /[A-Za-z]\d|\d[A-Za-z]/.test(part))) return false;
  return (
    parts.filter((part) => isPlainWord(part.replace(/\W+$/, ''))).length >=
    (parts.length > 3 ? 2 : 1)
  );
}

/** An ordinary word that goes on as a sentence: `password: expected at least`, `--password via the`. */
function isProse(inner: string, rest: string, name: Name): boolean {
  if (/\d/.test(inner) || !/^["'(]?[A-Za-z]+(?:[-'’][A-Za-z]+)*$/.test(inner)) return false;
  if (/^[A-Z]{2,}$/.test(inner) && isMetavariable(inner)) return true;
  if (/^[,.]?[ \t]+["'(]?[A-Za-z]{1,}/.test(rest) && !/^[ \t]+[\w.-]+[=:]/.test(rest)) return true;
  return name.kind === 'likely' && /^[A-Za-z][a-z]+$/.test(inner);
}

/** Terraform's `"old" -> "new"`. */
function markChange(page: Page, value: ReadValue, line: Line): void {
  const arrow = /^["']?[ \t]{0,4}(?:->|=>|→)[ \t]{0,4}/.exec(
    page.text.slice(value.end, value.end + 12),
  );
  if (arrow === null) return;
  const next = readValue(page.text, value.end + arrow[0].length, line.end);
  if (next !== undefined && !isHarmless(page.text.slice(next.start, next.end)))
    page.redact(next.start, next.end);
}

/** A quote that is open at the end of its line: closed on a later one, or cut off. */
function markOpen(page: Page, value: ReadValue, line: Line): void {
  let at = page.physicalEnd(value.start);
  for (let n = 0; n < MAX_OPEN_LINES && at - value.start < MAX_OPEN; n++) {
    const next = page.nextLine(at, line.start);
    if (next === undefined) break;
    const close = findClosing(page.text, next.start, next.end, value.quote);
    if (close !== -1) {
      if (closesHere(page.text, next, close, value.quote)) page.redact(value.start, close);
      else page.redact(value.start, value.end);
      return;
    }
    at = next.end;
  }
  page.redact(
    value.start,
    value.end - value.start < MAX_VALUE - 1 ? value.end : endOfRun(page, value),
  );
}

function closesHere(text: string, line: Line, close: number, quote: string): boolean {
  const before = text.slice(Math.max(line.start, close - 2), close);
  const after = text.slice(close + quote.length, close + quote.length + 1);
  return !/[=:{,([][ \t]?$/.test(before) && /^$|[\s,;)}\]&|\\]/.test(after);
}

const FULL_BASE64 = /^[A-Za-z0-9+/_-]{40,}={0,2}$/;

/** base64 folded over lines: the value filled its line, and what follows looks the same. */
function markFolded(page: Page, value: ReadValue, line: Line): void {
  const { text } = page;
  if (
    value.end - value.start < 40 ||
    page.physicalEnd(value.end) > value.end + (value.quoted ? 0 : 1)
  )
    return;
  if (!FULL_BASE64.test(text.slice(value.start, value.end))) return;
  markBase64Lines(page, page.physicalEnd(value.end), line.start);
}

/** Marks the lines of base64 that follow position `at`, the last and shorter one included. */
export function markBase64Lines(page: Page, at: number, from: number): void {
  for (let n = 0, end = at; n < 400; n++) {
    const next = page.nextLine(end, from);
    if (next === undefined) return;
    const body = /^[ \t]{0,60}(?:[|>] ?)?([A-Za-z0-9+/_-]{4,200}={0,2})[ \t]*$/.exec(
      page.text.slice(next.start, Math.min(next.end, next.start + 280)),
    );
    const run = body?.[1];
    if (run === undefined || (run.length < 40 && /^[a-z]+$/.test(run))) return;
    page.redact(next.start + page.text.slice(next.start, next.end).indexOf(run), next.end);
    if (run.length < 40) return;
    end = next.end;
  }
}

function isBlockMark(rest: string): boolean {
  return (
    /^(?:!!?\w+[ \t]+)?[|>][+-]?\d?[ \t]*(?:#.*)?$/.test(rest.slice(0, 80)) && rest.length < 80
  );
}

/** YAML's block scalar: all deeper lines below. */
function markBlock(page: Page, name: Name, line: Line): void {
  const indent = indentOf(page.text, { start: page.lineAt(name.start).start, end: name.start });
  let end = line.end;
  for (let n = 0; n < 200; n++) {
    const next = page.nextLine(end, line.start);
    if (next === undefined) return;
    const depth = indentOf(page.text, next);
    if (next.end - next.start > depth) {
      if (depth <= indent) return;
      if (!isReference(page.text.slice(next.start + depth, next.end)))
        page.redact(next.start + depth, next.end);
    }
    end = next.end;
  }
}

function indentOf(text: string, line: Line): number {
  let at = line.start;
  while (at < line.end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at - line.start;
}

/** `password:` and nothing more on the line: the value stands alone on the next one. */
function findBelow(page: Page, name: Name, line: Line, tie: RegExpExecArray): void {
  if (name.kind === 'weak' || (tie[2] === '=' && tie[1] === undefined)) return;
  const next = page.nextLine(line.end, line.start);
  if (next === undefined) return;
  const depth = indentOf(page.text, next);
  const rest = page.text.slice(next.start + depth, next.end).trimEnd();
  if (rest === '' || /\s/.test(rest) || /[:={[(]$|^[-{[<#+$>]|[:=]/.test(rest)) return;
  const value = readValue(page.text, next.start + depth, next.end);
  if (value === undefined) return;
  const inner = page.text.slice(value.start, value.end);
  if (isHarmless(inner) || (!value.quoted && !looksGenerated(inner, 6))) return;
  page.redact(value.start, value.end);
  markFolded(page, value, line);
}

const FLAG_BEFORE = /(?:^|[\s"'`,[(=\\/])-{1,2}[\w.-]{0,64}$/;
const SETTER_BEFORE =
  /(?:^|[\s"'`])(?:set|setenv|SetEnv|ENV|ARG|add|--secret|--plaintext|fastcgi_param|env)[ \t]{1,4}(?:(?:-\w|--[\w-]+)[ \t]{1,4}){0,3}["']?(?:[\w:/.-]{0,80}[/:.])?$/;
const ALONE_BEFORE = /^[ \t]*(?:[-*#|•][ \t]{1,4})?$/;
/** Directives whose argument follows a blank. */
const DIRECTIVE = /^(?:requirepass|masterauth|bindpw|rootpw|rootbindpw|ldap_default_authtok)$/i;

/** No separator: a flag's argument, a setter's, `.netrc`, a table's column, `PASSWORD 'x'` in SQL, prose. */
function findLoose(page: Page, name: Name, line: Line): void {
  const { text } = page;
  const gap = /^["']?(?:,[ \t]{0,4}(?=["'])|[ \t]{1,60}\\?(?:[\r\n]+[ \t]*)?)/.exec(
    text.slice(name.end, Math.min(line.end, name.end + 80)),
  );
  if (gap === null) return;
  const at = name.end + gap[0].length;
  if (at >= line.end) return;
  const before = text.slice(Math.max(line.start, name.start - 100), name.start);
  if (FLAG_BEFORE.test(before)) {
    judge(page, name, line, at, 'flag');
  } else if (gap[0].includes(',')) {
    // Two neighbours of a list: ["--token", "x"] was a flag.
  } else if (DIRECTIVE.test(name.text) || (name.kind !== 'weak' && SETTER_BEFORE.test(before))) {
    judge(page, name, line, at, 'flag');
  } else if (name.kind === 'strong' && isNetrc(name, before, text.slice(at, line.end))) {
    judge(page, name, line, at, 'flag');
  } else if (
    gap[0].length >= 2 &&
    ALONE_BEFORE.test(before) &&
    /^\S+[ \t]*$/.test(text.slice(at, Math.min(line.end, at + 2_000)))
  ) {
    judge(page, name, line, at, 'column');
  } else if (name.kind === 'strong') {
    findInProse(page, name, line, at);
  }
}

function isNetrc(name: Name, before: string, rest: string): boolean {
  if (!/^passw(?:or)?d$/i.test(name.text)) return false;
  if (/(?:^|\s)(?:login|user|machine|account)\s+\S+\s+$/.test(before)) return true;
  return ALONE_BEFORE.test(before) && /^\S+[ \t]*$/.test(rest) && !/[:=]/.test(rest.slice(0, 1));
}

const PROSE_LINK =
  /^(?:for[ \t]+(?:user[ \t]+)?(?:'[^'\r\n]{1,120}'|"[^"\r\n]{1,120}"|[\w.@/-]{1,60})[ \t]*(?::|is|=|was set to|set to)[ \t]*|(?:(?:is|was|to|used|provided|now|set|changed|reset|generated|value|equals|will|be|as|has|been|created|=)(?:[ \t]*:[ \t]*|[ \t]+)){1,5})/i;

/** `the new root password is X`, `token X rejected`, `IDENTIFIED BY`-like quotes: only if X looks the part. */
function findInProse(page: Page, name: Name, line: Line, at: number): void {
  const link = PROSE_LINK.exec(page.text.slice(at, Math.min(line.end, at + 200)));
  const start = at + (link?.[0].length ?? 0);
  const value = readValue(page.text, start, line.end);
  if (value === undefined) return;
  const inner = page.text.slice(value.start, value.end);
  const isSql = value.quoted && /^PASSWORD$/.test(name.text);
  const isPassword = /pass|pwd/i.test(name.text);
  const enough = isSql
    ? !isHarmless(inner)
    : looksGenerated(inner, link !== null && isPassword ? 6 : isPassword && value.quoted ? 6 : 16);
  if (enough && !/\s/.test(inner)) page.redact(value.start, value.end);
}
