/**
 * Whether a test can be carried out on this machine. Elsewhere it says why not, in one line; where
 * everything is to be tested (PREFLIGHT_NO_SKIPS, as .ci/run sets it) a lack is an error.
 */
export function canTest(available: boolean, what: string): boolean {
  if (available) return true;
  if (process.env['PREFLIGHT_NO_SKIPS'] === '1') throw new Error(`this machine lacks ${what}`);
  process.stderr.write(`not tested here, for want of ${what}\n`);
  return false;
}

/** Whether this process may mount, change owners and the like. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
