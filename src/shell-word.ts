/** What a shell takes literally without quotes, and what is read right with `cut` as well. */
const BARE = /^[A-Za-z0-9_./:@%+,-]+$/;

/** A text as one word of shell, exact in any POSIX shell. Not for texts with a NUL, which none can hold. */
export function renderShellWord(value: string): string {
  return BARE.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
