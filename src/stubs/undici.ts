/**
 * Stands in for `undici` in the bundle of the cache's client (see `paths` in .github/tsconfig.cache.json): the toolkit's HTTP client imports
 * it for one class that nothing here uses.
 */
export function ProxyAgent(): never {
  throw new Error('undici is not part of this bundle: see docs/adr/0005');
}
