// Writes the tables of inputs, outputs and checks in README.md from action.yml and the sources. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { parse } from 'yaml';

register('./strip-types.js', import.meta.url);
const { renderCheckTable } = await import('../src/checks/render-docs.ts');

const { inputs, outputs } = parse(readFileSync('action.yml', 'utf8'));
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll(/\s+/gu, ' ').trim();

const inputRows = Object.entries(inputs).map(([name, { description, default: fallback = '' }]) => {
  const shown = fallback === '' ? '' : `\`${cell(fallback)}\``;
  return `| \`${name}\` | ${cell(description)} | ${shown} |`;
});
const outputRows = Object.entries(outputs).map(
  ([name, { description }]) => `| \`${name}\` | ${cell(description)} |`,
);
const TABLES = {
  checks: [renderCheckTable().trimEnd()],
  inputs: ['| input | meaning | default |', '| --- | --- | --- |', ...inputRows],
  outputs: ['| output | meaning |', '| --- | --- |', ...outputRows],
};

const before = readFileSync('README.md', 'utf8');
let after = before;
for (const [name, rows] of Object.entries(TABLES)) {
  const part = new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`, 'u');
  if (!part.test(after)) throw new Error(`README.md has no markers for ${name}`);
  after = after.replace(part, (_, begin, end) => `${begin}\n${rows.join('\n')}\n\n${end}`);
}
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md is not what the sources say: run node .github/generate-readme.js');
    process.exitCode = 1;
  }
} else {
  writeFileSync('README.md', after);
}
