import { blockRules } from './blocks.ts';
import type { Form } from './encodings.ts';
import { findColour } from './escapes.ts';
import { headerRules } from './headers.ts';
import { buildMatcher, matchForm, startOfHit, type Matcher } from './known-matcher.ts';
import { toPieceForms, toPieces, type KnownValue } from './known-values.ts';
import { nameRule } from './names.ts';
import type { Rule } from './page.ts';
import { programRules } from './programs.ts';
import { isHarmless, looksGenerated } from './secret-value.ts';
import { discordRule, shapeRules } from './shapes.ts';
import { createStream, type RedactingStream } from './stream.ts';
import { urlRules } from './urls.ts';

/** Order matters only for speed: what one rule has marked, the next does not look into. */
const RULES: readonly Rule[] = [
  ...blockRules,
  ...shapeRules,
  discordRule,
  ...urlRules,
  ...headerRules,
  ...programRules,
  nameRule,
];

/** How many different findings are passed on in all, and their lengths. */
const MAX_FOUND = 500;
const MIN_FOUND_LENGTH = 8;
const MAX_FOUND_LENGTH = 4_096;

export interface RedactorOptions {
  /** What must never be shown. Those that are too short or too common are left out, unless explicit. */
  readonly known: readonly KnownValue[];
  /** Called once for each value that the rules found and that is worth masking elsewhere too; at most 500 times. */
  readonly onFound?: (value: string) => void;
}

/** Takes secrets out of text: known values in all their forms, tokens by their shape, values by their context. */
export interface Redactor {
  /** `text` is complete. */
  redact(text: string): string;
  /** Whether a known value occurs in any of its forms. */
  contains(text: string): boolean;
  /** Learns another value; streams that are open look for it from now on, in what they hold back too. */
  register(value: KnownValue): void;
  stream(): RedactingStream;
  /** For text that has been through the control filter. */
  streamOfFiltered(): RedactingStream;
  /** What the runner's own masker should know: the known values and each of their lines. */
  maskable(): readonly string[];
}

export function createRedactor(options: RedactorOptions): Redactor {
  const pieces = new Set<string>();
  const forms = new Map<string, Form>();
  const found = new Set<string>();
  let matcher: Matcher | undefined;

  function learn(value: KnownValue): void {
    for (const piece of toPieces(value)) {
      if (pieces.has(piece)) continue;
      pieces.add(piece);
      for (const form of toPieceForms(piece)) forms.set(`${form.head}\n${form.text}`, form);
      matcher = undefined;
    }
  }
  options.known.forEach(learn);

  const source = {
    matcher: () => (matcher ??= buildMatcher(RULES, [...forms.values()])),
    found(value: string): void {
      if (options.onFound === undefined || found.size >= MAX_FOUND || found.has(value)) return;
      if (value.length < MIN_FOUND_LENGTH || value.length > MAX_FOUND_LENGTH || isHarmless(value))
        return;
      if (value.length < 16 && !looksGenerated(value)) return;
      found.add(value);
      options.onFound(value);
    },
  };

  return {
    redact(text) {
      const stream = createStream(source);
      return stream.push(text) + stream.flush();
    },
    contains: (text) => containsKnown(source.matcher(), text),
    register: learn,
    stream: () => createStream(source),
    streamOfFiltered: () => createStream(source, findColour),
    maskable: () => [...pieces],
  };
}

function containsKnown(matcher: Matcher, text: string): boolean {
  let contains = false;
  matcher.automaton.scan(text, 0, text.length, matcher.automaton.start, (id, end) => {
    if (contains || matcher.ruleOf(id) !== undefined) return;
    const start = startOfHit(text, end, matcher.lengthOf(id));
    contains = matcher.formsOf(id).some((form) => matchForm(text, start, form.text) >= 0);
  });
  return contains;
}
