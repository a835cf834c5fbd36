import * as z from 'zod/mini';
import {
  DURATION_PATTERN,
  parseDelay,
  parseDuration,
  parseTimer,
  TIMER_PATTERN,
} from '../inputs/duration.ts';
import { parseSize, SIZE_PATTERN } from '../inputs/size.ts';
import type { Result } from '../result.ts';

/** What a schema says about itself besides its type: ends up in the JSON Schema that editors read. */
export interface Documentation {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: unknown[];
  readonly default?: unknown;
  /** What zod cannot express of a check, in JSON Schema's own words. */
  readonly [keyword: string]: unknown;
}

/** The documentation of every schema of a plan; our own registry, so that nothing global is changed. */
export const DOCUMENTATION = z.registry<Documentation>();

/** A copy of a schema that carries its own documentation, so that two keys can share a type. */
export function documented<S extends z.ZodMiniType>(
  schema: S,
  description: string,
  more: Omit<Documentation, 'description'> = {},
): S {
  const inherited = { ...DOCUMENTATION.get(schema) };
  delete inherited['id'];
  const copy = schema.clone();
  DOCUMENTATION.add(copy, { ...inherited, ...more, description });
  return copy;
}

/** Text that a parser of ours turns into a value; the parser's sentence becomes the problem. */
export function parsed<T>(
  kind: string,
  parse: (text: string) => Result<T, string>,
): z.ZodMiniPipe<z.ZodMiniString, z.ZodMiniTransform<T, string>> {
  const text = z.string({
    error: (issue) => {
      // A bare number is the usual slip: let the parser say what is missing.
      if (typeof issue.input !== 'number') return undefined;
      const result = parse(String(issue.input));
      return result.ok ? `must be ${kind} in quotes` : result.error;
    },
  });
  const transform = z.transform((input: string, context) => {
    const result = parse(input);
    if (result.ok) return result.value;
    context.issues.push({ code: 'custom', message: result.error, input });
    return z.NEVER;
  });
  return z.pipe(text, transform);
}

/** Milliseconds, more than zero. */
export const TIMER = parsed('a duration', parseTimer);
/** Milliseconds, zero included. */
export const DELAY = parsed('a duration', parseDelay);
/** Milliseconds, zero included, however many. */
export const DURATION = parsed('a duration', parseDuration);
/** Bytes. */
export const SIZE = parsed('a size', parseSize);
DOCUMENTATION.add(TIMER, { pattern: TIMER_PATTERN.source, examples: ['90s', '10m', '1h30m'] });
DOCUMENTATION.add(DELAY, { pattern: DURATION_PATTERN.source, examples: ['5s', '1m'] });
DOCUMENTATION.add(DURATION, { pattern: DURATION_PATTERN.source, examples: ['500ms', '30d'] });
DOCUMENTATION.add(SIZE, { pattern: SIZE_PATTERN.source, examples: ['512MB', '2GB', '2GiB'] });

/** Text with something in it besides blanks. */
export const TEXT = z.string().check(z.regex(/\S/u, { error: 'must not be empty' }));
export const FLAG = z.boolean();
/** A command, run by the shell. `true` and `false` are commands too, whatever YAML takes them for. */
export const SCRIPT = z.pipe(z.union([TEXT, FLAG]), z.transform(String));

/** A version range: comparators, all of which must hold; alternatives are separated by `||`. */
const COMPARATOR = String.raw`(?:\*|(?:>=|<=|>|<|=|\^|~)?\s*v?\d+(?:\.(?:\d+|x|\*))*)`;
const RANGE_PATTERN = new RegExp(
  String.raw`^\s*${COMPARATOR}(?:\s+${COMPARATOR})*(?:\s*\|\|\s*${COMPARATOR}(?:\s+${COMPARATOR})*)*\s*$`,
  'u',
);
const RANGE_HINT = "must be a version range in quotes, such as '>=20.04' or '>=1.2 <2'";
export const VERSION_RANGE = documented(
  z
    .string({ error: (issue) => (typeof issue.input === 'number' ? RANGE_HINT : undefined) })
    .check(z.maxLength(200), z.regex(RANGE_PATTERN, { error: RANGE_HINT })),
  'A version range.',
  { examples: ['>=20.04', '>=1.2 <2', '^3', '*'] },
);

export const COUNT = z.int().check(z.gte(1));
export const PORT_NUMBER = z.int().check(z.gte(1), z.lte(65_535));
export const ENV_NAME = z
  .string()
  .check(
    z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, { error: 'is not the name of an environment variable' }),
  );
export const HTTP_URL = z
  .string()
  .check(z.regex(/^https?:\/\/[^\s/]\S*$/u, { error: 'must be a URL with http:// or https://' }));
export const TARGET_URL = z.string().check(
  z.regex(/^(?:https?:\/\/[^\s/]\S*|tcp:\/\/[^\s/]+:\d{1,5})$/u, {
    error: 'must be a URL with http:// or https://, or tcp://host:port',
  }),
);
export const HOST = z
  .string()
  .check(z.regex(/^[^\s/:]+$/u, { error: 'must be a host name, without scheme and port' }));

export const HTTP_STATUS = z.int().check(z.gte(100), z.lte(599));
export const IP_OR_SELF = z.string().check(
  z.regex(/^(?:self|\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/u, {
    error: 'must be an IP address, or "self"',
  }),
);

/** One or many: `a` or `[a, b]`. */
export function oneOrMany<S extends z.ZodMiniType>(
  item: S,
): z.ZodMiniUnion<[S, z.ZodMiniArray<S>]> {
  return z.union([item, z.array(item).check(z.minLength(1))]);
}

/** A value that may be written alone where a mapping with `key` is meant. */
export function shorthand<K extends string, S extends z.ZodMiniType>(
  key: K,
  schema: S,
): z.ZodMiniPipe<S, z.ZodMiniTransform<Readonly<Record<K, z.output<S>>>, z.output<S>>> {
  return z.pipe(
    schema,
    z.transform((value: z.output<S>) => ({ [key]: value }) as Record<K, z.output<S>>),
  );
}

export function toList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** At least one of these keys; the JSON Schema says the same with `anyOf`. */
export function atLeastOne<S extends z.ZodMiniType<object>>(keys: readonly string[], schema: S): S {
  const checked = schema.check(
    z.refine((value) => keys.some((key) => Object.hasOwn(value, key)), {
      error: `needs ${keys.map((key) => `"${key}"`).join(' or ')}`,
    }),
  );
  DOCUMENTATION.add(checked, { anyOf: keys.map((key) => ({ required: [key] })) });
  return checked;
}
