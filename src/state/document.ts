import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import type { Decoder } from './decode.ts';
import { isObject, Mismatch } from './decode.ts';

/** Version of every JSON document in the state dir; raised when an older reader would misunderstand. */
export const SCHEMA_VERSION = 1;

/** The field that holds it. */
export const VERSION_FIELD = 'schema_version';

/** Larger documents are neither written nor read. */
export const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

/** Why a document is not understood, as the rest of a sentence that starts with its name. */
export interface DocumentProblem {
  readonly kind: 'damaged' | 'newer' | 'oversized';
  readonly message: string;
}

/** Reads one JSON document with a `schema_version`; the rest is the decoder's. Never throws. */
export function parseDocument<T>(content: string, decoder: Decoder<T>): Result<T, DocumentProblem> {
  if (content.length > MAX_DOCUMENT_BYTES) {
    return failure({ kind: 'oversized', message: 'is larger than 8 MiB' });
  }
  const value = parseJson(content);
  if (value === undefined) {
    return failure({
      kind: 'damaged',
      message: content.trim() === '' ? 'is empty' : 'is not JSON, or is cut off',
    });
  }
  const version = isObject(value) && Object.hasOwn(value, VERSION_FIELD) && value[VERSION_FIELD];
  if (typeof version === 'number' && Number.isInteger(version) && version > SCHEMA_VERSION) {
    return failure({
      kind: 'newer',
      message: `was written by a newer version (schema ${version}; this one reads ${SCHEMA_VERSION})`,
    });
  }
  if (version !== SCHEMA_VERSION) {
    return failure({
      kind: 'damaged',
      message: `does not say "${VERSION_FIELD}": ${SCHEMA_VERSION}`,
    });
  }
  const decoded = decoder(value);
  if (!(decoded instanceof Mismatch)) return success(decoded);
  const { where, problem } = decoded;
  return failure({ kind: 'damaged', message: `is not understood: ${where} ${problem}` });
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
