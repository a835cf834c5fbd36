import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ActLog } from './act-log.ts';
import { isRoot } from './machine.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = process.env['PREFLIGHT_TEST_DIST'] ?? join(ROOT, 'dist');
/** Ends a run that hangs, so that a test fails instead of waiting for ever. */
const LONGEST_RUN_MS = 90_000;

/** `act`, which runs workflows without GitHub: named by PREFLIGHT_TEST_ACT, or on the PATH. */
export const ACT = findAct();

function findAct(): string | undefined {
  const program = process.env['PREFLIGHT_TEST_ACT'] ?? 'act';
  return spawnSync(program, ['--version']).status === 0 ? program : undefined;
}

/** Prefix of a command line that gives the command mounts of its own. */
const OWN_MOUNTS = ['unshare', ...(isRoot() ? [] : ['--map-root-user']), '--mount'];

const MOUNT =
  'mount --bind "$1/var-lib" /var/lib && mount --bind "$1/srv" /srv && shift && exec "$@"';

/** Whether this machine has what the tests with `act` need. */
export function hasAct(): boolean {
  const [command, ...args] = [...OWN_MOUNTS, 'true'];
  return ACT !== undefined && spawnSync(command, args).status === 0;
}

/** What happens in one run of a workflow. */
export interface ActOptions {
  readonly attempt?: number;
  readonly runId?: string;
  /** What starts it; `workflow_dispatch` when nothing is said. */
  readonly event?: string;
  /** Path of the workflow; all of them when none is given. */
  readonly workflow?: string;
  readonly job?: string;
  /** One leg of a matrix, as `name:value`. */
  readonly matrix?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Told of each line that the job printed, with how to do something about it. */
  readonly onPrinted?: (text: string, running: Running) => void;
}

/** A run of act that is under way. */
export interface Running {
  /** Ctrl-C, which is all the cancelling that act knows. */
  cancel(): void;
  /** The machine is gone: everything on it ends at once, and no post step follows. */
  lose(): void;
}

/**
 * A self-hosted machine: own home, own /srv, own /var/lib, which the default state directory lies in, and the action at
 * hand under its published name. All that it runs is in `path`.
 */
export class ActMachine {
  readonly path = mkdtempSync(join(tmpdir(), 'preflight-act-'));
  /** The state directory that the action uses by default, as it is seen from outside. */
  readonly stateDir = join(this.path, 'var-lib', 'freshtrack-deploy');
  private readonly bin = join(this.path, 'bin');
  private readonly action = join(this.path, 'action');

  /** `mode`: what the action does here unless a workflow says otherwise. */
  constructor(mode = 'run') {
    for (const name of ['var-lib', 'srv', 'home', 'bin']) mkdirSync(join(this.path, name));
    symlinkSync(process.env['PREFLIGHT_TEST_NODE'] ?? process.execPath, join(this.bin, 'node'));
    copyAction(this.action);
    const definition = join(this.action, 'action.yml');
    const text = readFileSync(definition, 'utf8');
    writeFileSync(definition, text.replace('    default: run\n', `    default: ${mode}\n`));
  }

  /** Runs a workflow of the repository, as a runner on this machine would. */
  async run(repository: ActRepository, options: ActOptions = {}): Promise<ActLog> {
    const [command = '', ...args] = [
      ...[...OWN_MOUNTS, 'sh', '-c', MOUNT, 'sh', this.path],
      ...[ACT ?? 'act', options.event ?? 'workflow_dispatch', '--json'],
      ...['--workflows', options.workflow ?? '.github/workflows'],
      ...['self-hosted', 'ubuntu-24.04'].flatMap((label) => ['-P', `${label}=-self-hosted`]),
      ...['--local-repository', `freshtrack/preflight-action@v1=${this.action}`],
      ...['--action-cache-path', join(this.path, 'work')],
      ...['--cache-server-path', repository.cache, '--cache-server-addr', '127.0.0.1'],
      ...(options.job === undefined ? [] : ['--job', options.job]),
      ...(options.matrix === undefined ? [] : ['--matrix', options.matrix]),
      ...['--env', `GITHUB_RUN_ID=${options.runId ?? '4711'}`],
      ...['--env', `GITHUB_RUN_ATTEMPT=${options.attempt ?? 1}`],
      ...(options.args ?? []),
    ];
    const child = spawn(command, args, {
      cwd: repository.path,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${this.bin}:${process.env['PATH'] ?? ''}`,
        HOME: join(this.path, 'home'),
        LANG: 'C.UTF-8',
        RUNNER_TRACKING_ID: 'github_of-the-test',
        // What a cache of GitHub needs, and act's does not look at.
        ACTIONS_RUNTIME_TOKEN: 'token-of-the-test',
        SHARED: repository.shared,
        ...options.env,
      },
    });
    const log = new ActLog();
    const running: Running = {
      cancel: () => child.kill('SIGINT'),
      lose: () => {
        child.kill('SIGKILL');
        for (const pid of findProcesses(this.path)) process.kill(pid, 'SIGKILL');
      },
    };
    log.onPrinted = (text) => options.onPrinted?.(text, running);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log.add(text);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      log.complaints += chunk.toString();
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN_MS);
    log.code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    clearTimeout(timer);
    return log;
  }

  /** Ends what a deployment has left running, and takes the machine away. */
  remove(): void {
    for (const pid of findProcesses(this.path)) process.kill(pid, 'SIGKILL');
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Does something to a run once, as soon as its job has printed a text. */
export function onceItPrints(
  text: string,
  act: (running: Running) => void,
): Pick<ActOptions, 'onPrinted'> {
  let isDone = false;
  return {
    onPrinted: (printed, running) => {
      if (isDone || !printed.includes(text)) return;
      isDone = true;
      act(running);
    },
  };
}

/** The processes that have to do with a folder, by their command line or environment. */
export function findProcesses(folder: string, program = ''): readonly number[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(pid, 'cmdline').includes(program))
    .filter((pid) => `${read(pid, 'cmdline')}\0${read(pid, 'environ')}`.includes(folder))
    .map(Number);
}

/** The action as it is released: what its users' runners download. */
export function copyAction(folder: string): void {
  cpSync(DIST, join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'action.yml'), join(folder, 'action.yml'));
}

/** A repository of a user, with the server's side of its cache, and a place that all its machines share. */
export class ActRepository {
  readonly home = mkdtempSync(join(tmpdir(), 'preflight-act-repository-'));
  readonly path = join(this.home, 'shop');
  readonly cache = join(this.home, 'cache');
  readonly shared = join(this.home, 'shared');

  constructor(files: Readonly<Record<string, string>>) {
    mkdirSync(this.path);
    mkdirSync(this.shared);
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('remote', 'add', 'origin', 'https://github.com/octo/shop');
    this.commit(files);
  }

  /** Copies a file or folder of this project into it; `commit` makes it known. */
  copyIn(from: string, to = from): void {
    cpSync(join(ROOT, from), join(this.path, to), { recursive: true });
  }

  commit(files: Readonly<Record<string, string>> = {}): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), text);
    }
    this.git('add', '--all');
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    this.git(...who, 'commit', '--quiet', '--allow-empty', '--no-gpg-sign', '-m', 'change');
    // What starts a deployment in the examples, and names its version.
    this.git('tag', '--force', 'v1.4.2');
  }

  private git(...args: readonly string[]): void {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    execFileSync('git', args, { cwd: this.path, env });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
