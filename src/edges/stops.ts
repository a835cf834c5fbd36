import type { Stop, Stops } from '../ports.ts';

/** A stop that can be requested; what `Stop` looks like from the other side. */
export interface StopSource {
  readonly stop: Stop;
  readonly request: () => void;
}

export function createStop(): StopSource {
  const listeners = new Set<() => void>();
  let requested = false;
  return {
    stop: {
      get requested() {
        return requested;
      },
      onRequest: (listener) => {
        if (requested) {
          queueMicrotask(listener);
          return () => undefined;
        }
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
    request: () => {
      if (requested) return;
      requested = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}

/** How often we look whether the process that started us is still there. */
const PARENT_CHECK_MS = 1_000;

/**
 * The runner's signals and its disappearance as stops. The runner sends SIGINT first, SIGTERM 7.5 s
 * later; either means cancel, and a second one changes nothing. A worker that died closes our stdout
 * or leaves us to another parent.
 */
export function watchRunner(): Stops & { readonly dispose: () => void } {
  const cancel = createStop();
  const workerGone = createStop();
  const onSignal = (): void => {
    cancel.request();
  };
  const onOutputError = (): void => {
    workerGone.request();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  // Without a listener the first write after the worker's death would end this process at once.
  process.on('SIGHUP', onOutputError);
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', onOutputError);
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) workerGone.request();
  }, PARENT_CHECK_MS);
  timer.unref();
  return {
    cancel: cancel.stop,
    workerGone: workerGone.stop,
    dispose: () => {
      clearInterval(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('SIGHUP', onOutputError);
    },
  };
}
