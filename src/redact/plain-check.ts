/** Characters that are looked at in one go. */
const SLICE = 32_768;
const BYTES_OF_A_CHARACTER = 3;
const BYTES_OF_A_WORD = 4;
/** In the UTF-8 of a control character: a byte of ASCII, or the first byte of U+0080 to U+00BF. */
const SUSPICIOUS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const isText = byte === 9 || byte === 10 || byte === 13;
  return (byte < 0x20 && !isText) || byte === 0x7f || byte === 0xc2 ? 1 : 0;
});

/**
 * Returns a function that says whether text certainly has no control characters but tab, line feed and carriage
 * return. `false` is no certainty. Four bytes at a time, since all the output of all steps goes through it: a
 * regular expression takes several times as long.
 */
export function createPlainCheck(): (text: string) => boolean {
  const encoder = new TextEncoder();
  const words = new Int32Array((SLICE * BYTES_OF_A_CHARACTER) / BYTES_OF_A_WORD + 1);
  const bytes = new Uint8Array(words.buffer);

  function isPlain(written: number): boolean {
    const end = Math.ceil(written / BYTES_OF_A_WORD);
    bytes.fill(0x20, written, end * BYTES_OF_A_WORD);
    for (let i = 0; i < end; i++) {
      const word = words[i] ?? 0;
      const low = (word - 0x20202020) & ~word;
      const del = (word ^ 0x7f7f7f7f) - 0x01010101;
      if (((low | del | word) & 0x80808080) !== 0 && isSuspicious(i * BYTES_OF_A_WORD))
        return false;
    }
    return true;
  }

  function isSuspicious(at: number): boolean {
    for (let i = at; i < at + BYTES_OF_A_WORD; i++) {
      if (SUSPICIOUS[bytes[i] ?? 0] === 1) return true;
    }
    return false;
  }

  return (text) => {
    for (let from = 0; from < text.length; from += SLICE) {
      const { written } = encoder.encodeInto(text.slice(from, from + SLICE), bytes);
      if (!isPlain(written)) return false;
    }
    return true;
  };
}
