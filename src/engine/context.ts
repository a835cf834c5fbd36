import type { StepResults } from '../state/record.ts';
import { isRefusedEnvName } from './env-file.ts';
import type { Ledger } from './ledger.ts';
import type { Assignment, World } from './world.ts';

/** What the steps so far have handed to later steps and to the rest of the job. */
export class Handover {
  readonly env = new Map<string, string>();
  readonly path: string[] = [];
  readonly outputs = new Map<string, string>();

  /** Merges what one step wrote; later values win, as in a workflow. */
  add(results: StepResults): void {
    for (const { name, value } of results.env) {
      // Records may be older than this rule, or come out of a cache.
      if (!isRefusedEnvName(name)) this.env.set(name, value);
    }
    for (const { name, value } of results.outputs) this.outputs.set(name, value);
    this.path.push(...results.path);
  }
}

/** What every part of one run of the engine shares. */
export interface Context {
  readonly world: World;
  readonly assignment: Assignment;
  readonly ledger: Ledger;
  readonly handover: Handover;
}

/** E5: after this nothing new is started. */
export function isStopping({ world }: Context): boolean {
  return world.stops.cancel.requested || world.stops.workerGone.requested;
}
