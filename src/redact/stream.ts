import {
  findControl,
  takeEscapes,
  unfinishedEscapeLength,
  type FindControl,
  type Insert,
} from './escapes.ts';
import {
  matchForm,
  MISMATCH,
  RAN_OUT,
  startOfHit,
  widenBase64,
  type Matcher,
} from './known-matcher.ts';
import { Page } from './page.ts';
import {
  endOfSecret,
  isBreak,
  isWhole,
  lastLineEnd,
  toLineCut,
  type Undecided,
} from './line-cut.ts';
import { render } from './render.ts';
import { mergeSpans, type Span } from './spans.ts';
import { createUtf8Decoder } from './utf8.ts';

/** Most text that is held back for a judgement. */
const MAX_HOLD = 65_536;
/** Before a cut inside of a line: what stays in reach of the rules on either side. */
const OVERLAP = 8_192;
const CONTEXT = 512;
/** At a release, an unfinished word this long or shorter is kept back if it may become a secret. */
const MAX_WORD = 512;

/** Redacts text that comes in pieces; what comes out does not depend on how it was cut. */
export interface RedactingStream {
  /** Takes the next piece; returns what can be shown by now: whole lines, as a rule. */
  push(chunk: Uint8Array | string): string;
  /** How many characters are held back. */
  pending(): number;
  /**
   * Shows what is held back, redacted as if nothing came after it: for a prompt or a progress bar, when the
   * process has been silent for a while. Only the beginning of what may become a secret stays back.
   */
  release(): string;
  /** The rest, when the process has ended. */
  flush(): string;
}

/** What a stream needs of its redactor. */
export interface StreamSource {
  /** Another one as soon as a value was registered. */
  matcher(): Matcher;
  /** Told what rules (not known values) found. */
  found(value: string): void;
}

interface Judged extends Undecided {
  readonly byRules: readonly Span[];
}

/** Makes the stream of a redactor; see `RedactingStream`. `find` knows what controls its text can have. */
export function createStream(
  source: StreamSource,
  find: FindControl = findControl,
): RedactingStream {
  const decoder = createUtf8Decoder();
  let text = '';
  /** `text` with its inserts. */
  let raw = '';
  let inserts: Insert[] = [];
  let halfEscape = '';
  /** `text` before this was shown already and is there for context only. */
  let shown = 0;
  let matcher = source.matcher();
  let state = matcher.automaton.start;
  let scanned = 0;
  let hitIds: number[] = [];
  let hitEnds: number[] = [];
  /** The secret at the last cut goes on behind it. */
  let insideSecret = false;

  function take(chunk: string): void {
    let plain = halfEscape === '' ? chunk : halfEscape + chunk;
    const unfinished = unfinishedEscapeLength(plain);
    halfEscape = unfinished === 0 ? '' : plain.slice(-unfinished);
    if (unfinished > 0) plain = plain.slice(0, -unfinished);
    raw += plain;
    text += takeEscapes(plain, text.length, inserts, find);
  }

  function scan(to: number): void {
    const current = source.matcher();
    if (current !== matcher) {
      matcher = current;
      state = matcher.automaton.start;
      scanned = 0;
      hitIds = [];
      hitEnds = [];
    }
    if (to <= scanned) return;
    state = matcher.automaton.scan(text, scanned, to, state, (id, end) => {
      hitIds.push(id);
      hitEnds.push(end);
    });
    scanned = to;
  }

  /** Judges the first `length` characters; rules see hits before `complete` only. */
  function judge(length: number, complete: number, final: boolean): Judged {
    const page = new Page(length === text.length ? text : text.slice(0, length), final);
    const known: Span[] = [];
    let open = Infinity;
    if (insideSecret) known.push({ start: 0, end: endOfSecret(page.text, shown) });
    for (let i = 0; i < hitIds.length; i++) {
      const id = hitIds[i] ?? 0;
      const end = hitEnds[i] ?? 0;
      if (end > length) break;
      const rule = matcher.ruleOf(id);
      const size = matcher.lengthOf(id);
      if (rule === undefined) {
        open = Math.min(open, compare(page, startOfHit(page.text, end, size), id, known));
      } else if (end <= complete && isWhole(page.text, end - size, end)) {
        rule.find(page, end - size, end);
      }
    }
    if (!final) open = Math.min(open, page.waitFrom, liveStart(length));
    return { spans: mergeSpans([...known, ...page.spans]), byRules: page.spans, open };
  }

  function compare(page: Page, start: number, id: number, known: Span[]): number {
    let open = Infinity;
    for (const form of matcher.formsOf(id)) {
      const end = matchForm(page.text, start, form.text);
      if (end === MISMATCH) continue;
      if (end !== RAN_OUT)
        known.push(form.isBase64 ? widenBase64(page.text, start, end) : { start, end });
      else if (!page.final) open = start;
      // Killed in the middle of it.
      else if (page.text.length - start >= Math.max(6, form.text.length / 2))
        known.push({ start, end: page.text.trimEnd().length });
    }
    return open;
  }

  /** Where the beginning of a known value starts that the text read so far ends with. */
  function liveStart(length: number): number {
    const depth = length === scanned ? matcher.automaton.depthOf(state) : 0;
    return depth === 0 ? Infinity : startOfHit(text, length, depth);
  }

  function show(spans: readonly Span[], to: number, last: boolean): string {
    const isUntouched = !spans.some((span) => span.end > shown && span.start < to);
    if (isUntouched) return raw.slice(rawPosition(shown), last ? undefined : rawPosition(to));
    return render(text, shown, to, spans, inserts, last);
  }

  /** Where position `at` of the text is in the raw text, before the inserts that stand there. */
  function rawPosition(at: number): number {
    let position = at;
    for (const insert of inserts) {
      if (insert.at >= at) break;
      position += insert.text.length;
    }
    return position;
  }

  /** Forgets the first `count` characters but for `keep` of them, which were shown and stay as context. */
  function drop(count: number, keep: number): void {
    const gone = count - keep;
    raw = raw.slice(rawPosition(gone));
    text = text.slice(gone);
    inserts = inserts
      .filter((insert) => insert.at >= gone)
      .map((insert) => ({ at: insert.at - gone, text: insert.text }));
    let first = 0;
    while (first < hitEnds.length && (hitEnds[first] ?? 0) <= gone) first++;
    hitIds = hitIds.slice(first);
    hitEnds = hitEnds.slice(first).map((end) => end - gone);
    scanned = Math.max(0, scanned - gone);
    shown = keep;
  }

  function report(byRules: readonly Span[], to: number): void {
    for (const span of byRules)
      if (span.end > shown && span.start < to) source.found(text.slice(span.start, span.end));
  }

  /** Shows and forgets whole lines as far as they can be judged. Undefined: nothing can be. */
  function step(final: boolean): string | undefined {
    const length = Math.min(text.length, MAX_HOLD);
    const atEnd = final && length === text.length;
    scan(length);
    const complete = atEnd ? length : lastLineEnd(text, length);
    if (complete > 0) {
      const judged = judge(length, complete, atEnd);
      const cut = atEnd ? length : toLineCut(text, complete, judged);
      if (cut > shown || atEnd) {
        report(judged.byRules, cut);
        const out = show(judged.spans, cut, atEnd);
        insideSecret = false;
        drop(cut, 0);
        return out;
      }
    }
    return length < MAX_HOLD ? undefined : force(length);
  }

  /** Nothing can be judged although the hold is full: a very long line, or a block that never ends. */
  function force(length: number): string {
    const judged = judge(length, length, true);
    const wanted = lastLineEnd(text, length) > shown ? lastLineEnd(text, length) : length - OVERLAP;
    let cut = wanted;
    const across = judged.spans.find((span) => span.start < wanted && span.end > wanted);
    if (across !== undefined) cut = across.start > shown + CONTEXT ? across.start : across.end;
    report(judged.byRules, cut);
    const out = show(judged.spans, cut, false);
    insideSecret = across?.end === cut && cut === length;
    drop(cut, isBreak(text.charCodeAt(cut - 1)) ? 0 : Math.min(cut, CONTEXT));
    return out;
  }

  function advance(final: boolean): string {
    let out = '';
    for (;;) {
      const more = step(final);
      if (more === undefined) return out;
      out += more;
      if (text.length === shown) return out;
    }
  }

  return {
    push(chunk) {
      const piece = typeof chunk === 'string' ? chunk : decoder.push(chunk);
      if (piece === '') return '';
      take(piece);
      const isWorthALook = text.length >= MAX_HOLD || piece.includes('\n') || piece.includes('\r');
      return isWorthALook ? advance(false) : '';
    },
    pending: () => text.length - shown + halfEscape.length,
    release() {
      if (text.length === shown) return '';
      scan(text.length);
      const judged = judge(text.length, text.length, true);
      const cut = Math.min(text.length, wordInDoubt(), liveStart(text.length), openKnown());
      if (cut <= shown) return '';
      const out = show(judged.spans, cut, false);
      shown = cut;
      return out;
    },
    flush() {
      take(decoder.flush());
      if (halfEscape !== '') inserts.push({ at: text.length, text: halfEscape });
      raw += halfEscape;
      halfEscape = '';
      const out = text.length === 0 ? raw : advance(true);
      text = '';
      raw = '';
      inserts = [];
      shown = 0;
      scanned = 0;
      state = matcher.automaton.start;
      hitIds = [];
      hitEnds = [];
      return out;
    },
  };

  /** Where a known value begins that is not complete. */
  function openKnown(): number {
    const page = new Page(text, false);
    let open = Infinity;
    hitIds.forEach((id, i) => {
      if (matcher.ruleOf(id) !== undefined) return;
      open = Math.min(
        open,
        compare(page, startOfHit(text, hitEnds[i] ?? 0, matcher.lengthOf(id)), id, []),
      );
    });
    return open;
  }

  /** Where the last, unfinished word begins, if something in it made a rule look: `https://user:hal`, `ghp_x`. */
  function wordInDoubt(): number {
    let start = text.length;
    while (
      start > shown &&
      text.length - start < MAX_WORD &&
      !/[\s"'`]/.test(text[start - 1] ?? '')
    )
      start--;
    const isInDoubt = hitEnds.some(
      (end, i) => end > start && matcher.ruleOf(hitIds[i] ?? 0) !== undefined,
    );
    return isInDoubt &&
      text.length - start < MAX_WORD &&
      /[:/_.$=-]/.test(text.slice(start)) &&
      !/[:=>?]$/.test(text.slice(start))
      ? start
      : Infinity;
  }
}
