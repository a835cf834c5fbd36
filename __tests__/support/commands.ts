import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bootId } from '../../src/edges/process-identity.ts';
import { endTracked, readStat } from '../../src/edges/process-tree.ts';
import type { ProcessesOptions, SupervisedProcesses } from '../../src/edges/processes.ts';
import { createProcesses } from '../../src/edges/processes.ts';
import type { CommandSpec, Ended, Watch } from '../../src/ports.ts';

/** A directory of its own, real processes in it, and what a test says about them. */
export interface Workbench {
  readonly directory: string;
  readonly runDirectory: string;
  readonly prefix: string;
  readonly processes: SupervisedProcesses;
  /** Runs a command to its end; fails the test when it does not start or is let go. */
  run(script: string, spec?: Partial<CommandSpec>, watch?: Partial<Watch>): Promise<Ended>;
  /** All output so far, of all commands. */
  output(): string;
  watch(overrides?: Partial<Watch>): Watch;
  /** Ends everything that the commands have left, and removes the directory. */
  dispose(): Promise<void>;
}

export function toSpec(script: string, overrides: Partial<CommandSpec> = {}): CommandSpec {
  const { env, ...others } = overrides;
  return {
    unit: 'step',
    script,
    shell: 'bash',
    workingDirectory: undefined,
    keepAlive: false,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...env },
    ...others,
  };
}

export function createWorkbench(options: Partial<ProcessesOptions> = {}): Workbench {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'preflight test ')));
  const prefix = `preflight_test_${process.pid}_${directory.slice(-6)}`;
  const runDirectory = join(directory, 'state', 'run');
  const processes = createProcesses({
    runDirectory,
    workspace: directory,
    bootId: bootId(),
    trackingIdPrefix: prefix,
    ...options,
  });
  const chunks: Buffer[] = [];
  const watch = (overrides: Partial<Watch> = {}): Watch => ({
    onOutput: (chunk) => chunks.push(Buffer.from(chunk)),
    timeoutMs: 20_000,
    graceMs: 500,
    cancel: undefined,
    ...overrides,
  });
  return {
    directory,
    runDirectory,
    prefix,
    processes,
    watch,
    output: () => Buffer.concat(chunks).toString('utf8'),
    async run(script, spec = {}, overrides = {}) {
      const result = await processes.run(toSpec(script, spec), watch(overrides));
      if (!result.ok) throw new Error(result.error.message);
      if (result.value.kind !== 'ended') throw new Error('let go');
      return result.value;
    },
    async dispose() {
      for (const trackingIdPrefix of [prefix, `keep-${prefix}`]) {
        await endTracked({ trackingIdPrefix, bootId: bootId(), graceMs: 0 });
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Whether the process with this number ends in time (a zombie has). */
export async function untilGone(pid: number, withinMs = 5_000): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const stat = readStat(pid);
    if (stat === undefined || stat.zombie) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** Waits for something that a process does in its own time. */
export async function until<T>(look: () => T | undefined, withinMs = 10_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
