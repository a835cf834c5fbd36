import type { Stop, Watch } from '../ports.ts';
import type { ProcessRef } from '../state/record.ts';
import type { Living, Tree } from './process-tree.ts';
import { findLiving, signalLiving, toRefs } from './process-tree.ts';

/** The longest that one timer of Node can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const SURVIVORS_WAIT_MS = 5_000;
/** A cancel must be over within 7.5 s: that is when the runner sends us TERM. */
const CANCEL_LONGEST_GRACE_MS = 5_000;
const CANCEL_LONGEST_INT_MS = 2_500;
const CANCEL_SURVIVORS_WAIT_MS = 2_000;
const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 100;

/** What happened first while a command ran. */
export type Interruption = 'ended' | 'timeout' | 'cancel' | 'release';

/** Waits for whatever comes first: the command's end, its timeout, a cancel, or the wish to let go. */
export function waitForFirst(
  ended: Promise<unknown>,
  remainingMs: number,
  { cancel, release }: Pick<Watch, 'cancel' | 'release'>,
): Promise<Interruption> {
  return new Promise((resolve, reject) => {
    const deadline = performance.now() + remainingMs;
    let timer: NodeJS.Timeout | undefined;
    const stopListening: (() => void)[] = [];
    const settle = (interruption: Interruption): void => {
      clearTimeout(timer);
      for (const stop of stopListening) stop();
      resolve(interruption);
    };
    const arm = (): void => {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) settle('timeout');
      else timer = setTimeout(arm, Math.min(Math.ceil(leftMs), LONGEST_TIMER_MS));
    };
    timer = setTimeout(arm, Math.min(Math.max(0, remainingMs), LONGEST_TIMER_MS));
    ended.then(() => {
      settle('ended');
    }, reject);
    if (release?.requested === true) {
      settle('release');
      return;
    }
    for (const [stop, interruption] of [
      [release, 'release'],
      [cancel, 'cancel'],
    ] as const) {
      if (stop === undefined) continue;
      stopListening.push(
        stop.onRequest(() => {
          settle(interruption);
        }),
      );
    }
  });
}

/** How the processes of a command are to be ended. */
export interface EndRequest {
  readonly tree: Tree;
  readonly bootId: string;
  readonly graceMs: number;
  /** We have watched the group from its start, so that it can be no other one. */
  readonly observed: boolean;
  /** Resolves when the leader ends: the likely end of all. */
  readonly ended: Promise<unknown>;
  /** Called once, right before the first signal. */
  readonly beforeSignals: () => void;
  /** When requested, now or later, everything is over within 7.5 s. */
  readonly cancel: Stop | undefined;
  /** When requested, we stop where we are. */
  readonly release?: Stop | undefined;
}

/** What is still alive; `released` when we were told to let go. */
export type EndResult = readonly ProcessRef[] | 'released';

/**
 * Ends a command with all its processes: TERM, the grace period, KILL. A cancel begins with INT, and
 * shortens what is under way. Resolves when nobody is left, or with those whom KILL did not end.
 */
export async function endTree(request: EndRequest): Promise<EndResult> {
  const { tree, bootId, graceMs, cancel, release } = request;
  let { observed } = request;
  const begun = performance.now();
  const alarm = createAlarm([cancel, release], request.ended);
  const sent = new Set<NodeJS.Signals>();
  let schedule = toSchedule(begun, graceMs);
  let cancelSeen = false;
  let lookMs = FIRST_LOOK_MS;
  try {
    for (;;) {
      if (release?.requested === true) return 'released';
      if (cancel?.requested === true && !cancelSeen) {
        cancelSeen = true;
        schedule = toCancelSchedule(performance.now(), graceMs, sent, schedule);
      }
      const now = performance.now();
      const living = findLiving(tree, observed);
      // From now on there is no gap in which the group could have become another one's.
      observed ||= living.proven;
      if (isNobody(living)) return [];
      if (!observed && living.strays.length === 0) return toRefs(living, bootId);
      if (now >= schedule.giveUpAt) return toRefs(living, bootId);
      for (const [signal, at] of schedule.signals) {
        // KILL again at every look: a stray may have forked just before.
        if (now < at || (sent.has(signal) && signal !== 'SIGKILL')) continue;
        if (sent.size === 0) request.beforeSignals();
        if (!sent.has(signal)) lookMs = FIRST_LOOK_MS;
        sent.add(signal);
        signalLiving(tree, living, signal);
      }
      const upcoming = schedule.signals.map(([, at]) => at).filter((at) => at > now);
      await alarm.wait(Math.min(lookMs, ...upcoming.map((at) => at - now)));
      lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS);
    }
  } finally {
    alarm.stop();
  }
}

function isNobody({ group, strays }: Living): boolean {
  return group.length === 0 && strays.length === 0;
}

interface Schedule {
  readonly signals: readonly (readonly [signal: NodeJS.Signals, at: number])[];
  readonly giveUpAt: number;
}

function toSchedule(now: number, graceMs: number): Schedule {
  return {
    signals: [
      ['SIGTERM', now],
      ['SIGKILL', now + graceMs],
    ],
    giveUpAt: now + graceMs + SURVIVORS_WAIT_MS,
  };
}

function toCancelSchedule(
  now: number,
  graceMs: number,
  sent: ReadonlySet<NodeJS.Signals>,
  running: Schedule,
): Schedule {
  const killAfterMs = Math.min(CANCEL_LONGEST_GRACE_MS, graceMs);
  if (!sent.has('SIGTERM')) {
    return {
      signals: [
        ['SIGINT', now],
        ['SIGTERM', now + Math.min(CANCEL_LONGEST_INT_MS, graceMs / 2)],
        ['SIGKILL', now + killAfterMs],
      ],
      giveUpAt: now + killAfterMs + CANCEL_SURVIVORS_WAIT_MS,
    };
  }
  const alreadyAt = running.signals.find(([signal]) => signal === 'SIGKILL')?.[1] ?? now;
  const killAt = Math.min(alreadyAt, now + killAfterMs);
  return {
    signals: [['SIGKILL', killAt]],
    giveUpAt: Math.min(running.giveUpAt, Math.max(killAt, now) + CANCEL_SURVIVORS_WAIT_MS),
  };
}

/** A sleep that a stop or the leader's end cuts short, each of them once. */
function createAlarm(
  stops: readonly (Stop | undefined)[],
  ended: Promise<unknown>,
): { wait(ms: number): Promise<void>; stop(): void } {
  let ring: (() => void) | undefined;
  let rung = false;
  const wake = (): void => {
    rung = true;
    ring?.();
  };
  const stopListening = stops.map((stop) =>
    stop?.requested === false ? stop.onRequest(wake) : undefined,
  );
  void ended.then(wake, wake);
  return {
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
    },
    stop() {
      for (const stop of stopListening) stop?.();
    },
  };
}
