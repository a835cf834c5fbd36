import { NO_ACCESS } from './cache-fault.ts';

/** What the choice of the place of state depends on. */
export interface StateFacts {
  readonly asked: 'auto' | 'host' | 'cache';
  /** The user named a state dir. */
  readonly hasStateDir: boolean;
  /** Why the host's disk does not outlive the job, as the rest of a sentence; undefined: it does, as far as can be known. */
  readonly diskLoss: string | undefined;
  /** The runner gave this job access to a cache. */
  readonly hasCache: boolean;
}

export interface StateChoice {
  readonly kind: 'host' | 'cache';
  /** In one line, for the log. */
  readonly why: string;
  /** What a person must know about it. */
  readonly warning?: string;
}

const NOT_ELSEWHERE = 'this job cannot be resumed on another machine';

/** Where the state of the deployment is kept. */
export function decideState({ asked, hasStateDir, diskLoss, hasCache }: StateFacts): StateChoice {
  switch (asked) {
    case 'host':
      return { kind: 'host', why: 'as state: host says', ...warnOfLoss(diskLoss) };
    case 'cache': {
      const warning = `State cannot be kept in the Actions cache: ${NO_ACCESS}; ${NOT_ELSEWHERE}.`;
      return { kind: 'cache', why: 'as state: cache says', ...(hasCache ? {} : { warning }) };
    }
    case 'auto':
      if (diskLoss === undefined) {
        return { kind: 'host', why: "the host's disk outlives the job, as far as can be known" };
      }
      if (hasStateDir) return { kind: 'host', why: 'state-dir names a place' };
      return hasCache
        ? { kind: 'cache', why: diskLoss }
        : { kind: 'host', why: NO_ACCESS, ...warnOfLoss(diskLoss) };
  }
}

function warnOfLoss(diskLoss: string | undefined): { readonly warning?: string } {
  if (diskLoss === undefined) return {};
  return {
    warning: `State is kept on this host, but ${diskLoss}: a re-run starts at the first step.`,
  };
}
