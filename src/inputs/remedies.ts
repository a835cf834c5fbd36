import { CATEGORIES, familyOf, kindOf, parseCategory } from '../failure/category.ts';
import { readYaml } from '../plan/yaml-document.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { renderSuggestion } from './suggest.ts';
import { renderText } from './values.ts';

/** A kind alone means the recoverable failure of that kind. */
const KINDS = CATEGORIES.filter((category) => familyOf(category) === 'recoverable').map(kindOf);
const WANTED = 'write "kind: command" on each line, such as "resource: docker image prune -f"';

/** Commands by kind of recoverable failure, or by full category; every error is a sentence. */
export function parseRemedies(
  text: string,
): Result<ReadonlyMap<string, string>, readonly string[]> {
  const { placeOf, document } = readYaml(text);
  const inWords = ({ offset, message }: { offset: number; message: string }): string => {
    const { line, column } = placeOf(offset);
    return `line ${line}, column ${column}: ${message}`;
  };
  if (!document.ok) return failure(document.error.map(inWords));
  const { value, findings } = document.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failure([`must be a YAML map: ${WANTED}`]);
  }
  const problems = findings.map(inWords);
  const remedies = new Map<string, string>();
  for (const [key, command] of Object.entries(value as Record<string, unknown>)) {
    const complain = (on: 'key' | 'value', message: string): void => {
      problems.push(inWords({ offset: document.value.offsetOf([key], on), message }));
    };
    const wrongKey = findWrongKey(key);
    if (wrongKey !== undefined) complain('key', wrongKey);
    if (typeof command === 'boolean') remedies.set(key, String(command));
    else if (typeof command === 'string' && command.trim() !== '') remedies.set(key, command);
    else if (typeof command !== 'symbol') complain('value', `"${key}" needs a command: ${WANTED}`);
  }
  return problems.length > 0 ? failure(problems) : success(remedies);
}

/** What is wrong with a kind or category, if anything. */
function findWrongKey(key: string): string | undefined {
  if (KINDS.includes(key)) return undefined;
  const category = parseCategory(key);
  if (category !== undefined) {
    return familyOf(category) === 'fatal'
      ? `nothing is done about a fatal failure: remove "${key}"`
      : undefined;
  }
  const list = `Allowed: ${KINDS.join(', ')}, or a full category`;
  const full = CATEGORIES.find((known) => kindOf(known) === key);
  const meant =
    full === undefined
      ? renderSuggestion(key, [...KINDS, ...CATEGORIES])
      : ` Did you mean "${full}"?`;
  return `${renderText(key)} is not a kind of recoverable failure.${meant} ${list}`;
}
