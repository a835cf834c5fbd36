// Scores the redactor against the corpus of log lines with and without credentials.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transpileTree } from './transpile.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const corpora = resolve(root, process.env.PREFLIGHT_CORPORA ?? '../shared/corpora');
const scorer = join(corpora, 'secrets/score.mjs');

const ADAPTER = `
import { createRedactor } from './src/redact/redactor.js';
const toRedactor = (registered) =>
  createRedactor({ known: registered.map((value) => ({ name: 'registered', value, explicit: true })) });
const plain = toRedactor([]);
const redactorFor = (registered) => (registered.length === 0 ? plain : toRedactor(registered));
export const sanitize = (text, { registered = [] } = {}) => redactorFor(registered).redact(text);
export const createStream = ({ registered = [] } = {}) => redactorFor(registered).stream();
export const streamAcceptsBytes = true;
`;

if (!existsSync(scorer)) {
  console.log(`secrets: no corpus at ${corpora}, skipped`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'preflight-score-'));
  try {
    await transpileTree(join(root, 'src/redact'), join(folder, 'src/redact'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const adapter = join(folder, 'adapter.js');
    writeFileSync(adapter, ADAPTER);
    const options =
      process.argv.length > 2 ? process.argv.slice(2) : ['--stream', '--perf', '--failures'];
    const limits = ['--min-recall', '98', '--max-over', '1'];
    const run = spawnSync(process.execPath, [scorer, adapter, ...options, ...limits], {
      stdio: 'inherit',
    });
    process.exitCode = run.status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
