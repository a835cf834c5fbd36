/** How much of what can be long is shown. */
export interface Room {
  /** Of the end of a command's output. */
  readonly tailLines: number;
  readonly tailBytes: number;
  /** Of what the steps wrote for the summary themselves, all together. */
  readonly summaryBytes: number;
  /** Of a table or list. */
  readonly rows: number;
}

const KIB = 1024;
const AMPLE: Room = { tailLines: 200, tailBytes: 64 * KIB, summaryBytes: 600 * KIB, rows: 1000 };

/** What gives way to what: ends of outputs first, then the steps' own words, then rows in the middle. */
export const ROOMS: readonly Room[] = [
  AMPLE,
  { ...AMPLE, tailLines: 100, tailBytes: 16 * KIB },
  { ...AMPLE, tailLines: 40, tailBytes: 2 * KIB },
  { ...AMPLE, tailLines: 40, tailBytes: 2 * KIB, summaryBytes: 256 * KIB },
  { ...AMPLE, tailLines: 40, tailBytes: 2 * KIB, summaryBytes: 64 * KIB },
  { tailLines: 40, tailBytes: 2 * KIB, summaryBytes: 16 * KIB, rows: 200 },
  { tailLines: 10, tailBytes: KIB, summaryBytes: 4 * KIB, rows: 40 },
];

/** The first and last of more than `most` items, and how many are left out between. */
export function leaveOutMiddle<T>(
  items: readonly T[],
  most: number,
): { readonly first: readonly T[]; readonly omitted: number; readonly last: readonly T[] } {
  if (items.length <= most) return { first: items, omitted: 0, last: [] };
  const head = Math.ceil(most / 2);
  const tail = most - head;
  return {
    first: items.slice(0, head),
    omitted: items.length - most,
    last: tail === 0 ? [] : items.slice(-tail),
  };
}
