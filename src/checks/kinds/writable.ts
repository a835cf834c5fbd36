import type { WritableOptions } from '../../plan/check-options.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { WriteFacts } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';

function toPath({ paths }: WritableOptions): string {
  return paths[0] ?? '';
}

/** Whether the kernel would let us write there; it was asked, and nothing was written. */
function decideWritable(path: string, facts: WriteFacts, user: string): Verdict {
  const { exists, target, file, refusal } = facts;
  const word = renderShellWord(target);
  const rights = `${file.owner}:${file.group}, mode ${file.mode.toString(8).padStart(4, '0')}`;
  const there = exists ? `a ${file.kind} of ${rights}` : `not there yet; ${target} is of ${rights}`;
  switch (refusal) {
    case undefined:
      return {
        status: 'pass',
        found: exists ? 'writable' : `not there yet, but can be made in ${target}`,
      };
    case 'EROFS':
      return {
        status: 'fail',
        found: `${target} is on a file system that is mounted read-only`,
        remedy: `\`findmnt -T ${word}\` shows the mount, \`dmesg | tail\` whether the kernel made it read-only after an error (then check the disk first); \`sudo mount -o remount,rw <mount point>\` makes it writable.`,
      };
    case 'EPERM':
      return {
        status: 'fail',
        found: `${there}, and marked immutable`,
        remedy: `\`lsattr -d ${word}\` shows the mark, \`sudo chattr -i ${word}\` removes it; somebody set it on purpose, so ask first.`,
      };
    case 'ENOTDIR':
      return {
        status: 'fail',
        found: `${target} is a ${file.kind}, not a directory`,
        remedy: `Move ${target} away, or correct the path in the plan.`,
      };
    default:
      return {
        status: 'fail',
        found: `${there}: ${user} may not write (${refusal})`,
        remedy: exists
          ? `Give it to the runner's user: \`sudo chown ${renderShellWord(user)} ${word}\` (with \`-R\` for all that is in it); or \`sudo setfacl -m u:${renderShellWord(user)}:rwX ${word}\` where the owner has to stay.`
          : `Make it for the runner's user: \`sudo install -d -o ${renderShellWord(user)} ${renderShellWord(path)}\`.`,
      };
  }
}

export const writable: Check<WritableOptions> = {
  ...ORDINARY,
  how: "The kernel is asked whether the runner's user could write the path, or make it where it does not exist yet (permissions, access lists, read-only mounts, immutable files). Nothing is written.",
  unable: '',
  split: ({ paths }) => paths.map((path) => ({ paths: [path] })),
  label: (options) => `writable ${toPath(options)}`,
  wanted: () => 'writable by the user that the runner runs as',
  whenStuck: (options) =>
    `The file system does not answer, as a network mount whose server is gone: try \`ls -ld ${renderShellWord(toPath(options))}\` and \`dmesg | tail\`.`,
  look: async (options, { world }) => {
    const path = world.files.absolute(toPath(options));
    const [facts, identity] = await Promise.all([
      world.files.writability(path),
      world.host.identity(),
    ]);
    const user = identity.ok ? identity.value.name : "the runner's user";
    return facts.ok
      ? decideWritable(path, facts.value, user)
      : { status: 'unable', reason: facts.error };
  },
};
