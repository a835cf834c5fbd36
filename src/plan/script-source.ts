import { isScalar, Scalar } from 'yaml';
import type { Node } from 'yaml';
import type { Script } from './plan.ts';
import type { PlaceOf } from './yaml-document.ts';

/** Where the first line of a script stands in the text it was read from. */
export function toScriptSource(
  script: string,
  node: Node | undefined,
  text: string,
  file: string,
  placeOf: PlaceOf,
): Script['source'] {
  if (!isScalar(node) || node.range == null) return undefined;
  const [start, end] = node.range;
  const { line, column } = placeOf(start);
  if (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) {
    const linear = node.type === Scalar.BLOCK_LITERAL;
    return {
      file,
      line: line + 1,
      column: toContentColumn(script, text.slice(start, end)),
      linear,
    };
  }
  // A quoted one-line scalar can hold several lines (`"a\nb"`), a plain or quoted one can span several.
  const linear = !script.includes('\n') && !text.slice(start, end).includes('\n');
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  return { file, line, column: quoted ? column + 1 : column, linear };
}

/** The column at which a block's content begins: its indentation is not part of the script. */
function toContentColumn(script: string, block: string): number {
  const isFilled = (line: string): boolean => line.trim() !== '';
  const written = block.split('\n').slice(1).find(isFilled) ?? '';
  const read = script.split('\n').find(isFilled) ?? '';
  const [begin = ''] = written.split(/\S/u, 1);
  const [kept = ''] = read.split(/\S/u, 1);
  return begin.length - kept.length + 1;
}
