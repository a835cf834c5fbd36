/** The tables of docs/cli.md; nothing that ships uses this. */
import { COMMANDS, COMMAND_NAMES } from './commands.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { FLAGS, OWN_FLAGS } from './flags.ts';
import { renderUsage } from './parse-arguments.ts';

function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const toRow = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)];
}

/** Every command with its words. */
export function renderCommandTable(): readonly string[] {
  const rows = COMMAND_NAMES.map((name) => [`\`${renderUsage(name)}\``, COMMANDS[name].summary]);
  return renderTable(['command', 'does'], rows);
}

/** Every flag with its default. */
export function renderFlagTable(): readonly string[] {
  const own = Object.entries(OWN_FLAGS).map(([name, text]) => [`\`--${name}\``, text, '']);
  const rows = FLAGS.map(({ name, description, default: value }) => [
    `\`--${name}\``,
    description,
    value === '' ? '' : `\`${value}\``,
  ]);
  return renderTable(['flag', 'meaning', 'default'], [...rows, ...own]);
}

/** Every exit code. */
export function renderExitTable(): readonly string[] {
  const rows = Object.entries(EXIT_CODES).map(([name, { code, meaning }]) => [
    String(code),
    name,
    meaning,
  ]);
  return renderTable(['code', 'name', 'meaning'], rows);
}
