import { judge } from './name-value.ts';
import type { Name } from './name-verdict.ts';
import type { Line, Page } from './page.ts';
import { readValue } from './read-value.ts';
import { isHarmless, looksGenerated } from './secret-value.ts';

const FLAG_BEFORE = /(?:^|[\s"'`,[(=\\/])-{1,2}[\w.-]{0,64}$/;
const SETTER_BEFORE =
  /(?:^|[\s"'`])(?:set|setenv|SetEnv|ENV|ARG|add|--secret|--plaintext|fastcgi_param|env)[ \t]{1,4}(?:(?:-\w|--[\w-]+)[ \t]{1,4}){0,3}["']?(?:[\w:/.-]{0,80}[/:.])?$/;
const ALONE_BEFORE = /^[ \t]*(?:[-*#|•][ \t]{1,4})?$/;
/** Directives whose argument follows a blank. */
const DIRECTIVE =
  /^(?:requirepass|masterauth|bindpw|rootpw|rootbindpw|ldap_default_authtok|_authtoken|_auth|_password)$/i;

/** No separator: a flag's argument, a setter's, `.netrc`, a table's column, `PASSWORD 'x'` in SQL, prose. */
export function findLoose(page: Page, name: Name, line: Line): void {
  const { text } = page;
  if (findCell(page, name, line)) return;
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
  } else if (
    name.kind === 'strong' &&
    ALONE_BEFORE.test(before) &&
    isLoneSetting(text.slice(at, line.end))
  ) {
    judge(page, name, line, at, 'column');
  } else if (name.kind === 'strong') {
    findInProse(page, name, line, at);
  }
}

/** `| DB_PASSWORD | x |`: a table drawn with bars. */
function findCell(page: Page, name: Name, line: Line): boolean {
  const { text } = page;
  const bar = /^[ \t]{0,60}[|│┃][ \t]{1,60}/.exec(
    text.slice(name.end, Math.min(line.end, name.end + 130)),
  );
  if (
    bar === null ||
    !/[|│┃][ \t]{0,4}$/.test(text.slice(Math.max(line.start, name.start - 6), name.start))
  )
    return false;
  judge(page, name, line, name.end + bar[0].length, 'column');
  return true;
}

/** `connection.password x7…` in a file of properties. */
function isLoneSetting(rest: string): boolean {
  const value = rest.slice(0, 300).trimEnd();
  return !/\s/.test(value) && looksGenerated(value, 6);
}

function isNetrc(name: Name, before: string, rest: string): boolean {
  if (!/^passw(?:or)?d$/i.test(name.text)) return false;
  if (/(?:^|\s)(?:login|user|machine|account)\s+\S+\s+$/.test(before)) return true;
  return ALONE_BEFORE.test(before) && /^\S+[ \t]*$/.test(rest) && !/[:=]/.test(rest.slice(0, 1));
}

const PROSE_LINK =
  /^(?:for[ \t]+(?:user[ \t]+)?(?:'[^'\r\n]{1,120}'|"[^"\r\n]{1,120}"|[\w.@/-]{1,60})[ \t]*(?::|is|=|was set to|set to)[ \t]*|(?:(?:is|was|to|used|provided|now|set|changed|reset|generated|value|equals|will|be|as|has|been|created|=)(?:[ \t]*:[ \t]*|[ \t]+)){1,5}(?:for[ \t]+[\w.@-]{1,80}[ \t]*:[ \t]*)?)/i;

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
  if (enough && !/\s|^[([{/.<]/.test(inner)) page.redact(value.start, value.end);
}
