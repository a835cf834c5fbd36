import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a cache server can do wrong, or refuse. */
export type ServerFault =
  | { readonly kind: 'status'; readonly status: number; readonly message?: string }
  /** A page of a proxy, with status 200. */
  | { readonly kind: 'html' }
  /** Never answers. */
  | { readonly kind: 'silence' }
  /** Answers late. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Sends half of a blob and closes the connection. */
  | { readonly kind: 'half' }
  /** Sends half of a blob as if it were all. */
  | { readonly kind: 'cut' }
  /** Closes the connection at once. */
  | { readonly kind: 'drop' }
  /** Says no by the protocol's own means. */
  | { readonly kind: 'no'; readonly message: string };

/** One request, by what it is for. */
export type CacheOperation = 'find' | 'reserve' | 'upload' | 'commit' | 'download';

export interface Entry {
  readonly id: number;
  readonly key: string;
  readonly version: string;
  readonly scope: string;
  blob: Buffer;
  committed: boolean;
}

export interface CacheServerOptions {
  /** The same key again: refused as GitHub does, or taken. */
  readonly overwrites?: boolean;
  /** As `act` does. */
  readonly lowersKeys?: boolean;
  /** What a request runs into; by operation and how many of it came before. */
  readonly fault?: (operation: CacheOperation, number: number) => ServerFault | undefined;
}

/** A token's rights: scopes it reads, in order, and whether it may write (to the first). */
interface Rights {
  readonly scopes: readonly string[];
  readonly writes: boolean;
}

const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';
const V1 = '/_apis/artifactcache/';

/**
 * A server of the Actions cache in this process, strict where GitHub's is: entries cannot be changed,
 * keys match as prefixes, the newest first, versions and scopes must match, and what was reserved and
 * never committed is not found. It speaks the current protocol and the old one.
 */
export class CacheServer {
  readonly entries: Entry[] = [];
  /** Every request, by operation, in order. */
  readonly requests: CacheOperation[] = [];
  fault: NonNullable<CacheServerOptions['fault']>;
  private readonly options: CacheServerOptions;
  private readonly rights = new Map<string, Rights>();
  private readonly server: Server;
  private lastId = 0;

  constructor(options: CacheServerOptions = {}) {
    this.options = options;
    this.fault = options.fault ?? (() => undefined);
    this.grant('token-main', { scopes: ['refs/heads/main'], writes: true });
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
  }

  grant(token: string, rights: Rights): void {
    this.rights.set(token, rights);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** The variables by which a runner tells an action of this server. */
  env(protocol: 'v1' | 'v2' = 'v2', token = 'token-main'): Readonly<Record<string, string>> {
    return protocol === 'v2'
      ? {
          ACTIONS_RESULTS_URL: this.url,
          ACTIONS_CACHE_SERVICE_V2: 'True',
          ACTIONS_RUNTIME_TOKEN: token,
        }
      : {
          ACTIONS_CACHE_URL: this.url,
          ACTIONS_RUNTIME_TOKEN: token,
          GITHUB_SERVER_URL: 'https://ghes.example',
        };
  }

  /** Entries that can be found, oldest first. */
  get committed(): readonly Entry[] {
    return this.entries.filter(({ committed }) => committed);
  }

  /** Puts an entry there, as another job would. */
  put(key: string, version: string, blob: Buffer, scope = 'refs/heads/main'): void {
    this.entries.push({ id: ++this.lastId, key, version, scope, blob, committed: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const operation = toOperation(request.method ?? 'GET', pathname);
    if (operation === undefined) {
      reply(response, 404, { msg: `no such thing: ${pathname}` });
      return;
    }
    const number = this.requests.filter((made) => made === operation).length;
    this.requests.push(operation);
    const fault = this.fault(operation, number);
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    else if (fault !== undefined && this.fail(fault, operation, pathname, response)) return;
    if (operation === 'upload' && pathname.startsWith('/blob/')) {
      this.receive(Number(pathname.slice('/blob/'.length)), body, response);
      return;
    }
    if (operation === 'download') {
      const entry = this.byId(Number(pathname.slice('/blob/'.length)));
      if (entry === undefined) reply(response, 404, {});
      else response.writeHead(200, { 'content-length': entry.blob.length }).end(entry.blob);
      return;
    }
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const rights = this.rights.get(token);
    if (rights === undefined) {
      reply(response, 401, { code: 'unauthenticated', msg: 'bad token', message: 'bad token' });
      return;
    }
    const call = { operation, pathname, searchParams, body, rights };
    if (pathname.startsWith(SERVICE)) this.answerV2(call, response);
    else this.answerV1(call, response);
  }

  private fail(
    fault: Exclude<ServerFault, { kind: 'slow' }>,
    operation: CacheOperation,
    pathname: string,
    response: ServerResponse,
  ): boolean {
    switch (fault.kind) {
      case 'status':
        reply(response, fault.status, {
          code: 'some_code',
          msg: fault.message ?? 'refused',
          message: fault.message ?? 'refused',
        });
        return true;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
        return true;
      case 'silence':
        return true;
      case 'drop':
        response.destroy();
        return true;
      case 'no':
        reply(response, 200, { ok: false, message: fault.message });
        return true;
      case 'half':
      case 'cut': {
        const blob = this.byId(Number(pathname.slice('/blob/'.length)))?.blob ?? Buffer.alloc(0);
        if (operation !== 'download') return false;
        const half = blob.subarray(0, blob.length / 2);
        const length = fault.kind === 'half' ? blob.length : half.length;
        response.writeHead(200, { 'content-length': length });
        response.write(half, () => (fault.kind === 'half' ? response.destroy() : response.end()));
        return true;
      }
    }
  }

  private byId(id: number): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }

  private receive(id: number, body: Buffer, response: ServerResponse): void {
    const entry = this.byId(id);
    if (entry === undefined || entry.committed) {
      reply(response, 404, {});
      return;
    }
    entry.blob = body;
    const headers = { etag: '"1"', 'last-modified': new Date().toUTCString() };
    response.writeHead(201, headers).end();
  }

  private reserve(key: string, version: string, { scopes }: Rights): Entry | undefined {
    const scope = scopes[0] ?? '';
    const name = this.options.lowersKeys === true ? key.toLowerCase() : key;
    const same = this.entries.findIndex(
      (entry) => entry.key === name && entry.version === version && entry.scope === scope,
    );
    if (same >= 0) {
      if (this.options.overwrites !== true) return undefined;
      this.entries.splice(same, 1);
    }
    const blob = Buffer.alloc(0);
    const entry = { id: ++this.lastId, key: name, version, scope, blob, committed: false };
    this.entries.push(entry);
    return entry;
  }

  private find(keys: readonly string[], version: string, { scopes }: Rights): Entry | undefined {
    for (const scope of scopes) {
      const readable = this.committed.filter(
        (entry) => entry.version === version && entry.scope === scope,
      );
      for (const key of keys) {
        const name = this.options.lowersKeys === true ? key.toLowerCase() : key;
        const exact = readable.find((entry) => entry.key === name);
        const newest = exact ?? readable.findLast((entry) => entry.key.startsWith(name));
        if (newest !== undefined) return newest;
      }
    }
    return undefined;
  }

  private answerV2(call: Call, response: ServerResponse): void {
    const asked = JSON.parse(call.body.toString()) as Readonly<Record<string, unknown>>;
    const key = String(asked['key']);
    const version = String(asked['version']);
    switch (call.operation) {
      case 'reserve': {
        if (!call.rights.writes) {
          reply(response, 200, { ok: false, message: 'cache write denied: token is read-only' });
          return;
        }
        const entry = this.reserve(key, version, call.rights);
        if (entry === undefined) reply(response, 409, { code: 'already_exists', msg: 'taken' });
        else reply(response, 200, { ok: true, signed_upload_url: this.toBlobUrl(entry) });
        return;
      }
      case 'commit': {
        const entry = this.entries.findLast(
          (found) => found.key === key && found.version === version && !found.committed,
        );
        const isWhole = entry?.blob.length === Number(asked['size_bytes']);
        if (entry === undefined || !isWhole) {
          reply(response, 200, { ok: false, message: 'the blob is not what was announced' });
          return;
        }
        entry.committed = true;
        reply(response, 200, { ok: true, entry_id: String(entry.id) });
        return;
      }
      default: {
        const others = (asked['restore_keys'] ?? []) as readonly string[];
        const entry = this.find([key, ...others], version, call.rights);
        if (entry === undefined) reply(response, 200, { ok: false });
        else {
          const found = { signed_download_url: this.toBlobUrl(entry), matched_key: entry.key };
          reply(response, 200, { ok: true, ...found });
        }
      }
    }
  }

  private answerV1(call: Call, response: ServerResponse): void {
    switch (call.operation) {
      case 'find': {
        const keys = (call.searchParams.get('keys') ?? '').split(',');
        const entry = this.find(keys, call.searchParams.get('version') ?? '', call.rights);
        if (entry === undefined) response.writeHead(204).end();
        else {
          const { key, scope } = entry;
          reply(response, 200, { cacheKey: key, scope, archiveLocation: this.toBlobUrl(entry) });
        }
        return;
      }
      case 'reserve': {
        const asked = JSON.parse(call.body.toString()) as { key: string; version: string };
        const entry = call.rights.writes
          ? this.reserve(asked.key, asked.version, call.rights)
          : undefined;
        if (!call.rights.writes) reply(response, 403, { message: 'cache write denied: read-only' });
        else if (entry === undefined) reply(response, 409, { message: 'taken' });
        else reply(response, 201, { cacheId: entry.id });
        return;
      }
      case 'upload': {
        const entry = this.byId(Number(call.pathname.split('/').at(-1)));
        if (entry === undefined || entry.committed) {
          reply(response, 400, { message: 'no such reservation' });
          return;
        }
        entry.blob = Buffer.concat([entry.blob, call.body]);
        response.writeHead(204).end();
        return;
      }
      default: {
        const entry = this.byId(Number(call.pathname.split('/').at(-1)));
        const { size } = JSON.parse(call.body.toString()) as { size: number };
        if (entry?.blob.length !== size) {
          reply(response, 400, { message: 'size' });
          return;
        }
        entry.committed = true;
        response.writeHead(204).end();
      }
    }
  }

  private toBlobUrl({ id }: Entry): string {
    return `${this.url}blob/${id}?sig=${'s'.repeat(8)}`;
  }
}

interface Call {
  readonly operation: CacheOperation;
  readonly pathname: string;
  readonly searchParams: URLSearchParams;
  readonly body: Buffer;
  readonly rights: Rights;
}

function toOperation(method: string, pathname: string): CacheOperation | undefined {
  if (pathname.startsWith('/blob/')) return method === 'PUT' ? 'upload' : 'download';
  if (pathname.startsWith(SERVICE)) {
    const names: Readonly<Record<string, CacheOperation>> = {
      CreateCacheEntry: 'reserve',
      FinalizeCacheEntryUpload: 'commit',
      GetCacheEntryDownloadURL: 'find',
    };
    return names[pathname.slice(SERVICE.length)];
  }
  if (!pathname.startsWith(V1)) return undefined;
  const rest = pathname.slice(V1.length);
  if (rest === 'cache') return 'find';
  if (rest === 'caches') return 'reserve';
  return method === 'PATCH' ? 'upload' : 'commit';
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
