import { readdir, readlink } from 'node:fs/promises';
import { endianness } from 'node:os';

import type { Holder, Known, Listener } from '../../checks/ports.ts';
import { success } from '../../result.ts';
import type { Accounts } from './accounts.ts';
import type { KernelFiles } from './kernel-files.ts';

/** TCP_LISTEN in the kernel's tcp_states.h. */
const LISTEN = '0A';

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
}

/** The kernel prints addresses as 32-bit words of its own byte order. */
function toBytes(hex: string): readonly number[] {
  const bytes: number[] = [];
  for (const [word] of hex.matchAll(/.{8}/gu)) {
    const pairs = [...word.matchAll(/../gu)].map(([pair]) => Number.parseInt(pair, 16));
    bytes.push(...(endianness() === 'LE' ? pairs.reverse() : pairs));
  }
  return bytes;
}

function toAddress(hex: string): string {
  const bytes = toBytes(hex);
  if (bytes.length === 4) return bytes.join('.');
  const groups: string[] = [];
  for (let index = 0; index < bytes.length; index += 2) {
    groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16));
  }
  const text = groups.join(':');
  // The longest run of zeros is enough to shorten: these are for people, and there is one form.
  const longest = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/gu)]
    .map(([run]) => run)
    .sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? text : text.replace(longest, ':').replace(/^:?:?:|:$/u, '::');
}

/** Listening sockets of /proc/net/tcp or tcp6 (proc_pid_net(5)). */
export function toListeningSockets(table: string): readonly Socket[] {
  const sockets: Socket[] = [];
  for (const line of table.split('\n')) {
    const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/u);
    const [address, port] = local?.split(':') ?? [];
    if (state !== LISTEN || address === undefined || port === undefined) continue;
    sockets.push({
      address: toAddress(address),
      port: Number.parseInt(port, 16),
      uid: Number(uid),
      inode: inode ?? '',
    });
  }
  return sockets;
}

/** Names of a directory that may be gone, or closed to us, by the time we look. */
async function toNames(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch {
    return [];
  }
}

async function toLink(path: string): Promise<string> {
  try {
    return await readlink(path);
  } catch {
    return '';
  }
}

/** The unit of a process, from the path of its control group; a session of a user is none. */
function toUnit(cgroup: string): string | undefined {
  const units = [...cgroup.matchAll(/\/([^/\n]+\.service)(?=\/|$)/gmu)].map(([, unit]) => unit);
  return units.findLast((unit) => unit?.startsWith('user@') === false);
}

/** The process that holds a socket, as far as this user may see into it. */
async function findHolder(
  files: KernelFiles,
  inode: string,
): Promise<Extract<Holder, { kind: 'process' }> | undefined> {
  const wanted = `socket:[${inode}]`;
  for (const pid of await toNames(files.at('/proc'))) {
    if (!/^\d+$/u.test(pid)) continue;
    const directory = files.at(`/proc/${pid}/fd`);
    const descriptors = await toNames(directory);
    const links = await Promise.all(descriptors.map((name) => toLink(`${directory}/${name}`)));
    if (!links.includes(wanted)) continue;
    const unit = toUnit((await files.value(`/proc/${pid}/cgroup`)) ?? '');
    const name = (await files.value(`/proc/${pid}/comm`)) ?? 'unknown';
    return { kind: 'process', pid: Number(pid), name, ...(unit === undefined ? {} : { unit }) };
  }
  return undefined;
}

/** Who listens on a TCP port in our network namespace, on whichever address. */
export async function loadListeners(
  files: KernelFiles,
  accounts: Accounts,
  port: number,
): Promise<Known<readonly Listener[]>> {
  const ipv4 = await files.read('/proc/self/net/tcp');
  if (!ipv4.ok) return ipv4;
  // Absent where IPv6 is switched off.
  const ipv6 = (await files.value('/proc/self/net/tcp6')) ?? '';
  const sockets = toListeningSockets(`${ipv4.value}\n${ipv6}`);
  const listeners = sockets
    .filter((socket) => socket.port === port)
    .map(async ({ address, inode, uid }): Promise<Listener> => {
      const hidden = { kind: 'hidden', user: await accounts.userName(uid) } as const;
      return { address, holder: (await findHolder(files, inode)) ?? hidden };
    });
  return success(await Promise.all(listeners));
}
