// Writes preflight.schema.json; a test fails when it is not what the sources give.
import { writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { URL } from 'node:url';

register('./strip-types.js', import.meta.url);
const { renderJsonSchema } = await import('../src/plan/json-schema.ts');
await writeFile(new URL('../preflight.schema.json', import.meta.url), renderJsonSchema());
