import { types } from 'node:util';

/**
 * An error that the system gave, such as ENOENT: expected in the edges; anything else is a bug. Not by
 * `instanceof`, which is false for an error that was made in another realm.
 */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return types.isNativeError(error) && 'code' in error && typeof error.code === 'string';
}
