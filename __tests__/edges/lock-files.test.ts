import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LockFiles } from '../../src/edges/lock-files.ts';
import { openLockFiles } from '../../src/edges/lock-files.ts';
import { temporaryFolder } from '../support/folders.ts';
import { LOCK_NAME, lockHolder } from '../support/lock-holders.ts';

/** Here all holders count as dead: what is tested is who may succeed whom, not who is dead. */

let folder: ReturnType<typeof temporaryFolder>;
let files: LockFiles;

beforeEach(() => {
  folder = temporaryFolder();
  files = openLockFiles(folder.path, LOCK_NAME);
});
afterEach(() => {
  folder.remove();
});

const named = (runId: string) => lockHolder({ run_id: runId });
const lock = () => join(folder.path, LOCK_NAME);

function holderOfLock(): string | undefined {
  const [entry] = files.readChain();
  return entry?.content.kind === 'holder' ? entry.content.holder.run_id : undefined;
}

/** Makes `runId` claim the succession and die before it goes on, as the file system sees it. */
function claimAndDie(runId: string): void {
  const chain = files.readChain();
  const before = readFileSync(lock());
  const last = chain.at(-1);
  if (last === undefined) throw new Error('nobody to succeed');
  const other = openLockFiles(folder.path, 'scratch-0123456789');
  other.take([], named(runId));
  const scratch = join(folder.path, 'scratch-0123456789');
  writeFileSync(`${lock()}.broken-${last.digest}`, readFileSync(scratch));
  other.remove(other.readChain(), named(runId));
  expect(readFileSync(lock())).toEqual(before);
}

describe('the files of a lock', () => {
  test('are one, while it is held, and none after', () => {
    const hold = files.take([], named('a'));
    expect(readdirSync(folder.path)).toEqual([LOCK_NAME]);
    if (hold !== false) hold.release();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('let nobody in who believes that it is free', () => {
    const seen = files.readChain();
    files.take([], named('a'));
    expect(files.take(seen, named('b'))).toBe(false);
    expect(holderOfLock()).toBe('a');
  });

  test('let one of two succeed the dead, even if the other saw it dead long before', () => {
    files.take([], named('dead'));
    const seenByStalled = files.readChain();
    expect(files.take(files.readChain(), named('quick'))).not.toBe(false);
    expect(files.take(seenByStalled, named('stalled'))).toBe(false);
    expect(holderOfLock()).toBe('quick');
    expect(readdirSync(folder.path)).toEqual([LOCK_NAME]);
  });

  test('let the stalled in neither when the lock is free again, nor when it is held anew', () => {
    files.take([], named('dead'));
    const seenByStalled = files.readChain();
    const hold = files.take(files.readChain(), named('quick'));
    if (hold !== false) hold.release();
    expect(files.take(seenByStalled, named('stalled'))).toBe(false);
    expect(existsSync(lock())).toBe(false);

    files.take([], named('new'));
    expect(files.take(seenByStalled, named('stalled'))).toBe(false);
    expect(holderOfLock()).toBe('new');
  });

  test('show who was about to succeed when it died, and are passed on all the same', () => {
    files.take([], named('dead'));
    claimAndDie('successor');
    const seenByStalled = files.readChain().slice(0, 1);
    expect(files.readChain()).toHaveLength(2);

    expect(files.take(seenByStalled, named('stalled'))).toBe(false);
    expect(files.take(files.readChain(), named('next'))).not.toBe(false);
    expect(holderOfLock()).toBe('next');
    expect(readdirSync(folder.path)).toEqual([LOCK_NAME]);
  });

  test('are not removed by a holder that was removed by force', () => {
    const hold = files.take([], named('forced out'));
    expect(files.remove(files.readChain(), named('a person'))).toBe(true);
    files.take([], named('new'));
    if (hold !== false) hold.release();
    expect(holderOfLock()).toBe('new');
  });

  test('are not removed by force when they are other ones by now', () => {
    files.take([], named('old'));
    const seen = files.readChain();
    files.take(seen, named('new'));
    expect(files.remove(seen, named('a person'))).toBe(false);
    expect(holderOfLock()).toBe('new');
  });

  test('of other locks are left alone, and so are young temporary ones', () => {
    const others = [
      'other-0123456789',
      `other-0123456789.broken-${'a'.repeat(32)}`,
      `${LOCK_NAME}.broken-x-0123456789`,
      '.tmp-young',
    ];
    for (const name of [...others, `${LOCK_NAME}.broken-${'a'.repeat(32)}`, '.tmp-old']) {
      writeFileSync(join(folder.path, name), '');
    }
    utimesSync(join(folder.path, '.tmp-old'), 0, 0);
    files.take([], named('a'));
    expect(readdirSync(folder.path).sort()).toEqual([...others, LOCK_NAME].sort());
  });
});
