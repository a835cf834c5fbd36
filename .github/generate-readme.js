// Writes the tables of inputs and outputs in README.md from action.yml. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

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
  inputs: ['| input | meaning | default |', '| --- | --- | --- |', ...inputRows],
  outputs: ['| output | meaning |', '| --- | --- |', ...outputRows],
};

const before = readFileSync('README.md', 'utf8');
let after = before;
for (const [name, rows] of Object.entries(TABLES)) {
  const part = new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`, 'u');
  after = after.replace(part, (_, begin, end) => `${begin}\n${rows.join('\n')}\n\n${end}`);
}
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('README.md is not what action.yml says: run node .github/generate-readme.js');
    process.exitCode = 1;
  }
} else {
  writeFileSync('README.md', after);
}
