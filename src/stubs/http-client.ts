/**
 * Stands in for `@actions/http-client` in the bundle that every run loads (see `paths` in tsconfig.json):
 * the toolkit's core imports it for OIDC tokens, which nothing here asks for, and with it come the HTTP
 * and TLS modules of node, and undici.
 */
export function HttpClient(): never {
  throw new Error('the HTTP client is not part of this bundle: see docs/adr/0005');
}

export const BearerCredentialHandler = HttpClient;
