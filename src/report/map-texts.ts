/** A document of plain values with every text in it changed, but for those under the keys in `except`. */
export function mapTexts<T>(
  value: T,
  change: (text: string) => string,
  except: ReadonlySet<string> = new Set(),
): T {
  return mapValue(value, change, except) as T;
}

function mapValue(
  value: unknown,
  change: (text: string) => string,
  except: ReadonlySet<string>,
): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapValue(item, change, except));
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const stays = except.has(key) && typeof item === 'string';
    return [key, stays ? item : mapValue(item, change, except)];
  });
  return Object.fromEntries(entries);
}
