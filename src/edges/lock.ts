import { join } from 'node:path';
import type {
  HeldLock,
  LockFault,
  LockHolder,
  LockRequest,
  Locks,
  StateFault,
  Stop,
} from '../ports.ts';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import { isName } from '../state/identity.ts';
import type { LockVerdict } from '../state/lock-verdict.ts';
import { attempt, makeDirectory } from './durable-files.ts';
import { LOCKS_DIRECTORY } from './host-layout.ts';
import type { Hold, LockEntry, LockFiles } from './lock-files.ts';
import { openLockFiles } from './lock-files.ts';
import type { LockView } from './lock-judge.ts';
import { hostView, judgeHolder } from './lock-judge.ts';
import { UnfitFile } from './system-error.ts';

const POLL_GROWTH = 1.5;
/** How often somebody else may be quicker before we sit down and wait. */
const CONTESTS = 50;

/** How often a held lock is looked at: soon at first, then patiently. */
export interface Pace {
  readonly firstMs: number;
  readonly lastMs: number;
}
const PACE: Pace = { firstMs: 250, lastMs: 1000 };

/** Locks in a state dir. Names are file names, as `toTargetName` and `toLockFileName` give them. */
export function openLocks(stateDir: string, view: LockView = hostView(), pace: Pace = PACE): Locks {
  return {
    acquire: async (request) => {
      const opened = openForChange(stateDir, request.name);
      if (!opened.ok) return unusable(opened.error);
      return acquire(
        opened.value,
        { ...request, path: toLockPath(stateDir, request.name) },
        view,
        pace,
      );
    },
  };
}

/** A lock as `mode: status` shows it. */
export type LockFinding =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly holder: LockHolder; readonly verdict: LockVerdict }
  /** Not made by this version of the action, or damaged. */
  | { readonly kind: 'foreign'; readonly path: string; readonly message: string };

/** Looks at a lock without touching anything. */
export function inspectLock(
  stateDir: string,
  name: string,
  view: LockView = hostView(),
): Result<LockFinding, StateFault> {
  return attempt('look at the lock', toLockPath(stateDir, name), () => {
    const files = openLockFiles(toLocksDirectory(stateDir), requireName(stateDir, name));
    return toFinding(files.readChain(), view);
  });
}

/** What `mode: unlock` asks for. */
export interface UnlockRequest {
  readonly stateDir: string;
  readonly name: string;
  /** Who removes it. */
  readonly by: Omit<LockHolder, 'acquired_at'>;
  /** Remove it even though its holder, or a step of it, is seen alive. */
  readonly evenAlive: boolean;
}

export interface UnlockOutcome {
  /** `absent`: there was none. `refused`: the holder is seen alive. */
  readonly kind: 'removed' | 'absent' | 'refused';
  /** The lock as it was found. */
  readonly finding: LockFinding;
}

/** Removes a lock that cannot be broken automatically, on the word of a person. */
export function forceUnlock(
  { stateDir, name, by, evenAlive }: UnlockRequest,
  view: LockView = hostView(),
): Result<UnlockOutcome, StateFault> {
  return attempt('remove the lock', toLockPath(stateDir, name), () => {
    const files = openLockFiles(toLocksDirectory(stateDir), requireName(stateDir, name));
    for (;;) {
      const chain = files.readChain();
      const finding = toFinding(chain, view);
      if (finding.kind === 'free') return { kind: 'absent', finding };
      if (finding.kind === 'held' && finding.verdict.isSeenAlive && !evenAlive) {
        return { kind: 'refused', finding };
      }
      const remover = { ...by, acquired_at: view.signs.now() };
      if (files.remove(chain, remover)) return { kind: 'removed', finding };
    }
  });
}

function openForChange(stateDir: string, name: string): Result<LockFiles, StateFault> {
  return attempt('make the lock', toLockPath(stateDir, name), () => {
    const directory = toLocksDirectory(stateDir);
    makeDirectory(directory);
    return openLockFiles(directory, requireName(stateDir, name));
  });
}

function toLocksDirectory(stateDir: string): string {
  return join(stateDir, LOCKS_DIRECTORY);
}

function toLockPath(stateDir: string, name: string): string {
  return join(toLocksDirectory(stateDir), name);
}

function requireName(stateDir: string, name: string): string {
  if (isName(name)) return name;
  throw new UnfitFile('EINVAL', toLocksDirectory(stateDir), `${name} is not the name of a lock`);
}

async function acquire(
  files: LockFiles,
  request: LockRequest & { readonly path: string },
  view: LockView,
  pace: Pace,
): Promise<Result<HeldLock, LockFault>> {
  const deadline = performance.now() + request.timeoutMs;
  let pollMs = pace.firstMs;
  let announced = '';
  for (;;) {
    if (request.cancel.requested) return failure({ kind: 'cancelled' });
    const tried = attempt('take the lock', request.path, () => tryToTake(files, request, view));
    if (!tried.ok) return unusable(tried.error);
    const outcome = tried.value;
    if (outcome.kind === 'taken') return success(toHeldLock(outcome.hold, outcome.inheritedFrom));
    if (outcome.kind === 'foreign') return unusable(outcome.fault);
    const leftMs = deadline - performance.now();
    const { holder, reason, digest } = outcome;
    if (leftMs <= 0) return failure({ kind: 'timeout', holder, reason });
    if (digest !== announced) request.onWait(holder);
    announced = digest;
    await pause(Math.min(pollMs, leftMs), request.cancel);
    pollMs = Math.min(pollMs * POLL_GROWTH, pace.lastMs);
  }
}

type Try =
  | { readonly kind: 'taken'; readonly hold: Hold; readonly inheritedFrom: LockHolder | undefined }
  | {
      readonly kind: 'held';
      readonly holder: LockHolder;
      readonly reason: string;
      readonly digest: string;
    }
  | { readonly kind: 'foreign'; readonly fault: StateFault };

function tryToTake(files: LockFiles, request: LockRequest, view: LockView): Try {
  for (let contest = 0; ; contest += 1) {
    const chain = files.readChain();
    const obstacle = findObstacle(chain, request, view);
    if (obstacle !== undefined) return obstacle;
    const hold = files.take(chain, { ...request.holder, acquired_at: view.signs.now() });
    if (hold !== false) return { kind: 'taken', hold, inheritedFrom: holderOf(chain.at(0)) };
    // Losing once means that somebody else has it by now; losing so often is no contest of ours.
    if (contest >= CONTESTS) {
      throw new UnfitFile('EBUSY', request.name, 'the lock changes hands too fast to take it');
    }
  }
}

/** The first of the chain that is not proven dead, or that we do not understand. */
function findObstacle(
  chain: readonly LockEntry[],
  request: LockRequest,
  view: LockView,
): Exclude<Try, { readonly kind: 'taken' }> | undefined {
  for (const { path, digest, content } of chain) {
    if (content.kind === 'foreign') {
      return { kind: 'foreign', fault: toForeignFault(path, content.message) };
    }
    const { holder } = content;
    const { kind, reason } = judgeHolder(holder, view);
    const isOurs = kind === 'orphaned' && holder.deployment === request.holder.deployment;
    if (kind !== 'dead' && !isOurs) return { kind: 'held', holder, reason, digest };
  }
  return undefined;
}

function toForeignFault(path: string, message: string): StateFault {
  return {
    operation: 'read the lock',
    path,
    code: 'EBADMSG',
    message:
      `the lock ${message}, so nobody can tell who holds it. When no deployment is running, ` +
      'remove it with `mode: unlock`',
  };
}

function toFinding(chain: readonly LockEntry[], view: LockView): LockFinding {
  const [first] = chain;
  if (first === undefined) return { kind: 'free' };
  const findings = chain.map(({ path, content }): LockFinding => {
    if (content.kind === 'foreign') return { kind: 'foreign', path, message: content.message };
    const { holder } = content;
    return { kind: 'held', holder, verdict: judgeHolder(holder, view) };
  });
  const isDead = (finding: LockFinding) =>
    finding.kind === 'held' && finding.verdict.kind === 'dead';
  return findings.find((finding) => !isDead(finding)) ?? findings[0] ?? { kind: 'free' };
}

function holderOf(entry: LockEntry | undefined): LockHolder | undefined {
  return entry?.content.kind === 'holder' ? entry.content.holder : undefined;
}

function toHeldLock(hold: Hold, inheritedFrom: LockHolder | undefined): HeldLock {
  let isReleased = false;
  return {
    inheritedFrom,
    release: () => {
      if (!isReleased) {
        isReleased = true;
        // A lock that cannot be removed is broken by the next one: this process will be dead by then.
        attempt('release the lock', LOCKS_DIRECTORY, () => {
          hold.release();
        });
      }
      return Promise.resolve();
    },
  };
}

function unusable(fault: StateFault): { readonly ok: false; readonly error: LockFault } {
  return failure({ kind: 'unusable', fault });
}

/** Resolves after `ms`, or at once when `until` fires. */
function pause(ms: number, until: Stop): Promise<void> {
  return new Promise((resolve) => {
    let stopListening = (): void => undefined;
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      stopListening();
      resolve();
    }
    stopListening = until.onRequest(done);
  });
}
