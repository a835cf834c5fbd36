import type { Page, Rule } from './page.ts';
import { classifyName } from './secret-name.ts';
import { isHarmless, isPlainWord, isReference, looksGenerated } from './secret-value.ts';

const AUTHORIZATION =
  /(\\{0,7}["'`])?[ \t]{0,8}(?:[:=]|=>)[ \t]{0,8}(?:b?(\\{0,7}["'`]))?[ \t]{0,4}/y;
const SCHEME = /([A-Za-z][\w-]{0,30})(?:[ \t]+|%20|\+)(?=[^\s"'`])/y;

/** `Authorization: <scheme> <credentials>`: the scheme stays. */
const authorizationRule: Rule = {
  literals: ['authorization'],
  find(page, _start, end) {
    const { text } = page;
    AUTHORIZATION.lastIndex = end;
    const tie = AUTHORIZATION.exec(text);
    if (tie === null || page.isMarked(end)) return;
    const line = page.lineAt(end);
    let at = AUTHORIZATION.lastIndex;
    if (at >= line.end) return;
    SCHEME.lastIndex = at;
    const scheme = SCHEME.exec(text);
    const hasScheme = scheme !== null && SCHEME.lastIndex < line.end;
    if (hasScheme) at = SCHEME.lastIndex;
    const wide =
      hasScheme &&
      /^(?:digest|aws4|hmac|oauth|signature|goog4|scram|negotiate|mac|tc3)/i.test(scheme[1] ?? '');
    const quoted =
      tie[2] !== undefined || /["'`]/.test(text.slice(Math.max(line.start, end - 300), end));
    const stop = endOfCredentials(text, at, page.physicalEnd(at), wide, quoted);
    markCredentials(page, at, stop, hasScheme);
  },
};

/** Schemes with many fields end with the quote or the line, the others with the next blank. */
function endOfCredentials(
  text: string,
  at: number,
  limit: number,
  wide: boolean,
  quoted: boolean,
): number {
  const pattern = wide
    ? quoted
      ? /["'`]\s*$|["'`](?=[,}\])\s])|\\["']/g
      : /["'`](?=[}\])])/g
    : /[\s"'`<>]|\\["'nr]|[,;)}\]](?=$|[\s"'}\])])/g;
  pattern.lastIndex = at;
  const rest = text.slice(at, Math.min(limit, at + 8_192));
  const found = rest.search(new RegExp(pattern.source));
  return found === -1 ? at + rest.length : at + found;
}

function markCredentials(page: Page, at: number, end: number, hasScheme: boolean): void {
  const value = page.text.slice(at, end);
  if (
    isReference(value) ||
    (!hasScheme && isHarmless(value)) ||
    (value.length < 12 && isPlainWord(value))
  )
    return;
  if (!/\d/.test(value) && value.length < 12 && /^[a-z]+$/.test(value)) return;
  page.redact(at, end);
}

const BEARER = /bearer(?:[ \t]|%20|\+){1,4}(?:["'`]?)([\w.~+/=-]{12,4000})/iy;

/** `Bearer <token>` anywhere. */
const bearerRule: Rule = {
  literals: ['bearer'],
  find(page, start, end) {
    BEARER.lastIndex = start;
    const match = BEARER.exec(page.text);
    const token = match?.[1];
    if (match === null || token === undefined) {
      markBelow(page, end);
      return;
    }
    if (!looksGenerated(token, 12)) return;
    page.redact(start + match[0].length - token.length, start + match[0].length);
  },
};

/** `Bearer` at the end of a line, its token on the next. */
function markBelow(page: Page, end: number): void {
  const lineEnd = page.physicalEnd(end);
  if (page.text.slice(end, lineEnd).trim() !== '') return;
  const next = page.nextLine(lineEnd, page.lineAt(end).start);
  if (next === undefined) return;
  const token = page.text.slice(next.start, next.end).trim();
  if (token.length >= 12 && !/\s/.test(token) && looksGenerated(token, 16))
    page.redact(next.start + page.text.slice(next.start, next.end).indexOf(token), next.end);
}

const ATTRIBUTES =
  /^(?:path|domain|expires|max-age|samesite|secure|httponly|priority|partitioned|version|comment)$/i;
const SESSION =
  /sess|sid|token|auth|csrf|xsrf|jwt|remember|login|secret|connect\.|id$|key|sso|saml|cf_|identity/i;

/** `Cookie:` and `Set-Cookie:`: every value that is one of a session, or looks like one. */
const cookieRule: Rule = {
  literals: ['cookie'],
  find(page, _start, end) {
    const { text } = page;
    if (end < (page.seen.get('cookies') ?? -1)) return;
    const tie =
      /^(?:\\{0,7}["'])?[ \t]{0,4}[:=][ \t]{0,4}(?:\\{0,7}["'])?[ \t]{0,4}|^(?:-jar)?[ \t]{1,4}["']?(?=[\w.-]{1,60}=)/.exec(
        text.slice(end, end + 24),
      );
    if (tie === null) return;
    const from = end + tie[0].length;
    const limit = Math.min(page.physicalEnd(from), from + 8_192);
    page.seen.set('cookies', limit);
    const pairs = /([\w.%-]{1,80})=([^;\s"',\\]{1,4096})/g;
    const rest = text.slice(from, limit);
    for (const match of rest.matchAll(pairs)) {
      const [whole, name = '', value = ''] = match;
      if (ATTRIBUTES.test(name) || isHarmless(value)) continue;
      if (
        value.length >= 8 &&
        (SESSION.test(name) || classifyName(name) !== 'none' || looksGenerated(value, 20))
      ) {
        const at = from + match.index + whole.length - value.length;
        page.redact(at, at + value.length);
      }
    }
  },
};

/** The fields of AWS-like signatures outside of URLs: `Credential=…, Signature=…`. */
const signatureRule: Rule = {
  literals: ['signature='],
  find(page, start, end) {
    const value = /^[A-Za-z0-9+/=%_-]{32,1000}/.exec(page.text.slice(end, end + 1_000))?.[0];
    if (value !== undefined && !/[\w]/.test(page.text[start - 1] ?? ''))
      page.redact(end, end + value.length);
  },
};

export const headerRules: readonly Rule[] = [
  authorizationRule,
  bearerRule,
  cookieRule,
  signatureRule,
];
