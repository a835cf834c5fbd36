import type { Advice } from './advice.ts';
import type { CertificateFacts } from './ports.ts';

const DAY_MS = 86_400_000;

function renderDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** `2026-12-01, in 9 days`, or `2026-11-01, 21 days ago`. */
function renderDate(epochMs: number, now: number): string {
  const days = Math.floor(Math.abs(epochMs - now) / DAY_MS);
  const amount = `${days} day${days === 1 ? '' : 's'}`;
  return `${renderDay(epochMs)}, ${epochMs >= now ? `in ${amount}` : `${amount} ago`}`;
}

const RENEW =
  "Renew it on the server (for Let's Encrypt: `sudo certbot renew`), and reload the server so that it is used.";

function toExpired(certificate: CertificateFacts, host: string, now: number): Advice {
  return {
    found: `the certificate of ${host} expired on ${renderDate(certificate.validTo, now)}`,
    remedy: `${RENEW} If the date surprises you, look at this host's clock with \`timedatectl\`.`,
  };
}

function toUntrusted(certificate: CertificateFacts, host: string, code: string): Advice {
  const self = code.includes('SELF_SIGNED');
  return {
    found: self
      ? `the certificate of ${host} is self-signed (by ${certificate.issuer})`
      : `the certificate of ${host} is signed by ${certificate.issuer}, which this host does not know`,
    remedy: self
      ? 'If it is meant to be so, make this host trust it: copy the certificate to /usr/local/share/ca-certificates/ and run `sudo update-ca-certificates` (on RHEL: /etc/pki/ca-trust/source/anchors/ and `sudo update-ca-trust`). Otherwise somebody else may be answering: find out before anything is sent there.'
      : `Either the server does not send its intermediate certificates (\`openssl s_client -connect ${host}:443 -showcerts\` shows what it sends; configure its full chain), or the authority is your company's: install it with \`sudo update-ca-certificates\` (on RHEL \`sudo update-ca-trust\`).`,
  };
}

/** Puts a refusal of a certificate into words. */
export function toCertificateAdvice(
  code: string,
  certificate: CertificateFacts | undefined,
  host: string,
  now: number,
): Advice | undefined {
  if (certificate === undefined) return undefined;
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return toExpired(certificate, host, now);
    case 'CERT_NOT_YET_VALID':
      return {
        found: `the certificate of ${host} is valid only from ${renderDate(certificate.validFrom, now)}`,
        remedy:
          "Look at this host's clock first: `timedatectl`. If it is right, the server has been given its certificate too early.",
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        found: `the certificate is for ${certificate.names.filter(Boolean).join(', ') || certificate.subject}, not for ${host}`,
        remedy: `Another server may be answering: \`getent ahosts ${host}\` shows where the name leads. Correct the name in the plan, the DNS record, or the server's certificate.`,
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return toUntrusted(certificate, host, code);
    default:
      return undefined;
  }
}

/** Says that a certificate ends soon; `undefined` when it does not. */
export function toExpiryAdvice(
  certificate: CertificateFacts | undefined,
  host: string,
  now: number,
  marginMs: number,
): Advice | undefined {
  if (certificate === undefined || certificate.validTo - now >= marginMs) return undefined;
  return {
    found: `its certificate expires on ${renderDate(certificate.validTo, now)}`,
    remedy: `Renew the certificate of ${host} before that. ${RENEW}`,
  };
}

/** Days that a certificate is still valid. */
export function toDaysLeft(certificate: CertificateFacts, now: number): number {
  return Math.floor((certificate.validTo - now) / DAY_MS);
}
