import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { sweepRuns } from '../../src/edges/run-sweep.ts';
import { temporaryFolder } from '../support/folders.ts';

describe('what commands of a killed run left', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let run: string;
  beforeEach(() => {
    folder = temporaryFolder();
    run = join(folder.path, 'run');
  });
  afterEach(() => {
    folder.remove();
  });

  function leave(unit: string): string {
    mkdirSync(join(run, unit), { recursive: true });
    const output = join(run, unit, 'output');
    writeFileSync(output, 'raw');
    return output;
  }

  test('is removed, moved out of the way or not, but for what is still needed', () => {
    const gone = ['a', 'a.probe', 'b~', 'c~'].map(leave);
    const kept = ['c', 'd.undo', 'e~'].map(leave);
    expect(sweepRuns(run, () => new Set(['c', 'd.undo', 'e~'])).ok).toBe(true);
    expect(gone.filter(existsSync)).toEqual([]);
    expect(kept.filter(existsSync)).toEqual(kept);
  });

  test('is not asked about when there is nothing', () => {
    const ask = (): never => {
      throw new Error('asked');
    };
    expect(sweepRuns(run, ask).ok).toBe(true);
    mkdirSync(run);
    expect(sweepRuns(run, ask).ok).toBe(true);
  });

  test('is never looked for behind a link', () => {
    const precious = leave('../elsewhere/unit');
    symlinkSync(join(folder.path, 'elsewhere'), run);
    expect(sweepRuns(run, () => new Set()).ok).toBe(false);
    expect(existsSync(precious)).toBe(true);
  });
});
