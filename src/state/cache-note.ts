import type { Result } from '../result.ts';
import type { CacheStamp } from './cache-payload.ts';
import { decodeStamp } from './cache-payload.ts';
import { boolean, object, textLike } from './decode.ts';
import type { DocumentProblem } from './document.ts';
import { parseDocument, SCHEMA_VERSION, VERSION_FIELD } from './document.ts';

/** Beside the local copy: how far its uploads have come, so that the post step can go on with them. */
export interface CacheNote {
  /** Of the last save that was begun: a number is never used twice. */
  readonly stamp: CacheStamp;
  /** Digest of what is known to be in the cache; empty when nothing is. */
  readonly uploaded: string;
  /** The cache does not know yet that this deployment is the target's current one. */
  readonly owes_current: boolean;
}

const note = object<CacheNote>(
  { stamp: decodeStamp, uploaded: textLike(/^[0-9a-f]*$/, 'a hash'), owes_current: boolean },
  [VERSION_FIELD],
);

export function encodeNote(content: CacheNote): string {
  return `${JSON.stringify({ [VERSION_FIELD]: SCHEMA_VERSION, ...content })}\n`;
}

export function parseNote(content: string): Result<CacheNote, DocumentProblem> {
  return parseDocument(content, note);
}
