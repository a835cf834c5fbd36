// Pictures of what people see, in light and dark, as GitHub renders it: npm run gallery [-- name ...]
// With --docs the two pictures of the README are written instead, to docs/images.
// Needs Chromium (Debian: chromium); CHROMIUM names another executable. Pictures go to coverage/gallery.
import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withBrowser } from './browser.js';
import { renderGitHubMarkdown } from './github-markdown.js';

register('../strip-types.js', import.meta.url);
const { SCENARIOS } = await import('../../__tests__/report/scenarios.ts');
const { renderSummary } = await import('../../src/report/summary/summary.ts');

/** Width of the box that a job summary has on the page of a run. */
const WIDTH = 980;

const readPackage = (path) => readFileSync(fileURLToPath(path), 'utf8');
const MERMAID = readPackage(import.meta.resolve('mermaid/dist/mermaid.min.js'));
const STYLES = {
  light: readPackage(import.meta.resolve('github-markdown-css/github-markdown-light.css')),
  dark: readPackage(import.meta.resolve('github-markdown-css/github-markdown-dark.css')),
};

/** The top of a summary says all; a README has no room for the rest. */
const DOCS_HEIGHT = 1_085;
/** What the README shows: a failure that was rolled back, and a resume. */
const DOCS = { 'rolled-back': 'light', resume: 'dark' };

const isDocs = process.argv.includes('--docs');
const wanted = isDocs ? Object.keys(DOCS) : process.argv.slice(2);
const names = Object.keys(SCENARIOS).filter((name) => wanted.length === 0 || wanted.includes(name));
const TARGET = isDocs ? 'docs/images' : 'coverage/gallery';
mkdirSync(TARGET, { recursive: true });

await withBrowser(process.env['CHROMIUM'] ?? 'chromium', async (page) => {
  const { frameTree } = await page.send('Page.getFrameTree');
  for (const theme of ['light', 'dark']) {
    await page.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: theme }],
    });
    for (const name of names) {
      if (isDocs && DOCS[name] !== theme) continue;
      const html = toPage(renderSummary(SCENARIOS[name]), theme);
      await page.send('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
      await page.evaluate(MERMAID);
      await page.evaluate(drawDiagrams(theme));
      const path = join(TARGET, isDocs ? `summary-${name}.png` : `${name}-${theme}.png`);
      writeFileSync(path, await shoot(page));
      console.log(path);
    }
  }
});

function toPage(markdown, theme) {
  return `<!doctype html><meta charset="utf-8"><style>${STYLES[theme]}
    body { margin: 0; background: ${theme === 'dark' ? '#0d1117' : '#ffffff'}; }
    article { width: ${WIDTH - 48}px; padding: 16px 24px; }
    .mermaid-box { display: flex; justify-content: center; }
    .mermaid-box pre { background: none; width: 100%; }
  </style><article class="markdown-body">${renderGitHubMarkdown(markdown)}</article>`;
}

/** GitHub draws with the theme of the page, and shows an error where a diagram is not valid. */
function drawDiagrams(theme) {
  return `(async () => {
    mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}', gantt: { useWidth: ${WIDTH - 80} } });
    await mermaid.run({ querySelector: '.mermaid' });
  })()`;
}

async function shoot(page) {
  const whole = await page.evaluate(
    'Math.ceil(document.querySelector("article").getBoundingClientRect().height)',
  );
  const height = isDocs ? Math.min(whole, DOCS_HEIGHT) : whole;
  await page.send('Emulation.setDeviceMetricsOverride', {
    width: WIDTH,
    height,
    deviceScaleFactor: 1,
    mobile: false,
  });
  const { data } = await page.send('Page.captureScreenshot', { format: 'png' });
  return Buffer.from(data, 'base64');
}
