/**
 * An error that the system gave, such as ENOENT: expected in the edges; anything else is a bug. Told by
 * its shape, since `instanceof` is false for an error that was made in another realm.
 */
export function isSystemError(error: unknown): error is Error & SystemErrorFields {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error
  );
}

interface SystemErrorFields {
  readonly code: string;
  readonly path?: string;
}

/** A file that is not what it must be; carries the reason in place of the system's code. */
export class UnfitFile extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}
