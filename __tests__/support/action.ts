import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseEnvFile } from '../../src/engine/env-file.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Ends a run that hangs, so that a test fails instead of waiting for ever. */
const LONGEST_RUN_MS = 60_000;

/** What a run of the bundle left behind. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** stdout and stderr, as the runner would log them. */
  readonly log: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly env: ReadonlyMap<string, string>;
  readonly path: readonly string[];
  readonly summary: string;
  readonly state: ReadonlyMap<string, string>;
}

export interface Phase {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly attempt?: number;
  readonly runId?: string;
  /** Prefix of the command line, such as strace with its options. */
  readonly under?: readonly string[];
  /** Whose the files are that the runner hands over, where `under` makes it another user. */
  readonly asUser?: number;
  readonly onLog?: (text: string) => void;
}

export interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
}

/** A job on a self-hosted runner of its own: workspace, temp and state dir; starts the shipped bundle. */
export class Job {
  readonly home: string;
  readonly workspace: string;
  readonly stateDir: string;
  private phases = 0;

  constructor(plan?: string, parent = tmpdir()) {
    this.home = mkdtempSync(join(parent, 'preflight-job-'));
    this.workspace = join(this.home, 'work', 'repo', 'repo');
    this.stateDir = join(this.home, 'state');
    for (const directory of [this.workspace, join(this.home, 'temp'), join(this.home, 'user')]) {
      mkdirSync(directory, { recursive: true });
    }
    mkdirSync(this.stateDir, { mode: 0o700 });
    if (plan !== undefined) this.write('preflight.yml', plan);
  }

  write(path: string, text: string, mode = 0o755): void {
    const full = join(this.workspace, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text, { mode });
  }

  /** A file of the workspace; empty when it is not there. */
  read(path: string): string {
    const full = join(this.workspace, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : '';
  }

  /** The directory of the job's only deployment, or of the one whose name starts so. */
  deployment(start = ''): string {
    const targets = readdirSync(this.stateDir).filter((name) => name !== 'locks');
    const target = join(this.stateDir, targets[0] ?? 'none');
    const names = readdirSync(target).filter(
      (name) => name !== 'current' && name.startsWith(start),
    );
    return join(target, names[0] ?? 'none');
  }

  async main(phase: Phase = {}): Promise<Ran> {
    return await this.start('main', phase).done;
  }

  async post(phase: Phase = {}): Promise<Ran> {
    return await this.start('post', phase).done;
  }

  start(entry: 'main' | 'post', phase: Phase = {}): Started {
    const files = this.toFiles(phase.asUser);
    const [command, ...args] = [
      ...(phase.under ?? []),
      process.env['PREFLIGHT_TEST_NODE'] ?? process.execPath,
      join(process.env['PREFLIGHT_TEST_DIST'] ?? join(ROOT, 'dist'), entry, 'index.js'),
    ];
    const child = spawn(command, args, {
      cwd: this.workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.toEnv(phase, files),
    });
    return { child, done: this.collect(child, files, phase) };
  }

  private toFiles(user?: number): Readonly<Record<string, string>> {
    const directory = join(this.home, 'temp', `phase-${++this.phases}`);
    mkdirSync(directory);
    const names = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'];
    return Object.fromEntries(
      names.map((name) => {
        const path = join(directory, name.toLowerCase());
        writeFileSync(path, '');
        if (user !== undefined) chownSync(path, user, user);
        return [`GITHUB_${name}`, path];
      }),
    );
  }

  private toEnv(phase: Phase, files: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const inputs = { 'state-dir': this.stateDir, 'job-status': 'success', ...phase.inputs };
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: join(this.home, 'user'),
      LANG: 'C.UTF-8',
      GITHUB_ACTION: 'deploy',
      GITHUB_ACTIONS: 'true',
      GITHUB_JOB: 'deploy',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_RUN_ATTEMPT: String(phase.attempt ?? 1),
      GITHUB_RUN_ID: phase.runId ?? '4711',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_WORKFLOW: 'deploy',
      GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/deploy.yml@refs/heads/main',
      GITHUB_WORKSPACE: this.workspace,
      RUNNER_TEMP: join(this.home, 'temp'),
      RUNNER_WORKSPACE: join(this.home, 'work', 'repo'),
      RUNNER_TRACKING_ID: 'github_of-the-test',
      ...files,
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      ...phase.env,
    };
  }

  private async collect(
    child: ChildProcess,
    files: Readonly<Record<string, string>>,
    phase: Phase,
  ): Promise<Ran> {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      phase.onLog?.(chunk.toString());
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN_MS);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('close', (exitCode, exitSignal) => {
          resolve([exitCode, exitSignal]);
        });
      },
    );
    clearTimeout(timer);
    const read = (name: string): string => readFileSync(files[`GITHUB_${name}`] ?? '', 'utf8');
    return {
      code,
      signal,
      log: Buffer.concat(chunks).toString(),
      outputs: toMap(read('OUTPUT')),
      env: toMap(read('ENV')),
      path: read('PATH')
        .split('\n')
        .filter((line) => line !== ''),
      summary: read('STEP_SUMMARY'),
      state: toMap(read('STATE')),
    };
  }

  /** The environment that hands main's saved state to post. */
  static handOver({ state }: Ran): Readonly<Record<string, string>> {
    return Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]));
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function toMap(text: string): ReadonlyMap<string, string> {
  const parsed = parseEnvFile(text);
  if (!parsed.ok)
    throw new Error(`a GITHUB_ file of the action is malformed: ${parsed.error.message}`);
  return new Map(parsed.value.map(({ name, value }) => [name, value]));
}

/** Whether a process runs; one that has ended and was not yet collected by its parent does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}
