import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { byteLength, cutToBytes, shorten, takeLast } from '../../src/report/bounds.ts';
import { closeMarkdown } from '../../src/report/foreign-markdown.ts';
import { advice, block, blockOf, code, table, text } from '../../src/report/markdown.ts';
import { toVisibleLine, toVisibleLines } from '../../src/report/visible.ts';
import { toHtml } from './github-page.ts';

describe('foreign text in a sentence', () => {
  test.each([
    ['<b>x</b> & y', '&lt;b&gt;x&lt;/b&gt; &amp; y'],
    ['*a* _b_ ~~c~~ `d` [e](f)', '*a* _b_ ~~c~~ `d` [e](f)'],
    ['1. not a list', '1. not a list'],
    ['- not a list', '- not a list'],
    ['at 10:46:00+00:00 UTC', 'at 10:46:00+00:00 UTC'],
    ['83.1 GB free', '83.1 GB free'],
    ['two\nlines', 'two lines'],
    ['see www.example.com', 'see www.example.com'],
  ])('%j reads as it was written', (foreign, shown) => {
    expect(toHtml(text(foreign))).toBe(`<p>${shown}</p>`);
  });

  test('URLs become code, whose end is not the end of the sentence', () => {
    expect(toHtml(text('at https://h.example/a?b=c&d, or not'))).toBe(
      '<p>at <code>https://h.example/a?b=c&amp;d</code>, or not</p>',
    );
  });

  test('nobody is mentioned and nothing is referred to', () => {
    const shown = toHtml(text('@octo a@b.example #12 GH-12 :tada: :46:'));
    expect(shown.replaceAll('\u200b', '~')).toBe(
      '<p>@~octo a@~b.example #~12 GH-~12 :~tada: :46:</p>',
    );
  });

  test('commands that a colleague puts between backticks are code', () => {
    expect(toHtml(advice('Type `df -h | sort`, then `ls`.'))).toBe(
      '<p>Type <code>df -h | sort</code>, then <code>ls</code>.</p>',
    );
  });
});

test('code is what it was, in a table too', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('`', '|', '\\', 'a', ' ', '<', '&', '*'), maxLength: 12 }),
      (foreign) => {
        const line = toVisibleLine(foreign);
        fc.pre(line !== '');
        const html = toHtml(table(['a', 'b'], ['left', 'left'], [[code(foreign), 'x']]));
        const shown = /<tbody>\s*<tr>\s*<td><code>([^]*?)<\/code><\/td>\s*<td>x<\/td>/u.exec(
          html,
        )?.[1];
        expect(shown?.replaceAll('&lt;', '<').replaceAll('&amp;', '&')).toBe(line);
      },
    ),
  );
});

test('nothing in a code block ends it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('```', '`````', '~~~', ' ```', 'a', '', '</pre>')),
      (lines) => {
        const html = toHtml(`${block(lines)}\n\nafter`);
        expect(html.match(/<pre>/gu)).toHaveLength(1);
        expect(html.endsWith('<p>after</p>')).toBe(true);
      },
    ),
  );
});

describe('what a reader sees', () => {
  test('colours, cursor movements and hidden characters go, reading direction is named', () => {
    expect(
      toVisibleLine(
        '\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link a\u200bb \u202egnp.exe \ud83d',
      ),
    ).toBe('red link ab [U+202E]gnp.exe \ufffd');
  });

  test('right-to-left text and emoji stay', () => {
    expect(toVisibleLine('\u05e9\u05dc\u05d5\u05dd 👩‍🚀')).toBe('\u05e9\u05dc\u05d5\u05dd 👩‍🚀');
  });

  test('of a progress bar the last state is shown', () => {
    expect(toVisibleLines('\n 10 %\r 50 %\r100 %\r\ndone\r\n\n')).toEqual(['100 %', 'done']);
  });

  test('indentation stays in a block', () => {
    expect(blockOf('a\n  b')).toBe('```\na\n  b\n```');
  });
});

describe('bounds', () => {
  test('are of bytes, and split no character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 3, max: 300 }),
        (given, most) => {
          const cut = cutToBytes(given, most);
          expect(byteLength(cut)).toBeLessThanOrEqual(Math.max(most, 3));
          expect(cut).not.toContain('\ufffd'.repeat(given.includes('\ufffd') ? 1_000 : 1));
        },
      ),
    );
  });

  test('of characters', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('ab😀f', 4)).toBe('ab…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });

  test('of the last lines', () => {
    expect(takeLast(['a', 'bb', 'c'], { mostLines: 2, mostBytes: 99 })).toEqual({
      lines: ['bb', 'c'],
      omitted: 1,
    });
    expect(takeLast(['a', 'bb', 'c'], { mostLines: 9, mostBytes: 4 })).toEqual({
      lines: ['c'],
      omitted: 2,
    });
  });
});

describe('Markdown that a step wrote', () => {
  test('is left as it is when it leaves nothing open', () => {
    const markdown =
      '# A\n\n```sh\n<details>\n```\n\n<details><summary>s</summary>\n\n- a\n\n  ```\n  x\n  ```\n</details>\n\n> ```\n> quoted\n> ```\n\n`<b>`';
    expect(closeMarkdown(markdown)).toBe(markdown);
  });

  test.each([
    ['a code block', '```sh\necho'],
    ['a code block of tildes, with backticks in it', '~~~~\n```\n~~~'],
    ['a code block in a list', '- a\n  ```\n  b'],
    ['a code block in a list that has ended', '- a\n  ```\n  b\n\nend of the list'],
    ['a code block that a list item begins with', '1. ```\n   b'],
    ['a list item with a whole code block', '- ```\n  b\n  ```'],
    ['an indented code block outside of a list', 'a\n\n  ```\nb\n  ```'],
    ['a fold', '<details>\n<summary>s</summary>\n\ntext'],
    ['two folds', '<DETAILS><details>'],
    ['a comment', '<!-- and\n```'],
    ['a fold with a code block', '<details>\n\n```\n</details>'],
    ['a table', '<table><tr><td>'],
  ])('is closed: %s', (_, markdown) => {
    const html = toHtml(`${closeMarkdown(markdown)}\n\n### after`).replace(/<!--[^]*?-->/gu, '');
    expect(html).toContain('<h3>after</h3>');
    for (const name of ['details', 'table', 'td']) {
      const opened = html.match(new RegExp(`<${name}\\b`, 'giu'))?.length ?? 0;
      expect(html.match(new RegExp(`</${name}>`, 'giu'))?.length ?? 0).toBe(opened);
    }
  });
});
