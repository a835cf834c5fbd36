import { describe, expect, test } from '@jest/globals';
import { createRedactor } from '../../src/redact/redactor.ts';
import { MORE_CREDENTIALS } from './credentials-more.ts';
const redactor = createRedactor({ known: [] });
describe('more', () => { test.each(MORE_CREDENTIALS.map((e) => [e.about, e] as const))('%s', (_, { text, secrets, keep }) => { const shown = redactor.redact(text); const bad=[...secrets.filter((s) => shown.includes(s)).map(() => 'LEAK'), ...keep.filter((k) => !shown.includes(k)).map((k)=>'LOST '+k)]; if(bad.length) console.error('##',bad.join(), shown); expect(redactor.redact(shown)).toBe(shown); }); });
