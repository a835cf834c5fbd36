import { expect, test } from '@jest/globals';
import { planOf } from './plan-builder.ts';

/** Line, column and linearity of the script of the only step. */
function sourceOf(run: string): unknown {
  const { source } = planOf(`steps:\n  - id: a\n    run: ${run}\n`).steps[0]?.script ?? {};
  return source === undefined ? undefined : [source.line, source.column, source.linear];
}

test.each([
  ['plain', 'echo a', [3, 10, true]],
  ['plain with a comment', 'echo a # b', [3, 10, true]],
  ['plain on several lines', 'echo a\n      b', [3, 10, false]],
  ['plain on the next line', '\n      echo a', [4, 7, true]],
  ['single quotes', "'echo a'", [3, 11, true]],
  ['double quotes', '"echo a"', [3, 11, true]],
  ['double quotes with a line break inside', '"echo a\\necho b"', [3, 11, false]],
  ['double quotes on two lines', '"echo a\n      b"', [3, 11, false]],
  ['literal', '|\n      echo a\n      echo b', [4, 7, true]],
  ['literal, stripped', '|-\n      echo a\n      echo b', [4, 7, true]],
  ['literal, kept', '|+\n      echo a\n\n', [4, 7, true]],
  ['literal with a comment', '| # why\n      echo a', [4, 7, true]],
  ['literal that begins with an empty line', '|\n\n      echo a', [4, 7, true]],
  ['literal with an indentation indicator', '|2\n        echo a\n      echo b', [4, 7, true]],
  ['literal with an anchor', '&x |\n      echo a', [4, 7, true]],
  ['literal with a tag', '!!str |\n      echo a', [4, 7, true]],
  ['folded', '>\n      echo a\n      b', [4, 7, false]],
])('%s', (_what, run, place) => {
  expect(sourceOf(run)).toEqual(place);
});

test('line n of a literal script is the n-th line from its source on', () => {
  const text = 'steps:\n  - id: a\n    run: |\n\n      one\n        two\n\n      three\n';
  const { script } = planOf(text).steps[0] ?? {};
  const lines = text.split('\n');
  for (const [index, line] of (script?.text ?? '').trimEnd().split('\n').entries()) {
    expect(lines[(script?.source?.line ?? 0) - 1 + index]?.trim()).toBe(line.trim());
  }
});

test('Windows line ends change nothing', () => {
  const plan = planOf('steps:\r\n  - id: a\r\n    run: |\r\n      one\r\n      two\r\n');
  expect(plan.steps[0]?.script).toMatchObject({
    text: 'one\ntwo\n',
    source: { line: 4, column: 7, linear: true },
  });
});
