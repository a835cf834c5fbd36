import type { Command, CommandName } from './commands.ts';
import { COMMANDS, COMMAND_NAMES } from './commands.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { FLAGS, OWN_FLAGS } from './flags.ts';
import { renderUsage } from './parse-arguments.ts';

/** Wide enough to read, however wide the terminal is. */
const WIDEST = 100;
const NARROWEST = 40;

/** Help for all, or for one command. */
export function renderHelp(command: CommandName | undefined, columns: number): readonly string[] {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  return command === undefined ? renderOverview(width) : renderCommand(command, width);
}

function renderOverview(width: number): readonly string[] {
  const commands = COMMAND_NAMES.map((name) => {
    const usage = [name, COMMANDS[name].usage].filter((word) => word !== '').join(' ');
    return [usage, COMMANDS[name].summary] as const;
  });
  return [
    'preflight: deployments that are never left half-done.',
    '',
    'Usage: preflight COMMAND [FLAGS]',
    '',
    ...renderRows(commands, width),
    '',
    'Flags:',
    ...renderRows(toOwnRows(), width),
    '',
    'Flags of a command are named as the inputs of the action: preflight help run',
    '',
    'Exit codes:',
    ...renderRows(toExitRows(), width),
  ];
}

function renderCommand(name: CommandName, width: number): readonly string[] {
  const { summary, details, flags }: Command = COMMANDS[name];
  const shown =
    flags === 'all' ? FLAGS.filter(isOfRun) : FLAGS.filter((flag) => flags.includes(flag.name));
  const rows = shown.map(({ name: flag, description, default: value }) => {
    const end = value === '' ? '' : ` (default: ${value})`;
    return [`--${flag}`, `${description.replaceAll('`', '')}${end}`] as const;
  });
  return [
    `Usage: ${renderUsage(name)}${rows.length === 0 ? '' : ' [FLAGS]'}`,
    '',
    ...wrap(summary, width),
    ...details.flatMap((text) => ['', ...wrap(text.replaceAll('`', ''), width)]),
    ...(rows.length === 0 ? [] : ['', 'Flags:', ...renderRows([...rows, ...toOwnRows()], width)]),
    ...(flags === 'all' || rows.length === 0
      ? []
      : ['', 'The other flags of "preflight run" are accepted here and mean nothing.']),
    '',
    'Exit codes:',
    ...renderRows(toExitRows(), width),
  ];
}

function isOfRun({ name }: (typeof FLAGS)[number]): boolean {
  return name !== 'target' && name !== 'step';
}

type Row = readonly [string, string];

function toOwnRows(): readonly Row[] {
  const short: Readonly<Record<string, string>> = { help: '-h, ', version: '-V, ' };
  return Object.entries(OWN_FLAGS).map(([name, text]) => [`${short[name] ?? ''}--${name}`, text]);
}

function toExitRows(): readonly Row[] {
  return Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
}

function renderRows(rows: readonly Row[], width: number): readonly string[] {
  const column = Math.max(...rows.map(([left]) => left.length)) + 4;
  return rows.flatMap(([left, right]) => {
    const [first = '', ...rest] = wrap(right, width - column);
    return [`  ${left}`.padEnd(column) + first, ...rest.map((line) => ' '.repeat(column) + line)];
  });
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
