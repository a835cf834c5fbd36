/**
 * `owner/name` from the address of a remote, without host and credentials; undefined when it names no
 * repository that way.
 */
export function parseRemote(address: string): string | undefined {
  const path = toPath(address.trim());
  const parts = (path ?? '')
    .replace(/\/+$/u, '')
    .replace(/\.git$/u, '')
    .split('/')
    .filter((part) => part !== '');
  return parts.length < 2 ? undefined : parts.slice(-2).join('/');
}

function toPath(address: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(address)) {
    return URL.canParse(address) ? new URL(address).pathname : undefined;
  }
  // As scp has it: `git@github.com:owner/name.git`.
  const [, path] = /^[^/:]+:(.+)$/u.exec(address) ?? [];
  return path;
}
