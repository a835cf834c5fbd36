import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, YAMLMap } from 'yaml';
import type { Finding, PlaceOf } from './yaml-document.ts';

/** Stands for a value that has already been complained about; what a schema says of it is dropped. */
export const POISON = Symbol('poison');

/** Nodes that aliases may unfold to: enough for every honest plan, far too few for a bomb. */
const MOST_ALIASED_NODES = 100_000;

/** Levels of nesting; a plan needs five. */
const DEEPEST = 50;

/** Plain values of a tree of nodes, and what is wrong with it besides syntax. */
export interface Values {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Set when reading was given up: nothing else is worth saying. */
  readonly excess?: Finding;
}

interface Reading {
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly placeOf: PlaceOf;
  readonly findings: Finding[];
  /** The collections that are being read, outermost first, aliases followed. */
  readonly open: unknown[];
  /** How many aliases led here, and how many nodes were read behind aliases in all. */
  aliasesFollowed: number;
  aliasedNodes: number;
  excess: Finding | undefined;
}

/** Keys become those of objects without a prototype: every name is just a name. */
export function readValues(
  root: unknown,
  aliases: ReadonlyMap<Alias, Node>,
  placeOf: PlaceOf,
): Values {
  const reading: Reading = {
    aliases,
    placeOf,
    findings: [],
    open: [],
    aliasesFollowed: 0,
    aliasedNodes: 0,
    excess: undefined,
  };
  const value = read(root, reading);
  const { findings, excess } = reading;
  return { value, findings, ...(excess && { excess }) };
}

function read(node: unknown, reading: Reading): unknown {
  if (reading.excess !== undefined) return POISON;
  if (isAlias(node)) return readAlias(node, reading);
  if (reading.aliasesFollowed > 0) reading.aliasedNodes += 1;
  if (isScalar(node)) return node.value;
  if (!isMap(node) && !isSeq(node)) return null;
  if (reading.open.length >= DEEPEST) return giveUp(reading, node, 'this is nested too deeply');
  reading.open.push(node);
  const value = isMap(node)
    ? readMap(node, reading)
    : node.items.map((item) => read(item, reading));
  reading.open.pop();
  return value;
}

function readAlias(alias: Alias, reading: Reading): unknown {
  const name = `*${alias.source}`;
  const target = reading.aliases.get(alias);
  if (target === undefined) {
    return complain(
      reading,
      alias,
      `${name}: there is no anchor &${alias.source} in front of this`,
    );
  }
  if (reading.open.includes(target)) {
    return complain(reading, alias, `${name}: this refers to something that contains it`);
  }
  if (reading.aliasedNodes > MOST_ALIASED_NODES) {
    return giveUp(reading, alias, `${name}: the aliases of this plan unfold to too much`);
  }
  reading.aliasesFollowed += 1;
  const value = read(target, reading);
  reading.aliasesFollowed -= 1;
  return value;
}

const MERGE_KEY =
  'merge keys (<<) are not part of YAML 1.2, nor of workflows: ' +
  'write the keys out, or use "defaults", or an alias for the whole value';

function readMap(map: YAMLMap, reading: Reading): unknown {
  const value = Object.create(null) as Record<string, unknown>;
  const offsets = new Map<string, number>();
  for (const pair of map.items) {
    if (!isScalar(pair.key)) {
      complain(reading, pair.key ?? map, 'a key must be text');
      continue;
    }
    const key = String(pair.key.value);
    const first = offsets.get(key);
    if (key === '<<') {
      complain(reading, pair.key, MERGE_KEY);
    } else if (key === '__proto__') {
      // Not every library on the way takes it for a name like any other.
      complain(reading, pair.key, 'the key "__proto__" is not allowed');
    } else if (first === undefined) {
      offsets.set(key, startOf(pair.key));
      value[key] = read(pair.value, reading);
    } else {
      const { line } = reading.placeOf(first);
      const message = `the key "${key}" stands twice in the same mapping, first on line ${line}`;
      complain(reading, pair.key, message);
    }
  }
  return value;
}

function startOf(node: unknown): number {
  const hasRange = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node);
  return (hasRange ? node.range?.[0] : undefined) ?? 0;
}

function complain(reading: Reading, node: unknown, message: string): typeof POISON {
  const offset = startOf(node);
  // What stands behind an anchor is read once for each of its aliases, and reported once.
  const isKnown =
    reading.aliasesFollowed > 0 &&
    reading.findings.some((known) => known.offset === offset && known.message === message);
  if (!isKnown) reading.findings.push({ offset, message });
  return POISON;
}

function giveUp(reading: Reading, node: unknown, message: string): typeof POISON {
  reading.excess = { offset: startOf(node), message };
  return POISON;
}
