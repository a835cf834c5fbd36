import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
/** Where the tree is. */
export const ROOT = join(HERE, '..');
/** The node that contestants run on. */
export const NODE = process.env.PREFLIGHT_BENCH_NODE ?? process.execPath;
/** The main phase of the shipped action. */
export const MAIN = join(ROOT, 'dist/main/index.js');

/**
 * Runs a command and tells its wall, user and system time (milliseconds) and peak memory (bytes), those of its
 * children included. Any exit code but `expected` is an error: what failed early is fast.
 */
export function measure(command, args, { expected = 0, ...options } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'preflight-account-'));
  const report = join(directory, 'report');
  try {
    const accountant = [join(HERE, 'account.py'), report, command, ...args];
    const { stderr, error } = spawnSync('python3', accountant, {
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 2 ** 30,
      ...options,
    });
    if (error !== undefined) throw error;
    const { code, wall, user, system, peak } = JSON.parse(readFileSync(report, 'utf8'));
    if (code !== expected) throw new Error(`${command} ended with ${code}: ${stderr}`);
    return { wall: wall * 1_000, user: user * 1_000, system: system * 1_000, peak };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Lets contestants take turns, so that all see the same machine; returns the medians of each by name. */
export function race(rounds, contestants) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) results[name].push(run());
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, all]) => [
      name,
      Object.fromEntries(
        Object.keys(all[0]).map((key) => [key, median(all.map((one) => one[key]))]),
      ),
    ]),
  );
}

export const ms = (value) => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const times = (value, reference) => `${(value / reference).toFixed(2)} ×`;
