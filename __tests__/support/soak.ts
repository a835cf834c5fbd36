/**
 * How often a test repeats something: `few` times as a part of the test suites, `many` times in a soak
 * (`npm run soak`), and as often as the named environment variable says, where it is set.
 */
export function countRepeats(few: number, many: number, variable?: string): number {
  const wanted = variable === undefined ? undefined : process.env[variable];
  if (wanted !== undefined && wanted !== '') return Number(wanted);
  return isSoak() ? many : few;
}

/** Whether the long forms of the tests are asked for. */
export function isSoak(): boolean {
  return process.env['PREFLIGHT_SOAK'] === '1';
}
