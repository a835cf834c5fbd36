import type { Socket } from 'node:net';

import type { CertificateFacts, Stage, Via } from '../../checks/ports.ts';

/** A failure that is not the system's, with a code of our own. */
export class StageError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A peer may hang up before anybody listens for it; what is built on such a socket waits for ever. */
export function requireOpen(socket: Socket): void {
  if (socket.destroyed) throw new StageError('ECONNRESET', 'the connection was closed at once');
}

/** How far one attempt has come: what is reported when it is cut or fails. */
export class Journey {
  stage: Stage = 'dns';
  address: string | undefined;
  certificate: CertificateFacts | undefined;
  readonly via: Via | undefined;
  readonly #sockets: Socket[] = [];
  #closed = false;

  constructor(via: Via | undefined) {
    this.via = via;
  }

  /** What was opened, so that it can be closed; at once, when all is over already. */
  add(socket: Socket): void {
    this.#sockets.push(socket);
    if (this.#closed) socket.destroy();
  }

  /** Ends what was opened: from the outermost layer inwards, as a layer must not lose what it stands on. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets.toReversed()) socket.destroy();
  }

  /** What every result tells. */
  facts(): {
    readonly via?: Via;
    readonly address?: string;
    readonly certificate?: CertificateFacts;
  } {
    const { via, address, certificate } = this;
    return {
      ...(via === undefined ? {} : { via }),
      ...(address === undefined ? {} : { address }),
      ...(certificate === undefined ? {} : { certificate }),
    };
  }
}
