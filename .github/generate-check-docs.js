// Writes docs/checks.md; a test fails when it is not what the definitions give.
import { writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { URL } from 'node:url';

register('./strip-types.js', import.meta.url);
const { renderCheckDocs } = await import('../src/checks/render-docs.ts');
await writeFile(new URL('../docs/checks.md', import.meta.url), renderCheckDocs());
