import type { OsOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import { parseOsRelease, toBaseVersion, toKinship } from '../os-release.ts';
import type { OsRelease } from '../os-release.ts';
import { isVersionIn, renderRange } from '../version.ts';

function renderSystem({ id, version }: OsOptions['systems'][number]): string {
  return `${id} ${renderRange(version)}`.trim();
}

function renderFound({ prettyName, id, versionId }: OsRelease): string {
  return `${prettyName} (${[id, versionId].filter(Boolean).join(' ')})`;
}

/** The system, or what it derives from, against the systems that will do; its own entry goes first. */
export function decideOs({ systems }: OsOptions, release: OsRelease): Verdict {
  const found = renderFound(release);
  const kin = toKinship(
    release,
    systems.map(({ id }) => id),
  );
  const entries = systems.filter(({ id }) => id === kin);
  if (kin === undefined) {
    return {
      status: 'fail',
      found,
      remedy: `Run this deployment on one of the systems that the plan names. If it is known to work here, add \`${release.id}: '*'\` to \`os\` in the plan.`,
    };
  }
  if (entries.some(({ version }) => renderRange(version) === '')) return { status: 'pass', found };
  const version = toBaseVersion(release, kin);
  const fits = entries.map((entry) =>
    version === undefined ? undefined : isVersionIn(version, entry.version),
  );
  if (fits.includes(true)) return { status: 'pass', found };
  if (version === undefined || fits.includes(undefined)) {
    const reason =
      kin === release.id
        ? `${found} names no version in os-release that could be compared (a rolling release, perhaps)`
        : `${found} derives from ${kin}, and os-release does not say from which version of it`;
    return {
      status: 'unable',
      reason,
      remedy: `Add \`${release.id}: '*'\` to \`os\` in the plan if the deployment is known to work here.`,
    };
  }
  const as = kin === release.id ? '' : `, built on ${kin} ${version}`;
  return {
    status: 'fail',
    found: `${found}${as}`,
    remedy: `Upgrade the host, or run the deployment on another one. If it is known to work with ${kin} ${version}, widen \`${kin}\` under \`os\` in the plan.`,
  };
}

export const os: Check<OsOptions> = {
  ...ORDINARY,
  how: 'ID and VERSION_ID of os-release. A derivative counts as what it derives from (ID_LIKE); its version is then that of its base, by code name for Debian and Ubuntu, by number for rebuilds of RHEL. An entry for the system itself goes before one for its base.',
  unable:
    'Warns without os-release (macOS), and when a version is wanted of a rolling release, or of a derivative that does not say which version it is built on.',
  split: asOne,
  label: () => 'operating system',
  wanted: ({ systems }) => systems.map(renderSystem).join(' or '),
  whenStuck: () => 'Try `cat /etc/os-release` on the host: it should answer at once.',
  look: async (options, { world }) => {
    const text = await world.host.osRelease();
    return text.ok
      ? decideOs(options, parseOsRelease(text.value))
      : { status: 'unable', reason: text.error };
  },
};
