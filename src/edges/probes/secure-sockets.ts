import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { Certificate, SecureContext, TLSSocket } from 'node:tls';

import type { CertificateFacts } from '../../checks/ports.ts';
import { requireOpen, StageError } from './journey.ts';
import type { Journey } from './journey.ts';
import { toErrorCode } from './kernel-files.ts';

function toDistinguishedName({ CN, O }: Certificate): string {
  // Fields of a name are absent, or listed when there are several.
  const [name] = [CN ?? O].flat() as (string | undefined)[];
  return name ?? 'nobody named';
}

function toCertificateFacts(socket: TLSSocket): CertificateFacts | undefined {
  const { subject, issuer, subjectaltname, valid_from, valid_to } = socket.getPeerCertificate();
  // A server without a certificate gives an empty object.
  if ((valid_to as string | undefined) === undefined) return undefined;
  return {
    subject: toDistinguishedName(subject),
    issuer: toDistinguishedName(issuer),
    names: (subjectaltname ?? '').split(', ').map((name) => name.replace(/^[^:]*:/u, '')),
    validFrom: Date.parse(valid_from),
    validTo: Date.parse(valid_to),
  };
}

/** Speaks TLS over `socket`; a certificate that is not trusted is an error unless `any` will do. */
export async function secure(
  socket: Socket,
  host: string,
  any: boolean,
  journey: Journey,
  trust: SecureContext,
): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  requireOpen(socket);
  return new Promise((settle, reject) => {
    const secured = connect({
      socket,
      secureContext: trust,
      // Judged below, where the certificate can be shown whatever is wrong with it.
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    journey.add(secured);
    secured.on('error', reject);
    secured.on('close', () => {
      reject(new StageError('ECONNRESET', 'the connection was closed during the TLS handshake'));
    });
    secured.on('secureConnect', () => {
      const certificate = toCertificateFacts(secured);
      if (certificate !== undefined) journey.certificate = certificate;
      // Typed as an Error, and a code at run time.
      const fault = secured.authorizationError as unknown;
      const code = toErrorCode(fault);
      if (secured.authorized || any) settle(secured);
      else reject(new StageError(code, `certificate: ${code}`));
    });
  });
}
