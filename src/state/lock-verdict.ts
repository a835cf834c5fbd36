import type { LockHolder } from '../ports.ts';

/** Where we look from: what a holder must share for its processes to be visible to us. */
export interface Viewpoint {
  readonly host: string;
  readonly bootId: string;
  /** Inode of the pid namespace; empty where there is none. */
  readonly pidNamespace: string;
}

/** What was found of a holder's processes, looked at only where they would be visible. */
export interface HolderTraces {
  readonly node: 'alive' | 'dead' | 'unknown';
  /** The step that node started, or processes of it that could not be ended. */
  readonly step: 'alive' | 'dead' | 'unknown';
  /** What shows that the step may live, such as `migrate (pid 123)`. */
  readonly stepEvidence: string;
}

/**
 * Whether a lock may be broken. `dead`: all of its processes are proven dead. `orphaned`: node is
 * dead, a step of it is or may be alive; whoever adopts the step may take the lock over. `alive`:
 * node is. `unproven`: nobody can tell from here.
 */
export interface LockVerdict {
  readonly kind: 'alive' | 'orphaned' | 'dead' | 'unproven';
  /** Something of the holder was seen alive: not even a person should remove the lock lightly. */
  readonly isSeenAlive: boolean;
  /** A sentence's end: `its process 4711 is alive`. */
  readonly reason: string;
}

/** Judges a holder. `look` is called only when its processes would be visible from here. */
export function decideLock(
  holder: LockHolder,
  from: Viewpoint,
  look: () => HolderTraces,
): LockVerdict {
  if (holder.host !== from.host) {
    return unproven(
      `it belongs to another host, ${holder.host}, which cannot be looked into from here`,
    );
  }
  if (holder.boot_id === '' || from.bootId === '') {
    return unproven('this platform does not tell one boot of the host from another');
  }
  if (holder.boot_id !== from.bootId) {
    return { kind: 'dead', isSeenAlive: false, reason: 'the host has been restarted since' };
  }
  if (holder.pid_namespace !== from.pidNamespace) {
    return unproven('it belongs to another container, whose processes cannot be seen from here');
  }
  return decideByProcesses(holder, look());
}

function decideByProcesses(holder: LockHolder, traces: HolderTraces): LockVerdict {
  const { pid } = holder.process;
  switch (traces.node) {
    case 'alive':
      return { kind: 'alive', isSeenAlive: true, reason: `its process ${pid} is alive` };
    case 'unknown':
      return unproven(`it cannot be known whether its process ${pid} is alive`);
    case 'dead':
      return decideByStep(pid, traces);
  }
}

function decideByStep(pid: number, { step, stepEvidence }: HolderTraces): LockVerdict {
  const gone = `its process ${pid} is gone`;
  switch (step) {
    case 'dead':
      return { kind: 'dead', isSeenAlive: false, reason: gone };
    case 'alive':
      return {
        kind: 'orphaned',
        isSeenAlive: true,
        reason: `${gone}, but ${stepEvidence} still runs`,
      };
    case 'unknown':
      return {
        kind: 'orphaned',
        isSeenAlive: false,
        reason: `${gone}, but ${stepEvidence} may still run`,
      };
  }
}

function unproven(reason: string): LockVerdict {
  return { kind: 'unproven', isSeenAlive: false, reason };
}
