/** What a shell itself said about a line of a script. */
export interface ShellMessage {
  readonly shell: 'bash' | 'sh';
  readonly file: string;
  readonly line: number;
  /** Lines of output after it. */
  readonly linesAfter: number;
  /** The script could not be read to its end: nothing else can know the line. */
  readonly syntax: boolean;
}

/** `file: line 3: …`: bash, and the ash of busybox. */
const BASH = /^(?<file>[^\s:][^:]{0,500}): (?:eval: )?line (?<line>\d+): (?<text>.+)/;

/** `file: 3: …`: dash; other tools print the like, so what it says must be known. */
const DASH =
  /^(?<file>[^\s:][^:]{0,500}): (?<line>\d+): (?<text>.*(?:not found|[Pp]ermission denied|Syntax error|parameter not set|parameter null|cannot (?:open|create)|Bad substitution|arithmetic expression|Illegal (?:number|option|mode)|is read only|unexpected operator|bad trap|can't (?:cd|shift)|No such file).*)/;

const SYNTAX = /syntax error|unexpected end of file|unexpected EOF|Unterminated|Bad substitution/i;

/** Names that a shell gives itself when it reads no file. */
const NO_FILE = /^-?(?:\/.*\/)?(?:ba|da|a|k|z)?sh$|^main$|^environment$/;

/** Lines after a message at which it may still be why the step ended. */
const MAX_LINES_AFTER = 6;

/** The last message of a shell near the end of the output. */
export function findShellMessage(lines: readonly string[]): ShellMessage | undefined {
  for (let after = 0; after <= MAX_LINES_AFTER; after += 1) {
    const line = lines[lines.length - 1 - after];
    if (line === undefined) {
      return undefined;
    }
    const bash = BASH.exec(line)?.groups;
    const groups = bash ?? DASH.exec(line)?.groups;
    const { file = '', text = '' } = groups ?? {};
    if (groups !== undefined && !NO_FILE.test(file) && !text.startsWith('warning:')) {
      return {
        shell: bash === undefined ? 'sh' : 'bash',
        file,
        line: Number(groups['line']),
        linesAfter: after,
        syntax: SYNTAX.test(text) || /^`.*'$/.test(text),
      };
    }
  }
  return undefined;
}
