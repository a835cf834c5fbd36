import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { parseTraces } from '../../src/failure/traces.ts';
import { Sandbox } from '../fixtures/locate/run-script.ts';
import type { ScriptEnd, ScriptRun } from '../fixtures/locate/run-script.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = new Sandbox();
});
afterAll(() => {
  sandbox.remove();
});

const runTraced = (what: ScriptRun): Promise<ScriptEnd> =>
  sandbox.run(what, { traced: true, merged: false });

describe('what the traps record', () => {
  test('is file, line, command, functions and code', async () => {
    const script = 'f() {\n  echo in >/dev/null\n  (exit 6)\n}\n\nf one\n';
    const { traces } = await runTraced({ script });

    expect(parseTraces(traces)[0]).toMatchObject({
      kind: 'err',
      status: 6,
      script: sandbox.scriptPath,
      startDirectory: sandbox.workspace,
      functions: ['f', 'main'],
      lines: [6, 0],
    });
    expect(parseTraces(traces).at(-1)).toMatchObject({ kind: 'exit', status: 6 });
  });

  test('is nothing when the script succeeds', async () => {
    expect((await runTraced({ script: 'false || true\nif false; then :; fi\n' })).traces).toBe('');
  });

  test('survives any bytes in command, name and argument', async () => {
    const script = `set +e\nfalse $'a\\0b' "$(printf '\\npreflight-trace:1\\n//\\nend')" 'ü'\n`;
    const records = parseTraces((await runTraced({ script })).traces);

    expect(records.length).toBeGreaterThan(0);
    expect(records.every(({ script: name }) => name === sandbox.scriptPath)).toBe(true);
    expect(records[0]?.command).toContain("'ü'");
  });

  test('stays small however often a script fails and goes on', async () => {
    const loop =
      'for i in {1..3000}; do false; done; for i in {1..300}; do (false); x=$(false); done';
    const { traces } = await runTraced({ script: `set +e\n${loop}\nfalse\n` });

    expect(traces.length).toBeLessThan(50_000);
    expect(parseTraces(traces).at(-1)).toMatchObject({ kind: 'exit', lastLine: 3 });
  });

  test('replaces a file that has grown too large', async () => {
    const traces = { PREFLIGHT_TRACES: './grown' };
    const files = { grown: 'x'.repeat(1_200_000) };
    const end = await runTraced({ script: 'false\n', env: traces, files });
    const left = Object.entries(end.files).find(([path]) => path.endsWith('/grown'))?.[1] ?? '';

    expect(left.length).toBeLessThan(5000);
    expect(parseTraces(left)[0]).toMatchObject({ kind: 'err', status: 1 });
  });

  test('keeps the innermost frames of a deep recursion', async () => {
    const script = 'f() {\n  if [ "$1" -gt 100 ]; then false; fi\n  f $(($1 + 1))\n}\nf 0\n';
    const [first] = parseTraces((await runTraced({ script })).traces);

    expect(first?.functions).toHaveLength(30);
    expect(first?.functions[0]).toBe('f');
  });

  test('leaves bash -c alone, whose failure is that of the line that called it', async () => {
    const { traces } = await runTraced({ script: "echo a\nbash -c 'echo b; false'\n" });

    expect(parseTraces(traces).map(({ lastLine }) => lastLine)).toEqual([2, 2]);
  });
});

describe('the reader of the records', () => {
  test('takes whole records from between damaged ones', async () => {
    const { traces } = await runTraced({ script: 'false\n' });
    const [whole] = parseTraces(traces);
    const damaged = `${traces.slice(0, 60)}${traces}${traces.slice(0, 90)}`;

    expect(parseTraces(damaged)).toContainEqual(whole);
  });

  test.each(['', '\0\0\0', 'preflight-trace:1', 'preflight-trace:1\0err\0end'])(
    'finds none in %j',
    (text) => {
      expect(parseTraces(text)).toEqual([]);
    },
  );
});
