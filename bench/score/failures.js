/**
 * Scores the classifier on a corpus of recorded failures: `node bench/score/failures.js [--third|--rest]`.
 * The corpus lies beside the repository (or where PREFLIGHT_CORPORA says) and is not part of it; without
 * it there is nothing to score. `--third` scores every third entry, `--rest` the others: rules are
 * written looking at the rest, so the third says how well they carry over.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { transpileTree } from './transpile.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const corpora = process.env.PREFLIGHT_CORPORA ?? resolve(root, '../shared/corpora');
const folder = join(corpora, 'failures');
const corpus = join(folder, 'failures-dev.jsonl');
const scorer = join(folder, 'score.mjs');

/** A corpus entry as the engine would see it. */
function toEvidence(entry) {
  return {
    command: entry.command,
    exit: entry.signal
      ? { kind: 'signalled', signal: entry.signal }
      : { kind: 'exited', code: entry.exit_code },
    endedBy: 'itself',
    tail: entry.output,
    declared: '',
    durationMs: 1000,
    measured: {},
  };
}

function choose(entries) {
  if (process.argv.includes('--third')) return entries.filter((_, index) => index % 3 === 2);
  if (process.argv.includes('--rest')) return entries.filter((_, index) => index % 3 !== 2);
  return entries;
}

async function score() {
  const work = await mkdtemp(join(tmpdir(), 'preflight-score-'));
  try {
    await transpileTree(join(root, 'src'), join(work, 'src'));
    await writeFile(join(work, 'package.json'), '{"type":"module"}');
    await symlink(join(root, 'node_modules'), join(work, 'node_modules'));
    const { classify } = await import(pathToFileURL(join(work, 'src/failure/classify.js')).href);
    const text = await readFile(corpus, 'utf8');
    const entries = choose(
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line)),
    );
    const verdicts = entries.map((entry) => ({ entry, verdict: classify(toEvidence(entry), []) }));
    const lines = (values) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
    await writeFile(join(work, 'corpus.jsonl'), lines(entries));
    await writeFile(
      join(work, 'predictions.jsonl'),
      lines(verdicts.map(({ entry, verdict }) => ({ id: entry.id, category: verdict.category }))),
    );
    execFileSync(
      process.execPath,
      [scorer, join(work, 'predictions.jsonl'), join(work, 'corpus.jsonl'), '--errors'],
      { stdio: 'inherit' },
    );
    const wrong = verdicts.filter(
      ({ entry, verdict }) => !entry.expected.includes(verdict.category),
    );
    for (const { entry, verdict } of wrong) {
      const { category, rule, evidence = '' } = verdict;
      console.log(`${entry.id}: ${category} by ${rule} (${evidence.slice(0, 100)})`);
      console.log(`  expected ${entry.expected.join(' or ')}`);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

if (existsSync(corpus) && existsSync(scorer)) await score();
else console.log(`failures: no corpus in ${folder}, nothing scored`);
