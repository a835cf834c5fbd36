import { createStop } from '../engine/stop.ts';
import type { Stops } from '../ports.ts';

/** How often we look whether the process that started us is still there. */
const PARENT_CHECK_MS = 1_000;

/** The stops of a run under the runner. */
export interface RunnerWatch extends Stops {
  /** For whoever notices first that nobody reads us any more. */
  readonly loseWorker: () => void;
  readonly dispose: () => void;
}

/**
 * The runner's signals and its disappearance as stops. The runner sends SIGINT first, SIGTERM 7.5 s
 * later; either means cancel, and a second one changes nothing. A worker that died closes our stdout
 * or leaves us to another parent.
 */
export function watchRunner(): RunnerWatch {
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
  process.stderr.on('error', onOutputError);
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) workerGone.request();
  }, PARENT_CHECK_MS);
  timer.unref();
  return {
    cancel: cancel.stop,
    workerGone: workerGone.stop,
    loseWorker: workerGone.request,
    dispose: () => {
      clearInterval(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('SIGHUP', onOutputError);
    },
  };
}
