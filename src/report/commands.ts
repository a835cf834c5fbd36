/**
 * Workflow commands as the runner parses them: everything in them is escaped, so that no text can end
 * one command and begin another.
 */
export function renderCommand(
  name: string,
  message = '',
  properties: Readonly<Record<string, string | undefined>> = {},
): string {
  const set = Object.entries(properties).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const rendered = set.map(([key, value]) => `${key}=${escapeProperty(value)}`).join(',');
  return `::${name}${rendered === '' ? '' : ` ${rendered}`}::${escapeData(message)}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
