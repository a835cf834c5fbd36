/**
 * How much a name says about its value. `strong`: a credential whatever it looks like. `likely`: some kind of
 * key. `weak`: a credential only when the value looks like one.
 */
export type NameClass = 'strong' | 'likely' | 'weak' | 'none';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const STRONG = words(
  'password passwords passwd passphrase passcode passwort motdepasse contrasena pwd psw pswd secret secrets token credential credentials ' +
    'creds cred apikey privkey jwt authtoken bearer authorization requirepass masterauth bindpw rootpw storepass keypass psk ' +
    'jsessionid phpsessid aspxauth',
);
/** Words glued to others without a separator: `dbpassword`, `npmtoken`. */
const STRONG_ENDINGS = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'secret',
  'apikey',
  'secretkey',
  'accesskey',
  'privatekey',
  'authkey',
  'token',
  'pwd',
];
/** What makes a `key` a credential. */
const KEY_QUALIFIERS = words(
  'api access secret private priv account encryption encrypt signing sign master deploy auth ssh shared service session client app ' +
    'application subscription functions admin root integration ingest ingestion write server live webhook hmac aes rsa gpg ' +
    'jwt cipher crypto consumer license licence storage accesskey authentication authorization recovery unseal security',
);
/** What makes a `key` something else. */
const KEY_EXCLUSIONS = words(
  'primary foreign public pub cache partition sort sorting index unique composite idempotency dedup deduplication group routing row ' +
    'range hash object bucket map lookup message translation i18n config property json yaml dict label annotation field column tmp ' +
    'any press shortcut hot left right up down arrow duplicate missing unknown invalid record lock deployment restore event order ' +
    'context metric tag parameter resource entity document doc item node tree registry known host trusted react list',
);
/** After a credential's word these name something about it, not the credential itself. */
const ABOUT = words(
  'file files path paths dir directory folder id ids identifier name names type types url uri endpoint host hostname port user username ' +
    'length len size count counts policy policies ttl expiry expires expired expiration expire expiresin age created updated modified ' +
    'rotation rotated version versions ref refs arn manager provider store helper class field fields label hint prompt reset stdin ' +
    'env var vars enabled disabled required valid invalid validity status state scope scopes accessor duration renewable usage ' +
    'limit limits algorithm alg format kind mode method test tests spec regex pattern index position number fingerprint thumbprint ' +
    'title description location region source target exists present changed missing error errors at on by date time timeout days ' +
    'hours minutes seconds pub public ring board map bundle note group groups role roles binding check checker checks strength ' +
    'generator lookup handler service controller module view page form list keeper backend engine plugin sock socket max min ' +
    'complexity history attempts aging login auth cache per total rate audience issuer aud iss subject reviewer review request ' +
    'requests response parser stream budget uri template placeholder example management access rotationdays mount mounts volume ' +
    'not changed updated unchanged encoding only always failed failure ok needed found used supplied provided from via matcher rule rules hasher encoder validator protected rotator revoked leaked',
);
/** The value itself in another dress: what stands before is the name. */
const DRESS = words('value values text plain plaintext raw data b64 base64 encoded string json');
/** Before the word: a quantity or a flag, not a credential. */
const QUANTITY = words(
  'max min num total count has is use no with without show hide require needs allow',
);

/** The lower-case words of a name: `clientSecret`, `DB_PASSWORD` and `x-api-key` alike. */
export function toSegments(name: string): readonly string[] {
  return name
    .slice(-120)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((segment) => segment !== '');
}

/** The same few names come again and again, in each line of a log. */
const classified = new Map<string, NameClass>();
const MOST_CLASSIFIED = 1_000;
const LONGEST_CLASSIFIED = 100;

/** Classifies a name by its words. Dotted names count by their last part. */
export function classifyName(name: string): NameClass {
  const known = classified.get(name);
  if (known !== undefined) return known;
  const kind = classifyAnew(name);
  if (name.length <= LONGEST_CLASSIFIED) {
    if (classified.size >= MOST_CLASSIFIED) classified.clear();
    classified.set(name, kind);
  }
  return kind;
}

function classifyAnew(name: string): NameClass {
  const parts = name.split('.').filter((part) => part !== '');
  let last = parts.at(-1) ?? '';
  if (parts.length > 1 && DRESS.has(last.toLowerCase())) last = parts.at(-2) ?? '';
  const segments = toSegments(last);
  while (segments.length > 1 && isDecoration(segments.at(-1) ?? '')) {
    (segments as string[]).pop();
  }
  const final = segments.at(-1);
  if (final === undefined || segments.length > 12) return 'none';
  if (final === 'key' || final === 'keys') return classifyKey(segments);
  if (final === 'tokens') {
    // Models count theirs.
    const counted = /^(?:prompt|completion|input|output|reasoning|cached)$/.test(
      segments.at(-2) ?? '',
    );
    return segments.length > 1 && !counted && !isQuantity(segments) ? 'likely' : 'none';
  }
  if (isStrong(final)) return isQuantity(segments) ? 'none' : 'strong';
  if (final === 'pass' || final === 'pw' || final === 'pass2' || final === 'passw') {
    return segments.length > 1 && !isQuantity(segments) ? 'strong' : 'weak';
  }
  if ((final === 'phrase' || final === 'word' || final === 'code') && segments.at(-2) === 'pass')
    return 'strong';
  if (final === 'auth' || final === 'otp' || final === 'pin' || final === 'pat') return 'weak';
  if (final === 'hash' && segments.some((segment) => segment.startsWith('pass'))) return 'likely';
  if (ABOUT.has(final)) return 'none';
  return classifyInner(segments);
}

/** Whether an environment variable with this name holds something that must not be shown. */
export function looksSecretName(name: string): boolean {
  // The shell's own working directories, not passwords.
  if (name === 'PWD' || name === 'OLDPWD') return false;
  return classifyName(name) !== 'none';
}

function isDecoration(segment: string): boolean {
  return (
    DRESS.has(segment) ||
    /^(?:v?\d{1,4}|prod|production|staging|stage|dev|test|live|old|new|current|previous)$/.test(
      segment,
    )
  );
}

function isStrong(segment: string): boolean {
  return STRONG.has(segment) || STRONG_ENDINGS.some((ending) => segment.endsWith(ending));
}

function isQuantity(segments: readonly string[]): boolean {
  return QUANTITY.has(segments[0] ?? '');
}

function classifyKey(segments: readonly string[]): NameClass {
  const qualifier = segments.at(-2);
  if (qualifier === undefined) return 'weak';
  if (KEY_QUALIFIERS.has(qualifier) || isStrong(qualifier)) return 'strong';
  if (segments.slice(0, -1).some((segment) => KEY_EXCLUSIONS.has(segment) || ABOUT.has(segment))) {
    return segments.some((segment) => KEY_QUALIFIERS.has(segment) || isStrong(segment)) &&
      !KEY_EXCLUSIONS.has(qualifier)
      ? 'likely'
      : 'none';
  }
  return 'likely';
}

/** The telling word stands inside: `SECRET_KEY_BASE`, `API_KEY_EU`, `DB_PASSWORD_REPLICA`. */
function classifyInner(segments: readonly string[]): NameClass {
  for (let i = segments.length - 2; i >= 0; i--) {
    const segment = segments[i] ?? '';
    if (isStrong(segment)) return isQuantity(segments) ? 'none' : 'likely';
    if (segment === 'key' && i > 0 && KEY_QUALIFIERS.has(segments[i - 1] ?? '')) return 'likely';
    if (ABOUT.has(segment)) return 'none';
  }
  return 'none';
}
