import { OUTCOMES } from '../engine/outcome.ts';

const ESCAPE = '\u001b[';
const PLAIN = `${ESCAPE}0m`;
const LOOKS = {
  good: `${ESCAPE}32m`,
  bad: `${ESCAPE}1;31m`,
  warn: `${ESCAPE}33m`,
  ours: `${ESCAPE}36m`,
  faint: `${ESCAPE}2m`,
  strong: `${ESCAPE}1m`,
} as const;
type Look = keyof typeof LOOKS;

const TAGS: Readonly<Record<string, Look>> = {
  OK: 'good',
  SKIP: 'faint',
  RUN: 'ours',
  WAIT: 'warn',
  RETRY: 'warn',
  WARN: 'warn',
  NOTICE: 'warn',
  ERROR: 'bad',
  CANCEL: 'warn',
  ROLLBACK: 'warn',
  UNDO: 'ours',
  INFO: 'faint',
};

// eslint-disable-next-line no-control-regex -- colours begin with one
const COLOURS = /\u001b\[[\d;:]{0,64}m/gu;

/** The outcome at the start of the last line. */
const ENDING = new RegExp(`^(?:${OUTCOMES.join('|')})(?=[:,])`, 'u');

const STATUSES: Readonly<Record<string, Look>> = {
  complete: 'good',
  failed: 'bad',
  'in doubt': 'bad',
  running: 'ours',
  'not done yet': 'faint',
};

/** A step as `status` lists it. */
const STEP_STATUS = new RegExp(
  String.raw`^( {2}[\w-]+: )(${Object.keys(STATUSES).join('|')})(?= \(|$)`,
  'u',
);

/** Gives the lines of ours their colours, or takes away the few that they have. */
export function createPaint(colour: boolean): (line: string) => string {
  return (line) => (colour ? paint(line) : line.replaceAll(COLOURS, ''));
}

function paint(line: string): string {
  const [, tag = ''] = /^\[([A-Z]+)\]/u.exec(line) ?? [];
  const look = TAGS[tag];
  if (look !== undefined) return inLook(look, `[${tag}]`) + line.slice(tag.length + 2);
  const [outcome] = ENDING.exec(line) ?? [];
  if (outcome !== undefined) {
    return inLook(outcome === 'succeeded' ? 'good' : 'bad', outcome) + line.slice(outcome.length);
  }
  const [, start = '', status] = STEP_STATUS.exec(line) ?? [];
  if (status !== undefined) {
    const rest = line.slice(start.length + status.length);
    return start + inLook(STATUSES[status] ?? 'faint', status) + rest;
  }
  if (line.startsWith('target: ')) return inLook('strong', line);
  if (line.startsWith('next: ')) return inLook('strong', 'next:') + line.slice('next:'.length);
  return line;
}

function inLook(look: Look, text: string): string {
  return `${LOOKS[look]}${text}${PLAIN}`;
}

/** A text that is less important than what stands around it. */
export function renderFaint(text: string, colour: boolean): string {
  return colour ? inLook('faint', text) : text;
}

/** Ends whatever colour the output of a command has begun. */
export const COLOUR_END = PLAIN;

/** What decides whether there is colour. */
export interface ColourFacts {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** As is common: FORCE_COLOR, then NO_COLOR, then whether a terminal that has colours reads this. */
export function decideColour({ isTerminal, env }: ColourFacts): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return isTerminal && env['TERM'] !== 'dumb';
}
