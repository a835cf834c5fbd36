/** A word as it must be typed in a shell: advice is copied, so a path with blanks has to survive it. */
export function toShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
