import { toLines } from './output.ts';

/** As many lines from the end as tell one failure from another. */
const COMPARED_LINES = 20;

const CHANGING: readonly (readonly [RegExp, string])[] = [
  [
    /\b\d{4}-\d\d-\d\d(?:[T_ ]\d\d[:_-]\d\d(?:[:_-]\d\d(?:[.,_]\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?/gu,
    '<time>',
  ],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,12}\d{1,4}.{0,6} \d\d:\d\d:\d\d(?: \w{1,5})?(?: \d{4})?/gu,
    '<time>',
  ],
  [/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\b/gu, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu, '<id>'],
  [/\b0x[0-9a-f]{1,16}\b/giu, '<id>'],
  [/\b(?=[a-f]{0,64}\d)[0-9a-f]{7,64}\b/giu, '<id>'],
  [/\/tmp\/[\w./-]{1,200}/gu, '<temp>'],
  [
    /\b\d{1,12}(?:\.\d{1,9})? ?(?:ns|µs|us|ms|s|sec|secs|seconds?|min|minutes?|m|h|[KMGT]?i?B(?:\/s)?|%)(?![A-Za-z0-9])/gu,
    '<n>',
  ],
  [/\d{1,20}(?:[.,]\d{1,20}){0,3}/gu, '<n>'],
];

/**
 * The error without what changes from one attempt to the next (times, durations, process ids, hashes):
 * equal texts are the same failure. Empty when nothing was printed.
 */
export function normaliseError(tail: string): string {
  const lines = toLines(tail)
    .filter((line) => line.role !== 'retry')
    .slice(-COMPARED_LINES)
    .map((line) =>
      CHANGING.reduce(
        (text, [pattern, stands]) => text.replace(pattern, stands),
        line.text.slice(0, 400),
      ),
    );
  return [...new Set(lines)].join('\n');
}
