import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { GroupEntry, Identity, Known } from '../../checks/ports.ts';
import { failure, success } from '../../result.ts';
import { findSystemProgram, SYSTEM_ENV } from '../system-programs.ts';
import type { KernelFiles } from './kernel-files.ts';

/** A name service that does not answer must not hold up what the local files already say. */
const GETENT_TIMEOUT_MS = 3000;

/** Local files first, then the name service (LDAP, sssd) by way of getent. */
export class Accounts {
  readonly #files: KernelFiles;

  constructor(files: KernelFiles) {
    this.#files = files;
  }

  /** Fields of the entry whose field number `field` is `value`. */
  async #entry(
    database: 'passwd' | 'group',
    field: 0 | 2,
    value: string,
  ): Promise<readonly string[] | undefined> {
    const local = (await this.#files.value(`/etc/${database}`)) ?? '';
    const entries = local.split('\n').map((line) => line.split(':'));
    return entries.find((entry) => entry[field] === value) ?? this.#foreign(database, value);
  }

  async #foreign(database: string, key: string): Promise<readonly string[] | undefined> {
    const getent = findSystemProgram('getent', process.env);
    if (getent === undefined) return undefined;
    try {
      const { stdout } = await promisify(execFile)(getent, [database, '--', key], {
        env: SYSTEM_ENV,
        timeout: GETENT_TIMEOUT_MS,
      });
      const entry = stdout.trim().split(':');
      return entry.length > 2 ? entry : undefined;
    } catch {
      // No entry, or no answer: nobody here knows the name.
      return undefined;
    }
  }

  /** Name of a user, or `uid 1001` for one without. */
  async userName(uid: number): Promise<string> {
    return (await this.#entry('passwd', 2, String(uid)))?.[0] ?? `uid ${uid}`;
  }

  /** Name of a group, or `gid 1001` for one without. */
  async groupName(gid: number): Promise<string> {
    return (await this.#entry('group', 2, String(gid)))?.[0] ?? `gid ${gid}`;
  }

  async group(name: string): Promise<Known<GroupEntry | undefined>> {
    const entry = await this.#entry('group', 0, name);
    if (entry === undefined) return success(undefined);
    const [, , gid, members = ''] = entry;
    return success({ gid: Number(gid), members: members.split(',').filter((user) => user !== '') });
  }

  /** Who this process is, and so every step. */
  async identity(): Promise<Known<Identity>> {
    const { geteuid, getegid, getgroups } = process;
    if (geteuid === undefined || getegid === undefined || getgroups === undefined) {
      return failure('this platform has no user and group ids');
    }
    const uid = geteuid();
    const groups = [...new Set([getegid(), ...getgroups()])];
    const groupNames = await Promise.all(groups.map((gid) => this.groupName(gid)));
    return success({ uid, name: await this.userName(uid), groups, groupNames });
  }
}
