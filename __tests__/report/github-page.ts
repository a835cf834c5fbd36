import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** A summary as HTML, by the rules of GitHub Flavored Markdown. */
export function toHtml(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** The elements on a page, and with which attributes. */
export function findTags(html: string): readonly string[] {
  return [...html.matchAll(/<[^>]*>?/gu)].map(([tag]) => tag);
}

/** Tags that our own words become; nothing else may be on a page. */
const OURS =
  /^<\/?(?:h2|h3|p|strong|em|code|pre|blockquote|ul|ol|li|table|thead|tbody|tr|th|td|details|summary|br)(?: (?:open|align="(?:left|right)"|class="language-(?:mermaid|sh|yaml)"))?(?: \/)?>$/u;

export function findForeignTags(html: string): readonly string[] {
  return findTags(html).filter((tag) => !OURS.test(tag));
}

/** What a reader sees outside of code, where GitHub looks for mentions, references, emoji codes and formulas. */
export function toProse(html: string): string {
  return html
    .replace(/<pre>[^]*?<\/pre>|<code>[^]*?<\/code>/gu, ' ')
    .replace(/<[^>]*>/gu, '')
    .replace(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Cells of every row of every table. */
export function findTables(html: string): readonly (readonly number[])[] {
  return [...html.matchAll(/<table>[^]*?<\/table>/gu)].map(([table]) =>
    [...table.matchAll(/<tr>[^]*?<\/tr>/gu)].map(([row]) => [...row.matchAll(/<t[dh]\b/gu)].length),
  );
}
