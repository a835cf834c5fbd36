import type { DiskOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Measure, Verdict } from '../check.ts';
import type { SpaceFacts } from '../ports.ts';
import { renderBytes, renderCount, toByteSystem } from '../quantity.ts';
import { renderShellWord } from '../../shell-word.ts';

/** Fewer free inodes than this stop a deployment however much space there is. */
const LEAST_INODES = 1000;
/** On a small file system: this share of all. */
const LEAST_INODES_SHARE = 0.05;

function toWantedInodes({ freeInodes }: DiskOptions, { inodes }: SpaceFacts): number {
  return (
    freeInodes ?? Math.floor(Math.min(LEAST_INODES, (inodes?.total ?? 0) * LEAST_INODES_SHARE))
  );
}

/** What is missing of one of the two; `undefined`: nothing. */
type Advice = string | undefined;

function toSpaceAdvice(wanted: number, facts: SpaceFacts, where: string): Advice {
  if (facts.freeBytes >= wanted) return undefined;
  const amount = (bytes: number): string => renderBytes(bytes, toByteSystem(wanted));
  if (facts.totalBytes < wanted) {
    return `${where} has ${amount(facts.totalBytes)} in all and can never pass: make it larger, or lower \`free\` in the plan.`;
  }
  const mount = renderShellWord(facts.mountPoint);
  return `Free ${amount(wanted - facts.freeBytes)} more on ${where}: \`sudo du -xh --max-depth=2 ${mount} | sort -h | tail -20\` shows what fills it; where Docker keeps its data there, \`docker system df\` and then \`docker image prune\` help.`;
}

function toInodeAdvice(wanted: number, facts: SpaceFacts, where: string): Advice {
  if (facts.inodes === undefined || facts.inodes.free >= wanted) return undefined;
  if (facts.inodes.total < wanted) {
    return `${where} has ${renderCount(facts.inodes.total)} inodes in all, which is set when a file system is made: make it anew with more (\`mkfs.ext4 -N\`), or lower \`inodes\` in the plan.`;
  }
  const mount = renderShellWord(facts.mountPoint);
  return `Remove files on ${where}, many small ones use up its inodes: \`sudo du --inodes -x --max-depth=3 ${mount} | sort -n | tail -20\` shows where they are.`;
}

/** Space and inodes against what is wanted; either one running out stops a deployment. */
export function decideDisk(options: DiskOptions, facts: SpaceFacts): Verdict {
  const { freeBytes: wantedBytes = 0 } = options;
  const system = toByteSystem(wantedBytes);
  const where = facts.device === '' ? facts.mountPoint : `${facts.mountPoint}, ${facts.device}`;
  const space = `${renderBytes(facts.freeBytes, system)} free of ${renderBytes(facts.totalBytes, system)}`;
  const inodes =
    facts.inodes === undefined ? '' : `, ${renderCount(facts.inodes.free)} inodes free`;
  const measures: readonly Measure[] = [
    { label: 'free', value: facts.freeBytes, unit: 'bytes' },
    ...(facts.inodes === undefined
      ? []
      : [{ label: 'inodes', value: facts.inodes.free, unit: 'inodes' } as const]),
  ];
  const seen = { found: `${space}${inodes} on ${where}`, measures };
  if (facts.inodes === undefined && options.freeInodes !== undefined) {
    const spaceAdvice = toSpaceAdvice(wantedBytes, facts, where);
    if (spaceAdvice !== undefined) return { status: 'fail', ...seen, remedy: spaceAdvice };
    return { status: 'unable', reason: `${where} does not count inodes` };
  }
  const advice = [
    toSpaceAdvice(wantedBytes, facts, where),
    toInodeAdvice(toWantedInodes(options, facts), facts, where),
  ].filter((sentence) => sentence !== undefined);
  if (advice.length === 0) return { status: 'pass', ...seen };
  return { status: 'fail', ...seen, remedy: advice.join(' ') };
}

function renderWanted({ freeBytes, freeInodes }: DiskOptions): string {
  const parts = [
    freeBytes === undefined ? '' : renderBytes(freeBytes, toByteSystem(freeBytes)),
    freeInodes === undefined ? '' : `${renderCount(freeInodes)} inodes`,
  ].filter((part) => part !== '');
  const enough = freeInodes === undefined ? ', and enough inodes' : '';
  return `at least ${parts.join(' and ')} free${enough}`;
}

export const disk: Check<DiskOptions> = {
  ...ORDINARY,
  how: 'What an ordinary user can still write (not what is reserved for root) on the file system that holds the path, or that will hold it once it is made, and its free inodes: at least 1,000 unless `inodes` says otherwise, on a small file system 5% of all.',
  unable:
    'Warns when the path cannot be looked at, and when `inodes` are wanted where the file system counts none (btrfs, vfat).',
  split: asOne,
  label: ({ path }) => `disk ${path}`,
  wanted: renderWanted,
  whenStuck: ({ path }) =>
    `The file system does not answer, as a network mount whose server is gone: try \`df ${renderShellWord(path)}\` and look at \`dmesg | tail\`.`,
  look: async (options, { world }) => {
    const facts = await world.files.space(world.files.absolute(options.path));
    return facts.ok ? decideDisk(options, facts.value) : { status: 'unable', reason: facts.error };
  },
};
