import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostStore } from '../../src/edges/host-store.ts';
import { openHostStore } from '../../src/edges/host-store.ts';
import type { KnownDeployment } from '../../src/ports.ts';
import { toIsoSeconds } from '../../src/state/completion-time.ts';
import type { LastError } from '../../src/state/record.ts';
import { temporaryFolder } from '../support/folders.ts';
import { deploymentRecord, lastError, namesOf, stepRecord } from '../support/records.ts';

/** What the shell libraries on the hosts do, word for word where it matters. */
const LIBRARY = String.raw`
set -euo pipefail
is_done() { [[ -f "$STATE_DIR/.checkpoint-$1" ]]; }
completed_at() { cat "$STATE_DIR/.checkpoint-$1"; }
mark() { date -Iseconds > "$STATE_DIR/.checkpoint-$1"; }
unmark() { rm -f "$STATE_DIR/.checkpoint-$1"; }
list_done() { ls -A "$STATE_DIR/" | sed -n 's/^\.checkpoint-//p'; }
forget_error() { rm -f "$STATE_DIR/.last-error"; }
save_error() {
  cat > "$STATE_DIR/.last-error" <<EOF
timestamp=$(date -Iseconds)
script=$1
line=$2
exit_code=$3
category=$4
EOF
}
save_error_quoted() {
  printf 'timestamp=%q\nscript=%q\nline=%q\nexit_code=%q\ncategory=%q\n' "$@" > "$STATE_DIR/.last-error"
}
show_error() {
  source "$STATE_DIR/.last-error"
  printf '%s\0' "$timestamp" "$script" "$line" "$exit_code" "$category"
}
`;

const NOW = '2026-11-22T10:46:00+00:00';
const HOSTILE = [
  '$(touch "$STATE_DIR/CANARY")',
  '`touch "$STATE_DIR/CANARY"`',
  '\'; touch "$STATE_DIR/CANARY"; \'',
  'a\nexit_code=0\ntouch "$STATE_DIR/CANARY"',
  'it\'s "quoted" \\ and \t tabbed',
  'ü € 😀',
  '',
];

const { target, deployment } = namesOf(deploymentRecord());
let folder: ReturnType<typeof temporaryFolder>;
let store: HostStore;

beforeEach(async () => {
  folder = temporaryFolder();
  store = openHostStore({ stateDir: folder.path, target, deployment });
  await store.saveDeployment(deploymentRecord());
  await store.makeCurrent();
});
afterEach(() => {
  folder.remove();
});

/** Runs library calls as a script on the host would, through the `current` link. */
function shell(script: string, ...args: readonly string[]): string {
  return execFileSync('bash', ['-c', `${LIBRARY}\n${script}`, 'library', ...args], {
    encoding: 'utf8',
    env: { ...process.env, STATE_DIR: join(folder.path, target, 'current') },
  });
}

async function known(): Promise<KnownDeployment> {
  const loaded = await openHostStore({ stateDir: folder.path, target, deployment }).load();
  if (!loaded.ok) throw new Error(`${loaded.error.path} ${loaded.error.message}`);
  return loaded.value;
}

function valuesOf(error: LastError): readonly string[] {
  return [error.timestamp, error.script, error.line, error.exit_code, error.category];
}

describe('a shell library', () => {
  test('sees the steps that we completed, and when', async () => {
    await store.putMarker('migrate', NOW);
    expect(shell('is_done migrate && completed_at migrate')).toBe(`${NOW}\n`);
    expect(shell('is_done up || echo no')).toBe('no\n');
    expect(shell('list_done')).toBe('migrate\n');
  });

  test('no longer sees them once we removed them', async () => {
    await store.putMarker('migrate', NOW);
    await store.removeMarkers(['migrate']);
    expect(shell('is_done migrate || echo no')).toBe('no\n');
  });

  test('gets every value of our last error by sourcing it, and runs nothing by that', async () => {
    for (const value of HOSTILE) {
      const error = lastError({ script: value, line: value, category: value });
      await store.saveLastError(error);
      expect(shell('show_error').split('\0').slice(0, -1)).toEqual(valuesOf(error));
    }
    expect(shell('test -e "$STATE_DIR/CANARY" || echo safe')).toBe('safe\n');
  });

  test('follows us to the next deployment', async () => {
    await store.putMarker('migrate', NOW);
    const next = openHostStore({ stateDir: folder.path, target, deployment: 'next-0123456789' });
    await next.saveStep(stepRecord());
    await next.makeCurrent();
    expect(shell('is_done migrate || echo no; mark pull')).toBe('no\n');
    expect([...(await known()).markers.keys()]).toEqual(['migrate']);
  });
});

describe('we', () => {
  test('see the steps that a shell library completed, with its time', async () => {
    shell('mark migrate');
    const { completedAt } = (await known()).markers.get('migrate') ?? { completedAt: '' };
    expect(completedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    const epochMs = Date.parse(completedAt);
    const offset = -new Date(epochMs).getTimezoneOffset();
    expect(toIsoSeconds(epochMs, offset)).toBe(completedAt);
  });

  test('see that a shell library removed what we completed', async () => {
    await store.putMarker('migrate', NOW);
    shell('unmark migrate');
    expect((await known()).markers.size).toBe(0);
    expect((await store.putMarker('migrate', NOW)).ok).toBe(true);
    expect(shell('completed_at migrate')).toBe(`${NOW}\n`);
  });

  test('read the last error that a library wrote without quotes', async () => {
    shell('save_error deploy/my\\ script.sh 42 3 transient:network');
    expect((await known()).lastError).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      script: 'deploy/my script.sh',
      line: '42',
      exit_code: '3',
      category: 'transient:network',
    });
  });

  test('read the last error that a library wrote with quotes, whatever the values', async () => {
    for (const value of HOSTILE) {
      const error = lastError({ script: value, line: value });
      shell('save_error_quoted "$@"', ...valuesOf(error));
      expect((await known()).lastError).toEqual(error);
    }
  });

  test('never run what a library left in there', async () => {
    shell('save_error "$@"', '$(touch "$STATE_DIR/CANARY")', '`id`', '1', 'x');
    expect((await known()).lastError).toMatchObject({
      script: '$(touch "$STATE_DIR/CANARY")',
      line: '`id`',
    });
    expect(shell('test -e "$STATE_DIR/CANARY" || echo safe')).toBe('safe\n');
  });

  test('take it that there is no error once a library removed it', async () => {
    await store.saveLastError(lastError());
    shell('forget_error');
    expect((await known()).lastError).toBeUndefined();
    expect((await store.clearLastError()).ok).toBe(true);
  });
});
