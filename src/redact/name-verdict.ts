import { classifyName, type NameClass } from './secret-name.ts';
import { type ReadValue } from './read-value.ts';
import {
  isHarmless,
  isMetavariable,
  isPlainWord,
  looksGenerated,
  SHORTEST_GENERATED,
} from './secret-value.ts';

/** A telling name in the text. */
export interface Name {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly kind: NameClass;
}

/** How name and value are tied: `=`, `:`, a flag and a blank, the columns of a table, plain prose. */
export type Tie = 'assign' | 'colon' | 'flag' | 'column' | 'prose';

/** Decides whether what follows a telling name is its secret; `rest` is what stands behind it on the line. */
export function isSecretValue(
  name: Name,
  inner: string,
  value: ReadValue,
  tie: Tie,
  rest: string,
): boolean {
  // Whatever ties it to a weak name, it would have to look generated: most values in a log end here.
  if (name.kind === 'weak' && inner.length < SHORTEST_GENERATED) return false;
  if (isScheme(inner)) return !value.quoted && name.kind !== 'weak';
  // A key block is for the rule that knows where it ends.
  if (isHarmless(inner) || (!value.quoted && inner.startsWith('-----'))) return false;
  if (isCount(name, inner, rest)) return false;
  if (value.quoted && isSentence(inner)) return false;
  if ((name.kind !== 'strong' || !/pass|pwd/i.test(name.text)) && isNameItself(inner)) return false;
  if (tie === 'flag' && isNameItself(inner)) return false;
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

/** The first word of an `Authorization` header: no secret, but one follows. */
export function isScheme(inner: string): boolean {
  return /^(?:bearer|basic|token|apikey|digest|splunk|negotiate)$/i.test(inner);
}

/** `dbPassword`, `api-token` in the place of a value: what the secret is called. */
function isNameItself(inner: string): boolean {
  return (
    /^[A-Za-z]+(?:[-_.][A-Za-z]+)*$/.test(inner) &&
    /[-_.]|[A-Za-z][A-Z][a-z]+$/.test(inner) &&
    classifyName(inner) !== 'none'
  );
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
function decodesToPair(text: string): boolean {
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
