import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Job, Ran } from './action.ts';

/** What a deployment leaves behind; the same after any number of crashes as after none. */
export interface Scene {
  readonly outcome: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly markers: readonly string[];
  /** States of the steps' records, and of the deployment. */
  readonly records: Readonly<Record<string, string>>;
  /** Files in `run/`, and half-written ones where only one process writes. */
  readonly leftovers: readonly string[];
  readonly locks: readonly string[];
}

/** Names of outputs that tell how many runs it took. */
const OF_THE_RUN = ['resumed', 'steps-run', 'steps-skipped', 'attempts', 'report', 'result'];

function listNames(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

const MARKER = '.checkpoint-';

function deploymentsOf(job: Job): readonly string[] {
  return listNames(job.stateDir)
    .filter((name) => name !== 'locks')
    .flatMap((target) =>
      listNames(join(job.stateDir, target))
        .filter((name) => name !== 'current' && !name.startsWith('.'))
        .map((name) => join(job.stateDir, target, name)),
    );
}

function readRecords(directory: string): Readonly<Record<string, string>> {
  const files = listNames(join(directory, 'steps')).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => {
      const text = readFileSync(join(directory, 'steps', name), 'utf8');
      const { state, marked } = JSON.parse(text) as { state: string; marked: boolean };
      return [name.replace('.json', ''), `${state}${marked ? ' marked' : ''}`];
    }),
  );
}

/** Steps of which the records say that they have ended well. */
export function findFinished(job: Job): readonly string[] {
  return deploymentsOf(job).flatMap((directory) => [
    ...listNames(directory).flatMap((name) =>
      name.startsWith(MARKER) ? [name.slice(MARKER.length)] : [],
    ),
    ...Object.entries(readRecords(directory)).flatMap(([step, state]) =>
      state.startsWith('succeeded') ? [step] : [],
    ),
  ]);
}

/** What there is after the last run of a deployment. */
export function look(job: Job, ran: Ran): Scene {
  const directories = deploymentsOf(job);
  const inEach = (list: (directory: string) => readonly string[]): readonly string[] =>
    directories.flatMap(list).sort();
  const records = Object.fromEntries(
    directories.flatMap((directory) => {
      const name = directory.slice(job.stateDir.length);
      const path = join(directory, 'deployment.json');
      const { status } = existsSync(path)
        ? (JSON.parse(readFileSync(path, 'utf8')) as { status: string })
        : { status: 'none' };
      const steps = Object.entries(readRecords(directory));
      return [[name, status], ...steps.map(([step, state]) => [`${name}/${step}`, state])];
    }),
  ) as Readonly<Record<string, string>>;
  return {
    outcome: ran.outputs.get('outcome') ?? `exit ${String(ran.code)}`,
    outputs: Object.fromEntries([...ran.outputs].filter(([name]) => !OF_THE_RUN.includes(name))),
    env: Object.fromEntries(ran.env),
    path: ran.path,
    markers: inEach((directory) => listNames(directory).filter((name) => name.startsWith(MARKER))),
    records,
    leftovers: inEach((directory) => [
      ...listNames(join(directory, 'run')),
      ...listNames(join(directory, 'steps')).filter((name) => name.startsWith('.tmp-')),
      ...listNames(directory).filter((name) => name.startsWith('.tmp-')),
    ]),
    locks: listNames(join(job.stateDir, 'locks')).filter((name) => !isStray(name)),
  };
}

/** How a scene differs from the one that it should be. */
export function compare(found: Scene, expected: Scene): readonly string[] {
  return (Object.keys(expected) as (keyof Scene)[]).flatMap((key) => {
    const [is, should] = [JSON.stringify(found[key]), JSON.stringify(expected[key])];
    return is === should ? [] : [`${key} is ${is} in place of ${should}`];
  });
}

function isStray(name: string): boolean {
  return name.startsWith('.tmp-') || name.includes('.broken-');
}

/** Several may write there, so what was left is removed only when it is an hour old: one for each crash. */
export function countStrays(job: Job, crashes: number): readonly string[] {
  const strays = listNames(job.stateDir).flatMap((name) => {
    const path = join(job.stateDir, name);
    if (!statSync(path).isDirectory()) return isStray(name) ? [name] : [];
    return listNames(path).filter(isStray);
  });
  return strays.length <= crashes ? [] : [`${strays.length} left-overs: ${strays.join(' ')}`];
}
