import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { BEHAVIOURS } from '../fixtures/locate/battery.ts';
import { Sandbox } from '../fixtures/locate/run-script.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = new Sandbox();
});
afterAll(() => {
  sandbox.remove();
});

describe('the start-up file changes nothing about', () => {
  test.each(BEHAVIOURS)('$name', async (behaviour) => {
    const plain = await sandbox.run(behaviour, { traced: false, merged: false });
    const traced = await sandbox.run(behaviour, { traced: true, merged: false });

    const withoutPids = (text: string): string => text.replace(/(line \d+: +)\d+ /g, '$1<pid> ');
    const seen = ({ code, signal, stdout, stderr, files }: typeof plain): unknown => ({
      code,
      signal,
      stdout,
      stderr: withoutPids(stderr),
      files,
    });
    expect(seen(traced)).toEqual(seen(plain));
  });
});
