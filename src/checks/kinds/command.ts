import type { CommandOptions } from '../../plan/check-options.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Circumstances, Verdict } from '../check.ts';
import { parseOsRelease } from '../os-release.ts';
import type { OsRelease } from '../os-release.ts';
import type { CommandPlace, ProbeEnd } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';
import { isVersionIn, renderRange, toPrintedVersion } from '../version.ts';

type Command = CommandOptions['commands'][number];

function toCommand({ commands }: CommandOptions): Command {
  return commands[0] ?? { name: '' };
}

/** Commands that do not know `--version`, or answer it with something else. */
const VERSION_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  go: ['version'],
  helm: ['version', '--short'],
  java: ['-version'],
  javac: ['-version'],
  kubectl: ['version', '--client'],
  lsof: ['-v'],
  nginx: ['-v'],
  oc: ['version', '--client'],
  openssl: ['version'],
  sshd: ['-V'],
  ssh: ['-V'],
  tmux: ['-V'],
  unzip: ['-v'],
  zip: ['-v'],
};

/** How packages are installed, by what a system is or derives from. */
const INSTALLERS: readonly (readonly [string, string])[] = [
  ['debian', 'sudo apt-get install'],
  ['ubuntu', 'sudo apt-get install'],
  ['fedora', 'sudo dnf install'],
  ['rhel', 'sudo dnf install'],
  ['alpine', 'sudo apk add'],
  ['arch', 'sudo pacman -S'],
  ['suse', 'sudo zypper install'],
];

/** Where commands come from that distributions do not have, or have under another name. */
const SOURCES: Readonly<Record<string, string>> = {
  docker: 'https://docs.docker.com/engine/install/ says how',
  'docker-compose': 'the compose plugin has replaced it, so write `docker compose` if you can',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/ says how',
  helm: 'https://helm.sh/docs/intro/install/ says how',
};

/** How to get a command, as the end of a sentence; empty where nothing is known. */
function toSource(name: string, release: OsRelease | undefined): string {
  const source = SOURCES[name];
  if (source !== undefined) return `: ${source}`;
  const ids = release === undefined ? [] : [release.id, ...release.idLike];
  const installer = INSTALLERS.find(([id]) => ids.includes(id))?.[1];
  if (installer === undefined || name.includes('/')) return ' on this host';
  return `: \`${installer} ${renderShellWord(name)}\`, unless its package has another name`;
}

/** What is known about a command: where it is, and what it prints when asked for its version. */
interface CommandFacts {
  readonly place: CommandPlace;
  /** Undefined: not asked. */
  readonly version?:
    { readonly ok: true; readonly end: ProbeEnd } | { readonly ok: false; readonly reason: string };
  readonly release?: OsRelease | undefined;
}

function decideAbsent(name: string, { place, release }: CommandFacts): Verdict {
  if (place.kind === 'not-executable') {
    return {
      status: 'fail',
      found: `${place.path} is there, but this user may not execute it`,
      remedy: `\`ls -l ${renderShellWord(place.path)}\` shows its permissions; \`sudo chmod a+rx ${renderShellWord(place.path)}\` grants it to all.`,
    };
  }
  const searched = place.kind === 'absent' ? place.searched : [];
  const path = name.includes('/')
    ? ''
    : ` If it works in your own shell, its directory is missing in the runner's PATH (${searched.join(':') || 'empty'}): add it to the file .path in the runner's directory and restart the runner.`;
  return {
    status: 'fail',
    found: name.includes('/') ? 'not there' : "not on the runner's PATH",
    remedy: `Install it${toSource(name, release)}.${path}`,
  };
}

/** Whether a command is there, and in a version that will do. */
function decideCommand(options: CommandOptions, facts: CommandFacts): Verdict {
  const { name, version: range } = toCommand(options);
  const { place, version: answer, release } = facts;
  if (place.kind !== 'found') return decideAbsent(name, facts);
  if (range === undefined || answer === undefined) return { status: 'pass', found: place.path };
  const ask = `Run \`${renderShellWord(place.path)} --version\` on the host, and give the plan a \`version-command\` that prints the version.`;
  if (!answer.ok) return { status: 'unable', reason: answer.reason, remedy: ask };
  if (answer.end.exit === undefined) {
    return { status: 'unable', reason: `${name} did not print its version in time`, remedy: ask };
  }
  const version = toPrintedVersion(answer.end.output);
  const fits = version === undefined ? undefined : isVersionIn(version, range);
  if (version === undefined || fits === undefined) {
    const reason = `${place.path} prints no version that could be read: ${answer.end.output.trim().replace(/\s+/gu, ' ').slice(0, 200) || 'nothing at all'}`;
    return { status: 'unable', reason, remedy: ask };
  }
  const found = `${version} (${place.path})`;
  if (fits || renderRange(range) === '') return { status: 'pass', found };
  return {
    status: 'fail',
    found,
    remedy: `Install a version that fits${toSource(name, release)}. \`type -a ${renderShellWord(name)}\` shows whether there is a second one that comes later in the PATH.`,
  };
}

async function loadVersion(
  { name, versionCommand }: Command,
  path: string,
  { world, command, cut }: Circumstances,
): Promise<NonNullable<CommandFacts['version']>> {
  const { env } = world;
  const end = await world.commands.run(
    versionCommand === undefined
      ? {
          what: {
            kind: 'program',
            argv: [path, ...(VERSION_ARGUMENTS[name.replace(/^.*\//u, '')] ?? ['--version'])],
          },
          workingDirectory: world.workspace,
          env,
        }
      : {
          what: { kind: 'script', text: versionCommand, shell: command.shell },
          workingDirectory: command.workingDirectory,
          env,
        },
    cut,
  );
  return end.ok ? { ok: true, end: end.value } : { ok: false, reason: end.error };
}

async function loadCommand(
  options: CommandOptions,
  circumstances: Circumstances,
): Promise<CommandFacts> {
  const { world } = circumstances;
  const wanted = toCommand(options);
  const place = await world.commands.find(wanted.name);
  const version =
    place.kind === 'found' && wanted.version !== undefined
      ? await loadVersion(wanted, place.path, circumstances)
      : undefined;
  const text = await world.host.osRelease();
  const release = text.ok ? parseOsRelease(text.value) : undefined;
  return { place, release, ...(version === undefined ? {} : { version }) };
}

export const command: Check<CommandOptions> = {
  ...ORDINARY,
  how: 'The PATH that the steps will have is searched as a shell does. With `version` the command is asked for it (`--version`, or what it understands instead; or `version-command`), and the first version in what it prints is compared; only its first three numbers count.',
  unable: 'Warns when the command prints no version that can be read.',
  split: ({ commands }) => commands.map((one) => ({ commands: [one] })),
  label: (options) => `command ${toCommand(options).name}`,
  wanted: (options) => {
    const { name, version } = toCommand(options);
    const range = renderRange(version);
    return range === '' ? `${name} is there` : `${name} ${range}`;
  },
  whenStuck: (options) =>
    `Run \`${renderShellWord(toCommand(options).name)} --version\` on the host and see what it waits for.`,
  look: async (options, circumstances) =>
    decideCommand(options, await loadCommand(options, circumstances)),
};
