// Writes the tables of docs/cli.md from the sources. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';

register('./strip-types.js', import.meta.url);
const { renderCommandTable, renderExitTable, renderFlagTable } =
  await import('../src/cli/render-docs.ts');

const PAGE = 'docs/cli.md';
const TABLES = {
  commands: renderCommandTable(),
  flags: renderFlagTable(),
  'exit-codes': renderExitTable(),
};

const before = readFileSync(PAGE, 'utf8');
let after = before;
for (const [name, rows] of Object.entries(TABLES)) {
  const part = new RegExp(`(<!-- ${name}:begin -->\n)[\\s\\S]*?(<!-- ${name}:end -->)`, 'u');
  if (!part.test(after)) throw new Error(`${PAGE} has no markers for ${name}`);
  after = after.replace(part, (_, begin, end) => `${begin}\n${rows.join('\n')}\n\n${end}`);
}
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error(`${PAGE} is not what the sources say: run node .github/generate-cli-docs.js`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(PAGE, after);
}
