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

/** The literals as a tree of characters. States are numbered as they are met; the root is 0, and nobody's child. */
interface Trie {
  /** Number of states. */
  readonly size: number;
  /** First child and next sibling of each state; 0: none. */
  readonly child: Uint32Array;
  readonly sibling: Uint32Array;
  /** The kind of character that leads to a state. */
  readonly kind: Uint8Array;
  readonly depth: Uint16Array;
  readonly wraps: Uint8Array;
  /** Literals that end in a state; most have none. */
  readonly ends: Map<number, number[]>;
}

/** Builds the Aho-Corasick automaton as one dense table: a step is two array reads, whatever the input. */
export function buildAutomaton(literals: readonly Literal[]): Automaton {
  const { classOf, shift } = toClasses(literals);
  const trie = toTrie(literals, classOf);
  return toMachine(trie, toTable(trie, shift), classOf, shift);
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
  const most = literals.reduce((sum, { text }) => sum + text.length, 1);
  const child = new Uint32Array(most);
  const sibling = new Uint32Array(most);
  const kind = new Uint8Array(most);
  const depth = new Uint16Array(most);
  const wraps = new Uint8Array(most);
  const ends = new Map<number, number[]>();
  let size = 1;

  function step(from: number, by: number): number {
    let node = child[from] ?? ROOT;
    while (node !== ROOT && kind[node] !== by) node = sibling[node] ?? ROOT;
    if (node !== ROOT) return node;
    kind[size] = by;
    depth[size] = (depth[from] ?? 0) + 1;
    sibling[size] = child[from] ?? ROOT;
    child[from] = size;
    return size++;
  }

  literals.forEach((literal, id) => {
    let node = ROOT;
    for (let i = 0; i < literal.text.length; i++) {
      node = step(node, classOf[foldCode(literal.text.charCodeAt(i))] ?? OTHER);
      if (literal.wraps) wraps[node] = 1;
    }
    addTo(ends, node, [id]);
  });
  return { size, child, sibling, kind, depth, wraps, ends };
}

function addTo(ends: Map<number, number[]>, node: number, ids: readonly number[]): void {
  const known = ends.get(node);
  if (known === undefined) ends.set(node, [...ids]);
  else known.push(...ids);
}

/** Where each state goes with each kind of character, and how deep the read text is in a wrapping literal. */
interface Table {
  readonly next: Int32Array;
  readonly depths: Uint16Array;
}

/**
 * Turns the tree into the table: a state has its own children, else what its longest proper suffix has. A state
 * is stored as the place of its row; one where something ends as the complement of that, so that the loop tests
 * one sign.
 */
function toTable(trie: Trie, shift: number): Table {
  const { size, child, sibling, kind, depth, wraps, ends } = trie;
  const stride = 1 << shift;
  const next = new Int32Array(size << shift);
  const fail = new Int32Array(size);
  const depths = new Uint16Array(size);
  const order = new Int32Array(size);
  let queued = 1;
  for (let i = 0; i < queued; i++) {
    const node = order[i] ?? ROOT;
    const row = node << shift;
    const fallback = (fail[node] ?? ROOT) << shift;
    if (node !== ROOT) next.copyWithin(row, fallback, fallback + stride);
    depths[node] = wraps[node] === 1 ? (depth[node] ?? 0) : (depths[fail[node] ?? ROOT] ?? 0);
    for (let to = child[node] ?? ROOT; to !== ROOT; to = sibling[to] ?? ROOT) {
      const by = kind[to] ?? OTHER;
      const failed = node === ROOT ? ROOT : toState(next[fallback + by] ?? ROOT) >> shift;
      fail[to] = failed;
      const inherited = ends.get(failed);
      if (inherited !== undefined) addTo(ends, to, inherited);
      next[row + by] = ends.has(to) ? ~(to << shift) : to << shift;
      order[queued++] = to;
    }
  }
  for (const node of order) {
    const stays = wraps[node] === 1 && (depth[node] ?? 0) >= WRAP_DEPTH;
    const fallback = next[((fail[node] ?? ROOT) << shift) + NEWLINE] ?? ROOT;
    next[(node << shift) + NEWLINE] = stays ? node << shift : node === ROOT ? ROOT : fallback;
  }
  return { next, depths };
}

/** A step as the table has it, without the mark that something ends there. */
function toState(step: number): number {
  return step < 0 ? ~step : step;
}

function toMachine(
  { ends }: Trie,
  { next, depths }: Table,
  classOf: Uint8Array,
  shift: number,
): Automaton {
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
    for (const id of ends.get(state >> shift) ?? []) onHit(id, end);
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
