import { describe, expect, test } from '@jest/globals';

import { createRedactor } from '../../src/redact/redactor.ts';
import { createMaker } from './samples.ts';

const m = createMaker(23);
const redactor = createRedactor({ known: [] });
const BEGIN = '-----BEGIN ' + 'PRIVATE KEY-----';

describe('what follows the header of a private key', () => {
  test.each([
    ['base64 and something else', `${m.base64(64)}.`],
    ['escaped line ends that are not of this block', `${'ab\\n'.repeat(90)}!`],
    ['a line of a program', `'${m.base64(64)}\\r\\n' +`],
  ])('is judged in no time, be it %s', (_, line) => {
    const before = performance.now();
    redactor.redact(`${BEGIN}\n${line}\n${line}\n`);
    expect(performance.now() - before).toBeLessThan(500);
  });
});
