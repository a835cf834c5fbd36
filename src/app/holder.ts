import type { LockHolder } from '../ports.ts';

/** Who holds a lock, so that a person finds the run. */
export function renderHolder(holder: LockHolder): string {
  const { run_id, run_attempt, run_url, host, process } = holder;
  const url = run_url === '' ? '' : `, ${run_url}`;
  return `run ${run_id} attempt ${run_attempt} (process ${process.pid} on ${host}${url})`;
}
