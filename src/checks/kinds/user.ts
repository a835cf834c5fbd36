import { success } from '../../result.ts';
import type { UserOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { GroupEntry, Identity, Known } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';

interface UserFacts {
  readonly identity: Identity;
  /** The wanted groups by name; `undefined`: there is no such group. */
  readonly groups: ReadonlyMap<string, GroupEntry | undefined>;
}

/** What is missing, and how to mend it. */
interface Lack {
  readonly found: string;
  readonly remedy: string;
}

function toUserLack({ name }: UserOptions, { identity }: UserFacts): Lack | undefined {
  if (name === undefined || name === identity.name || name === String(identity.uid)) {
    return undefined;
  }
  return {
    found: `the runner runs as ${identity.name}`,
    remedy: `Install the runner's service for ${name}, in the runner's directory: \`sudo ./svc.sh stop && sudo ./svc.sh uninstall && sudo ./svc.sh install ${renderShellWord(name)} && sudo ./svc.sh start\` (the directory has to belong to that user). Or choose a runner that runs as ${name} with \`runs-on\`.`,
  };
}

const RESTART =
  "restart the runner's service (`sudo ./svc.sh stop && sudo ./svc.sh start` in its directory): a process gets its groups when it starts";

function toGroupLack(
  group: string,
  entry: GroupEntry | undefined,
  { name, groups }: Identity,
): Lack | undefined {
  if (entry === undefined) {
    return {
      found: `there is no group ${group} on this host`,
      remedy:
        group === 'docker'
          ? 'The package of the Docker engine makes it: https://docs.docker.com/engine/install/. Is the engine installed?'
          : `Install what makes the group, or make it: \`sudo groupadd ${renderShellWord(group)}\`.`,
    };
  }
  if (groups.includes(entry.gid)) return undefined;
  if (entry.members.includes(name)) {
    return {
      found: `${name} was put into ${group} after the runner had started, so it has no effect yet`,
      remedy: `Just ${RESTART}.`,
    };
  }
  return {
    found: `${name} is not in ${group}`,
    remedy: `\`sudo usermod -aG ${renderShellWord(group)} ${renderShellWord(name)}\`; then ${RESTART}.${group === 'docker' ? ' (Whoever is in docker can become root on this host.)' : ''}`,
  };
}

/** Whether the runner runs as the wanted user, with the wanted groups in effect now. */
function decideUser(options: UserOptions, facts: UserFacts): Verdict {
  const { identity, groups } = facts;
  const lacks = [
    toUserLack(options, facts),
    // Membership gives rights that root has anyway.
    ...(identity.uid === 0
      ? []
      : options.groups.map((group) => toGroupLack(group, groups.get(group), identity))),
  ].filter((lack) => lack !== undefined);
  if (lacks.length > 0) {
    return {
      status: 'fail',
      found: lacks.map(({ found }) => found).join('; '),
      remedy: lacks.map(({ remedy }) => remedy).join(' '),
    };
  }
  const found =
    identity.uid === 0 && options.groups.length > 0
      ? `${identity.name}, who needs no group`
      : `${identity.name}${options.groups.length > 0 ? `, in ${options.groups.join(', ')}` : ''}`;
  return { status: 'pass', found };
}

async function loadGroups(
  names: readonly string[],
  load: (name: string) => Promise<Known<GroupEntry | undefined>>,
): Promise<Known<ReadonlyMap<string, GroupEntry | undefined>>> {
  const groups = new Map<string, GroupEntry | undefined>();
  for (const name of names) {
    const entry = await load(name);
    if (!entry.ok) return entry;
    groups.set(name, entry.value);
  }
  return success(groups);
}

function renderWanted({ name, groups }: UserOptions): string {
  const user = name === undefined ? 'the runner' : `the runner runs as ${name}`;
  if (groups.length === 0) return user;
  const member = `in ${groups.join(' and ')}`;
  return name === undefined ? `the runner's user is ${member}` : `${user}, ${member}`;
}

export const user: Check<UserOptions> = {
  ...ORDINARY,
  how: 'The user the runner runs as, and the groups that its processes have now; a membership that is in the group database only is told apart. Root needs no group.',
  unable: 'Warns on a platform without user ids.',
  split: asOne,
  label: () => 'user',
  wanted: renderWanted,
  whenStuck: () => 'The name service (LDAP, sssd) does not answer: try `id` on the host.',
  look: async (options, { world }) => {
    const identity = await world.host.identity();
    if (!identity.ok) return { status: 'unable', reason: identity.error };
    const groups = await loadGroups(options.groups, (name) => world.host.group(name));
    if (!groups.ok) return { status: 'unable', reason: groups.error };
    return decideUser(options, { identity: identity.value, groups: groups.value });
  },
};
