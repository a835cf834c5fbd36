import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Result } from '../result.ts';
import { failure, success } from '../result.ts';
import type { CacheFault } from '../state/cache-fault.ts';
import { decodeFault, NO_ACCESS } from '../state/cache-fault.ts';
import { byKind, list, Mismatch, object, oneOf, optional, text } from '../state/decode.ts';
import type { CacheAnswer, CacheRequest } from './cache-client.ts';
import { ENTRY_FILE } from './cache-entry.ts';
import type { FoundEntry, SearchResult, Wanted } from './cache-search.ts';
import { hasCacheAccess } from './cache-evidence.ts';
import { linkPackers, makeUnpacker } from './cache-tools.ts';
import { attempt } from './durable-files.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The Actions cache as the rest of the edges see it. */
export interface CacheCalls {
  /** Saves `content` under the first of `keys`; the others are markers that go before it. */
  save(keys: readonly string[], content: string): Promise<Result<void, CacheFault>>;
  search(wanted: Wanted): Promise<SearchResult>;
  /** Waits for nothing any more: a call that is under way does not hold this process. */
  release(): void;
}

export interface CacheCallsOptions {
  readonly env: Env;
  /** The program that answers requests. */
  readonly program: string;
  /** Where the system keeps its programs; replaced in tests. */
  readonly systemFolders?: readonly string[];
  /** Longest time of a save, and of a search. */
  readonly deadlinesMs: { readonly save: number; readonly search: number };
}

/** The client retries for half a minute what will not become better; nobody waits so long for it. */
export const DEADLINES_MS = { save: 15_000, search: 20_000 } as const;

/** These and the cache's own variables are all that the client's process gets to see. */
const PASSED_ON = [
  'GITHUB_SERVER_URL',
  'HOME',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'NODE_EXTRA_CA_CERTS',
  'RUNNER_TRACKING_ID',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
  'ACTIONS_CACHE_MODE',
  'ACTIONS_CACHE_SERVICE_V2',
  'ACTIONS_CACHE_URL',
  'ACTIONS_RESULTS_URL',
  'ACTIONS_RUNTIME_TOKEN',
] as const;

/** Each call is a process of its own, which is ended at its deadline whatever it is doing. */
export function createCacheCalls(options: CacheCallsOptions): CacheCalls {
  return hasCacheAccess(options.env) ? callClient(options) : refuseAll();
}

/** Without access the client would look for a server for a long time, and then say the same. */
function refuseAll(): CacheCalls {
  const fault = { kind: 'refused', reason: NO_ACCESS } as const;
  return {
    save: () => Promise.resolve(failure(fault)),
    search: () => Promise.resolve({ rejected: [], fault }),
    release: () => undefined,
  };
}

function callClient(options: CacheCallsOptions): CacheCalls {
  const { deadlinesMs } = options;
  const calls: Calls = new Set();
  return {
    save: async (keys, content) => {
      const prepare = (folder: string): void => {
        writeFileSync(join(folder, ENTRY_FILE), content, { mode: 0o600 });
        linkPackers(join(folder, 'bin'), options.env, options.systemFolders);
      };
      const answer = await ask(calls, options, { kind: 'save', keys }, deadlinesMs.save, prepare);
      if (!answer.ok) return answer;
      if (answer.value.kind !== 'saved') return failure(NONSENSE);
      const { fault } = answer.value;
      return fault === undefined ? success(undefined) : failure(fault);
    },
    search: async (wanted) => {
      const prepare = (folder: string): void => {
        makeUnpacker(join(folder, 'bin'), options.env);
      };
      const answer = await ask(
        calls,
        options,
        { kind: 'search', wanted },
        deadlinesMs.search,
        prepare,
      );
      if (answer.ok && answer.value.kind === 'searched') return answer.value.result;
      const fault = answer.ok ? NONSENSE : answer.error;
      return { rejected: [], fault };
    },
    release: () => {
      for (const letGo of calls) letGo();
    },
  };
}

const NONSENSE: CacheFault = { kind: 'failed', reason: 'the client gave no answer' };

/** How to let go of each call that is under way. */
type Calls = Set<() => void>;

async function ask(
  calls: Calls,
  { env, program }: CacheCallsOptions,
  request: CacheRequest,
  deadlineMs: number,
  prepare: (folder: string) => void,
): Promise<Result<CacheAnswer, CacheFault>> {
  const made = attempt('prepare a call of the cache', program, () => {
    const folder = mkdtempSync(join(toTempFolder(env), 'preflight-cache-'));
    mkdirSync(join(folder, 'tmp'));
    prepare(folder);
    return folder;
  });
  if (!made.ok) return failure({ kind: 'failed', reason: made.error.message });
  const folder = made.value;
  try {
    return await converse(
      calls,
      spawn(process.execPath, [program, JSON.stringify(request), String(deadlineMs)], {
        cwd: folder,
        env: toClientEnv(env, folder),
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      }),
      deadlineMs,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toTempFolder(env: Env): string {
  const temp = env['RUNNER_TEMP'] ?? '';
  return temp !== '' && existsSync(temp) ? temp : tmpdir();
}

/** The library's settings: its workspace is the call's folder, so that names in it mean the same everywhere. */
function toClientEnv(env: Env, folder: string): NodeJS.ProcessEnv {
  const passed = PASSED_ON.flatMap((name) =>
    env[name] === undefined ? [] : [[name, env[name]] as const],
  );
  return {
    ...Object.fromEntries(passed),
    PATH: join(folder, 'bin'),
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: join(folder, 'tmp'),
    COPYFILE_DISABLE: '1',
  };
}

/** It ends by itself at its deadline, and can say why it was late. */
const ENDING_MS = 2_000;
/** How long the pipes of a process that has ended may stay open. */
const PIPES_CLOSE_MS = 500;
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
const MOST_STDERR_CHARACTERS = 4_096;

/** Waits for the answer, for at most `deadlineMs`. */
async function converse(
  calls: Calls,
  child: ChildProcess,
  deadlineMs: number,
): Promise<Result<CacheAnswer, CacheFault>> {
  const chunks: Buffer[] = [];
  let received = 0;
  let complaint = '';
  const late = { is: false };
  const timer = setTimeout(() => {
    late.is = true;
    child.kill('SIGKILL');
  }, deadlineMs + ENDING_MS);
  child.stderr?.on('data', (chunk: Buffer) => {
    if (complaint.length < MOST_STDERR_CHARACTERS) complaint += chunk.toString();
  });
  (child.stdio[3] as Readable | null)?.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= MOST_ANSWER_BYTES) chunks.push(chunk);
  });
  const letGo = (): void => {
    timer.unref();
    child.unref();
    for (const stream of child.stdio) (stream as Socket | null)?.unref();
  };
  calls.add(letGo);
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => {
      resolve(message);
    });
    child.once('exit', () => {
      // What packed for it may live on and hold the pipes.
      setTimeout(() => {
        resolve(undefined);
      }, PIPES_CLOSE_MS).unref();
    });
    child.once('close', () => {
      resolve(undefined);
    });
  });
  clearTimeout(timer);
  calls.delete(letGo);
  if (late.is) {
    const seconds = Math.round(deadlineMs / 1000);
    return failure({ kind: 'failed', reason: `the service did not answer within ${seconds} s` });
  }
  if (problem !== undefined) return failure({ kind: 'failed', reason: problem });
  const answer = parseAnswer(Buffer.concat(chunks).toString());
  if (answer !== undefined) return success(answer);
  const [first = ''] = complaint.split('\n').filter((line) => line.includes('Error'));
  const reason = first === '' ? NONSENSE.reason : `the client broke down: ${first.slice(0, 160)}`;
  return failure({ kind: 'failed', reason });
}

const decodeAnswer = byKind<CacheAnswer>({
  saved: object<CacheAnswer & { kind: 'saved' }>({
    kind: oneOf(['saved']),
    fault: optional(decodeFault),
  }),
  searched: object<CacheAnswer & { kind: 'searched' }>({
    kind: oneOf(['searched']),
    result: object<SearchResult>({
      entry: optional(object<FoundEntry>({ key: text, content: text })),
      rejected: list(text),
      fault: optional(decodeFault),
      current: optional(text),
    }),
  }),
});

function parseAnswer(content: string): CacheAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  const decoded = decodeAnswer(value);
  return decoded instanceof Mismatch ? undefined : decoded;
}
