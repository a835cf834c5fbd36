import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = join(process.env['PREFLIGHT_TEST_DIST'] ?? join(ROOT, 'dist'), 'cli', 'index.js');
const PSEUDO_TERMINAL = join(import.meta.dirname, 'pseudo-terminal.py');
/** Ends a command that hangs, so that a test fails instead of waiting for ever. */
const LONGEST_RUN_MS = 60_000;

/** What a command showed, and how it ended. */
export interface Shown {
  /** 128+n after signal n. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Directory, relative to the project; the project itself by default. */
  readonly cwd?: string;
  /** Once this was shown, `then` is done. */
  readonly when?: string;
  readonly then?: (child: ChildProcess) => void;
}

/** Somebody's directory with a plan, far from any runner; starts the shipped command in it. */
export class Laptop {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'preflight-cli-')));
  readonly project = join(this.home, 'code', 'shop');
  readonly stateDir = join(this.home, 'state');
  readonly program = PROGRAM;

  constructor(plan?: string) {
    mkdirSync(this.project, { recursive: true });
    mkdirSync(this.stateDir, { mode: 0o700 });
    if (plan !== undefined) this.write('preflight.yml', plan);
  }

  write(path: string, text: string): void {
    const full = join(this.project, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text, { mode: 0o755 });
  }

  /** A file of the project; empty when it is not there. */
  read(path: string): string {
    const full = join(this.project, path);
    return existsSync(full) ? readFileSync(full, 'utf8') : '';
  }

  /** `preflight` with these words, on this state dir. */
  async preflight(line: string, options: Options = {}): Promise<Shown> {
    return await this.start([...line.split(' '), '--state-dir', this.stateDir], options);
  }

  async start(args: readonly string[], options: Options = {}): Promise<Shown> {
    return await this.spawn([process.execPath, this.program, ...args], options);
  }

  /** The same in a terminal; `send` is typed once `when` was shown. */
  async inTerminal(
    line: string,
    {
      when = '',
      send = '',
      columns = 80,
      env = {},
    }: {
      readonly when?: string;
      readonly send?: string;
      readonly columns?: number;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Shown> {
    const command = [process.execPath, this.program, ...line.split(' ')];
    return await this.spawn(
      [
        'python3',
        PSEUDO_TERMINAL,
        String(columns),
        when,
        send,
        ...command,
        '--state-dir',
        this.stateDir,
      ],
      { env: { TERM: 'xterm-256color', ...env } },
    );
  }

  async spawn([command = '', ...args]: readonly string[], options: Options = {}): Promise<Shown> {
    const child = spawn(command, args, {
      cwd: join(this.project, options.cwd ?? '.'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        LANG: 'C.UTF-8',
        ...options.env,
      },
    });
    let out = '';
    let err = '';
    let isDone = options.then === undefined;
    const look = (): void => {
      if (isDone || !(out + err).includes(options.when ?? '')) return;
      isDone = true;
      options.then?.(child);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      look();
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN_MS);
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => {
        resolve(exitCode ?? -1);
      });
    });
    clearTimeout(timer);
    return { code, out, err };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
