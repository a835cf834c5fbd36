import type { FileOptions } from '../../plan/check-options.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Circumstances, Verdict } from '../check.ts';
import type { PathFacts } from '../ports.ts';
import { renderBytes } from '../quantity.ts';
import { renderShellWord } from '../../shell-word.ts';
import { isInside } from '../workspace-path.ts';

/** What there is at a path, and whether this user may read it. */
interface ReadFacts {
  readonly at: PathFacts;
  /** Error code of the kernel's refusal. */
  readonly refusal: string | undefined;
  /** Absolute. */
  readonly path: string;
  readonly inWorkspace: boolean;
}

function toPath({ paths }: FileOptions): string {
  return paths[0] ?? '';
}

function decideAbsent(nearest: string, { path, inWorkspace }: ReadFacts): Verdict {
  const look = `\`ls -la ${renderShellWord(nearest)}\` shows what is there instead.`;
  return {
    status: 'fail',
    found: nearest === '/' ? 'not there' : `not there; the path ends at ${nearest}`,
    remedy: inWorkspace
      ? `Is it committed, and does a checkout step run before this one? A step that makes it has to come first, too. ${look}`
      : `Put ${path} on this host, or correct the path in the plan. ${look}`,
  };
}

/** Whether the wanted thing is there and can be read. */
function decideFile(options: FileOptions, facts: ReadFacts): Verdict {
  const { at, refusal, path } = facts;
  const word = renderShellWord(path);
  if (at.kind === 'absent') return decideAbsent(at.nearest, facts);
  if (at.kind === 'hidden') {
    return {
      status: 'fail',
      found: `a directory above it is closed to this user (${at.code})`,
      remedy: `\`namei -l ${word}\` shows which one; give the runner's user the right to enter it.`,
    };
  }
  const { kind, sizeBytes, owner, group, mode } = at.file;
  if (options.type !== 'any' && kind !== options.type) {
    return {
      status: 'fail',
      found: kind === 'other' ? 'something else' : `a ${kind}`,
      remedy: `Look at it with \`ls -ld ${word}\`; move it away and put the right thing there. (A container that mounts a file that is not there makes a directory of that name.)`,
    };
  }
  const rights = `${owner}:${group}, mode ${mode.toString(8).padStart(4, '0')}`;
  if (refusal !== undefined) {
    return {
      status: 'fail',
      found: `a ${kind} that this user may not read (${rights})`,
      remedy: `Give the runner's user the right to read it: \`sudo setfacl -m u:$(whoami):rX ${word}\`, typed as that user, or put the user into the group ${group}.`,
    };
  }
  const size = kind === 'file' ? ` of ${sizeBytes === 0 ? '0 B' : renderBytes(sizeBytes)}` : '';
  return { status: 'pass', found: kind === 'other' ? 'there' : `a ${kind}${size}` };
}

async function loadFile(options: FileOptions, { world }: Circumstances): Promise<ReadFacts> {
  const path = world.files.absolute(toPath(options));
  const at = await world.files.look(path);
  const refusal = at.kind === 'present' ? await world.files.readRefusal(path) : undefined;
  return { at, refusal, path, inWorkspace: isInside(path, world.workspace) };
}

export const file: Check<FileOptions> = {
  ...ORDINARY,
  how: "The path, links followed, is there, of the wanted type, and readable for the runner's user. Relative paths start at the workspace.",
  unable: '',
  split: (options) => options.paths.map((path) => ({ ...options, paths: [path] })),
  label: (options) => `file ${toPath(options)}`,
  wanted: ({ type }) => (type === 'any' ? 'there and readable' : `a readable ${type}`),
  whenStuck: (options) =>
    `The file system does not answer, as a network mount whose server is gone: try \`ls -ld ${renderShellWord(toPath(options))}\` and \`dmesg | tail\`.`,
  look: async (options, circumstances) =>
    decideFile(options, await loadFile(options, circumstances)),
};
