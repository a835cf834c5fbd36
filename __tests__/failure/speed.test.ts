import { describe, expect, test } from '@jest/globals';

import { classify } from '../../src/failure/classify.ts';
import { normaliseError } from '../../src/failure/same-failure.ts';
import { evidenceOf } from './evidence-builder.ts';

const ALL_TOOLS =
  'docker git ssh kubectl helm terraform psql mysql redis npm pip go cargo aws apt migrate';
/** Generous: other work shares the machine. Quadratic behaviour takes seconds. */
const LIMIT_MS = 1000;

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  return process.cpuUsage(before).user / 1000;
}

describe('time', () => {
  test('64 KiB of an ordinary log', () => {
    const lines = Array.from(
      { length: 900 },
      (_, n) => `[${n}] compiled src/module-${n}/index.ts ok`,
    );
    const evidence = evidenceOf({ command: ALL_TOOLS, tail: lines.join('\n').padEnd(65_536, '.') });
    classify(evidence, []);
    expect(cpuMs(() => classify(evidence, []))).toBeLessThan(300);
  });

  test.each([
    'x',
    ' ',
    'a.',
    '"a',
    "'",
    '(',
    '://',
    'error ',
    'could not ',
    'lock ',
    'connect to ',
    'health ',
    '1:',
    '\u001B[',
    'Permission denied (a,',
    "fatal: unable to access '",
    'failed calling webhook ',
    'retry in 1 ',
    'try again in ',
  ])('a 10 MB line and 64 KiB of lines of %j', (piece) => {
    const line = piece.repeat(Math.ceil(1e7 / piece.length));
    const lines = `${piece.repeat(400).slice(0, 1990)}\n`.repeat(33);
    for (const tail of [line, lines]) {
      const evidence = evidenceOf({ command: ALL_TOOLS, tail });
      expect(cpuMs(() => classify(evidence, []))).toBeLessThan(LIMIT_MS);
      expect(cpuMs(() => normaliseError(tail))).toBeLessThan(LIMIT_MS);
    }
  });

  test.each(['curl ', 'http://', 'psql ', 'a', 'timeout ', '001_a'])(
    'a command of 1 MB of %j',
    (piece) => {
      const evidence = evidenceOf({ command: piece.repeat(1e6 / piece.length), tail: 'error' });
      expect(cpuMs(() => classify(evidence, []))).toBeLessThan(LIMIT_MS);
    },
  );
});
