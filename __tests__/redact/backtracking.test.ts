import { describe, expect, test } from '@jest/globals';

import { createRedactor } from '../../src/redact/redactor.ts';

/** Long enough that what doubles with each character, or with each word, would not come back. */
const LETTERS = 'aB3'.repeat(30);

function timeMs(run: () => void): number {
  const before = performance.now();
  run();
  return performance.now() - before;
}

describe('no time is lost', () => {
  test.each([
    ['almost a path', `password=/${LETTERS}!`],
    ['almost a path of many parts', `password=/${'a/'.repeat(100)}/!`],
    ['almost a name', `password: a${'-AaBbCc'.repeat(40)}!`],
    ['almost a placeholder', `password: a${'-TokenAaBbCc'.repeat(40)}-`],
    ['almost a key', `-----BEGIN RSA PRIVATE KEY-----\n${LETTERS}.`],
    ['almost a file', `password=${'a.'.repeat(200)}pe!`],
  ])('on a value that is %s', (_, text) => {
    const redactor = createRedactor({ known: [] });
    expect(timeMs(() => redactor.redact(`${text}\n`))).toBeLessThan(500);
  });

  test('on learning a secret that begins like a path', () => {
    expect(
      timeMs(() => createRedactor({ known: [{ name: 'DB_PASSWORD', value: `/${LETTERS}!` }] })),
    ).toBeLessThan(500);
  });
});
