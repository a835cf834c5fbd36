import { createHash } from 'node:crypto';
import type { Fingerprint, FingerprintPart } from '../state/record.ts';
import { FINGERPRINT_PARTS } from '../state/record.ts';
import type { Step } from './plan.ts';

/** A file that a step's `files` matched, and the SHA-256 (hex) of its content. */
export interface HashedFile {
  /** Relative to the workspace, so that another checkout of the same content is the same. */
  readonly path: string;
  readonly sha256: string;
}

/** What a fingerprint is made of: what a step does, not how it is called or treated. */
export type FingerprintedStep = Pick<Step, 'script' | 'shell' | 'workingDirectory' | 'env'>;

/**
 * What makes a step the step it is. The environment is the declared one (the plan's and the step's),
 * never the inherited one; the order of variables and files does not count.
 */
export function toFingerprint(step: FingerprintedStep, files: readonly HashedFile[]): Fingerprint {
  return {
    run: hash(step.script.text),
    shell: hash(step.shell),
    working_directory: hash(step.workingDirectory ?? ''),
    env: hash(Object.entries(step.env).sort(byFirst)),
    files: hash(files.map(({ path, sha256 }) => [path, sha256] as const).sort(byFirst)),
  };
}

/** The parts in which two fingerprints differ, in the order of the documentation. */
export function changedParts(before: Fingerprint, now: Fingerprint): readonly FingerprintPart[] {
  return FINGERPRINT_PARTS.filter((part) => before[part] !== now[part]);
}

/** JSON keeps apart what concatenation would blur: `a=bc` is not `ab=c`. */
function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** By code unit, so that no locale has a say. */
function byFirst(
  [a]: readonly [string, ...unknown[]],
  [b]: readonly [string, ...unknown[]],
): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
