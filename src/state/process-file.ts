import type { ProcessRef } from './record.ts';

/** What a command's small parent wrote down about itself in `run/<unit>/process`. */
export interface ProcessFile {
  /** The parent itself; absent while (or because) its first line is not complete. */
  readonly process?: ProcessRef;
  /** The command has ended with this code, as a shell reports it. */
  readonly exitCode?: number;
  /** What the shell said besides, such as `Killed`: the command was ended by a signal. */
  readonly died?: string;
}

const PROCESS_LINE = /^pid ([1-9]\d{0,9}) (\S{1,64}) (\S{1,64})$/;
const EXIT_LINE = /^exit (\d{1,3})$/;
const LARGEST_PID = 2 ** 31 - 1;
/** Stands in the file for a start time or boot id that the platform does not have. */
const ABSENT = '-';
const LONGEST_DEATH = 500;

/**
 * Reads `run/<unit>/process`: first line `pid <pid> <start time> <boot id>`, later a line `exit <code>`.
 * Only lines that end in a newline count, since a cut-off `exit 13` may have been going to be 137. The
 * file may be padded with newlines, and with NUL bytes after a crash of the machine.
 */
export function parseProcessFile(text: string): ProcessFile {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1).replaceAll('\0', '');
  const [first = '', ...rest] = complete.split('\n');
  const process = parseProcessLine(first);
  const others = (process === undefined ? [first, ...rest] : rest).map((line) => line.trim());
  const exits = others.map(parseExitLine).filter((code) => code !== undefined);
  const said = others.filter((line) => line !== '' && parseExitLine(line) === undefined);
  return {
    ...(process !== undefined && { process }),
    ...(exits[0] !== undefined && { exitCode: exits[0] }),
    ...(said.length > 0 && { died: said.join('\n').slice(0, LONGEST_DEATH) }),
  };
}

function parseProcessLine(line: string): ProcessRef | undefined {
  const [, digits, startTime, bootId] = PROCESS_LINE.exec(line.trimEnd()) ?? [];
  const pid = Number(digits);
  if (startTime === undefined || bootId === undefined || pid > LARGEST_PID) return undefined;
  return {
    pid,
    start_time: startTime === ABSENT ? '' : startTime,
    boot_id: bootId === ABSENT ? '' : bootId,
  };
}

function parseExitLine(line: string): number | undefined {
  const code = Number(EXIT_LINE.exec(line)?.[1] ?? Number.NaN);
  return code <= 255 ? code : undefined;
}
