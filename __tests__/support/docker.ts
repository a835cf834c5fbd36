import type { ChildProcess } from 'node:child_process';
import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { until } from './commands.ts';
import { temporaryFolder } from './folders.ts';
import { isRoot } from './machine.ts';
import { Registry } from './registry.ts';

const FIXTURES = '__tests__/fixtures/docker';

type Environment = Readonly<Record<string, string>>;

/** What a release of the example's application is like. */
export interface Release {
  readonly schema: number;
  /** Whether its service says that it is well. */
  readonly healthy?: boolean;
}

/** A docker that a test can deploy to: a real engine, or the stand-in. */
export interface Docker {
  /** What a reader of the test's output should know about it. */
  readonly name: string;
  /** The variables by which the command `docker` finds it. */
  readonly env: Environment;
  /** The image's name, without the tag. */
  readonly image: string;
  /** Brings a release of the example to the registry. */
  publish(version: string, release: Release): Promise<void>;
  stop(): Promise<void>;
}

function run(command: string, args: readonly string[], env: Environment = {}): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    env: { ...process.env, ...env },
  }).trim();
}

function works(command: string, args: readonly string[], env: Environment = {}): boolean {
  try {
    run(command, args, env);
    return true;
  } catch {
    return false;
  }
}

/** A daemon that this process has started, in a folder of its own. */
class Daemon {
  readonly folder = temporaryFolder();
  private readonly child: ChildProcess;

  constructor() {
    const { path } = this.folder;
    const options = {
      'data-root': join(path, 'data'),
      'exec-root': join(path, 'exec'),
      pidfile: join(path, 'pid'),
      host: `unix://${path}/socket`,
      // No docker0 that would stay behind; compose makes networks of its own.
      bridge: 'none',
    };
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    this.child = spawn('dockerd', [...args, '--iptables=false', '--ip6tables=false'], {
      stdio: 'ignore',
    });
    this.child.once('error', () => undefined);
  }

  get env(): Environment {
    return { DOCKER_HOST: `unix://${this.folder.path}/socket` };
  }

  /** Whether it has come up: it cannot where containers are not allowed to be started. */
  async comesUp(): Promise<boolean> {
    try {
      return await until(() => {
        if (this.child.exitCode !== null) return false;
        return works('docker', ['info'], this.env) ? true : undefined;
      }, 20_000);
    } catch {
      return false;
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.pid !== undefined) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await ended;
    }
    this.folder.remove();
  }
}

/** Makes `docker compose` work, with Debian's old docker-compose if need be. */
function findCompose(folder: string): Environment | undefined {
  if (works('docker', ['compose', 'version'])) {
    // A job has a home of its own, so docker has to be told where ours is.
    return { DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker') };
  }
  if (!works('docker-compose', ['version'])) return undefined;
  const plugin = join(folder, 'config', 'cli-plugins', 'docker-compose');
  mkdirSync(dirname(plugin), { recursive: true });
  copyFileSync(join(FIXTURES, 'compose-plugin.sh'), plugin);
  chmodSync(plugin, 0o755);
  return { DOCKER_CONFIG: join(folder, 'config') };
}

/** Makes an image of the static or dynamic busybox of this machine; nothing is pulled from anywhere. */
function importBase(image: string, folder: string, env: Environment): void {
  const root = join(folder, 'root');
  const busybox = run('sh', ['-c', 'command -v busybox']);
  const linked = works('ldd', [busybox]) ? run('ldd', [busybox]) : '';
  const libraries = [...linked.matchAll(/(\/\S+)/gu)].map(([path]) => path);
  for (const path of libraries) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    run('cp', ['-L', path, join(root, path)]);
  }
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync(busybox, join(root, 'bin', 'busybox'));
  for (const applet of run('busybox', ['--list']).split('\n')) {
    const link = join(root, 'bin', applet);
    if (!existsSync(link)) symlinkSync('busybox', link);
  }
  run('sh', ['-c', `tar -C '${root}' -c . | docker import - '${image}'`], env);
}

/** A real engine, with a registry on the loopback address; undefined where none can be had. */
async function startRealDocker(): Promise<Docker | undefined> {
  const folder = temporaryFolder();
  const compose = findCompose(folder.path);
  const isEngineThere = works('docker', ['info']);
  const canStart = isRoot() && works('dockerd', ['--version']);
  if (compose === undefined || !works('busybox', ['--list']) || (!isEngineThere && !canStart)) {
    folder.remove();
    return undefined;
  }
  const daemon = isEngineThere ? undefined : new Daemon();
  if (daemon !== undefined && !(await daemon.comesUp())) {
    await daemon.stop();
    folder.remove();
    return undefined;
  }
  const host = process.env['DOCKER_HOST'];
  const env = { ...compose, ...(host !== undefined && { DOCKER_HOST: host }), ...daemon?.env };
  const registry = new Registry();
  await registry.listen();
  const base = `preflight-test-base:${process.pid}`;
  importBase(base, folder.path, env);
  const image = `${registry.host}/shop`;
  const built = new Set<string>();
  return {
    name: `a real engine, docker ${run('docker', ['info', '--format', '{{.ServerVersion}}'], env)}, ${
      run('docker', ['compose', 'version'], env).split('\n')[0] ?? ''
    }`,
    env,
    image,
    async publish(version, { schema, healthy = true }) {
      const context = join(folder.path, version);
      run('cp', ['-r', 'examples/docker-compose/app', context]);
      if (!healthy) run('sed', ['-i', '/www.health/d', join(context, 'serve.sh')]);
      const tag = `${image}:${version}`;
      const args = { BASE: base, VERSION: version, SCHEMA: String(schema) };
      const options = Object.entries(args).flatMap(([name, value]) => [
        '--build-arg',
        `${name}=${value}`,
      ]);
      run('docker', ['build', '--quiet', ...options, '--tag', tag, context], env);
      built.add(tag);
      // Not in step with this process, which is the registry.
      const surroundings = { timeout: 60_000, env: { ...process.env, ...env } };
      await promisify(execFile)('docker', ['push', '--quiet', tag], surroundings);
      run('docker', ['image', 'rm', tag], env);
    },
    async stop() {
      for (const tag of [...built, base]) works('docker', ['image', 'rm', '--force', tag], env);
      await daemon?.stop();
      await registry.close();
      folder.remove();
    },
  };
}

/** The recorded answers, in front of any real docker on the PATH. */
function startStandIn(): Docker {
  const folder = temporaryFolder();
  const state = join(folder.path, 'state');
  const bin = join(folder.path, 'bin');
  for (const path of [join(state, 'published'), join(state, 'pulled'), bin]) {
    mkdirSync(path, { recursive: true });
  }
  symlinkSync(resolve(FIXTURES, 'stand-in.sh'), join(bin, 'docker'));
  return {
    name: 'a stand-in for docker, with recorded answers',
    env: { DOCKER_STAND_IN: state, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    image: 'registry.example.com/shop',
    publish(version, { schema, healthy = true }) {
      const isLike = `${schema} ${healthy ? 'healthy' : 'unhealthy'}\n`;
      writeFileSync(join(state, 'published', version), isLike);
      return Promise.resolve();
    },
    stop() {
      folder.remove();
      return Promise.resolve();
    },
  };
}

/** `best`: a real engine where one can be had, else the stand-in. */
export type DockerKind = 'best' | 'real' | 'stand-in';

/** Which are to be tried; PREFLIGHT_DOCKER insists on one. */
export function chooseDockers(): readonly DockerKind[] {
  const kinds: readonly DockerKind[] = ['best', 'real', 'stand-in'];
  const wanted = kinds.find((kind) => kind === process.env['PREFLIGHT_DOCKER']);
  return wanted === undefined ? ['best', 'stand-in'] : [wanted];
}

export async function startDocker(kind: DockerKind): Promise<Docker> {
  const real = kind === 'stand-in' ? undefined : await startRealDocker();
  if (real === undefined && kind === 'real') throw new Error('no docker engine can be had here');
  return real ?? startStandIn();
}
