import { PLACEHOLDER } from './spans.ts';
import { toSegments, looksSecretName } from './secret-name.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What stands after a telling name in prose, in types, in defaults, in status lines: never a credential. */
const PLAIN_WORDS = words(
  'true false null none nil undefined nan yes no on off enabled disabled required optional missing invalid valid expired unset empty ' +
    'string str number object boolean bool int integer bytes text type default unknown hidden masked redacted sensitive secret ' +
    'secrets password passwd token tokens key keys credential credentials prompt stdin changed set unchanged ok failed fail error ' +
    'denied rejected accepted success skipped pass passed given provided present absent found value name file path not is are was were be ' +
    'been being the a an and or to for from in of with without via using use used uses will would can cannot could should must may ' +
    'might do does did done has have had this that these those it its by at as if when while than then but because instead also only ' +
    'you your we our they their there here please see check make sure needs need expects expected requires argument arguments option ' +
    'options flag flags must contains contain between before after about into over under again all any each more most other some such ' +
    'unsupported unexpected auto automatic manual local remote public private internal external system generated example sample ' +
    'placeholder basic bearer digest oauth oauth2 jwt plain md5 sha1 sha256 sha512 bcrypt scram ssl tls user username login e.g i.e ' +
    'await include returns identifier amd64 arm64 any asc desc first last random self inherit plaintext encrypted unencrypted input output read write admin owner',
);

const REFERENCE = new RegExp(
  [
    String.raw`^\\?\$[A-Za-z_]\w*$`,
    String.raw`^\\?\$[\d@*#?!$-]$`,
    String.raw`^\\?\$(?:\{|\()`,
    String.raw`^%[A-Za-z_]\w*%`,
    String.raw`^%\(?[a-z_]*\)?[sdv]$`,
    String.raw`^\{\{|^\{%|^\$\$|^#\{|^<[%?]`,
    String.raw`^\{\w*\}$`,
    String.raw`^<[^>]*>?$`,
    String.raw`^@[A-Za-z_]+@?$`,
    String.raw`^\[[A-Za-z][A-Za-z _-]*\]?$`,
    String.raw`^(?:async\s+)?function\b\s*\w*\(`,
    String.raw`^\((?:sensitive|known|hidden|redacted|masked|none|empty|not set|unset|null|set|omitted)`,
    String.raw`^<?(?:not[ -]set|known after apply|no value|n\/a)>?$`,
    String.raw`^[*•·xX.#_=-]{2,}$`,
    String.raw`^\*{3,}`,
    String.raw`^(?:\.\.\.|…)`,
    String.raw`^(?:arn:|op:\/\/|vault:|ref\+|secretref:|keyref:|sm:\/\/|ssm:\/|file:|data:[a-z]+\/|env[:.]\w|process\.env|os\.|getenv|secrets?\.\w|vars?\.\w|local\.\w|inputs?\.\w|each\.\w|self\.\w|module\.\w|env\(|\$\{|!Ref|!Sub|!vault|ENC\[|\{cipher\}|\{\{resolve|projects\/|azurekeyvault|@Microsoft\.KeyVault)`,
    String.raw`^(?:your|insert|enter|replace)[-_ ](?:[a-z]{1,12}[-_ ]?){1,5}(?:here)?$`,
    String.raw`^(?:str|string|int|bytes|bool|any|None|Optional|SecretStr)[\[|,;)]`,
  ].join('|'),
  'i',
);
const ROOTED_PATH = /^(?:~|\.{1,2})?\/(?:[\w.+@%~,:=-]+(?:\/[\w.+@%~,:=-]+)*\/?)?$/;
const KNOWN_ROOT =
  /^(?:~|\.{1,2})\/|^\/(?:etc|var|run|opt|home|usr|tmp|root|mnt|srv|data|app|apps|secrets?|workspace|github|users|private|dev|proc|sys|builds?|bin|lib|certs?|keys?|config|vault|api|v\d|auth|oauth\d?|login|prod|production|staging|dev|kv|ssl|repos?)(?:\/|$)/i;
const FILE_NAME =
  /^[\w.@+-]*(?:[\\/][\w.@+-]+)*\.(?:pem|key|crt|cert|cer|json|ya?ml|txt|env|p12|pfx|jks|conf|cfg|ini|toml|xml|[cm]?[jt]sx?|py|go|rb|java|kt|rs|php|sh|md|html?|gpg|asc|pub|der|log|lock|csv|sql|db|properties|tf|tfvars|service|sock|c|h|cpp|cs|vue|css|scss|snap|map|zip|t?gz)(?::\d+)*$/i;
const WINDOWS_PATH = /^[A-Za-z]:[\\/]/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DIGEST = /^(?:sha(?:1|224|256|384|512)|md5|SHA256|MD5)[:-]/;
const DATE_OR_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?$|^\d\d:\d\d(?::\d\d)?/;
const VERSION = /^v?\d+(?:\.\d+){1,3}(?:[-+.][\w.+-]*)?$/;
const ADDRESS = /^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?$|^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;
const PLAIN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i;

/** Whether a value only points to a secret, or says that there is none: `$TOKEN`, `***`, `<token>`. */
export function isReference(value: string): boolean {
  return value.includes(PLACEHOLDER) || REFERENCE.test(value);
}

/** Whether a value is the path or the name of a file. */
export function isPath(value: string): boolean {
  if (value.length > 300) return false;
  return (
    (ROOTED_PATH.test(value) && (KNOWN_ROOT.test(value) || FILE_NAME.test(value))) ||
    FILE_NAME.test(value) ||
    WINDOWS_PATH.test(value)
  );
}

/** Whether a value after a telling name is none of our business: a reference, a path, a word of prose. */
export function isHarmless(value: string): boolean {
  if (value === '' || isReference(value)) return true;
  if (PLAIN_WORDS.has(value.toLowerCase().replace(/[.,:;!?)]+$/, ''))) return true;
  return isPath(value) || namesVariable(value) || isCall(value);
}

/** `DB_PASSWORD` in the place of a value: the name of the variable that has it. */
function namesVariable(value: string): boolean {
  return (
    value.length <= 60 && /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) && looksSecretName(value)
  );
}

/** `os.getenv(`, before the quote that its argument begins with. */
function isCall(value: string): boolean {
  return /^[\w.$:>-]{1,200}\($/.test(value);
}

/** `TOKEN`, `API_KEY`: the way usage texts name an argument. */
export function isMetavariable(value: string): boolean {
  return (
    /^\[?[A-Z][A-Z_-]{1,30}\]?$/.test(value) && toSegments(value).every((part) => part.length < 16)
  );
}

export function isPlainWord(value: string): boolean {
  return PLAIN_WORDS.has(value.toLowerCase());
}

/** Shorter values do not look generated, whatever they are made of. */
export const SHORTEST_GENERATED = 8;

/**
 * Whether a value looks made by a machine (or by a careful person): needed where the name alone is not
 * enough. Digests, identifiers, dates, versions, addresses and words joined by dashes are not.
 */
export function looksGenerated(value: string, minLength = SHORTEST_GENERATED): boolean {
  if (value.length < minLength || isHarmless(value) || isIdentifier(value)) return false;
  const hasDigit = /\d/.test(value);
  const hasLetter = /[A-Za-z]/.test(value);
  if (!hasLetter) return false;
  if (isWordy(value)) return false;
  if (hasDigit) return true;
  return (
    value.length >= 16 &&
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    !/^[A-Z]?[a-z]+(?:[A-Z][a-z]+)*$/.test(value)
  );
}

function isIdentifier(value: string): boolean {
  return (
    UUID.test(value) ||
    DIGEST.test(value) ||
    DATE_OR_TIME.test(value) ||
    VERSION.test(value) ||
    ADDRESS.test(value) ||
    PLAIN_URL.test(value)
  );
}

/** Words, numbers and versions joined by separators, a hash last: `eu-central-1`, `node-modules-Linux-3f5a9c1e`. */
function isWordy(value: string): boolean {
  const parts = value.split(/[-_./:@,+=]+/).filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const hasHash = parts.length > 2 && /^[0-9a-f]{6,64}$/.test(last);
  return parts.length > 1 && (hasHash ? parts.slice(0, -1) : parts).every(isWord);
}

function isWord(part: string): boolean {
  return /^(?:[A-Za-z]?[a-z]{0,20}|[A-Z]{1,12})\d{0,4}$/.test(part) || /^v?\d{1,8}$/.test(part);
}
