import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { locate } from '../../src/failure/locate.ts';
import { canTest } from '../support/machine.ts';
import type { Located, Location } from '../../src/failure/locate.ts';
import { BASH_CASES, PROGRAM_CASES } from '../fixtures/locate/cases.ts';
import type { LocationCase } from '../fixtures/locate/cases.ts';
import { Sandbox } from '../fixtures/locate/run-script.ts';

const MARKS = / ?[«‹]/g;

function installed(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** `script:3` or `lib.sh:4` for the first line that carries the mark. */
function marked(given: LocationCase, mark: string): string | undefined {
  const sources = [['script', given.script], ...Object.entries(given.files ?? {})] as const;
  return sources.flatMap(([name, text]) => {
    const index = text.split('\n').findIndex((line) => line.includes(mark));
    return index === -1 ? [] : [`${name}:${index + 1}`];
  })[0];
}

function shown(location: Location | undefined): string | undefined {
  return location === undefined
    ? undefined
    : `${location.file ?? 'script'}:${location.line ?? location.scriptLine ?? '?'}`;
}

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = new Sandbox();
});
afterAll(() => {
  sandbox.remove();
});

async function runAndLocate(given: LocationCase): Promise<Located | undefined> {
  const clean = (text: string): string => text.replace(MARKS, '');
  const script = clean(given.script);
  const files = Object.entries(given.files ?? {}).map(([name, text]) => [name, clean(text)]);
  const end = await sandbox.run(
    {
      script,
      files: Object.fromEntries(files) as Record<string, string>,
      ...(given.shell === undefined ? {} : { command: given.shell }),
    },
    { traced: true, merged: true },
  );
  expect(end.code).not.toBe(0);
  return locate({
    traces: end.traces,
    tail: end.output,
    exit:
      end.code === null
        ? { kind: 'signalled', signal: end.signal ?? '' }
        : { kind: 'exited', code: end.code },
    shell: 'bash',
    scriptPath: sandbox.scriptPath,
    script: { text: script },
    workspace: sandbox.workspace,
    repositoryRoot: sandbox.workspace,
    exists: existsSync,
    readText: (path) => readFileSync(path, 'utf8'),
  });
}

describe.each([
  ['bash', BASH_CASES],
  ['programs', PROGRAM_CASES],
] as const)('the exact line of %s', (_, cases) => {
  const runnable = cases.filter(({ needs = [] }) =>
    needs.every((program) => canTest(installed(program), program)),
  );

  test.each(runnable)('$name', async (given) => {
    const located = await runAndLocate(given);

    expect({
      failed: shown(located?.primary),
      calledFrom: marked(given, '‹') === undefined ? undefined : shown(located?.calledFrom),
    }).toEqual({ failed: marked(given, '«'), calledFrom: marked(given, '‹') });
  });
});
