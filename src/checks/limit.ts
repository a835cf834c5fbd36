import { anyOf, createStop } from '../engine/stop.ts';
import type { Clock, Stop } from '../ports.ts';

/** How long a check that was cut may take to say how far it came. */
const LAST_WORD_MS = 100;

/** Something that was given a limit: its value, or that it was cut. */
export type Limited<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' };

/**
 * Gives `work` until the limit or the cancel; then tells it to come to an end, hears its last word if
 * that comes at once, and leaves it behind if it does not.
 */
export async function limit<T>(
  work: (cut: Stop) => Promise<T>,
  timeoutMs: number,
  clock: Pick<Clock, 'sleep'>,
  cancel: Stop,
): Promise<Limited<T>> {
  const cut = createStop();
  const finished = createStop();
  const hasFinished = (): boolean => finished.stop.requested;
  const forget = cancel.onRequest(cut.request);
  const value = work(cut.stop)
    .then((result): Limited<T> => ({ kind: 'value', value: result }))
    .finally(finished.request);
  const tooLong = async (): Promise<Limited<T>> => {
    await clock.sleep(timeoutMs, anyOf([cut.stop, finished.stop]));
    if (hasFinished()) return value;
    cut.request();
    if (!cancel.requested) await clock.sleep(LAST_WORD_MS, finished.stop);
    if (hasFinished()) return value;
    return { kind: cancel.requested ? 'cancelled' : 'timeout' };
  };
  try {
    return await Promise.race([value, tooLong()]);
  } finally {
    forget();
  }
}
