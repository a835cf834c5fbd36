import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { suggest } from './suggest.ts';

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** What a size looks like. Shared with the JSON Schema. */
export const SIZE_PATTERN = /^\s*\d+(?:\.\d+)?\s*(?:B|[kK]B|[MGT]B|[KMGT]iB)\s*$/u;
const PARTS = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/iu;
const EXAMPLES = 'write for example "512MB" (decimal) or "2GiB" (binary)';

/** Longer texts are no sizes, whatever they are. */
const LONGEST_TEXT = 64;

/** Bytes from text such as `512MB` (decimal) or `2GiB` (binary); the error is a sentence without a subject. */
export function parseSize(text: string): Result<number, string> {
  const trimmed = text.trim();
  if (trimmed === '') return failure(`is empty: ${EXAMPLES}`);
  const shown = `"${trimmed.slice(0, LONGEST_TEXT)}"`;
  const parts = trimmed.length > LONGEST_TEXT ? null : PARTS.exec(trimmed);
  if (parts === null) return failure(`${shown} is not a size: ${EXAMPLES}`);
  const [, digits = '', unit = ''] = parts;
  if (unit === '') return failure(`${shown} has no unit: ${EXAMPLES}`);
  const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (factor === undefined) {
    const meant = /^[kmgt]$/iu.test(unit)
      ? `${unit.toUpperCase()}B`
      : suggest(unit, Object.keys(UNITS));
    const hint = meant === undefined ? '' : ` Did you mean "${digits}${meant}"?`;
    return failure(`${shown} has an unknown unit: ${EXAMPLES}.${hint}`);
  }
  const bytes = Math.round(Number(digits) * factor);
  if (!Number.isSafeInteger(bytes)) return failure(`${shown} is larger than can be counted`);
  return success(bytes);
}
