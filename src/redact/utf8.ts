/** Turns bytes into text, wherever chunks cut a character; what is not UTF-8 becomes U+FFFD. */
export interface Utf8Decoder {
  push(bytes: Uint8Array): string;
  /** The rest: U+FFFD for a character that never ended. */
  flush(): string;
}

/**
 * Decodes whole characters only and keeps an unfinished one for the next chunk: several times faster than
 * the platform's own streaming mode, which has no fast path for ASCII.
 */
export function createUtf8Decoder(): Utf8Decoder {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array(0);
  return {
    push(bytes) {
      const all = rest.length === 0 ? bytes : concat(rest, bytes);
      const end = all.length - unfinishedLength(all);
      rest = all.slice(end);
      return end === 0 ? '' : decoder.decode(all.subarray(0, end));
    },
    flush() {
      const text = rest.length === 0 ? '' : decoder.decode(rest);
      rest = new Uint8Array(0);
      return text;
    },
  };
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** How many bytes at the end belong to a character that more bytes may complete: 0 to 3. */
function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back && byte < 0xf8 ? back : 0;
    }
  }
  return 0;
}
