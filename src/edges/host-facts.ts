import { access } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { SecureContext } from 'node:tls';

import type { CheckWorld, FileProbe, HostProbe, Known } from '../checks/ports.ts';
import { Accounts } from './probes/accounts.ts';
import { findCommand, runProbe } from './probes/commands.ts';
import { loadSpace } from './probes/file-systems.ts';
import { lookAtPath, loadReadRefusal, loadWritability } from './probes/files.ts';
import { KernelFiles } from './probes/kernel-files.ts';
import { loadListeners } from './probes/listeners.ts';
import { loadMemory } from './probes/memory.ts';
import { loadCpu } from './probes/processors.ts';
import { resolveName } from './probes/resolver.ts';

/** What a world is made of. */
export interface WorldParts {
  readonly clock: CheckWorld['clock'];
  /** The environment that a step will have. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly workspace: string;
  /** Where /proc, /sys, /etc and /run are; `/` but for tests. */
  readonly root?: string;
}

/** Addresses that only mean this host on this host itself. */
function isLocalOnly(address: string): boolean {
  return /^(?:fe[89ab]|169\.254\.)/iu.test(address);
}

function toAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !isLocalOnly(address))
    .map(({ address }) => address);
}

async function loadOsRelease(files: KernelFiles): Promise<Known<string>> {
  const own = await files.read('/etc/os-release');
  return own.ok ? own : files.read('/usr/lib/os-release');
}

function createHostProbe(files: KernelFiles, accounts: Accounts): HostProbe {
  return {
    memory: () => loadMemory(files),
    cpu: () => loadCpu(files),
    osRelease: () => loadOsRelease(files),
    listeners: (port) => loadListeners(files, accounts, port),
    identity: () => accounts.identity(),
    group: (name) => accounts.group(name),
    addresses: toAddresses,
    // What sd_booted(3) looks at.
    runsSystemd: () =>
      access(files.at('/run/systemd/system')).then(
        () => true,
        () => false,
      ),
  };
}

function createFileProbe(files: KernelFiles, accounts: Accounts, workspace: string): FileProbe {
  return {
    absolute: (path) => resolve(workspace, path),
    look: (path) => lookAtPath(path, accounts),
    readRefusal: loadReadRefusal,
    space: (path) => loadSpace(files, path),
    writability: (path) => loadWritability(path, accounts),
  };
}

/** The host as the checks see it. Making it costs nothing: all is looked at when it is asked for. */
export function createCheckWorld({ clock, env, workspace, root }: WorldParts): CheckWorld {
  const files = new KernelFiles(root);
  const accounts = new Accounts(files);
  let trust: Promise<SecureContext> | undefined;
  const loadTrustOnce = async (): Promise<SecureContext> => {
    const { loadTrust } = await import('./probes/authorities.ts');
    return loadTrust(env);
  };
  return {
    clock,
    env,
    workspace,
    host: createHostProbe(files, accounts),
    files: createFileProbe(files, accounts, workspace),
    commands: {
      find: (name) => findCommand(name, env['PATH'] ?? '', workspace),
      run: runProbe,
    },
    network: {
      resolve: resolveName,
      reach: async (request, cut) => {
        const { reachUrl } = await import('./probes/connections.ts');
        const surroundings = {
          env,
          now: () => clock.now(),
          trust: () => (trust ??= loadTrustOnce()),
        };
        return reachUrl(request, surroundings, cut);
      },
    },
  };
}
