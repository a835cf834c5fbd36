import type { Category } from './category.ts';
import { CATEGORY_ADVICE } from './category-advice.ts';

/** What to do about a failure, for a person who was not there. */
export interface Advice {
  /** What the category means, in one or two sentences. */
  readonly meaning: string;
  /** What to look at, most telling first. */
  readonly lookAt: readonly string[];
  /** Shell commands that only look, unless the fix itself is one; everything filled in is quoted. */
  readonly commands: readonly string[];
}

/** Where the advice takes its names from. */
export interface AdviceSource {
  /** The rule's own sentence. */
  readonly fix?: string;
  /** The rule's own commands. */
  readonly run?: readonly string[];
  /** What the rule's groups caught. */
  readonly facts: Readonly<Record<string, string>>;
  /** The line of evidence, searched for a path or port that the rule did not name. */
  readonly line: string;
}

const MAX_FACT_CHARS = 200;
const MAX_COMMANDS = 6;
const PLAIN = /^[\w@%+=:,./-]{1,200}$/u;

/** What to say about a failure of this category. */
export function toAdvice(category: Category, source: AdviceSource): Advice {
  const general = CATEGORY_ADVICE[category];
  const facts = { ...factsInLine(source.line), ...source.facts };
  const commands = [...(source.run ?? []), ...general.commands]
    .map((template) => fillIn(template, facts))
    .filter((command) => command !== undefined);
  return {
    meaning: general.meaning,
    lookAt: source.fix === undefined ? general.lookAt : [source.fix, ...general.lookAt],
    commands: [...new Set(commands)].slice(0, MAX_COMMANDS),
  };
}

/** Fills `{name}` in; undefined when a name is unknown or not fit to stand in a command. */
export function fillIn(
  template: string,
  facts: Readonly<Record<string, string>>,
): string | undefined {
  const names = [...template.matchAll(/\{([a-z]{2,12})\}/gu)].map((match) => match[1] ?? '');
  const quoted = new Map(names.map((name) => [name, quoteFact(name, facts[name] ?? '')]));
  if ([...quoted.values()].includes(undefined)) return undefined;
  return template.replace(/\{([a-z]{2,12})\}/gu, (_, name: string) => quoted.get(name) ?? '');
}

/**
 * Quotes what came out of a process for a shell. What could be taken for an option, has control
 * characters, or is too long to be a name, is not used at all.
 */
function quoteFact(name: string, value: string): string | undefined {
  if (value === '' || value.length > MAX_FACT_CHARS || value.startsWith('-')) return undefined;
  // eslint-disable-next-line no-control-regex -- these must not reach a terminal
  if (/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(value))
    return undefined;
  if (name === 'port') return /^\d{1,5}$/u.test(value) ? value : undefined;
  if (name === 'host')
    return /^\[?[\w.:-]{1,200}\]?$/u.test(value) ? value.replace(/[[\]]/gu, '') : undefined;
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

function factsInLine(line: string): Record<string, string> {
  const path = /(?:^|[\s'"‘`(:=])(\/[\w.@%+=,/-]{2,200})(?=$|[\s'"’`):;,])/u.exec(line)?.[1];
  const url = /\bhttps?:\/\/[\w.:/-]{3,200}/u.exec(line)?.[0];
  const [, host, port] =
    /\b((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?::(\d{2,5}))?\b/iu.exec(
      line,
    ) ?? [];
  return {
    ...(path === undefined ? {} : { path: path.replace(/\.$/u, '') }),
    ...(url === undefined ? {} : { url }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  };
}
