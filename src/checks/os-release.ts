/** What os-release says of a system, as far as the checks need it. */
export interface OsRelease {
  readonly id: string;
  /** What it derives from, nearest first. */
  readonly idLike: readonly string[];
  /** Undefined: a rolling release. */
  readonly versionId?: string;
  readonly prettyName: string;
  /** Code name of the Ubuntu or Debian release it is, or is built on. */
  readonly codenames: readonly string[];
}

/** Real files have some twenty lines. */
const LONGEST_FILE = 65_536;
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/u;

/** A value as a shell would read it, without ever being one: quotes off, escaped characters plain. */
function unquote(text: string): string {
  const value = text.trim();
  const quote = value[0];
  const quoted = value.length > 1 && value.endsWith(quote ?? '');
  if (quote === "'" && quoted) return value.slice(1, -1);
  const inner = quote === '"' && quoted ? value.slice(1, -1) : value;
  return inner.replace(/\\(["$`\\'])/gu, '$1');
}

/** Reads os-release(5). Only data: nothing in it is ever expanded or run. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.slice(0, LONGEST_FILE).split(/\r?\n/u)) {
    const [, name, value] = ASSIGNMENT.exec(line.trim()) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, unquote(value));
  }
  const given = (name: string): string | undefined => {
    const value = values.get(name);
    return value === '' ? undefined : value;
  };
  const versionId = given('VERSION_ID');
  const id = (given('ID') ?? 'linux').toLowerCase();
  return {
    id,
    idLike: (given('ID_LIKE') ?? '')
      .toLowerCase()
      .split(/\s+/u)
      .filter((like) => like !== ''),
    ...(versionId === undefined ? {} : { versionId }),
    prettyName: given('PRETTY_NAME') ?? given('NAME') ?? id,
    codenames: ['UBUNTU_CODENAME', 'DEBIAN_CODENAME', 'VERSION_CODENAME']
      .map((name) => given(name)?.toLowerCase())
      .filter((name) => name !== undefined),
  };
}

/** Releases by code name: a derivative names its base only so. */
const RELEASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ubuntu: {
    xenial: '16.04',
    bionic: '18.04',
    focal: '20.04',
    jammy: '22.04',
    noble: '24.04',
    plucky: '25.04',
    questing: '25.10',
    resolute: '26.04',
  },
  debian: {
    stretch: '9',
    buster: '10',
    bullseye: '11',
    bookworm: '12',
    trixie: '13',
    forky: '14',
  },
};

/** Rebuilds of the same sources: their version is that of the others. */
const REBUILDS = new Set(['rhel', 'centos', 'rocky', 'almalinux', 'ol', 'scientific']);

/** The version of `base` that a system is, or is built on; `undefined` when it does not say. */
export function toBaseVersion(release: OsRelease, base: string): string | undefined {
  if (release.id === base && release.versionId !== undefined) return release.versionId;
  const known = RELEASES[base] ?? {};
  const codename = release.codenames.find((name) => Object.hasOwn(known, name));
  if (codename !== undefined) return known[codename];
  return REBUILDS.has(base) && REBUILDS.has(release.id) ? release.versionId : undefined;
}

/** What of `ids` a system is: itself, or else the nearest that it derives from. */
export function toKinship(release: OsRelease, ids: readonly string[]): string | undefined {
  // Oracle Linux says that it is like Fedora only.
  const rebuilt = REBUILDS.has(release.id) ? ['rhel'] : [];
  return [release.id, ...release.idLike, ...rebuilt].find((id) => ids.includes(id));
}
