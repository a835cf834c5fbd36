import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Strikes a run of the bundle at one chosen system call: kills it there, or lets the call fail.
 *
 * strace follows the main thread alone (no -f): every file that the action writes it writes
 * synchronously from there, so the calls come in the same order each time, and nothing that a step does
 * counts. strace counts `when=N` for each call by itself. Only `write` is not quite the same from run
 * to run, as the log is among it; where a run was really struck is read from strace's own log.
 */

/** Calls that change files, and those that start, end or leave a process. */
const CHANGES = [
  ...['openat', 'write', 'pwrite64', 'writev', 'pwritev', 'fsync', 'fdatasync', 'ftruncate'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat'],
  ...['unlink', 'unlinkat', 'mkdir', 'mkdirat', 'rmdir', 'chmod', 'fchmod', 'fchmodat'],
  ...['utimensat', 'copy_file_range', 'sendfile'],
  ...['clone', 'clone3', 'fork', 'vfork', 'kill', 'exit_group'],
].map((call) => `?${call}`);

/** A place in a run, by what the call does to what; the ordinal tells equal ones apart. */
export interface Point {
  readonly call: string;
  /** The how-manieth of its name, as strace counts. */
  readonly nth: number;
  /** Such as `rename D/steps/a.json #2`; D is the deployment's directory, T the target's. */
  readonly label: string;
  readonly kind: 'change' | 'read' | 'process';
  /** The error that was injected here, if one was. */
  readonly injected: boolean;
}

export function hasStrace(): boolean {
  return spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0;
}

/** The command line in front of a run: it is traced, and struck where `inject` says. */
export function underStrace(log: string, inject?: string): readonly string[] {
  const injected = inject === undefined ? [] : ['-e', `inject=${inject}`];
  const trace = ['-e', `trace=${CHANGES.join(',')}`, '-e', 'signal=none'];
  return ['strace', '-qq', '-y', '-s', '0', '-o', log, ...trace, ...injected];
}

export function killAt({ call, nth }: Pick<Point, 'call' | 'nth'>): string {
  return `${call}:signal=SIGKILL:when=${nth}`;
}

/** Every point of a traced run that touches files below `home`, or processes; in order. */
export function readPoints(log: string, home: string): readonly Point[] {
  const nths = new Map<string, number>();
  const ordinals = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string): number => {
    const n = (counts.get(key) ?? 0) + 1;
    counts.set(key, n);
    return n;
  };
  return readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, call = '', rest = ''] = /^(\w+)\((.*)$/u.exec(line) ?? [];
      if (call === '') return [];
      const nth = count(nths, call);
      const touched = toTouched(call, rest, home);
      if (touched === undefined) return [];
      const name = `${call} ${touched.what}`.trim();
      const label = `${name} #${count(ordinals, name)}`;
      return [{ call, nth, label, kind: touched.kind, injected: rest.endsWith('(INJECTED)') }];
    });
}

function toTouched(
  call: string,
  rest: string,
  home: string,
): { readonly kind: Point['kind']; readonly what: string } | undefined {
  if (['clone', 'clone3', 'fork', 'vfork'].includes(call)) {
    return rest.includes('CLONE_THREAD') ? undefined : { kind: 'process', what: '' };
  }
  if (call === 'kill' || call === 'exit_group') return { kind: 'process', what: '' };
  const paths = [...rest.matchAll(/["<]([^">]*)[">]/gu)].flatMap(([, path = '']) =>
    path.startsWith(`${home}/`) ? [path] : [],
  );
  // Of an openat the first is the working directory.
  const path = call === 'openat' ? /"([^"]*)"/u.exec(rest)?.[1] : paths.at(-1);
  if (path?.startsWith(`${home}/`) !== true) return undefined;
  const isRead = call === 'openat' && !/O_CREAT|O_WRONLY|O_RDWR|O_TRUNC/u.test(rest);
  return { kind: isRead ? 'read' : 'change', what: toPlace(path.slice(home.length + 1)) };
}

/** A path without what differs from run to run. */
function toPlace(path: string): string {
  return path
    .replace(/^state\/[^/]+-[0-9a-f]{10}\/[^/]+-[0-9a-f]{10}(?=\/|$)/u, 'D')
    .replace(/^state\/[^/]+-[0-9a-f]{10}(?=\/|$)/u, 'T')
    .replace(/\.tmp-[0-9a-f]+/u, '.tmp')
    .replace(/\.broken-[0-9a-f]+/u, '.broken')
    .replace(/phase-\d+/u, 'phase')
    .replace(/(preflight-\w+-)\w{6}\b/u, '$1');
}
