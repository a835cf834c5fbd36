import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';

/**
 * Reads an archive that somebody else may have made, in memory: nothing in it decides what is written
 * where. It must hold exactly one regular file, of the name we know.
 */

const BLOCK_BYTES = 512;
const NAME = { start: 0, end: 100 } as const;
const SIZE = { start: 124, end: 136 } as const;
const CHECKSUM = { start: 148, end: 156 } as const;
const TYPE_OFFSET = 156;
const PREFIX = { start: 345, end: 500 } as const;
const REGULAR: ReadonlySet<string> = new Set(['0', '\0']);
/** Headers of the POSIX format about the next entry, or all of them. */
const EXTENDED: ReadonlySet<string> = new Set(['x', 'g']);
/** What such a header may not change: we have read these fields already. */
const FORBIDDEN = /(?:^|\n)\d+ (?:path|linkpath|size|GNU\.sparse[^=]*)=/;

/** The content of the only file in the archive; the error is the rest of a sentence. */
export function readOnlyFile(archive: Uint8Array, name: string): Result<Uint8Array, string> {
  let content: Uint8Array | undefined;
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) break;
    if (!isWhole(header)) return failure('is damaged: a header does not add up');
    const size = parseOctal(header, SIZE);
    const start = at + BLOCK_BYTES;
    if (size === undefined || start + size > archive.length) return failure('is cut off');
    const body = archive.subarray(start, start + size);
    const type = String.fromCharCode(header[TYPE_OFFSET] ?? 0);
    if (EXTENDED.has(type)) {
      if (FORBIDDEN.test(toText(body))) return failure('renames what it holds');
    } else {
      const found = [toField(header, PREFIX), toField(header, NAME)].filter(Boolean).join('/');
      if (!REGULAR.has(type) || found !== name || content !== undefined) {
        return failure('holds something else than one checkpoint');
      }
      content = body;
    }
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return content === undefined ? failure('holds no checkpoint') : success(content);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The sum of all bytes, with the field of the sum itself as blanks. */
function isWhole(header: Uint8Array): boolean {
  let sum = 0;
  for (const [index, byte] of header.entries()) {
    sum += index >= CHECKSUM.start && index < CHECKSUM.end ? 0x20 : byte;
  }
  return parseOctal(header, CHECKSUM) === sum;
}

function parseOctal(header: Uint8Array, range: Range): number | undefined {
  const digits = toField(header, range).trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function toField(header: Uint8Array, { start, end }: Range): string {
  const [field = ''] = toText(header.subarray(start, end)).split('\0', 1);
  return field;
}

function toText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}
