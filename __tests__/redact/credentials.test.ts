import { describe, expect, test } from '@jest/globals';

import { createRedactor } from '../../src/redact/redactor.ts';
import { CREDENTIALS } from './credentials.ts';
import { LOOKALIKES } from './lookalikes.ts';

const redactor = createRedactor({ known: [] });

describe('a credential that a tool prints', () => {
  test.each(CREDENTIALS.map((entry) => [entry.about, entry] as const))(
    'is hidden: %s',
    (_, { text, secrets, keep }) => {
      const shown = redactor.redact(text);
      for (const secret of secrets) expect(shown).not.toContain(secret);
      for (const part of keep) expect(shown).toContain(part);
      expect(redactor.redact(shown)).toBe(shown);
    },
  );
});

describe('a line that only looks like one', () => {
  test.each(LOOKALIKES)('stays: %s', (text) => {
    expect(redactor.redact(text)).toBe(text);
  });
});
