import { gzipSync } from 'node:zlib';

import type { CacheCalls } from '../../src/edges/cache-calls.ts';
import { searchCheckpoint } from '../../src/edges/cache-search.ts';
import { failure, success } from '../../src/result.ts';
import type { CacheFault } from '../../src/state/cache-fault.ts';
import { packSingle } from './archives.ts';

/** A cache in memory, behind the calls that the edges make: no server, no process. */
export class MemoryCache {
  readonly entries: { readonly key: string; readonly content: string }[] = [];
  /** What the next saves and searches run into. */
  fault: CacheFault | undefined;
  /** Held until it is told to go on, when there is one. */
  gate: Promise<void> | undefined;
  saves = 0;
  running = 0;
  mostRunning = 0;

  calls(): CacheCalls {
    return {
      save: async (keys, content) => {
        this.saves++;
        this.running++;
        this.mostRunning = Math.max(this.mostRunning, this.running);
        await this.gate;
        this.running--;
        if (this.fault !== undefined) return failure(this.fault);
        for (const key of keys) this.entries.push({ key, content });
        return success(undefined);
      },
      search: async (wanted) => {
        const { fault } = this;
        if (fault !== undefined) return { rejected: [], fault };
        return await searchCheckpoint(
          {
            find: (keys) => {
              const hits = keys.map((key) =>
                this.entries.findLast((entry) => entry.key.startsWith(key)),
              );
              return Promise.resolve(success(hits.find((hit) => hit !== undefined)?.key));
            },
            fetch: (key) => {
              const content = this.entries.find((entry) => entry.key === key)?.content ?? '';
              return Promise.resolve(
                success(gzipSync(packSingle('preflight-checkpoint', content))),
              );
            },
          },
          wanted,
        );
      },
      release: () => undefined,
    };
  }
}
