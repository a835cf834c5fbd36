import type { Line } from './output.ts';

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|milli)/iu, 1],
  [/^h/iu, 3_600_000],
  [/^m/iu, 60_000],
  [/^s?/iu, 1000],
];
const AMOUNT =
  /(\d{1,7}(?:\.\d{1,3})?) ?(milliseconds?|ms|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)?\b/u;
const SAID: readonly RegExp[] = [
  /\bretry[-_ ]?after["']?\s{0,2}[:=]\s{0,2}["']?(.{1,40})/iu,
  /\b(?:retry|try again|please wait|wait|available again|resets?) (?:again )?(?:in|after|for)(?: about| approximately| ~)? ?(.{1,40})/iu,
  /\bx-rate-?limit-reset-after["']?\s{0,2}[:=]\s{0,2}["']?(.{1,40})/iu,
  /\bratelimit-reset["']?\s{0,2}[:=]\s{0,2}["']?(\d{1,5})\b/iu,
];
const HTTP_DATE = /\w{3}, \d{2} \w{3} \d{4} \d\d:\d\d:\d\d GMT/u;
/** Longer than a day is not meant as a wait. */
const LONGEST_MS = 86_400_000;

/** How long the far side asked to wait; its last word counts. Dates count from its own `Date` header. */
export function parseRetryAfter(lines: readonly Line[]): number | undefined {
  for (let index = lines.length - 1; index >= 0; index--) {
    const text = lines[index]?.text ?? '';
    if (!/retry|again|wait|reset/iu.test(text)) continue;
    const waitMs = fromSentence(text) ?? fromDates(text, lines) ?? fromResetTime(text, lines);
    if (waitMs !== undefined && waitMs > 0 && waitMs <= LONGEST_MS) return waitMs;
  }
  return undefined;
}

function fromSentence(text: string): number | undefined {
  for (const said of SAID) {
    const rest = said.exec(text)?.[1];
    if (rest === undefined) continue;
    const ms = toMs(rest);
    if (ms !== undefined) return ms;
  }
  return undefined;
}

/** Sums parts such as `1h2m3s`, `12 seconds`, `30`; only what stands at the start counts. */
function toMs(text: string): number | undefined {
  let rest = text.trimStart();
  let total: number | undefined;
  for (let part = 0; part < 4; part++) {
    const found =
      new RegExp(`^${AMOUNT.source.replace(/\\b$/u, '(?![A-Za-z0-9])')}`, 'u').exec(rest) ??
      /^(\d{1,7}(?:\.\d{1,3})?)(h|m|s)(?=\d)/u.exec(rest);
    if (found === null) break;
    const unit = found[2] ?? '';
    if (unit === '' && total !== undefined) break;
    const scale = UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? 1000;
    total = (total ?? 0) + Math.round(Number(found[1]) * scale);
    rest = rest.slice(found[0].length).replace(/^(?:,| and)? ?/u, '');
    if (unit === '') break;
  }
  return total;
}

function fromDates(text: string, lines: readonly Line[]): number | undefined {
  if (!/retry-after/iu.test(text)) return undefined;
  const until = HTTP_DATE.exec(text)?.[0];
  return until === undefined ? undefined : sinceServerDate(Date.parse(until), lines);
}

function fromResetTime(text: string, lines: readonly Line[]): number | undefined {
  const epoch = /\bx-ratelimit-reset["']?\s{0,2}[:=]\s{0,2}["']?(\d{10})\b/iu.exec(text)?.[1];
  return epoch === undefined ? undefined : sinceServerDate(Number(epoch) * 1000, lines);
}

function sinceServerDate(untilMs: number, lines: readonly Line[]): number | undefined {
  const header = lines
    .map((line) => /(?:^|[<\s])date: (.{1,60})/iu.exec(line.text)?.[1])
    .find((date) => date !== undefined);
  const nowMs = Date.parse(HTTP_DATE.exec(header ?? '')?.[0] ?? '');
  const waitMs = untilMs - nowMs;
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}
