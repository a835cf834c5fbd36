import type { Stop } from '../ports.ts';
import type { CheckKind, CheckOptions, Level, Occasion } from '../plan/check-options.ts';
import type { Position } from '../plan/plan.ts';
import type { CheckWorld } from './ports.ts';

/** What numbers count; it decides how they are shown and that they can be compared. */
export type Unit = 'bytes' | 'inodes' | 'cores' | 'seconds' | 'days';

/** A number behind a finding: the same check taken later can be held against it. */
export interface Measure {
  readonly label: string;
  readonly value: number;
  readonly unit: Unit;
}

interface Seen {
  /** What there is, as a phrase in lower case. */
  readonly found: string;
  readonly measures?: readonly Measure[];
}

/** What a check makes of its facts. `unable`: it cannot be carried out here, which is no pass. */
export type Verdict =
  | (Seen & { readonly status: 'pass' })
  | (Seen & {
      readonly status: 'warn' | 'fail';
      /** What to do about it, in whole sentences, with the commands to type. */
      readonly remedy: string;
      /** What the world said, such as the last lines of a command. Raw. */
      readonly reason?: string;
    })
  | {
      readonly status: 'unable';
      /** A clause that can follow `because`. */
      readonly reason: string;
      readonly remedy?: string;
    };

/** What a check is carried out with. */
export interface Circumstances {
  readonly world: CheckWorld;
  /** Of kind `run`: how the command is to be run. */
  readonly command: { readonly shell: string; readonly workingDirectory: string };
  /** The check's time is up, or the run was cancelled: probes give up and say how far they came. */
  readonly cut: Stop;
}

/** A kind of check: pure but for `look`, which asks the world. */
export interface Check<Options> {
  /** What is looked at, and how; for the documentation. */
  readonly how: string;
  /** When it cannot be carried out, as a sentence; empty: never. For the documentation. */
  readonly unable: string;
  readonly defaultLevel: Level;
  readonly defaultOccasion: (options: Options) => Occasion;
  /** One options object for each thing looked at: each has its own finding. */
  readonly split: (options: Options) => readonly Options[];
  /** What is looked at, for people. */
  readonly label: (options: Options) => string;
  readonly wanted: (options: Options) => string;
  /** What to do when it gives no answer within its limit. */
  readonly whenStuck: (options: Options) => string;
  readonly look: (options: Options, circumstances: Circumstances) => Promise<Verdict>;
}

/** Every kind of check, with the options that its plan entry becomes. */
export type Checks = { readonly [K in CheckKind]: Check<CheckOptions[K]> };

/** What most kinds have in common. */
export const ORDINARY = {
  defaultLevel: 'fail',
  defaultOccasion: () => 'always',
} as const satisfies Pick<Check<unknown>, 'defaultLevel' | 'defaultOccasion'>;

/** For kinds that look at one thing. */
export function asOne<T>(options: T): readonly T[] {
  return [options];
}

/**
 * The result of one check. Every text may hold what a process, the plan or a server said: it is raw,
 * and must pass the redactor and the neutraliser before it is shown.
 */
export interface Finding {
  /** The check's id; with several things looked at, a dot and the thing's number (from 1) follow. */
  readonly id: string;
  readonly kind: CheckKind;
  /** What people read. */
  readonly name: string;
  readonly position: Position;
  readonly level: Level;
  /** After the level was applied: `fail` blocks, `warn` does not. */
  readonly status: 'pass' | 'warn' | 'fail';
  readonly found: string;
  readonly wanted: string;
  readonly remedy?: string;
  /** Why it could not be carried out, or what the world said. */
  readonly reason?: string;
  readonly measures: readonly Measure[];
  readonly durationMs: number;
}

/** Whether the deployment may start. Warnings never block. */
export function decideGate(findings: readonly Finding[]): 'go' | 'blocked' {
  return findings.some(({ status }) => status === 'fail') ? 'blocked' : 'go';
}
