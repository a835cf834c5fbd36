/** For the log, whose reader may be slow. */
const LAST_WORDS_MS = 10_000;

/**
 * After a bug nothing may keep this process alive: a timer that nobody stops any more would hold the job
 * until its own timeout.
 */
export function exitInTheEnd(): void {
  setTimeout(() => {
    process.exit();
  }, LAST_WORDS_MS).unref();
}
