import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileSources } from './compiled-sources.ts';
import type { Workbench } from './commands.ts';

const DRIVER = `
import { createProcesses } from './edges/processes.js';
import { bootId } from './edges/process-identity.js';
const [runDirectory, workspace, trackingIdPrefix, script, timeout] = process.argv.slice(2);
const processes = createProcesses({ runDirectory, workspace, trackingIdPrefix, bootId: bootId() });
process.stdout.write('ready\\n');
const result = await processes.run(
  {
    unit: 'step', script, shell: 'bash', workingDirectory: undefined, keepAlive: false,
    env: { PATH: process.env.PATH },
  },
  {
    onOutput: (chunk) => process.stdout.write(chunk),
    timeoutMs: Number(timeout), graceMs: 500, cancel: undefined,
  },
);
process.stdout.write(JSON.stringify(result) + '\\n');
`;

/** Node processes of their own that run one command each, so that a test can kill them. */
export interface RunDriver {
  /** Unit \`step\` in the workbench's run directory. */
  start(bench: Workbench, script: string, timeoutMs?: number, user?: number): ChildProcess;
  dispose(): void;
}

export function createRunDriver(): RunDriver {
  const directory = mkdtempSync(join(tmpdir(), 'preflight-driver-'));
  chmodSync(directory, 0o755); // tests run it as other users, too
  compileSources(directory);
  const file = join(directory, 'driver.js');
  writeFileSync(file, DRIVER);
  return {
    start: ({ runDirectory, directory: workspace, prefix }, script, timeoutMs = 20_000, uid) =>
      spawn(process.execPath, [file, runDirectory, workspace, prefix, script, String(timeoutMs)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        ...(uid !== undefined && { uid }),
      }),
    dispose: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Resolves when the process is over and reaped. */
export function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else
      child.once('exit', () => {
        resolve();
      });
  });
}
