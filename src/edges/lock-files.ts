import { createHash, randomBytes } from 'node:crypto';
import { linkSync, lstatSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LockHolder } from '../ports.ts';
import { encodeLock, parseLock } from '../state/codec.ts';
import { MAX_DOCUMENT_BYTES } from '../state/document.ts';
import type { DirectoryGuard } from './directory-guard.ts';
import { guardDirectories } from './directory-guard.ts';
import { isTemporary, removeFile, writeTemporary } from './durable-files.ts';
import { listDirectory, readHead } from './file-reading.ts';
import { isSystemError, UnfitFile } from './system-error.ts';

/**
 * The files of one lock, and why two can never hold it.
 *
 * A lock is the file `<name>`. It comes into being by link(2), whole and only where there is none. Its
 * content never changes, and no two contents are equal, as each has a random token. Who holds the lock
 * removes the file; so nobody else touches the file of a living holder, and the difficulty is only
 * who may touch a dead one's: two who both saw the dead holder must not, one after the other, remove
 * first its file and then the file of whoever came next.
 *
 * So the right to succeed a content is a file of its own, `<name>.broken-<digest of the content>`, made
 * by link(2) as well: one process alone gets it. It holds the successor's own lock content. The
 * successor looks at `<name>` again; when the content is still the one it judged dead, then nobody but
 * the successor may change the file any more, and it renames its claim over it: in one step the dead
 * file is gone and the successor's is in its place. When the content is another, somebody was quicker,
 * and the claim is withdrawn; a claim on a content that is no longer `<name>`'s means nothing, since
 * no content ever comes back.
 *
 * A successor that dies between claim and rename leaves a chain: lock, claim on it, claim on that
 * claim… Whoever comes next judges every link of it, and claims the right to succeed the last. It then
 * follows the chain from `<name>` again, to its own claim. All before it are dead, each link was only
 * its owner's to change, so the chain stands still, and renaming the last claim over `<name>` is safe.
 */
export interface LockFiles {
  /** The lock, then the claim on it, and so on. Empty: nobody holds it. */
  readChain(): readonly LockEntry[];
  /** Takes a lock that nobody holds, or succeeds this chain of dead. False: somebody was quicker. */
  take(chain: readonly LockEntry[], holder: LockHolder): Hold | false;
  /** Removes a lock without taking it, with the same care; `by` is who does. False as with `take`. */
  remove(chain: readonly LockEntry[], by: LockHolder): boolean;
}

/** One file of the chain as it was read. */
export interface LockEntry {
  readonly path: string;
  readonly digest: string;
  readonly content:
    | { readonly kind: 'holder'; readonly holder: LockHolder }
    | { readonly kind: 'foreign'; readonly message: string };
}

/** A lock that is ours. */
export interface Hold {
  /** Removes it, if it is still ours. */
  release(): void;
}

const TOKEN_BYTES = 16;
const DIGEST_DIGITS = 32;
/** Longer chains do not come about; a loop cannot, but costs nothing to exclude. */
const LONGEST_CHAIN = 100;
const STALE_TEMPORARY_MS = 3_600_000;

export function openLockFiles(directory: string, name: string): LockFiles {
  const path = join(directory, name);
  const guard = guardDirectories([dirname(directory), directory]);
  const claimOn = (digest: string) => `${path}.broken-${digest}`;

  const readChain = (): readonly LockEntry[] => {
    const chain: LockEntry[] = [];
    let next = path;
    while (chain.length < LONGEST_CHAIN) {
      const entry = readEntry(next);
      if (entry === undefined) break;
      chain.push(entry);
      next = claimOn(entry.digest);
    }
    return chain;
  };

  const endsWith = (chain: readonly LockEntry[], digest: string): boolean => {
    const now = readChain().map((entry) => entry.digest);
    const expected = [...chain.map((entry) => entry.digest), digest];
    return now.length >= expected.length && expected.every((each, index) => each === now[index]);
  };

  const toHold = (digest: string): Hold => ({
    release: () => {
      guard.check();
      if (readEntry(path)?.digest === digest) removeFile(path);
    },
  });

  /** Runs `act` with the exclusive right to change a chain of dead; false when it is not to be had. */
  const succeed = (
    chain: readonly LockEntry[],
    last: LockEntry,
    content: string,
    act: (claim: string) => void,
  ): boolean => {
    const claim = claimOn(last.digest);
    if (!linkNew(claim, content, guard)) return false;
    if (!endsWith(chain, toDigest(content))) {
      removeFile(claim);
      return false;
    }
    act(claim);
    return true;
  };

  return {
    readChain,
    take: (chain, holder) => {
      const content = encodeLock({ token: newToken(), holder });
      const hold = toHold(toDigest(content));
      const last = chain.at(-1);
      const isTaken =
        last === undefined
          ? linkNew(path, content, guard)
          : succeed(chain, last, content, (claim) => {
              renameSync(claim, path);
            });
      if (!isTaken) return false;
      sweep(directory, name, toDigest(content));
      return hold;
    },
    remove: (chain, by) => {
      const last = chain.at(-1);
      if (last === undefined) return true;
      const content = encodeLock({ token: newToken(), holder: by });
      return succeed(chain, last, content, (claim) => {
        removeFile(path);
        removeFile(claim);
        for (const { path: dead } of chain) if (dead !== path) removeFile(dead);
      });
    },
  };
}

/**
 * Removes claims that mean nothing any more, and what was left by writers that were killed. Only for
 * the holder: no claim but one on its own content can then be reached from the lock.
 */
function sweep(directory: string, name: string, ownDigest: string): void {
  const prefix = `${name}.broken-`;
  for (const file of listDirectory(directory)) {
    const digest = file.startsWith(prefix) ? file.slice(prefix.length) : undefined;
    const isClaim = digest !== undefined && /^[0-9a-f]{32}$/.test(digest);
    const isLeftOver = isTemporary(file) && isStale(join(directory, file));
    if ((isClaim && digest !== ownDigest) || isLeftOver) removeFile(join(directory, file));
  }
}

function isStale(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > STALE_TEMPORARY_MS;
}

/** Makes `path` with this content, whole and durable; false when there is one already. */
function linkNew(path: string, content: string, guard: DirectoryGuard): boolean {
  guard.check();
  const temporary = writeTemporary(path, content, guard);
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    // ENOENT: we stood still for so long that our temporary file was swept.
    if (isSystemError(error) && (error.code === 'EEXIST' || error.code === 'ENOENT')) return false;
    throw error;
  } finally {
    removeFile(temporary);
  }
}

function readEntry(path: string): LockEntry | undefined {
  const head = readHead(path, MAX_DOCUMENT_BYTES);
  if (head === undefined) return undefined;
  if (head.size > MAX_DOCUMENT_BYTES) throw new UnfitFile('EFBIG', path, 'is no lock of ours');
  const content = head.bytes.toString('utf8');
  const parsed = parseLock(content);
  return {
    path,
    digest: toDigest(content),
    content: parsed.ok
      ? { kind: 'holder', holder: parsed.value.holder }
      : { kind: 'foreign', message: parsed.error.message },
  };
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}

function toDigest(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, DIGEST_DIGITS);
}
