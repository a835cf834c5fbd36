import { readFile } from 'node:fs/promises';
import type { SecureContext } from 'node:tls';

/** Where systems keep the authorities that curl, git and docker trust; the first that exists counts. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

async function toText(path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * What the host's own programs trust. Node brings its own list, which knows no company authority that
 * was installed on the host; going by it would fail hosts on which every deployment command works.
 */
export async function loadTrust(env: Readonly<Record<string, string>>): Promise<SecureContext> {
  const { createSecureContext, rootCertificates } = await import('node:tls');
  let bundle: string | undefined;
  for (const path of [env['SSL_CERT_FILE'], ...SYSTEM_BUNDLES]) bundle ??= await toText(path);
  const extra = await toText(env['NODE_EXTRA_CA_CERTS']);
  const ca = bundle === undefined ? [...rootCertificates] : [bundle];
  return createSecureContext({ ca: extra === undefined ? ca : [...ca, extra] });
}
