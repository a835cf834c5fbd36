import { readFileSync } from 'node:fs';

import type { Evidence } from '../../src/failure/classify.ts';
import { evidenceOf, exited } from './evidence-builder.ts';

/** A failure as a tool printed it: `run` on a real host, or `documented` by the tool's makers. */
export interface Sample {
  readonly id: string;
  readonly rule: string;
  readonly origin: 'run' | 'documented';
  readonly command: string;
  readonly exit_code: number;
  readonly output: string;
}

/** A failure whose category was decided before any rule was tried on it. */
export interface HeldOut {
  readonly id: string;
  /** Acceptable categories, best first. */
  readonly expected: readonly string[];
  readonly command: string;
  readonly exit_code: number;
  readonly output: string;
}

function loadLines(file: string): unknown[] {
  const url = new URL(`../fixtures/failures/${file}`, import.meta.url);
  const lines = readFileSync(url, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}

export function loadSamples(): readonly Sample[] {
  return loadLines('samples.jsonl') as Sample[];
}

export function loadHeldOut(): readonly HeldOut[] {
  return loadLines('held-out.jsonl') as HeldOut[];
}

export function evidenceFrom(entry: Pick<Sample, 'command' | 'exit_code' | 'output'>): Evidence {
  return evidenceOf({
    command: entry.command,
    exit: exited(entry.exit_code),
    tail: entry.output,
  });
}
