import { renderSuggestion } from '../inputs/suggest.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';

/** Shells that are known by name; anything else is a template with `{0}`. */
export const SHELLS = ['bash', 'sh', 'python', 'pwsh'] as const;

/** A shell by name, or a template; the error is a sentence without a subject. */
export function parseShell(text: string): Result<string, string> {
  const shell = text.trim();
  if (SHELLS.some((known) => known === shell) || shell.includes('{0}')) return success(shell);
  return failure(
    `"${text}" is not a shell: allowed are ${SHELLS.join(', ')}, or a template that contains {0}, ` +
      `such as "perl {0}".${renderSuggestion(shell, SHELLS)}`,
  );
}
