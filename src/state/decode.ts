/** Where a document is not what it should be, and what is wrong there, as the rest of a sentence. */
export class Mismatch {
  readonly where: string;
  readonly problem: string;

  constructor(where: string, problem: string) {
    this.where = where;
    this.problem = problem;
  }

  /** The same mismatch, seen from the object or list that contains it. */
  within(name: string): Mismatch {
    const joint = this.where === '' || this.where.startsWith('[') ? '' : '.';
    return new Mismatch(`${name}${joint}${this.where}`, this.problem);
  }
}

/** Takes any value and gives it back as a `T` that was built afresh, or says what is wrong with it. */
export type Decoder<T> = (value: unknown) => T | Mismatch;

/** A field that may be absent; `null` is not absent. */
export interface OptionalField<T> {
  readonly optional: Decoder<T>;
}

/** A decoder for every field of `T`: one that was forgotten does not compile. */
export type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K>
    ? OptionalField<Exclude<T[K], undefined>>
    : Decoder<T[K]>;
};

export function optional<T>(decoder: Decoder<T>): OptionalField<T> {
  return { optional: decoder };
}

export const boolean: Decoder<boolean> = (value) =>
  typeof value === 'boolean' ? value : new Mismatch('', 'should be true or false');

export const text: Decoder<string> = (value) =>
  typeof value === 'string' ? value : new Mismatch('', 'should be a text');

/** A text of a certain shape; `expected` says which. */
export function textLike(pattern: RegExp, expected: string): Decoder<string> {
  return (value) =>
    typeof value === 'string' && pattern.test(value)
      ? value
      : new Mismatch('', `should be ${expected}`);
}

export function integer(least: number, greatest: number): Decoder<number> {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= greatest
      ? (value as number)
      : new Mismatch('', `should be a whole number from ${least} to ${greatest}`);
}

export function oneOf<T extends string>(values: readonly T[]): Decoder<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value) =>
    known.has(value) ? (value as T) : new Mismatch('', `should be one of ${values.join(', ')}`);
}

export function list<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return new Mismatch('', 'should be a list');
    const items: T[] = [];
    for (const item of value) {
      const decoded = decoder(item);
      if (decoded instanceof Mismatch) return decoded.within(`[${items.length}]`);
      items.push(decoded);
    }
    return items;
  };
}

/**
 * An object with these fields and no others: a field that we do not know may carry a meaning that we
 * would lose. Only own properties count, and the result has no other origin than the field list, so a
 * `__proto__` in the document is just one more unknown field. `ignored` names fields read elsewhere.
 */
export function object<T extends object>(
  fields: Fields<T>,
  ignored: readonly string[] = [],
): Decoder<T> {
  const decoders = new Map<string, Decoder<unknown>>();
  const required: string[] = [];
  for (const [name, field] of Object.entries<Decoder<unknown> | OptionalField<unknown>>(fields)) {
    decoders.set(name, typeof field === 'function' ? field : field.optional);
    if (typeof field === 'function') required.push(name);
  }
  return (value) => {
    if (!isObject(value)) return new Mismatch('', 'should be an object');
    const result: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      const decoder = decoders.get(name);
      if (decoder === undefined) {
        if (ignored.includes(name)) continue;
        return new Mismatch(shorten(name), 'is not a field that this version knows');
      }
      const decoded = decoder(value[name]);
      if (decoded instanceof Mismatch) return decoded.within(name);
      result[name] = decoded;
    }
    const missing = required.find((name) => !Object.hasOwn(result, name));
    return missing === undefined ? (result as T) : new Mismatch(missing, 'is missing');
  };
}

/** A union told apart by its `kind`. */
export function byKind<T extends { readonly kind: string }>(variants: {
  readonly [K in T['kind']]: Decoder<Extract<T, { readonly kind: K }>>;
}): Decoder<T> {
  const decoders = new Map<unknown, Decoder<T>>(Object.entries<Decoder<T>>(variants));
  const problem = `should be one of ${[...decoders.keys()].join(', ')}`;
  return (value) => {
    if (!isObject(value)) return new Mismatch('', 'should be an object');
    const kind = Object.hasOwn(value, 'kind') ? value['kind'] : undefined;
    return decoders.get(kind)?.(value) ?? new Mismatch('kind', problem);
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shorten(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}
