import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hostView } from '../../src/edges/lock-judge.ts';
import { forceUnlock, inspectLock, openLocks } from '../../src/edges/lock.ts';
import { bootId, processStartTime } from '../../src/edges/process-identity.ts';
import type { HeldLock, LockFault, LockHolder, LockRequest, Stop } from '../../src/ports.ts';
import type { Result } from '../../src/result.ts';
import { encodeStepRecord } from '../../src/state/codec.ts';
import type { ProcessRef } from '../../src/state/record.ts';
import { compileSources } from '../support/compiled-sources.ts';
import { temporaryFolder } from '../support/folders.ts';
import { deadProcess, LOCK_NAME, lockHolder, lockRequest } from '../support/lock-holders.ts';
import { stepRecord } from '../support/records.ts';

let folder: ReturnType<typeof temporaryFolder>;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  folder.remove();
});

const lockPath = () => join(folder.path, 'locks', LOCK_NAME);

function acquire(overrides: Partial<LockRequest> = {}): Promise<Result<HeldLock, LockFault>> {
  return openLocks(folder.path).acquire(lockRequest(overrides));
}

/** Leaves a lock as this holder would. */
async function leaveLock(overrides: Partial<LockHolder> = {}): Promise<LockHolder> {
  const holder = lockHolder(overrides);
  const held = await acquire({ holder });
  if (!held.ok) throw new Error('could not be taken');
  return holder;
}

/** A process that lives until the test ends. */
function startSleeper(script = 'exec sleep 60', detached = false): ProcessRef & { pid: number } {
  const child = spawn('bash', ['-c', script], { stdio: 'ignore', detached });
  children.push(child);
  const pid = child.pid ?? 0;
  return { pid, start_time: processStartTime(pid) ?? '', boot_id: bootId() };
}

/** Writes what the parent of a step's command writes. */
function writeProcessFile(directory: string, unit: string, text: string): void {
  mkdirSync(join(directory, 'run', unit), { recursive: true });
  writeFileSync(join(directory, 'run', unit, 'process'), text);
}

function toProcessLine({ pid, start_time, boot_id }: ProcessRef): string {
  return `pid ${pid} ${start_time} ${boot_id}\n`;
}

function outcomeOf(result: Result<HeldLock, LockFault>): string {
  return result.ok ? 'held' : result.error.kind;
}

function stopper(): { readonly stop: Stop; readonly request: () => void } {
  const listeners = new Set<() => void>();
  let requested = false;
  return {
    stop: {
      get requested() {
        return requested;
      },
      onRequest: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    request: () => {
      requested = true;
      for (const listener of listeners) listener();
    },
  };
}

describe('a free lock', () => {
  test('is taken at once, with a private file that names its holder', async () => {
    const held = await acquire();
    expect(held.ok && held.value.inheritedFrom).toBeUndefined();
    expect(statSync(lockPath()).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'locks')).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(lockPath(), 'utf8'))).toMatchObject({
      schema_version: 1,
      holder: { run_id: '4711', process: { pid: process.pid } },
    });
  });

  test('is free again after its release, which may be repeated', async () => {
    const first = await acquire();
    if (first.ok) await first.value.release();
    const second = await acquire();
    expect(second.ok).toBe(true);
    if (first.ok) await first.value.release();
    expect(outcomeOf(await acquire())).toBe('timeout');
  });

  test('of another name does not matter', async () => {
    await leaveLock();
    expect((await acquire({ name: 'staging-0123456789' })).ok).toBe(true);
  });

  test.each(['', '../x', 'production', 'a/b-0123456789', '.tmp-0123456789'])(
    'called %j is refused: it is no name of ours',
    async (name) => {
      expect(await acquire({ name })).toMatchObject({
        ok: false,
        error: { kind: 'unusable', fault: { code: 'EINVAL' } },
      });
    },
  );
});

describe('a held lock', () => {
  test('is waited for, its holder announced once, until it is released', async () => {
    const first = await acquire();
    const waitedFor: string[] = [];
    const second = acquire({
      timeoutMs: 20_000,
      onWait: ({ run_url }) => {
        waitedFor.push(run_url);
        setTimeout(() => {
          if (first.ok) void first.value.release();
        }, 300);
      },
    });
    expect(outcomeOf(await second)).toBe('held');
    expect(waitedFor).toEqual(['https://github.com/acme/shop/actions/runs/4711']);
  });

  test('is given up after the time allowed, with its holder and the reason', async () => {
    const holder = await leaveLock({ run_id: '1' });
    const started = performance.now();
    const waited = await acquire({ timeoutMs: 400 });
    expect(waited).toEqual({
      ok: false,
      error: {
        kind: 'timeout',
        holder: expect.objectContaining({ run_id: holder.run_id }),
        reason: `its process ${process.pid} is alive`,
      },
    });
    expect(performance.now() - started).toBeGreaterThanOrEqual(395);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('is no longer waited for as soon as the run is cancelled', async () => {
    await leaveLock();
    const { stop, request } = stopper();
    const patient = openLocks(folder.path, hostView(), { firstMs: 60_000, lastMs: 60_000 });
    const onWait = () => setTimeout(request, 20);
    const waiting = patient.acquire(lockRequest({ timeoutMs: 600_000, cancel: stop, onWait }));
    expect(outcomeOf(await waiting)).toBe('cancelled');
  });

  test('is not even tried by a run that is cancelled already', async () => {
    const { stop, request } = stopper();
    request();
    expect(outcomeOf(await acquire({ cancel: stop }))).toBe('cancelled');
    expect(readdirSync(join(folder.path, 'locks'))).toEqual([]);
  });
});

describe('the lock of a dead holder', () => {
  test('is broken, and says whose it was', async () => {
    await leaveLock({ run_id: '1', process: deadProcess() });
    const held = await acquire();
    expect(held.ok && held.value.inheritedFrom?.run_id).toBe('1');
    expect(outcomeOf(await acquire())).toBe('timeout');
    expect(readdirSync(join(folder.path, 'locks'))).toEqual([LOCK_NAME]);
  });

  test('is broken when its process is only waiting to be reaped', async () => {
    // The shell becomes a process that never asks how its child ended.
    const parent = spawn('bash', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8');
    while (!stat().includes(') Z ')) await new Promise((resolve) => setTimeout(resolve, 5));
    const start_time = processStartTime(pid) ?? '';
    await leaveLock({ process: { pid, start_time, boot_id: bootId() } });
    expect((await acquire()).ok).toBe(true);
  });

  test('is broken after a restart of the host', async () => {
    await leaveLock({ boot_id: 'another boot', process: { ...deadProcess(), boot_id: 'another' } });
    expect((await acquire()).ok).toBe(true);
  });

  test.each<[string, Partial<LockHolder>]>([
    ['another host', { host: 'another host' }],
    ['another container', { pid_namespace: '1' }],
  ])(
    'is not broken when it is of %s, where nobody can see whether it is dead',
    async (_, other) => {
      await leaveLock({ process: deadProcess(), ...other });
      expect(outcomeOf(await acquire())).toBe('timeout');
    },
  );

  test.each([
    ['text', 'somebody else’s lock\n'],
    ['nothing', ''],
    ['a newer version', '{"schema_version":2}'],
  ])('is not broken when it holds %s, and the way out is named', async (_, content) => {
    mkdirSync(join(folder.path, 'locks'));
    writeFileSync(lockPath(), content);
    const refused = await acquire({ timeoutMs: 60_000 });
    expect(refused).toMatchObject({
      ok: false,
      error: {
        kind: 'unusable',
        fault: { path: lockPath(), message: expect.stringContaining('`mode: unlock`') },
      },
    });
    expect(readFileSync(lockPath(), 'utf8')).toBe(content);
  });

  test('is not followed when it is a link', async () => {
    mkdirSync(join(folder.path, 'locks'));
    symlinkSync('/etc/hostname', lockPath());
    expect(outcomeOf(await acquire())).toBe('unusable');
  });
});

describe('the lock of a dead node whose step still runs', () => {
  const other = 'shop-0123456789/other-0123456789';

  async function leaveOrphan(processFile: string): Promise<string> {
    const directory = join(folder.path, 'deployment');
    writeProcessFile(directory, 'migrate', processFile);
    await leaveLock({ run_id: '1', process: deadProcess(), directory });
    return directory;
  }

  test('is kept from another deployment, with the step named', async () => {
    const step = startSleeper();
    await leaveOrphan(toProcessLine(step));
    const waited = await acquire({ holder: lockHolder({ deployment: other }) });
    expect(waited).toMatchObject({
      ok: false,
      error: { reason: expect.stringContaining(`migrate (process ${step.pid}) still runs`) },
    });
  });

  test('is taken over by the same deployment, which adopts the step', async () => {
    await leaveOrphan(toProcessLine(startSleeper()));
    const held = await acquire();
    expect(held.ok && held.value.inheritedFrom?.run_id).toBe('1');
  });

  test('is broken once the step has ended, recorded or not', async () => {
    const step = startSleeper();
    const directory = await leaveOrphan(toProcessLine(step));
    const holder = lockHolder({ deployment: other, directory: join(folder.path, 'other') });
    expect(outcomeOf(await acquire({ holder }))).toBe('timeout');
    writeProcessFile(directory, 'migrate', `${toProcessLine(step)}exit 3\n\n`);
    expect(outcomeOf(await acquire({ holder }))).toBe('held');
  });

  test('is kept while the command outlives its own parent', async () => {
    const leader = startSleeper('sleep 60 & echo; exit 0', true);
    const child = children.at(-1);
    if (child === undefined) throw new Error('no child was started');
    await once(child, 'exit');
    try {
      await leaveOrphan(toProcessLine(leader));
      const waited = await acquire({ holder: lockHolder({ deployment: other }) });
      expect(outcomeOf(waited)).toBe('timeout');
    } finally {
      process.kill(-leader.pid, 'SIGKILL');
    }
  });

  test('is kept for as long as a command may be about to start, and no longer', async () => {
    const directory = await leaveOrphan('');
    const holder = lockHolder({ deployment: other, directory: join(folder.path, 'other') });
    expect(outcomeOf(await acquire({ holder }))).toBe('timeout');
    utimesSync(join(directory, 'run', 'migrate'), 1, 1);
    expect(outcomeOf(await acquire({ holder }))).toBe('held');
  });

  test('is not kept for a directory that was being removed', async () => {
    const directory = await leaveOrphan('');
    rmSync(join(directory, 'run', 'migrate', 'process'));
    writeFileSync(join(directory, 'run', 'migrate', 'output'), 'raw');
    const holder = lockHolder({ deployment: other, directory: join(folder.path, 'other') });
    expect(outcomeOf(await acquire({ holder }))).toBe('held');
  });

  test('is kept while processes live that could not be ended', async () => {
    const survivor = startSleeper();
    const directory = join(folder.path, 'deployment');
    mkdirSync(join(directory, 'steps'), { recursive: true });
    writeFileSync(
      join(directory, 'steps', 'up.json'),
      encodeStepRecord(stepRecord({ step: 'up', state: 'failed', survivors: [survivor] })),
    );
    await leaveLock({ process: deadProcess(), directory });
    const waited = await acquire({ holder: lockHolder({ deployment: other }) });
    expect(waited).toMatchObject({
      ok: false,
      error: { reason: expect.stringContaining(`up (process ${survivor.pid})`) },
    });
  });
});

describe('a person', () => {
  test('sees who holds a lock and why it is not broken, and changes nothing by looking', async () => {
    expect(inspectLock(folder.path, LOCK_NAME)).toEqual({ ok: true, value: { kind: 'free' } });
    expect(readdirSync(folder.path)).toEqual([]);
    await leaveLock({ host: 'web-2' });
    expect(inspectLock(folder.path, LOCK_NAME)).toMatchObject({
      value: { kind: 'held', holder: { host: 'web-2' }, verdict: { kind: 'unproven' } },
    });
  });

  const unlock = (evenAlive = false) =>
    forceUnlock({ stateDir: folder.path, name: LOCK_NAME, by: lockHolder(), evenAlive });

  test('may remove a lock that nobody can judge', async () => {
    await leaveLock({ host: 'web-2' });
    expect(unlock()).toMatchObject({ value: { kind: 'removed' } });
    expect((await acquire()).ok).toBe(true);
  });

  test('may remove one that is not understood', () => {
    mkdirSync(join(folder.path, 'locks'));
    writeFileSync(lockPath(), 'junk');
    expect(unlock()).toMatchObject({ value: { kind: 'removed', finding: { kind: 'foreign' } } });
    expect(readdirSync(join(folder.path, 'locks'))).toEqual([]);
  });

  test('may not remove one whose holder is alive, unless it is meant', async () => {
    await leaveLock();
    expect(unlock()).toMatchObject({ value: { kind: 'refused' } });
    expect(outcomeOf(await acquire())).toBe('timeout');
    expect(unlock(true)).toMatchObject({ value: { kind: 'removed' } });
    expect(unlock(true)).toMatchObject({ value: { kind: 'absent' } });
  });
});

describe('many processes at once', () => {
  test('are never two inside, though holders are killed and others stand still', async () => {
    const sources = temporaryFolder();
    try {
      compileSources(sources.path);
      let kills = 0;
      const start = (): ChildProcess => {
        const worker = join(import.meta.dirname, '../support/lock-worker.mjs');
        const args = [worker, sources.path, folder.path, LOCK_NAME, '6', 'target/deployment'];
        const child = spawn(process.execPath, args, { stdio: 'ignore' });
        children.push(child);
        return child;
      };
      const pool = Array.from({ length: 8 }, start);
      const harass = setInterval(() => {
        const child = pool[Math.floor(Math.random() * pool.length)];
        const inside = /"pid":(\d+)/.exec(readIfThere('inside'))?.[1];
        const holder = pool.find(({ pid }) => String(pid) === inside);
        if (kills < 10 && holder?.kill('SIGKILL') === true) {
          kills += 1;
          pool.push(start());
        } else if (child?.kill('SIGSTOP') === true) {
          setTimeout(() => child.kill('SIGCONT'), 100);
        }
      }, 100);
      try {
        for (const child of pool) {
          if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        }
      } finally {
        clearInterval(harass);
      }
      expect(readIfThere('violations')).toBe('');
      const completed = readIfThere('done').length;
      expect(completed).toBeGreaterThanOrEqual(8 * 6);
      // A holder that was killed may have counted without having noted that it was done.
      expect(Number(readIfThere('counter')) - completed).toBeGreaterThanOrEqual(0);
      expect(Number(readIfThere('counter')) - completed).toBeLessThanOrEqual(kills);
    } finally {
      sources.remove();
    }
  }, 60_000);

  function readIfThere(file: string): string {
    try {
      return readFileSync(join(folder.path, file), 'utf8');
    } catch {
      return '';
    }
  }
});
