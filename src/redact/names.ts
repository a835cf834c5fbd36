import { findBelow, isBlockMark, markBlock } from './name-below.ts';
import { findLoose } from './name-loose.ts';
import { findPartner } from './name-partner.ts';
import { judge, markUntilTag } from './name-value.ts';
import type { Name, Tie } from './name-verdict.ts';
import type { Line, Page, Rule } from './page.ts';
import { isHarmless, looksGenerated } from './secret-value.ts';
import { classifyName, type NameClass } from './secret-name.ts';

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
    'psk',
    '-pw',
    'sessid',
    'jsessionid',
    'aspxauth',
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
  const kind = classifyName(word);
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
    case 37: // %
    case 124: // |
    case 0x2502: // │
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
  if (findPartner(page, name, line) || findEncoded(page, name)) return;
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

const ENCODED =
  /(?:%22|%27)?(?:%20)?(?:%3A|%3D)(?:%20|\+)?(?:%22|%27)?((?:[^\s"'&%]|%(?!22|27|26|2C|7D)[0-9A-F]{2}){1,2000})/iy;

/** `%22password%22%3A%22x%22`: JSON or a form in a URL. */
function findEncoded(page: Page, name: Name): boolean {
  if (page.text[name.end] !== '%') return false;
  ENCODED.lastIndex = name.end;
  const match = ENCODED.exec(page.text);
  const value = match?.[1] ?? '';
  if (match === null || isHarmless(value) || (name.kind !== 'strong' && !looksGenerated(value)))
    return true;
  page.redact(ENCODED.lastIndex - value.length, ENCODED.lastIndex);
  return true;
}

function isComparison(mark: string): boolean {
  return mark === '==' || mark === '===' || mark === '->' || mark === '::';
}

/** `token:443` in `https://token:443` is a host. */
function isUrlPort(page: Page, name: Name): boolean {
  return page.text.startsWith('//', name.start - 2);
}

/** Longest name that is looked at, to either side of the telling word. */
const MAX_NAME = 64;
