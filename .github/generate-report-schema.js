// Writes report.schema.json; a test fails when it is not what the sources give.
import { writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import { URL } from 'node:url';

register('./strip-types.js', import.meta.url);
const { renderReportSchema } = await import('../src/report/json-shape.ts');
await writeFile(new URL('../report.schema.json', import.meta.url), renderReportSchema());
