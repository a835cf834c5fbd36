import { markBase64Lines } from './name-value.ts';
import type { Page, Rule } from './page.ts';
import { isHarmless, isReference } from './secret-value.ts';

const BEGIN = /-----BEGIN ([A-Z0-9 ]{0,40}?)(?:PRIVATE KEY(?: BLOCK)?|PRIVATE KEY FILE)-----/y;
const PUTTY = /^Private-(?:Lines|MAC):[ \t]*(\S*)/;
/** Longest key block, and its most lines. */
const MAX_BLOCK = 32_768;
const MAX_LINES = 500;
const MAX_PREFIX = 200;

/** Private keys in PEM, on lines of their own or collapsed into one; header and footer stay. */
const pemRule: Rule = {
  literals: ['-----begin'],
  find(page, start) {
    const { text } = page;
    BEGIN.lastIndex = start;
    if (!BEGIN.test(text)) return;
    const from = BEGIN.lastIndex;
    const end = findEnd(page, start, from);
    markBody(page, from, end, prefixOf(page, start));
  },
};

/** Where the body ends: at its footer, or at the first line that cannot belong to it. */
function findEnd(page: Page, start: number, from: number): number {
  const { text } = page;
  const prefix = prefixOf(page, start);
  let line = { start: from, end: page.physicalEnd(from) };
  for (let n = 0; n < MAX_LINES && line.end - from < MAX_BLOCK; n++) {
    const limit = Math.min(line.end, line.start + MAX_BLOCK);
    const footer = text.slice(line.start, limit).indexOf('-----END');
    if (footer !== -1) return line.start + footer;
    const body = line.start + prefixLength(prefix, text.slice(line.start, limit));
    if (n > 0 && !isBody(text.slice(body, limit))) return line.start;
    const next = page.nextLine(line.end, page.lineAt(start).start);
    if (next === undefined) return line.end;
    line = next;
  }
  return line.start;
}

/** What stands before the header on its line, as in logs: the time, the container. */
function prefixOf(page: Page, start: number): string {
  const line = page.text.slice(Math.max(0, start - MAX_PREFIX), start);
  return withoutDigits(line.slice(Math.max(line.lastIndexOf('\n'), line.lastIndexOf('\r')) + 1));
}

/** How much of `line` is the same prefix, digits aside. */
function prefixLength(prefix: string, line: string): number {
  return withoutDigits(line.slice(0, prefix.length)) === prefix ? prefix.length : 0;
}

function withoutDigits(text: string): string {
  return text.replace(/\d/g, '0');
}

/** base64, an encryption header, a placeholder of ours, nothing; a prefix such as `| ` or an indent does not matter. */
function isBody(line: string): boolean {
  const text = line
    .replace(/^[\s|>#*+"'-]{0,80}/, '')
    .replace(/(?:\\[nr]){0,2}["']?[ \t]{0,2}[,+]?\s{0,4}$/, '')
    .replace(/[\s"',\\]{1,4}$/, '');
  return (
    text === '' ||
    /^(?:[A-Za-z0-9+/=_-]|\\[nr])+$/.test(text.slice(0, 400)) ||
    /^(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset|MessageID):/.test(text) ||
    text === '[REDACTED]'
  );
}

function markBody(page: Page, from: number, end: number, prefix: string): void {
  const { text } = page;
  // Line by line, so that the number of lines stays what it was.
  let at = from;
  while (at < end) {
    const stop = Math.min(page.physicalEnd(at), end);
    let left = at === from ? at : at + prefixLength(prefix, text.slice(at, stop));
    let right = stop;
    while (left < right && /\s/.test(text[left] ?? '')) left++;
    while (right > left && /\s/.test(text[right - 1] ?? '')) right--;
    if (
      right > left &&
      !isReference(text.slice(left, Math.min(right, left + 40))) &&
      !isEscapedBreak(text.slice(left, right))
    ) {
      page.redact(left, right);
    }
    at = stop < end ? page.skipBreak(stop) : end;
  }
}

function isEscapedBreak(text: string): boolean {
  return text.length < 5 && /^(?:\\[nr])+$/.test(text);
}

/** PuTTY's own key file. */
const puttyRule: Rule = {
  literals: ['private-lines:', 'private-mac:'],
  find(page, start) {
    const end = page.physicalEnd(start);
    const match = PUTTY.exec(page.text.slice(start, end));
    if (match === null) return;
    if (/mac/i.test(match[0])) page.redact(end - (match[1] ?? '').length, end);
    else markBase64Lines(page, end, start);
  },
};

/** `.pgpass`: host:port:database:user:password. */
const PGPASS =
  /^[ \t]*[\w.*-]{1,253}:(?:\d{2,5}|\*):[\w*$-]{1,63}:[\w*.@$-]{1,63}:(\S(?:[^\s:]|\\:){2,200})[ \t]*$/;
const pgpassRule: Rule = {
  literals: [':5432:', ':6432:', ':5433:', ':*:', 'pgpass'],
  find(page, start, end) {
    if (page.text[start] === ':') {
      markPgpass(page, page.lineAt(start).start, page.physicalEnd(end));
      return;
    }
    let at = page.physicalEnd(end);
    for (let n = 0; n < 20; n++) {
      const next = page.nextLine(at, page.lineAt(start).start);
      if (next === undefined || !markPgpass(page, next.start, next.end)) return;
      at = next.end;
    }
  },
};

function markPgpass(page: Page, start: number, end: number): boolean {
  if (end - start > 600) return false;
  const password = PGPASS.exec(page.text.slice(start, end))?.[1];
  if (password === undefined) return false;
  const stop = start + page.text.slice(start, end).trimEnd().length;
  if (!isHarmless(password)) page.redact(stop - password.length, stop);
  return true;
}

export const blockRules: readonly Rule[] = [pemRule, puttyRule, pgpassRule];
