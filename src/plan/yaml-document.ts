import { isAlias, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Alias, Node } from 'yaml';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { toSyntaxFindings } from './yaml-syntax.ts';
import { readValues } from './yaml-values.ts';

/** Something wrong at an offset of a text. */
export interface Finding {
  readonly offset: number;
  readonly message: string;
}

/** Line and column of an offset, both from 1. */
export type PlaceOf = (offset: number) => { readonly line: number; readonly column: number };

/** Keys and indices from the root to a value. */
export type Path = readonly PropertyKey[];

/** A YAML text as plain values, and where each of them stands. */
export interface YamlDocument {
  readonly value: unknown;
  /** What is wrong besides syntax, such as duplicate keys; the rest can still be looked at. */
  readonly findings: readonly Finding[];
  /** The node at a path, aliases followed; undefined when there is none. */
  nodeAt(path: Path): Node | undefined;
  /** Offset of the value at a path, of its key, or of the nearest parent that exists. */
  offsetOf(path: Path, on: 'key' | 'value'): number;
  /** The texts, keys included, that contain `part`: their offsets. */
  offsetsOfTextWith(part: string): readonly number[];
}

/** A text that was read, or what is wrong with its syntax; places can be told either way. */
export interface YamlReading {
  readonly placeOf: PlaceOf;
  readonly document: Result<YamlDocument, readonly Finding[]>;
}

/** Reads one YAML 1.2 document. */
export function readYaml(text: string): YamlReading {
  const placeOf = createPlaceOf(text);
  // Duplicate keys are found while reading values: the parser's own search is quadratic.
  const parsed = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  });
  const syntax = toSyntaxFindings(parsed, text, placeOf);
  if (syntax.length > 0) return { placeOf, document: failure(syntax) };

  const root = parsed.contents ?? undefined;
  const aliases = text.includes('*') ? resolveAliases(root) : new Map<Alias, Node>();
  const { value, findings, excess } = readValues(root, aliases, placeOf);
  if (excess !== undefined) return { placeOf, document: failure([excess]) };
  const follow = (node: unknown): Node | undefined =>
    isAlias(node) ? aliases.get(node) : isNode(node) ? node : undefined;
  const document: YamlDocument = {
    value,
    findings,
    nodeAt: (path) =>
      path.reduce<Node | undefined>((node, key) => follow(childOf(node, key)?.value), follow(root)),
    offsetOf: (path, on) => offsetOf(follow(root), path, on, follow),
    offsetsOfTextWith: (part) => offsetsOfTextWith(root, part),
  };
  return { placeOf, document: success(document) };
}

/** The parser's own counter of lines loses some in texts that are not valid. */
function createPlaceOf(text: string): PlaceOf {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const wanted = Math.max(0, Math.min(offset, text.length));
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: wanted - (starts[low] ?? 0) + 1 };
  };
}

/** Each alias with the node it stands for: the latest anchor of that name in front of it. */
function resolveAliases(root: Node | undefined): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const resolved = new Map<Alias, Node>();
  if (root === undefined) return resolved;
  visit(root, {
    Alias(_key, alias) {
      const target = anchors.get(alias.source);
      if (target !== undefined) resolved.set(alias, target);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return resolved;
}

function offsetsOfTextWith(root: Node | undefined, part: string): readonly number[] {
  const offsets: number[] = [];
  if (root === undefined) return offsets;
  visit(root, {
    Scalar(_key, { value, range }) {
      if (typeof value === 'string' && value.includes(part)) offsets.push(range?.[0] ?? 0);
    },
  });
  return offsets;
}

type Located = Node & { readonly range?: readonly [number, number, number] | null };

function isNode(node: unknown): node is Located {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** The pair (of a mapping) or item (of a list) at a key. */
function childOf(
  node: Node | undefined,
  key: PropertyKey,
): { readonly key?: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    return typeof key === 'number' && key < node.items.length
      ? { value: node.items[key] }
      : undefined;
  }
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function offsetOf(
  root: Node | undefined,
  path: Path,
  on: 'key' | 'value',
  follow: (node: unknown) => Node | undefined,
): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const [depth, key] of path.entries()) {
    const child = childOf(node, key);
    if (child === undefined) return offset;
    const keyOffset = startOf(child.key);
    node = follow(child.value);
    // A key without a value has nothing else to point at.
    const empty = isScalar(node) && node.value === null && node.source === '';
    const atKey = empty || (on === 'key' && depth === path.length - 1);
    offset = (atKey ? keyOffset : undefined) ?? startOf(node) ?? keyOffset ?? offset;
  }
  return offset;
}
