import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Manifest {
  readonly type: string;
  readonly body: Buffer;
}

const digestOf = (content: Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A container registry in this process: as much of the distribution protocol as push and pull need. */
export class Registry {
  private readonly blobs = new Map<string, Buffer>();
  private readonly manifests = new Map<string, Manifest>();
  private readonly uploads = new Map<string, Buffer[]>();
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request, response);
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The first part of an image's name. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://registry');
    const [, name = '', kind = '', id = ''] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/u.exec(url.pathname) ?? [];
    response.setHeader('docker-distribution-api-version', 'registry/2.0');
    if (url.pathname === '/v2/') response.end('{}');
    else if (kind === 'blobs/uploads') this.receive(request, response, { name, id, body, url });
    else if (kind === 'blobs') {
      send(response, this.blobs.get(id), 'application/octet-stream', id);
    } else if (request.method === 'PUT') {
      const type = request.headers['content-type'] ?? '';
      const digest = digestOf(body);
      for (const key of [id, digest]) this.manifests.set(`${name}@${key}`, { type, body });
      response.writeHead(201, { 'docker-content-digest': digest }).end();
    } else {
      const manifest = this.manifests.get(`${name}@${id}`);
      send(response, manifest?.body, manifest?.type ?? '');
    }
  }

  private receive(
    request: IncomingMessage,
    response: ServerResponse,
    { name, id, body, url }: { name: string; id: string; body: Buffer; url: URL },
  ): void {
    const upload = id === '' ? `u${this.uploads.size}` : id;
    const chunks = this.uploads.get(upload) ?? [];
    chunks.push(body);
    this.uploads.set(upload, chunks);
    if (request.method === 'PUT') {
      const digest = url.searchParams.get('digest') ?? '';
      this.blobs.set(digest, Buffer.concat(chunks));
      response.writeHead(201, { 'docker-content-digest': digest }).end();
      return;
    }
    const size = Buffer.concat(chunks).length;
    response
      .writeHead(202, {
        location: `/v2/${name}/blobs/uploads/${upload}`,
        range: `0-${Math.max(size - 1, 0)}`,
        'docker-upload-uuid': upload,
      })
      .end();
  }
}

function send(
  response: ServerResponse,
  content: Buffer | undefined,
  type: string,
  digest = content === undefined ? '' : digestOf(content),
): void {
  if (content === undefined) {
    const errors = [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }];
    response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
    return;
  }
  response
    .writeHead(200, {
      'content-type': type,
      'content-length': content.length,
      'docker-content-digest': digest,
    })
    .end(content);
}
