import { isBreak } from './line-cut.ts';
import type { Span } from './spans.ts';

/** A line of the page; `end` is the position of its terminator, or of the page's end. */
export interface Line {
  readonly start: number;
  readonly end: number;
}

/** Longest logical line that is joined from lines ending in a backslash. */
const MAX_JOINED = 8_192;

/** The text the rules look at: whole lines (unless it is final), and where they write what they found. */
export class Page {
  readonly text: string;
  /** Everything there will be (or all we are ready to wait for): an open end is an end. */
  readonly final: boolean;
  readonly spans: Span[] = [];
  /** Where the earliest thing begins that cannot be judged without more text. */
  waitFrom = Infinity;
  /** End of the name that was looked at last, so that `access_token` is looked at once. */
  lastNameEnd = -1;
  /** Up to here program options were read: `curl` in a URL of a curl command is no program. */
  readonly seen = new Map<string, number>();
  #line: Line = { start: 0, end: -1 };
  #printed: Line = { start: 0, end: -1 };
  #return = { soughtFrom: 0, at: -1 };

  constructor(text: string, final: boolean) {
    this.text = text;
    this.final = final;
  }

  /** Marks `[start, end)` as secret. */
  redact(start: number, end: number): void {
    if (end > start) this.spans.push({ start, end });
  }

  /** Whether `at` lies in something already marked by the rule before: no need to look into it. */
  isMarked(at: number): boolean {
    const last = this.spans.at(-1);
    return last !== undefined && at >= last.start && at < last.end;
  }

  /** The line around `at`, with the lines it is joined to by a backslash at the end. */
  lineAt(at: number): Line {
    const known = this.#line;
    if (at >= known.start && at <= known.end) return known;
    const { text } = this;
    let start = at;
    while (start > 0 && at - start < MAX_JOINED) {
      if (!isBreak(text.charCodeAt(start - 1))) start--;
      else if (this.#isJoined(start)) start = this.#skipBreakBack(start);
      else break;
    }
    let end = this.physicalEnd(at);
    while (end < text.length && end - at < MAX_JOINED && text.charCodeAt(end - 1) === 92) {
      end = this.physicalEnd(this.skipBreak(end));
    }
    this.#line = { start, end };
    return this.#line;
  }

  /** End of the printed line that `at` lies on. */
  physicalEnd(at: number): number {
    const known = this.#printed;
    if (at >= known.start && at <= known.end) return known.end;
    const feed = this.text.indexOf('\n', at);
    const end = Math.min(feed === -1 ? this.text.length : feed, this.#nextReturn(at));
    this.#printed = { start: at, end };
    return end;
  }

  /** The printed line after the one that ends at `end`; undefined at the end, which is waited for. */
  nextLine(end: number, from: number): Line | undefined {
    if (end >= this.text.length) {
      this.#wait(from);
      return undefined;
    }
    const start = this.skipBreak(end);
    const next = { start, end: this.physicalEnd(start) };
    if (next.end < this.text.length || this.final) return next;
    this.#wait(from);
    return undefined;
  }

  /** Position behind the line break at `at`. */
  skipBreak(at: number): number {
    return this.text.startsWith('\r\n', at) ? at + 2 : at + 1;
  }

  /** The next carriage return; most texts have none, so what was found is remembered. */
  #nextReturn(at: number): number {
    if (at < this.#return.soughtFrom || at > this.#return.at) {
      const found = this.text.indexOf('\r', at);
      this.#return = { soughtFrom: at, at: found === -1 ? Infinity : found };
    }
    return this.#return.at;
  }

  #wait(from: number): void {
    if (!this.final) this.waitFrom = Math.min(this.waitFrom, from);
  }

  #skipBreakBack(start: number): number {
    return start >= 2 && this.text.startsWith('\r\n', start - 2) ? start - 2 : start - 1;
  }

  #isJoined(start: number): boolean {
    const before = this.#skipBreakBack(start);
    return before > 0 && this.text.charCodeAt(before - 1) === 92;
  }
}

/** A rule of the redactor: where one of its literals occurs, it looks around and marks what is secret. */
export interface Rule {
  /** Lower case; ASCII case does not matter in the text. */
  readonly literals: readonly string[];
  readonly find: (page: Page, start: number, end: number) => void;
}
