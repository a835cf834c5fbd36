import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { readOnlyFile } from '../../src/state/cache-archive.ts';
import type { CachePayload } from '../../src/state/cache-payload.ts';
import { encodePayload } from '../../src/state/cache-payload.ts';

/** The file in an entry of the cache that the action made. */
const ENTRY = 'preflight-checkpoint';

/** One member of an archive, as an attacker would write it. */
export interface Member {
  readonly name: string;
  /** As tar names kinds: 0 file, 1 hard link, 2 symbolic link, 3 character device, 5 directory. */
  readonly type?: string;
  readonly link?: string;
  readonly content?: string;
  /** What the header says, where it lies. */
  readonly size?: number;
}

/** An archive of anything, made without tar. */
export function packMembers(members: readonly Member[]): Buffer {
  return Buffer.concat([...members.map(packMember), Buffer.alloc(1024)]);
}

function packMember({ name, type = '0', link = '', content = '', size }: Member): Buffer {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name.slice(0, 100), 0);
  header.write('0004755\0', 100);
  header.write((size ?? body.length).toString(8).padStart(11, '0'), 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link.slice(0, 100), 157);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** What an honest entry holds. */
export function readEntry(blob: Buffer): CachePayload {
  const file = readOnlyFile(gunzipSync(blob), ENTRY);
  if (!file.ok) throw new Error(file.error);
  return JSON.parse(Buffer.from(file.value).toString()) as CachePayload;
}

/** An entry with this content: all that can be calculated (size, hashes) is right. */
export function packEntry(content: string): Buffer {
  return gzipSync(packMembers([{ name: ENTRY, content }]));
}

/** An honest payload with its files changed, and hashed anew. */
export function forge(
  payload: CachePayload,
  change: (files: Map<string, string>) => void,
): CachePayload {
  const files = new Map(payload.files.map(({ name, content }) => [name, content]));
  change(files);
  const forged = [...files]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, content]) => ({
      name,
      sha256: createHash('sha256').update(content).digest('hex'),
      content,
    }));
  const size = forged.reduce((sum, { content }) => sum + content.length, 0);
  return { ...payload, size, files: forged };
}

export function packPayload(payload: CachePayload): Buffer {
  return packEntry(encodePayload(payload));
}
