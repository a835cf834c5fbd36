import type { Failure } from '../failure/failure.ts';

/** How the command ended, in the shell library's words: `(exit code: 3)`. */
export function renderExit({ exit }: Pick<Failure, 'exit'>): string {
  if (exit === undefined) return '(did not start)';
  return exit.kind === 'exited' ? `(exit code: ${exit.code})` : `(killed by ${exit.signal})`;
}
