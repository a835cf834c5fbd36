import { isScheme, isSecretValue, type Name, type Tie } from './name-verdict.ts';
import type { Line, Page } from './page.ts';
import { findClosing, MAX_VALUE, readValue, type ReadValue } from './read-value.ts';
import { isHarmless, looksGenerated } from './secret-value.ts';

const MAX_OPEN_LINES = 40;
/** Longest value over several lines or within a tag. */
const MAX_OPEN = 4_096;

/** `Some("x")`: the type around a value in dumps of Rust, Python and others. */
const WRAPPER =
  /^(?:Some|Ok|Just|String|Secret\w{0,12}|Password|Sensitive|Redacted)\((?=\\{0,3}["'])/;

/** Reads the value at `at` and marks it, if it is one, with all that belongs to it. */
export function judge(page: Page, name: Name, line: Line, at: number, tie: Tie): void {
  const { text } = page;
  const wrapper = WRAPPER.exec(text.slice(at, Math.min(line.end, at + 40)))?.[0].length ?? 0;
  const value = readValue(text, at + wrapper, line.end);
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

/** Marks the value at `at` of a name that stands elsewhere. */
export function markStrong(page: Page, at: number, limit: number, name: Name): void {
  const value = readValue(page.text, at, limit);
  if (value === undefined) return;
  const inner = page.text.slice(value.start, value.end);
  if (isHarmless(inner) || (name.kind === 'weak' && !looksGenerated(inner))) return;
  page.redact(value.start, value.end);
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

function markAfterScheme(page: Page, scheme: ReadValue, line: Line): void {
  const at =
    scheme.end + (/^[ \t]{0,8}/.exec(page.text.slice(scheme.end, scheme.end + 8))?.[0].length ?? 0);
  const value = readValue(page.text, at, line.end);
  if (value === undefined) return;
  if (!isHarmless(page.text.slice(value.start, value.end))) page.redact(value.start, value.end);
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

/** Marks the content of an XML element. */
export function markUntilTag(page: Page, start: number): void {
  let end = start;
  while (end - start < MAX_OPEN && end < page.text.length && !/[<\r\n]/.test(page.text[end] ?? ''))
    end++;
  const value = page.text.slice(start, end);
  if (!isHarmless(value.trim())) page.redact(start, end);
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
export function markFolded(page: Page, value: ReadValue, line: Line): void {
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
