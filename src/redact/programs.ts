import { readWords, type Word } from './command-line.ts';
import type { Page, Rule } from './page.ts';
import { PROGRAMS, type Form, type Program } from './program-table.ts';
import { isHarmless, isMetavariable, isReference, looksGenerated } from './secret-value.ts';

/** Longest stretch behind a program's name that is looked at. */
const MAX_COMMAND = 4_096;

/** Programs that read the secret from a pipe: what is echoed into them is one. */
const READERS = [
  '--password-stdin',
  '--with-token',
  'chpasswd',
  'passwd --stdin',
  'sudo -s',
  'sudo --stdin',
  '--passphrase-fd 0',
  '--token-stdin',
  'secret put',
  'secret set',
  'secret create',
  'secrets versions add',
  '--pinentry-mode loopback',
];

const byName = new Map<string, Program[]>();
for (const program of PROGRAMS) {
  for (const name of program.names.split(' '))
    byName.set(name, [...(byName.get(name) ?? []), program]);
}
/** These are part of too many words: they are looked for with the blank behind them. */
const NEEDS_BLANK = /^(?:.{1,4}|https)$/;

const programRule: Rule = {
  literals: [...byName.keys()].map((name) =>
    (NEEDS_BLANK.test(name) ? `${name} ` : name).toLowerCase(),
  ),
  find(page, start, end) {
    const stop = page.text[end - 1] === ' ' ? end - 1 : end;
    if (!isCommandWord(page.text, start, stop)) return;
    const programs = byName.get(page.text.slice(start, stop));
    if (programs === undefined || start < (page.seen.get('words') ?? -1)) return;
    const line = page.lineAt(start);
    const rest = page.text.slice(stop, Math.min(line.end, stop + MAX_COMMAND));
    if (!programs.some((program) => hasSigns(program, rest))) return;
    const words = readWords(page.text, stop, line.end);
    page.seen.set('words', words.at(-1)?.end ?? stop);
    for (const program of programs) if (hasSigns(program, rest)) markOptions(page, program, words);
  },
};

/** Whether the arguments can hold what the program's entry is about: looked at before they are read word by word. */
function hasSigns(program: Program, rest: string): boolean {
  if (program.verb !== undefined && !program.verb.test(rest)) return false;
  return (
    program.options === undefined ||
    (rest.includes('-') && Object.keys(program.options).some((option) => rest.includes(option)))
  );
}

function isCommandWord(text: string, start: number, end: number): boolean {
  const after = text.charCodeAt(end);
  // Blank, tab, quote, backslash, `.exe`: all else is the inside of a word or a path.
  if (after !== 32 && after !== 9 && after !== 34 && after !== 39 && after !== 92 && after !== 46)
    return false;
  if (start > 0 && !/[\s/\\"'`|;&($[=@]/.test(text[start - 1] ?? '')) return false;
  return /^(?:\.exe)?(?:[ \t]|["'],|\\\r?\n)/.test(text.slice(end, end + 6));
}

function markOptions(page: Page, program: Program, words: readonly Word[]): void {
  const plain: Word[] = [];
  words.forEach((word, i) => {
    if (!word.text.startsWith('-') || word.text === '-') plain.push(word);
    for (const [option, form] of Object.entries(program.options ?? {}))
      markOption(page, option, form, word, words[i + 1]);
  });
  for (const place of program.positional?.(plain.map((word) => word.text)) ?? []) {
    const word = plain[place];
    if (word !== undefined) markWord(page, word.start, word.end, word.text);
  }
}

function markOption(
  page: Page,
  option: string,
  form: Form,
  word: Word,
  next: Word | undefined,
): void {
  if (word.text === option) {
    if (form !== 'glued' && next !== undefined && !next.text.startsWith('-'))
      markForm(page, form, next.start, next.text);
    return;
  }
  if (!word.text.startsWith(option)) return;
  const isLong = option.startsWith('--');
  if (isLong && word.text[option.length] !== '=') return;
  if (!isLong && (form === 'next' || form === 'spec')) return;
  const skip = option.length + (isLong ? 1 : 0);
  markForm(page, form, word.start + skip, word.text.slice(skip));
}

const SPLITS: Partial<Record<Form, RegExp>> = {
  pair: /^[^:\s]{0,200}:/,
  percent: /^[^%\s]{1,200}%/,
  comma: /^[^,\s]{1,200},/,
  spec: /^pass:/,
};

function markForm(page: Page, form: Form, at: number, text: string): void {
  if (form === 'cookies') {
    markCookies(page, at, text);
    return;
  }
  const unquoted = /^(["'])(.*)\1$/.exec(text);
  const start = at + (unquoted === null ? 0 : 1);
  const value = unquoted?.[2] ?? text;
  const split = SPLITS[form];
  if (split === undefined) {
    markWord(page, start, start + value.length, value);
    return;
  }
  const head = split.exec(value)?.[0];
  if (head !== undefined)
    markWord(page, start + head.length, start + value.length, value.slice(head.length));
}

/** `session=x; theme=dark`: long values only. */
function markCookies(page: Page, at: number, text: string): void {
  for (const match of text.matchAll(/[\w.%-]{1,80}=([^;\s"']{16,4096})/g)) {
    const value = match[1] ?? '';
    const start = at + match.index + match[0].length - value.length;
    if (looksGenerated(value, 16)) page.redact(start, start + value.length);
  }
}

function markWord(page: Page, start: number, end: number, text: string): void {
  if (isReference(text) || isMetavariable(text) || text.startsWith('-')) return;
  if (isHarmless(text) && !/^(?:secret|password|passw(?:or)?d|admin|root|user|test)$/i.test(text))
    return;
  page.redact(start, end);
}

/** `echo x | docker login --password-stdin`, `sudo -S <<< x`. */
const readerRule: Rule = {
  literals: READERS,
  find(page, start, end) {
    const line = page.lineAt(start);
    const before = page.text.slice(Math.max(line.start, start - 1_000), start);
    const echo =
      /(?:^|[\s;&(|"'])(?:echo|printf)[ \t]+(?:-[neE]+[ \t]+)?(?:['"]?%s(?:\\n)?['"]?[ \t]+)?(?:"([^"\r\n]{1,500})"|'([^'\r\n]{1,500})'|([^\s|"']{1,500}))[ \t]*\|[^|\r\n]*$/.exec(
        before,
      );
    const word = echo?.[1] ?? echo?.[2] ?? echo?.[3];
    if (echo !== null && word !== undefined) {
      const at =
        Math.max(line.start, start - 1_000) +
        echo.index +
        echo[0].indexOf(word, echo[0].search(/echo|printf/) + 4);
      const user = /^[\w.-]{1,40}:/.exec(word)?.[0] ?? '';
      const isPair = page.text.slice(start, end).toLowerCase() === 'chpasswd';
      markWord(page, at + (isPair ? user.length : 0), at + word.length, word);
    }
    const here = /^[^|;\r\n]{0,200}?<<<[ \t]*["']?([^\s"']{1,500})/.exec(
      page.text.slice(end, Math.min(line.end, end + 800)),
    );
    const text = here?.[1];
    if (here !== null && text !== undefined)
      markWord(page, end + here[0].length - text.length, end + here[0].length, text);
  },
};

/** Statements and directives with a fixed wording: what follows is a password. */
const WORDINGS: readonly (readonly [string, RegExp])[] = [
  [
    'identified by',
    /identified by(?:[ \t]+password)?[ \t]+(?:values[ \t]+)?(\\{0,3}["'])((?:(?!\1)[^\r\n]){1,300})/iy,
  ],
  [
    'identified with',
    /identified with[ \t]+["'\w]{1,40}[ \t]+(?:by|as)[ \t]+(\\{0,3}["'])((?:(?!\1)[^\r\n]){1,300})/iy,
  ],
  ['community ', /community[ \t]+()(\S{4,64})[ \t]+(?:RO|RW)\b/y],
  ['net user ', /net user[ \t]+\S{1,64}[ \t]+()([^\s/"]{4,64})/iy],
  ['send "', /send "()([^"\r\n]{4,80}?)\\[rn]"/y],
];
const wordingRules: readonly Rule[] = WORDINGS.map(([literal, pattern]) => ({
  literals: [literal],
  find(page, start) {
    pattern.lastIndex = start;
    const match = pattern.exec(page.text);
    const value = match?.[2];
    if (match === null || value === undefined || isReference(value) || value.includes(' ')) return;
    page.redact(
      start + match[0].length - value.length - (literal === 'send "' ? 3 : 0),
      start + match[0].length - (literal === 'send "' ? 3 : 0),
    );
  },
}));

export const programRules: readonly Rule[] = [programRule, readerRule, ...wordingRules];
