import type { Page, Rule } from './page.ts';
import { classifyName } from './secret-name.ts';
import { isHarmless, isReference, looksGenerated } from './secret-value.ts';

const MAX_USERINFO = 1_024;

/** `scheme://user:password@host` and `scheme://token@host`. */
const userinfoRule: Rule = { literals: ['://'], find: findUserinfo };

function findUserinfo(page: Page, _start: number, end: number): void {
  const { text } = page;
  const limit = Math.min(text.length, end + MAX_USERINFO);
  let colon = -1;
  let at = -1;
  let slash = -1;
  scan: for (let i = end; i < limit; i++) {
    switch (text.charCodeAt(i)) {
      case 58: // :
        if (colon === -1 && slash === -1) colon = i;
        break;
      case 64: // @
        if (
          slash === -1 ||
          (colon !== -1 && colon < slash && at === -1 && mayContainSlash(text, colon, slash, i))
        )
          at = i;
        break;
      case 47: // /
      case 63: // ?
      case 35: // #
        if (slash === -1) slash = i;
        if (colon === -1 || at !== -1) break scan;
        break;
      case 92: // \
        if (/["'nrt\r\n]/.test(text[i + 1] ?? '')) break scan;
        break;
      case 32:
      case 9:
      case 10:
      case 13:
      case 34:
      case 39:
      case 96:
      case 60:
      case 62:
        break scan;
      default:
    }
  }
  if (at === -1) return;
  if (colon === -1 || colon > at) markLoneUser(page, end, at);
  else if (!isHarmlessPassword(text.slice(colon + 1, at))) page.redact(colon + 1, at);
}

/** A slash inside an unencoded password; `host:8080/@scope` has a port. */
function mayContainSlash(text: string, colon: number, slash: number, at: number): boolean {
  if (at - colon > 200) return false;
  return (
    !/^\d{0,5}$/.test(text.slice(colon + 1, slash)) &&
    /^@[A-Za-z0-9[]/.test(text.slice(at, at + 2)) &&
    !/[?&=]/.test(text.slice(slash, at))
  );
}

function isHarmlessPassword(password: string): boolean {
  return (
    password === '' ||
    isReference(password) ||
    /^(?:pass|password|passwd|pwd|pw|secret|token|x+|\*+)$/i.test(password)
  );
}

/** `https://TOKEN@host`: a name is no token. */
function markLoneUser(page: Page, start: number, at: number): void {
  const user = page.text.slice(start, at);
  if (looksGenerated(user, 16) && !/[.]/.test(user)) page.redact(start, at);
}

/** Query parameters (and form fields, and connection strings in URLs) whose name tells. */
const SIGNED =
  /^(?:x-(?:amz|goog|oss|ms|cos)-(?:signature|credential|security-token)|sig|signature|hmac|policy|key|auth|code|pass|sas|st|jwt|saml(?:response|request)|assertion|oauth_signature|q-signature|hash|e?sig2?|skoid|p?wd?|t?oken|ticket|session(?:_?id)?|sid|cookie|state_token|otp|pin|nonce_token)$/i;
const PARAMETER = /[?&;]([\w.~[\]%-]{1,80})=([^\s&"'`<>\\#;|]{1,8000})/y;

const queryRule: Rule = {
  literals: ['?', '&'],
  find(page, start) {
    const { text } = page;
    if (page.isMarked(start)) return;
    PARAMETER.lastIndex = start;
    const match = PARAMETER.exec(text);
    if (match === null) return;
    const name = match[1] ?? '';
    const value = match[2] ?? '';
    if (!tells(name, value)) return;
    const from = start + match[0].length - value.length;
    const end = from + value.replace(/[.,:)\]}]+$/, '').length;
    const kept = /^x-(?:amz|goog)-credential$/i.test(name) ? /%2F|\//i.exec(value) : null;
    page.redact(from, kept === null ? end : from + kept.index);
  },
};

function tells(name: string, value: string): boolean {
  if (isHarmless(value)) return false;
  if (SIGNED.test(name)) return value.length >= 16 || looksGenerated(value, 6);
  const kind = classifyName(name);
  if (kind === 'weak') return looksGenerated(value, 6);
  return kind !== 'none' && value.length >= 4 && !/^\d{1,5}$/.test(value);
}

/** URLs that are a key by themselves: web hooks, pings, triggers. What follows the pattern is the secret. */
const HOOKS: readonly (readonly [string, RegExp])[] = [
  [
    'hooks.slack',
    /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/(?:[\w-]{1,40}\/){0,3}?(?<s>[\w-]{16,}(?:\/[\w-]{16,})?)/y,
  ],
  ['/api/webhooks/', /\/api\/webhooks\/\d{5,25}\/(?<s>[\w-]{20,120})/y],
  ['.webhook.office.com', /\.webhook\.office\.com\/webhookb2\/(?<s>[\w@/.-]{20,400})/y],
  ['outlook.office', /outlook\.office(?:365)?\.com\/webhook\/(?<s>[\w@/.-]{20,400})/y],
  ['hooks.zapier', /hooks\.zapier\.com\/hooks\/catch\/\d+\/(?<s>\w{5,40})/y],
  ['maker.ifttt', /maker\.ifttt\.com\/[\w/-]{0,80}with\/key\/(?<s>[\w-]{10,80})/y],
  ['/build_hooks/', /\/build_hooks\/(?<s>\w{16,60})/y],
  ['/integrations/deploy/', /\/integrations\/deploy\/prj_\w{1,60}\/(?<s>\w{8,60})/y],
  ['hc-ping.com/', /hc-ping\.com\/(?<s>[\w-]{16,60})/y],
  ['.pagerduty.com/integration/', /\.pagerduty\.com\/integration\/(?<s>\w{16,60})/y],
  ['/trigger/', /hub\.docker\.com\/api\/[\w/-]{0,120}\/trigger\/(?<s>[\w-]{16,60})/y],
  [
    '/hooks/',
    /\/hooks\/(?:[A-Za-z0-9]{10,24}\/)?(?<s>(?=[a-z0-9]*\d)[A-Za-z0-9]{24,80})(?![\w-])/y,
  ],
  [
    'chat.googleapis',
    /chat\.googleapis\.com\/v1\/spaces\/[\w-]{1,40}\/messages\?[^\s"']{0,60}token=(?<s>[\w%-]{10,120})/y,
  ],
  ['open.feishu', /open\.feishu\.cn\/open-apis\/bot\/v2\/hook\/(?<s>[\w-]{16,60})/y],
  [
    '.logic.azure.com',
    /\.logic\.azure\.com[^\s"'?]{0,200}\?[^\s"']{0,300}?sig=(?<s>[\w%-]{20,120})/y,
  ],
];

const hookRules: readonly Rule[] = HOOKS.map(([literal, pattern]) => ({
  literals: [literal],
  find(page, start, end) {
    // The pattern may begin before its literal.
    const from = literal === '/trigger/' ? page.text.lastIndexOf('hub.docker.com', end) : start;
    if (from < 0 || start - from > 200) return;
    pattern.lastIndex = from;
    const inner = pattern.exec(page.text)?.groups?.['s'];
    if (inner !== undefined) page.redact(pattern.lastIndex - inner.length, pattern.lastIndex);
  },
}));

/** `user:password@tcp(host)` (Go), `user/password@host` (Oracle). */
const dsnRule: Rule = {
  literals: ['@tcp(', '@unix(', '@udp('],
  find(page, start) {
    const from = Math.max(0, start - 200);
    const match = /(?:^|[\s"'`=([{])[\w.@-]{1,64}:([^\s"'`]{1,128})$/.exec(
      page.text.slice(from, start),
    );
    const password = match?.[1];
    if (password !== undefined && !isReference(password))
      page.redact(start - password.length, start);
  },
};
const oracleRule: Rule = {
  literals: ['jdbc:oracle:', 'sqlplus ', 'sqlldr ', 'expdp ', 'impdp ', 'rman target '],
  find(page, _start, end) {
    const line = page.lineAt(end);
    const rest = page.text.slice(end, Math.min(line.end, end + 400));
    const match =
      /(?:^|[:\s"'=])(?:-\w+\s+)*["']?[A-Za-z]\w{0,40}\/(?!\/)("[^"\r\n]{1,80}"|[^\s@/"']{1,80})@/.exec(
        rest,
      );
    const password = match?.[1];
    if (match === null || password === undefined || isReference(password)) return;
    const from = end + match.index + match[0].length - 1 - password.length;
    page.redact(from, from + password.length);
  },
};

export const urlRules: readonly Rule[] = [
  userinfoRule,
  queryRule,
  ...hookRules,
  dsnRule,
  oracleRule,
];
