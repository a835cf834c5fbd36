import { parseArgs } from 'node:util';
import type { Mode } from '../inputs/inputs.ts';
import { renderSuggestion } from '../inputs/suggest.ts';
import { renderText } from '../inputs/values.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { isName } from '../state/identity.ts';
import type { Command, CommandName } from './commands.ts';
import { COMMANDS, COMMAND_NAMES, findCommandsTaking, isCommand } from './commands.ts';
import { FLAG_NAMES, FLAGS, OWN_FLAGS, REPEATABLE } from './flags.ts';

/** What a command line asks for. */
export type Invocation =
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }
  | { readonly kind: 'schema' }
  | {
      readonly kind: 'act';
      readonly command: CommandName;
      readonly mode: Mode;
      /** Texts of the inputs, by name, as the runner would hand them over. */
      readonly inputs: Readonly<Record<string, string>>;
      readonly json: boolean;
    };

/** What is wrong with a command line: sentences, and the command whose usage helps. */
export interface UsageFault {
  readonly problems: readonly string[];
  readonly command: CommandName | undefined;
}

const OPTIONS = {
  ...Object.fromEntries(FLAGS.map(({ name }) => [name, { type: 'string' as const }])),
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

/** The flags and words of a command line, sorted out but not yet understood. */
interface Sorted {
  readonly words: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** Understands a command line, or says all that is wrong with it. */
export function parseArguments(args: readonly string[]): Result<Invocation, UsageFault> {
  const { words, texts, switches, problems } = sort(args);
  const [word, ...rest] = words;
  const wrongCommand = word === undefined || isCommand(word) ? [] : [toUnknownCommand(word)];
  const command = word !== undefined && isCommand(word) ? word : undefined;
  const fault = (...found: readonly string[]): Result<never, UsageFault> =>
    failure({ problems: found, command });
  if (problems.length + wrongCommand.length > 0) return fault(...problems, ...wrongCommand);
  if (switches.has('version')) return success({ kind: 'version' });
  if (switches.has('help')) return success({ kind: 'help', command });
  if (command === undefined) {
    return fault(`Which command? One of: ${COMMAND_NAMES.join(', ')}`);
  }
  if (command === 'help') return toHelp(rest);
  const { mode, takes }: Command = COMMANDS[command];
  const read = readWords(command, takes, rest, texts);
  if (!read.ok) return fault(...read.error);
  if (mode === undefined) return success({ kind: 'schema' });
  const inputs = { ...Object.fromEntries(texts), ...read.value, mode };
  return success({ kind: 'act', command, mode, inputs, json: switches.has('json') });
}

function toHelp([word, ...rest]: readonly string[]): Result<Invocation, UsageFault> {
  const complaint = (problem: string): Result<never, UsageFault> =>
    failure({ problems: [problem], command: 'help' });
  if (rest.length > 0) return complaint('help takes one command');
  if (word === undefined) return success({ kind: 'help', command: undefined });
  return isCommand(word)
    ? success({ kind: 'help', command: word })
    : complaint(toUnknownCommand(word));
}

function toUnknownCommand(word: string): string {
  const list = COMMAND_NAMES.join(', ');
  return `there is no command ${renderText(word)}.${renderSuggestion(word, COMMAND_NAMES)} Allowed: ${list}`;
}

function sort(args: readonly string[]): Sorted {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const texts = new Map<string, string>();
  const switches = new Set<string>();
  const problems: string[] = [];
  let afterUnknown = false;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      // The value of a flag that is not known is no word of its own.
      if (!afterUnknown) words.push(token.value);
      afterUnknown = false;
      continue;
    }
    const { name, rawName, value, inlineValue } = token;
    afterUnknown = false;
    if (Object.hasOwn(OWN_FLAGS, name)) {
      if (value === undefined) switches.add(name);
      else problems.push(`${rawName} takes no value`);
    } else if (!Object.hasOwn(OPTIONS, name)) {
      problems.push(toUnknownFlag(rawName, name));
      afterUnknown = value === undefined;
    } else if (value === undefined || (!inlineValue && looksLikeFlag(value))) {
      const meant = value === undefined ? '' : `; if ${value} is meant, write ${rawName}=${value}`;
      problems.push(`${rawName} needs a value${meant}`);
    } else if (texts.has(name) && !REPEATABLE.has(name)) {
      problems.push(`${rawName} is given twice`);
    } else {
      const before = texts.get(name);
      texts.set(name, before === undefined ? value : `${before}\n${value}`);
    }
  }
  return { words, texts, switches, problems };
}

/** `- id: a` is a value: a list of YAML. `--json` and `-h` are not. */
function looksLikeFlag(value: string): boolean {
  return /^--?[A-Za-z][\w-]*(?:=|$)/u.test(value);
}

function toUnknownFlag(rawName: string, name: string): string {
  if (name === 'mode') return '--mode is no flag: the command says it, such as "preflight status"';
  const meant = renderSuggestion(name, FLAG_NAMES).replace('"', '"--');
  const list = FLAG_NAMES.map((each) => `--${each}`).join(', ');
  return `there is no flag ${rawName}.${meant} Allowed: ${list}`;
}

type Given = Readonly<Record<string, string>>;

/** What the words behind the command stand for, by the flag that says the same. */
function readWords(
  command: CommandName,
  takes: Command['takes'],
  words: readonly string[],
  texts: ReadonlyMap<string, string>,
): Result<Given, readonly string[]> {
  const misplaced = findMisplaced(command, texts);
  if (misplaced.length > 0) return failure(misplaced);
  const { given, rest } = nameWords(takes, words);
  const problems = [
    ...rest.map((word) => `${renderText(word)} is one word too many: ${renderUsage(command)}`),
    ...Object.keys(given)
      .filter((name) => texts.has(name))
      .map((name) => `${renderText(given[name] ?? '')} and --${name} say the same thing twice`),
  ];
  if (given['plan'] !== undefined && texts.has('steps')) {
    problems.push(`${renderText(given['plan'])} and --steps both name the steps to run`);
  }
  if (command === 'mark-done' && given['step'] === undefined && !texts.has('step')) {
    problems.push(`which step is done? ${renderUsage(command)}`);
  }
  return problems.length === 0 ? success(given) : failure(problems);
}

function findMisplaced(
  command: CommandName,
  texts: ReadonlyMap<string, string>,
): readonly string[] {
  return (['target', 'step'] as const).flatMap((name) => {
    const takers = findCommandsTaking(name);
    return !texts.has(name) || takers.includes(command)
      ? []
      : [`--${name} means nothing to "preflight ${command}": it is for ${takers.join(', ')}`];
  });
}

function nameWords(
  takes: Command['takes'],
  words: readonly string[],
): { readonly given: Given; readonly rest: readonly string[] } {
  const [first, ...others] = words;
  if (first === undefined) return { given: {}, rest: [] };
  switch (takes) {
    case 'plan':
      return { given: { plan: first }, rest: others };
    case 'target':
      return { given: { target: first }, rest: others };
    case 'target-and-step': {
      if (words.length === 1) {
        return { given: isName(first) ? { target: first } : { step: first }, rest: [] };
      }
      const [step = '', ...rest] = others;
      return { given: { target: first, step }, rest };
    }
    case 'command':
    case 'nothing':
      return { given: {}, rest: words };
  }
}

/** `preflight mark-done [TARGET] STEP`. */
export function renderUsage(command: CommandName): string {
  return ['preflight', command, COMMANDS[command].usage].filter((word) => word !== '').join(' ');
}
