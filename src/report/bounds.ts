const ENCODER = new TextEncoder();

/** The runner counts bytes, not characters. */
export function byteLength(text: string): number {
  return ENCODER.encode(text).length;
}

/** At most `most` characters, the last one being `…` when something was cut off; no character is split. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/** The beginning of a text, cut between lines where that loses little, within so many bytes. */
export function cutToBytes(text: string, most: number): string {
  if (byteLength(text) <= most) return text;
  const room = Math.max(0, most - byteLength('…'));
  // Bytes of UTF-8 that begin with the bits 10 go on a character.
  const bytes = ENCODER.encode(text);
  let end = room;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  const cut = new TextDecoder().decode(bytes.subarray(0, end));
  const line = cut.lastIndexOf('\n');
  return `${line > cut.length / 2 ? cut.slice(0, line + 1) : cut}…`;
}

/** The last lines of a text within so many lines and bytes, and how many were left out. */
export function takeLast(
  lines: readonly string[],
  { mostLines, mostBytes }: { readonly mostLines: number; readonly mostBytes: number },
): { readonly lines: readonly string[]; readonly omitted: number } {
  let bytes = 0;
  let first = lines.length;
  while (first > 0 && lines.length - first < mostLines) {
    bytes += byteLength(lines[first - 1] ?? '') + 1;
    if (bytes > mostBytes) break;
    first--;
  }
  return { lines: lines.slice(first), omitted: first };
}
