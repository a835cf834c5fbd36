/** A deterministic source of secrets, so that no file holds one. */
export function createMaker(seed = 7) {
  let state = seed;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const from = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[next(alphabet.length)] ?? '').join('');
  const LOWER = 'abcdefghijklmnopqrstuvwxyz';
  const DIGITS = '0123456789';
  const ALPHANUMERIC = LOWER + LOWER.toUpperCase() + DIGITS;
  return {
    /** Letters and digits, at least one of each. */
    alnum: (length: number) => `k7${from(ALPHANUMERIC, length - 4)}Z3`,
    hex: (length: number) => `a1${from(DIGITS + 'abcdef', length - 2)}`,
    lower: (length: number) => from(LOWER, length),
    upper: (length: number) => from(LOWER.toUpperCase() + '234567', length),
    digits: (length: number) => from(DIGITS, length),
    url: (length: number) => `q4${from(`${ALPHANUMERIC}-_`, length - 4)}W8`,
    base64: (length: number) => `x9${from(`${ALPHANUMERIC}+/`, length - 4)}B2`,
    password: (length: number) => `p${from(ALPHANUMERIC, length - 5)}!7xQ`,
    word: () => `Copper${from(LOWER, 6)}${from(DIGITS, 2)}`,
    uuid: () => [8, 4, 4, 4, 12].map((length) => from(`${DIGITS}abcdef`, length)).join('-'),
    pair: (user: string, password: string) => btoa(`${user}:${password}`),
  };
}
export type Maker = ReturnType<typeof createMaker>;

/** A line as a tool prints it; `{}` stands for each secret in turn. */
export interface Sample {
  readonly about: string;
  readonly text: string;
  readonly secrets: readonly string[];
  /** What a reader still needs. */
  readonly keep: readonly string[];
}

export function sample(
  about: string,
  template: string,
  secrets: readonly string[],
  keep: readonly string[] = [],
): Sample {
  let at = 0;
  return { about, text: template.replace(/\{\}/g, () => secrets[at++] ?? ''), secrets, keep };
}
