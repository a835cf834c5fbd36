import { parseDuration } from '../inputs/duration.ts';
import { parseCategory } from './category.ts';
import type { Category } from './category.ts';

/** What a step said about its own failure in `$PREFLIGHT_RESULT`. */
export interface Declared {
  readonly category?: Category;
  readonly retryAfterMs?: number;
  /** What could not be understood, one sentence each. */
  readonly notes: readonly string[];
}

const MAX_LINES = 50;
const SHOWN_CHARS = 80;

/** Lines `category=family:kind` and `retry-after=30s`; the last of each counts, others are left alone. */
export function parseDeclared(content: string): Declared {
  let category: Category | undefined;
  let retryAfterMs: number | undefined;
  const notes: string[] = [];
  for (const line of content.slice(0, 8192).split(/\r?\n/u).slice(0, MAX_LINES)) {
    const [, key, value] = /^\s*(category|retry-after)\s*=\s*(.*?)\s*$/u.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (key === 'category') {
      const parsed = parseCategory(value);
      if (parsed === undefined)
        notes.push(`"${value.slice(0, SHOWN_CHARS)}" in $PREFLIGHT_RESULT is not a category`);
      else category = parsed;
    } else {
      const parsed = parseDuration(value);
      if (parsed.ok) retryAfterMs = parsed.value;
      else notes.push(`retry-after in $PREFLIGHT_RESULT ${parsed.error}`);
    }
  }
  return {
    ...(category === undefined ? {} : { category }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    notes,
  };
}
