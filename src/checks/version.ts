import coerce from 'semver/functions/coerce.js';
import satisfies from 'semver/functions/satisfies.js';

/** Longer texts are no versions. */
const LONGEST_VERSION = 64;

/**
 * Versions outside npm have leading zeros (20.04), a `v` in front, and sometimes a fourth number:
 * semver refuses the first and ignores the rest.
 */
function toStrictNumbers(text: string): string {
  return text
    .replace(/(?<![\w.])v(?=\d)/giu, '')
    .replace(/(?<=^|[^\d])0+(?=\d)/gu, '')
    .replace(/(\d+\.(?:\d+|x|\*)\.(?:\d+|x|\*))(?:\.(?:\d+|x|\*))+/gu, '$1');
}

/**
 * Whether a version is in a range, both as people write them: `20.04` is in `>=20.04`, `11` is in `11`.
 * Only the first three numbers count: what a distribution appends (`-rc1`, `+dfsg`) does not.
 * `undefined`: the version is none.
 */
export function isVersionIn(version: string, range: string): boolean | undefined {
  const strict = coerce(toStrictNumbers(version.slice(0, LONGEST_VERSION)));
  return strict === null ? undefined : satisfies(strict, toStrictNumbers(range));
}

/** `in a version that satisfies >=20.04`, or nothing where any version will do. */
export function renderRange(range: string | undefined): string {
  return range === undefined || range.trim() === '*' ? '' : range.trim();
}

/** Numbers with dots, not part of a longer word but for letters in front (`v1.2`, `go1.21.5`, `jq-1.6`). */
const DOTTED = /(?<![\d.])(\d+(?:\.\d+){1,3})(?![\d.]*\d)/u;
/** A lone number where a version stands: `systemd 252 (252.22)`, `less 590`. */
const LONE = /^(?:\S+ )?(?:\([^()]*\) )?(?:version )?v?(\d+)(?![\w.:/])/iu;

/** The version in what a command prints about itself: tolerant, since no two print alike. */
export function toPrintedVersion(output: string): string | undefined {
  const lines = output.split('\n').slice(0, 20);
  for (const line of lines) {
    // MariaDB's client has a version of its own in front of the one people mean.
    const distribution = /\bDistrib (\d+(?:\.\d+)+)/u.exec(line);
    const lone = LONE.exec(line.trim());
    const version = distribution?.[1] ?? lone?.[1] ?? DOTTED.exec(line)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
