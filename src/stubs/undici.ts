/**
 * Stands in for `undici` in the bundle (see `paths` in tsconfig.json): the toolkit's HTTP client imports
 * it for one class that nothing here uses, and loading it would double the time that a run needs to end.
 */
export function ProxyAgent(): never {
  throw new Error('undici is not part of this bundle: see docs/adr/0005');
}
