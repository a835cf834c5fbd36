import type { DockerOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Circumstances, Verdict } from '../check.ts';
import type { Advice } from '../advice.ts';
import type { Known, ProbeEnd, SpaceFacts } from '../ports.ts';
import { failure } from '../../result.ts';
import type { Result } from '../../result.ts';
import { renderBytes, toByteSystem } from '../quantity.ts';
import { renderShellWord } from '../../shell-word.ts';
import { isVersionIn, renderRange, toPrintedVersion } from '../version.ts';

/** What the engine says of itself. */
interface Engine {
  /** Empty when it did not answer. */
  readonly version: string;
  readonly rootDirectory: string;
  /** Name of the client's context. */
  readonly context: string;
}

/** Reads `docker info --format '{{json .}}'`; `undefined` when it is not that. */
function parseDockerInfo(text: string): Engine | undefined {
  let info: unknown;
  try {
    info = JSON.parse(text);
  } catch {
    return undefined;
  }
  const field = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : '';
  const word = (value: unknown): string => (typeof value === 'string' ? value : '');
  if (typeof info !== 'object' || info === null) return undefined;
  return {
    version: word(field(info, 'ServerVersion')),
    rootDirectory: word(field(info, 'DockerRootDir')),
    context: word(field(field(info, 'ClientInfo'), 'Context')),
  };
}

interface DockerFacts {
  readonly info: Result<ProbeEnd, string>;
  /** Undefined: not asked. */
  readonly compose?: Result<ProbeEnd, string>;
  readonly space?: Known<SpaceFacts>;
  /** DOCKER_HOST, if it is set. */
  readonly dockerHost: string | undefined;
}

/** Why the engine does not answer: the client's words are told apart, since what helps differs. */
function toSilence(output: string, dockerHost: string | undefined): Advice {
  const last = output.trim().split('\n').at(-1) ?? '';
  const where = dockerHost === undefined ? '' : ` DOCKER_HOST is ${toShownHost(dockerHost)}.`;
  if (/permission denied/iu.test(output)) {
    return {
      found:
        'the engine is there, but this user may not talk to it (permission denied on its socket)',
      remedy: `Put the runner's user into the group docker: \`sudo usermod -aG docker "$USER"\` typed as that user, and restart the runner's service so that it takes effect. \`ls -l /var/run/docker.sock\` shows who may.${where}`,
    };
  }
  if (
    /cannot connect|is the docker daemon running|no such file|connection refused/iu.test(output)
  ) {
    return {
      found: 'the engine does not answer: it is not running, or elsewhere',
      remedy: `Start it: \`sudo systemctl start docker\`; if it does not stay up: \`journalctl -u docker -n 50 --no-pager\`. \`docker context ls\` shows where the client looks for it.${where}`,
    };
  }
  return {
    found: `the engine does not answer${last === '' ? '' : `: ${last.slice(0, 200)}`}`,
    remedy: `Run \`docker info\` on the host, as the runner's user, and mend what it says.${where}`,
  };
}

/** An endpoint without the user that it may name. */
function toShownHost(dockerHost: string): string {
  return dockerHost.replace(/\/\/[^@/]*@/u, '//');
}

/** One demand on the engine: met, not met, or not to be known. */
type Part =
  | { readonly kind: 'met'; readonly found: string }
  | ({ readonly kind: 'unmet' } & Advice)
  | { readonly kind: 'unknown'; readonly reason: string };

function decideVersion(range: string | undefined, version: string): Part {
  if (renderRange(range) === '' || range === undefined) return { kind: 'met', found: version };
  const fits = isVersionIn(version, range);
  if (fits === undefined) return { kind: 'unknown', reason: `its version is ${version}` };
  if (fits) return { kind: 'met', found: version };
  return {
    kind: 'unmet',
    found: version,
    remedy:
      'Upgrade the engine as https://docs.docker.com/engine/install/ says, at a time when its containers may restart.',
  };
}

function decideCompose(range: string, answer: Result<ProbeEnd, string>): Part {
  if (!answer.ok) return { kind: 'unknown', reason: answer.error };
  const { exit, stdout } = answer.value;
  const version = toPrintedVersion(stdout);
  if (exit === undefined) return { kind: 'unknown', reason: '`docker compose version` hangs' };
  if (exit.kind !== 'exited' || exit.code !== 0 || version === undefined) {
    return {
      kind: 'unmet',
      found: 'no compose plugin',
      remedy:
        "Install it: `sudo apt-get install docker-compose-plugin` (or `dnf`) from Docker's own repository; from Debian's or Ubuntu's it is `docker-compose-v2` or `docker-compose`. `docker compose version` must answer.",
    };
  }
  const found = `compose ${version}`;
  if (isVersionIn(version, range) !== false) return { kind: 'met', found };
  const remedy = 'Upgrade the package `docker-compose-plugin`.';
  return { kind: 'unmet', found, remedy };
}

function decideSpace(wanted: number, space: Known<SpaceFacts>): Part {
  if (!space.ok) return { kind: 'unknown', reason: space.error };
  const { freeBytes, mountPoint } = space.value;
  const system = toByteSystem(wanted);
  const found = `${renderBytes(freeBytes, system)} free at its root (on ${mountPoint})`;
  if (freeBytes >= wanted) return { kind: 'met', found };
  return {
    kind: 'unmet',
    found,
    remedy: `Free ${renderBytes(wanted - freeBytes, system)} more: \`docker system df\` shows what Docker uses; \`docker image prune -a --filter until=168h\` and \`docker builder prune\` give back images and build cache not used for a week; \`sudo du -xh --max-depth=2 ${renderShellWord(mountPoint)} | sort -h | tail\` shows the rest.`,
  };
}

/** The engine's answer against what is wanted of it. */
function decideDocker(options: DockerOptions, facts: DockerFacts): Verdict {
  const { info, dockerHost } = facts;
  if (!info.ok) return { status: 'unable', reason: info.error };
  const engine = parseDockerInfo(info.value.stdout);
  if (info.value.exit === undefined) {
    const found = 'the engine does not answer in time';
    return { status: 'fail', found, remedy: STUCK };
  }
  if (engine === undefined || engine.version === '') {
    return { status: 'fail', ...toSilence(info.value.output, dockerHost) };
  }
  const parts = [
    decideVersion(options.version, engine.version),
    ...(options.compose === undefined || facts.compose === undefined
      ? []
      : [decideCompose(options.compose, facts.compose)]),
    ...(options.freeBytes === undefined || facts.space === undefined
      ? []
      : [decideSpace(options.freeBytes, facts.space)]),
  ];
  return toVerdict(parts, facts.space);
}

function toVerdict(parts: readonly Part[], space: Known<SpaceFacts> | undefined): Verdict {
  const known = parts.filter((part) => part.kind !== 'unknown');
  const unmet = parts.filter((part) => part.kind === 'unmet');
  const reasons = parts.flatMap((part) => (part.kind === 'unknown' ? [part.reason] : []));
  const seen = {
    found: `engine ${known.map(({ found }) => found).join(', ')}`,
    measures:
      space?.ok === true
        ? [{ label: 'free', value: space.value.freeBytes, unit: 'bytes' } as const]
        : [],
  };
  if (unmet.length > 0) {
    return { status: 'fail', ...seen, remedy: unmet.map(({ remedy }) => remedy).join(' ') };
  }
  if (reasons.length > 0) return { status: 'unable', reason: reasons.join('; ') };
  return { status: 'pass', ...seen };
}

const STUCK =
  'The engine is up but hangs: `sudo systemctl restart docker` helps most often (containers without live-restore restart with it); `journalctl -u docker -n 50 --no-pager` tells why.';

/** Free space at the engine's root, where that root is a directory of this host. */
async function loadRootSpace(engine: Engine, { world }: Circumstances): Promise<Known<SpaceFacts>> {
  const endpoint = world.env['DOCKER_HOST'] ?? '';
  const local = endpoint === '' || endpoint.startsWith('unix:');
  const at = local ? await world.files.look(engine.rootDirectory) : undefined;
  if (at === undefined || at.kind === 'absent') {
    return failure(
      `its root ${engine.rootDirectory} is not on this host (a remote engine, or one in a virtual machine), so its free space cannot be measured`,
    );
  }
  return world.files.space(engine.rootDirectory);
}

async function lookAtDocker(
  options: DockerOptions,
  circumstances: Circumstances,
): Promise<Verdict> {
  const { world, cut } = circumstances;
  const place = await world.commands.find('docker');
  if (place.kind !== 'found') {
    return {
      status: 'fail',
      found: "no docker on the runner's PATH",
      remedy:
        'Install the engine as https://docs.docker.com/engine/install/ says, or run the job on a runner that has it (`runs-on`).',
    };
  }
  const ask = (...words: readonly string[]): Promise<Result<ProbeEnd, string>> =>
    world.commands.run(
      {
        what: { kind: 'program', argv: [place.path, ...words] },
        workingDirectory: world.workspace,
        env: { ...world.env, LC_ALL: 'C' },
      },
      cut,
    );
  const [info, compose] = await Promise.all([
    ask('info', '--format', '{{json .}}'),
    options.compose === undefined ? undefined : ask('compose', 'version', '--short'),
  ]);
  const engine = info.ok ? parseDockerInfo(info.value.stdout) : undefined;
  const space =
    options.freeBytes === undefined || engine === undefined || engine.version === ''
      ? undefined
      : await loadRootSpace(engine, circumstances);
  return decideDocker(options, {
    info,
    dockerHost: world.env['DOCKER_HOST'],
    ...(compose === undefined ? {} : { compose }),
    ...(space === undefined ? {} : { space }),
  });
}

function renderWanted({ version, compose, freeBytes }: DockerOptions): string {
  const parts = [
    `engine ${renderRange(version) || 'answers'}`,
    compose === undefined ? '' : `compose ${renderRange(compose) || 'is there'}`,
    freeBytes === undefined ? '' : `${renderBytes(freeBytes, toByteSystem(freeBytes))} free`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export const docker: Check<DockerOptions> = {
  ...ORDINARY,
  how: "`docker info` as the runner's user: the engine has to answer, whatever the client says. Then its version, `docker compose version`, and the free space on the file system of the engine's root.",
  unable: 'Warns when `free` is wanted of an engine on another host or in a virtual machine.',
  split: asOne,
  label: () => 'docker',
  wanted: renderWanted,
  whenStuck: () => STUCK,
  look: lookAtDocker,
};
