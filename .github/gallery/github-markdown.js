// Markdown to HTML as GitHub shows it: GFM, its sanitizer in short, alerts, and Mermaid diagrams.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const ALLOWED =
  'a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img input ins kbd li ol p picture pre q s samp span strike strong sub summary sup table tbody td tfoot th thead tr tt ul var'.split(
    ' ',
  );
const ALERTS = {
  NOTE: 'Note',
  TIP: 'Tip',
  IMPORTANT: 'Important',
  WARNING: 'Warning',
  CAUTION: 'Caution',
};

/** HTML of a page's body. */
export function renderGitHubMarkdown(markdown) {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return toDiagrams(toAlerts(sanitize(html)));
}

/** Elements that GitHub does not know are shown as text or dropped; attributes go but for a few. */
function sanitize(html) {
  return html
    .replace(/<!--[^]*?(?:-->|$)/gu, '')
    .replace(/<(script|style|iframe|textarea|title)\b[^]*?(?:<\/\1>|$)/giu, '')
    .replace(/<(\/?)([a-z][a-z0-9]*)\b([^<>]*)>/giu, (whole, slash, name, rest) => {
      const element = name.toLowerCase();
      if (!ALLOWED.includes(element)) return '';
      const kept = [
        ...rest.matchAll(
          /\s(?:class|href|align|type|disabled|checked|open)(?:="[^"]*")?(?=\s|$)/gu,
        ),
      ];
      return `<${slash}${element}${kept.join('')}>`;
    });
}

function toAlerts(html) {
  return html.replace(
    /<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\n([^]*?)<\/blockquote>/gu,
    (_, kind, body) =>
      `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}"><p class="markdown-alert-title">${ALERTS[kind]}</p><p>${body}</div>`,
  );
}

function toDiagrams(html) {
  return html.replace(
    /<pre><code class="language-mermaid">([^]*?)<\/code><\/pre>/gu,
    (_, code) => `<div class="mermaid-box"><pre class="mermaid">${code}</pre></div>`,
  );
}
