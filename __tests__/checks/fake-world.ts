import type { CheckWorld } from '../../src/checks/ports.ts';
import type { CheckKind, CheckOptions } from '../../src/plan/check-options.ts';
import type { CheckSpec } from '../../src/plan/plan.ts';
import { failure, success } from '../../src/result.ts';

/** Some time on 22 November 2026. */
export const NOW = Date.UTC(2026, 10, 22, 12);

type Parts = {
  readonly [K in keyof CheckWorld]?: CheckWorld[K] extends object
    ? Partial<CheckWorld[K]>
    : CheckWorld[K];
};

/** A world in which nothing can be known and nothing is there, but for what a test says. */
export function fakeWorld(parts: Parts = {}): CheckWorld {
  const unknown = <T>(): Promise<T> => Promise.resolve(failure('nobody knows') as T);
  return {
    workspace: parts.workspace ?? '/workspace',
    env: (parts.env ?? {}) as Readonly<Record<string, string>>,
    clock: {
      now: () => NOW,
      monotonic: () => 0,
      sleep: () => new Promise(() => undefined),
      ...parts.clock,
    },
    host: {
      memory: unknown,
      cpu: unknown,
      osRelease: unknown,
      listeners: unknown,
      identity: unknown,
      group: () => Promise.resolve(success(undefined)),
      addresses: () => [],
      runsSystemd: () => Promise.resolve(false),
      ...parts.host,
    },
    files: {
      absolute: (path) => (path.startsWith('/') ? path : `/workspace/${path}`),
      look: () => Promise.resolve({ kind: 'absent', nearest: '/' }),
      readRefusal: () => Promise.resolve(undefined),
      space: unknown,
      writability: unknown,
      ...parts.files,
    },
    commands: {
      find: () => Promise.resolve({ kind: 'absent', searched: ['/usr/bin'] }),
      run: unknown,
      ...parts.commands,
    },
    network: {
      resolve: unknown,
      reach: () => Promise.resolve({ kind: 'unsupported', reason: 'no network' }),
      ...parts.network,
    },
  };
}

/** An entry of a plan's `checks`, as the loader makes it. */
export function checkSpec<K extends CheckKind>(
  kind: K,
  options: CheckOptions[K],
  overrides: Partial<CheckSpec> = {},
): CheckSpec {
  const position = { file: 'preflight.yml', line: 3, column: 5 };
  return { kind, id: kind, position, options, ...overrides };
}
