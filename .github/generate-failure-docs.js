// Writes docs/failures.md; a test fails when it is not what the rules give.
import { readFile, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { URL } from 'node:url';

register('./strip-types.js', import.meta.url);
const { renderFailureDocs } = await import('../src/failure/render-docs.ts');
const recorded = new URL('../__tests__/fixtures/failures/samples.jsonl', import.meta.url);
const samples = (await readFile(recorded, 'utf8'))
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
await writeFile(new URL('../docs/failures.md', import.meta.url), renderFailureDocs(samples));
