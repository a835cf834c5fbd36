/** One spelling for each address: IPv6 shortened and in lower case; an IPv4 one inside IPv6 as IPv4. */
export function toCanonicalAddress(address: string): string {
  const text = address.trim().replace(/%.*$/u, '');
  if (!text.includes(':')) return text;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(text)?.[1];
  if (mapped !== undefined) return mapped;
  const url = `http://[${text}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : text.toLowerCase();
}

export function toFamily(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** IPv4 networks that are not routed on the internet: private, shared by carriers, loopback, link. */
const INSIDE_V4 = [
  /^10\./u,
  /^192\.168\./u,
  /^172\.(?:1[6-9]|2\d|3[01])\./u,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./u,
  /^127\./u,
  /^169\.254\./u,
];

/** Whether an address means something on the internet. */
export function isPublic(address: string): boolean {
  return toFamily(address) === 6
    ? /^[23]/u.test(toCanonicalAddress(address))
    : !INSIDE_V4.some((network) => network.test(address));
}
