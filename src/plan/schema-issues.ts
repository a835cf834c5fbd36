import * as z from 'zod/mini';
import { renderSuggestion, suggest } from '../inputs/suggest.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { DOCUMENTATION } from './vocabulary.ts';
import type { Path } from './yaml-document.ts';
import { POISON } from './yaml-values.ts';

/** What a schema says against a value: where, and a sentence that begins with the place's name. */
export interface Issue {
  readonly path: Path;
  /** Whether the key at the path is wrong, its value, or that there is none. */
  readonly on: 'key' | 'value' | 'missing';
  readonly message: string;
  /** Of an unknown key: the one that was likely meant. */
  readonly meant?: string;
}

/** Sentences for keys that people bring along from elsewhere, instead of a list of what is allowed. */
export type KnownStrangers = Readonly<Record<string, Readonly<Record<string, string>>>>;

type ZodIssue = z.core.$ZodIssue;

interface Mapping {
  readonly title: string;
  readonly keys: readonly string[];
}

/** Checks a value, which stands at `root`, against a schema; every problem is told, in our own words. */
export function validate<S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  root: Path,
  strangers: KnownStrangers,
): Result<z.output<S>, readonly Issue[]> {
  // What an issue about unknown keys does not say: of which mapping they are.
  const mappings = new WeakMap<readonly string[], Mapping>();
  const result = z.safeParse(schema, value, {
    reportInput: true,
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') mappings.set(issue.keys, toMapping(issue.inst));
      return '';
    },
  });
  if (result.success) return success(result.data);
  const renderer = { mappings, strangers };
  return failure(result.error.issues.flatMap((issue) => toIssues(issue, root, renderer)));
}

interface Renderer {
  readonly mappings: WeakMap<readonly string[], Mapping>;
  readonly strangers: KnownStrangers;
}

function toMapping(schema: unknown): Mapping {
  const { shape } = (schema as z.ZodMiniObject).def;
  const { title = 'mapping' } = DOCUMENTATION.get(schema as z.ZodMiniObject) ?? {};
  return { title, keys: Object.keys(shape) };
}

function toIssues(issue: ZodIssue, base: Path, renderer: Renderer): readonly Issue[] {
  const path = [...base, ...issue.path];
  if (issue.input === POISON) return [];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => toUnknownKey(key, path, renderer, issue.keys));
  }
  if (issue.code === 'invalid_union') {
    return toUnionIssues(issue, path, renderer);
  }
  const subject = renderPath(path);
  if (issue.code === 'invalid_key') {
    const reason = issue.issues[0]?.message ?? 'is not allowed';
    return [{ path, on: 'key', message: `${subject}: "${String(path.at(-1))}" ${reason}` }];
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [toMissing(path)];
  }
  return [{ path, on: 'value', message: `${subject}: ${renderComplaint(issue)}` }];
}

function toMissing(path: Path): Issue {
  const parent = renderPath(path.slice(0, -1));
  return { path, on: 'missing', message: `${parent}: "${String(path.at(-1))}" is missing` };
}

const MAPPINGS: Readonly<Record<string, string>> = {
  plan: 'a plan',
  step: 'a step',
  'step of finally': 'a step of "finally"',
  defaults: '"defaults"',
  check: 'a check',
};

function toUnknownKey(
  key: string,
  parent: Path,
  { mappings, strangers }: Renderer,
  keys: readonly string[],
): Issue {
  const { title, keys: allowed } = mappings.get(keys) ?? { title: 'mapping', keys: [] };
  const path = [...parent, key];
  const sentences = strangers[title] ?? {};
  const known = Object.hasOwn(sentences, key) ? sentences[key] : undefined;
  const subject = renderPath(parent);
  const meant = suggest(key, allowed);
  const message =
    known ??
    `"${key}" is not a key of ${MAPPINGS[title] ?? 'this mapping'}.` +
      `${renderSuggestion(key, allowed)} Allowed: ${allowed.join(', ')}`;
  return {
    path,
    on: 'key',
    message: `${subject}: ${message}`,
    ...(meant !== undefined && { meant }),
  };
}

/** Of a union, the alternative that the value was meant to be; if none, what the alternatives are. */
function toUnionIssues(
  union: ZodIssue & { readonly code: 'invalid_union' },
  path: Path,
  renderer: Renderer,
): readonly Issue[] {
  const isWrongType = (issue: ZodIssue): boolean =>
    issue.code === 'invalid_type' && issue.path.length === 0 && issue.message === '';
  const meant = union.errors
    .filter((issues) => issues.length > 0 && !issues.some(isWrongType))
    .sort((a, b) => a.length - b.length)[0];
  if (meant !== undefined) return meant.flatMap((issue) => toIssues(issue, path, renderer));
  if (union.input === undefined) return [toMissing(path)];
  const types = union.errors
    .flat()
    .flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []))
    // Where text will do, `true` is text that need not be quoted.
    .filter((type, _index, all) => type !== 'boolean' || !all.includes('string'));
  const message = renderWrongType([...new Set<string>(types)], union.input);
  return [{ path, on: 'value', message: `${renderPath(path)}: ${message}` }];
}

/** What is wrong with a value, without a subject. */
function renderComplaint(issue: ZodIssue): string {
  if (issue.message !== '') return issue.message;
  if (issue.code === 'invalid_type') return renderWrongType([issue.expected], issue.input);
  if (issue.code === 'invalid_value') return renderWrongWord(issue.input, issue.values.map(String));
  if (issue.code === 'too_small') {
    return renderBound(issue.origin, 'at least', Number(issue.minimum), issue.inclusive);
  }
  if (issue.code === 'too_big') {
    return renderBound(issue.origin, 'at most', Number(issue.maximum), issue.inclusive);
  }
  return 'is not allowed';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  null: 'nothing',
};

function renderType(expected: string): string {
  return TYPES[expected] ?? expected;
}

function renderChoice(types: readonly string[]): string {
  const last = types.at(-1) ?? 'something else';
  return types.length < 2 ? last : `${types.slice(0, -1).join(', ')} or ${last}`;
}

const SHOWN_LENGTH = 60;

/** The value as a person wrote it, cut to what fits in a sentence. */
function renderFound(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? value : `${value as number | boolean}`;
  const shown = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  return typeof value === 'string' ? JSON.stringify(shown) : shown;
}

const OTHER_BOOLEANS = /^(?:y|yes|on|n|no|off|true|false)$/iu;

function renderWrongType(expected: readonly string[], found: unknown): string {
  const wanted = renderChoice([...new Set(expected.map(renderType))]);
  if (found === null) return `has no value: give it ${wanted}, or remove the key`;
  const sentence = `must be ${wanted}, not ${renderFound(found)}`;
  const [only, ...others] = expected;
  if (others.length > 0) return sentence;
  if (only === 'string' && (typeof found === 'number' || typeof found === 'boolean')) {
    return `${sentence}: put it in quotes`;
  }
  if (only === 'boolean' && typeof found === 'string' && OTHER_BOOLEANS.test(found)) {
    return `${sentence} (without quotes; YAML 1.2 knows no yes and no)`;
  }
  return sentence;
}

function renderWrongWord(found: unknown, allowed: readonly string[]): string {
  const list = `Allowed: ${allowed.join(', ')}`;
  if (typeof found !== 'string') return `cannot be ${renderFound(found)}. ${list}`;
  // A category's kind alone is a usual slip: `resource` for `recoverable:resource`.
  const byKind = allowed.find((word) => word.endsWith(`:${found}`));
  const meant =
    byKind === undefined ? renderSuggestion(found, allowed) : ` Did you mean "${byKind}"?`;
  return `cannot be ${renderFound(found)}.${meant} ${list}`;
}

function renderBound(
  origin: string,
  which: 'at least' | 'at most',
  bound: number,
  inclusive: boolean | undefined,
): string {
  if (origin === 'string') return `may have ${which} ${bound} characters`;
  if (origin === 'array') {
    return bound === 1 && which === 'at least'
      ? 'must not be an empty list'
      : `may have ${which} ${bound} items`;
  }
  if (inclusive === false) return `must be ${which === 'at least' ? 'more' : 'less'} than ${bound}`;
  return `must be ${which} ${bound}`;
}

/** A path as people write it: `steps[2].retry.max-attempts`. */
export function renderPath(path: Path): string {
  if (path.length === 0) return 'the plan';
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`,
    )
    .join('');
}
