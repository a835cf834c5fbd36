const OTHER = 0;
const NEWLINE = 1;
const ROOT = 0;
/** Characters that are encoded at a time. */
const SLICE = 32_768;
/** A line break inside a match is overlooked from this many characters on: terminals wrap long lines. */
export const WRAP_DEPTH = 3;

/** A literal to find. Matching folds ASCII case; whoever is told of a hit compares exactly if it matters. */
export interface Literal {
  readonly text: string;
  /** Overlook line breaks inside. */
  readonly wraps: boolean;
}

/** Literal number `id` ends before position `end`; line breaks inside make it longer than its text. */
type OnHit = (id: number, end: number) => void;

/** Finds many literals in one pass, in time that does not depend on how many there are. */
export interface Automaton {
  /** Goes on from `state` over `text[from, to)`; returns the state to go on from next time. */
  scan(text: string, from: number, to: number, state: number, onHit: OnHit): number;
  /** Length of the longest beginning of a wrapping literal that the text read so far ends with. */
  depthOf(state: number): number;
  readonly start: number;
}

interface Trie {
  readonly children: Map<number, number>[];
  readonly depth: number[];
  readonly ends: number[][];
  readonly wraps: boolean[];
}

/** Builds the Aho-Corasick automaton as one dense table: a step is two array reads, whatever the input. */
export function buildAutomaton(literals: readonly Literal[]): Automaton {
  const { classOf, shift } = toClasses(literals);
  const trie = toTrie(literals, classOf);
  return toTable(trie, classOf, shift);
}

function toClasses(literals: readonly Literal[]): { classOf: Uint8Array; shift: number } {
  const classOf = new Uint8Array(256).fill(OTHER);
  classOf[10] = NEWLINE;
  classOf[13] = NEWLINE;
  let next = 2;
  for (const { text } of literals) {
    for (let i = 0; i < text.length; i++) {
      const code = foldCode(text.charCodeAt(i));
      if (code < 128 && classOf[code] === OTHER) classOf[code] = next++;
    }
  }
  for (let code = 65; code <= 90; code++) classOf[code] = classOf[code + 32] ?? OTHER;
  let shift = 5;
  while (1 << shift < next) shift++;
  return { classOf, shift };
}

function foldCode(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function toTrie(literals: readonly Literal[], classOf: Uint8Array): Trie {
  const trie: Trie = {
    children: [new Map<number, number>()],
    depth: [0],
    ends: [[]],
    wraps: [false],
  };
  literals.forEach(({ text, wraps }, id) => {
    let node = ROOT;
    for (let i = 0; i < text.length; i++) {
      const kind = classOf[foldCode(text.charCodeAt(i))] ?? OTHER;
      let child = trie.children[node]?.get(kind);
      if (child === undefined) {
        child = trie.children.length;
        trie.children[node]?.set(kind, child);
        trie.children.push(new Map());
        trie.depth.push(i + 1);
        trie.ends.push([]);
        trie.wraps.push(false);
      }
      if (wraps) trie.wraps[child] = true;
      node = child;
    }
    trie.ends[node]?.push(id);
  });
  return trie;
}

function toTable(trie: Trie, classOf: Uint8Array, shift: number): Automaton {
  const size = trie.children.length;
  const stride = 1 << shift;
  const next = new Int32Array(size << shift);
  const fail = new Int32Array(size);
  const order = [ROOT];
  for (const node of order) {
    const row = node << shift;
    const fallback = (fail[node] ?? ROOT) << shift;
    if (node !== ROOT) next.copyWithin(row, fallback, fallback + stride);
    for (const [kind, child] of trie.children[node] ?? []) {
      const failed = node === ROOT ? ROOT : (next[fallback + kind] ?? 0) >> shift;
      fail[child] = failed;
      trie.ends[child]?.push(...(trie.ends[failed] ?? []));
      next[row + kind] = child << shift;
      order.push(child);
    }
  }
  for (const node of order) overlookLineBreak(node);
  markHits();
  const depths = Int32Array.from(order.map((_, node) => wrapDepth(node)));

  function overlookLineBreak(node: number): void {
    const stays = trie.wraps[node] === true && (trie.depth[node] ?? 0) >= WRAP_DEPTH;
    const fallback = next[((fail[node] ?? ROOT) << shift) + NEWLINE] ?? ROOT;
    next[(node << shift) + NEWLINE] = stays ? node << shift : node === ROOT ? ROOT : fallback;
  }
  /** A step to a state where something ends is stored as its complement, so that the loop tests one sign. */
  function markHits(): void {
    for (let i = 0; i < next.length; i++) {
      const target = next[i] ?? 0;
      const isLineBreak = (i & (stride - 1)) === NEWLINE;
      if (!isLineBreak && (trie.ends[target >> shift] ?? []).length > 0) next[i] = ~target;
    }
  }
  function wrapDepth(node: number): number {
    let at = node;
    while (at !== ROOT && trie.wraps[at] !== true) at = fail[at] ?? ROOT;
    return trie.depth[at] ?? 0;
  }

  const encoder = new TextEncoder();
  const bytes = new Uint8Array(3 * SLICE);

  /** Steps over bytes: reading a typed array is several times faster than reading characters of a string. */
  function scanSlice(slice: string, offset: number, state: number, onHit: OnHit): number {
    const { written } = encoder.encodeInto(slice, bytes);
    let at = state;
    // Position in the text minus position in the bytes.
    let skew = offset + 1;
    for (let i = 0; i < written; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= 0x80) {
        if (byte < 0xc0) {
          skew--;
          continue;
        }
        // A character of four bytes is two in the text.
        if (byte >= 0xf0) {
          skew++;
          at = next[at + OTHER] ?? 0;
          if (at < 0) at = report(~at, i + skew - 1, onHit);
        }
      }
      at = next[at + (classOf[byte] ?? 0)] ?? 0;
      if (at < 0) at = report(~at, i + skew, onHit);
    }
    return at;
  }

  function report(state: number, end: number, onHit: OnHit): number {
    for (const id of trie.ends[state >> shift] ?? []) onHit(id, end);
    return state;
  }

  return {
    start: ROOT,
    depthOf: (state) => depths[state >> shift] ?? 0,
    scan(text, from, to, state, onHit) {
      let at = state;
      for (let i = from; i < to; i += SLICE) {
        at = scanSlice(text.slice(i, Math.min(to, i + SLICE)), i, at, onHit);
      }
      return at;
    },
  };
}
