/** Text gathered before it is written: a run that skips 5,000 steps is not 5,000 writes. */
const BUFFER_CHARACTERS = 64 * 1024;

/** More than this is not kept in memory for a reader that is slow: the output lies in a file anyway. */
const MOST_BEHIND_BYTES = 8 * 1024 * 1024;

/** Whether the reader of a stream is far behind what was written to it. */
export function isFarBehind({ writableLength = 0 }: { readonly writableLength?: number }): boolean {
  return writableLength > MOST_BEHIND_BYTES;
}

/** The log on standard output. */
export interface LogStream {
  readonly write: (text: string) => void;
  /** The reader is so far behind that nothing more should be written than must be. */
  readonly isBehind: () => boolean;
  readonly flush: () => void;
}

/**
 * Buffers within one turn of the event loop and writes at its end. Once the reader is gone, writes
 * are dropped and `onGone` is told: a deployment is not ended half-way because nobody reads its log.
 */
export function createLogStream(onGone: () => void): LogStream {
  let buffered = '';
  let scheduled = false;
  let gone = false;
  process.stdout.on('error', () => {
    gone = true;
    onGone();
  });
  const flush = (): void => {
    scheduled = false;
    const text = buffered;
    buffered = '';
    if (text !== '' && !gone) process.stdout.write(text);
  };
  return {
    write: (text) => {
      buffered += text;
      if (buffered.length >= BUFFER_CHARACTERS) {
        flush();
      } else if (!scheduled) {
        scheduled = true;
        setImmediate(flush);
      }
    },
    isBehind: () => !gone && isFarBehind(process.stdout),
    flush,
  };
}
