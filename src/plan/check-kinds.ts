import * as z from 'zod/mini';
import { LEVELS, OCCASIONS } from './check-options.ts';
import type { CheckKind, CheckOptions } from './check-options.ts';
import {
  atLeastOne,
  COUNT,
  documented,
  DOCUMENTATION,
  DURATION,
  ENV_NAME,
  FLAG,
  HOST,
  HTTP_STATUS,
  HTTP_URL,
  IP_OR_SELF,
  oneOrMany,
  PORT_NUMBER,
  SCRIPT,
  shorthand,
  SIZE,
  TARGET_URL,
  TEXT,
  TIMER,
  toList,
  VERSION_RANGE,
} from './vocabulary.ts';

/** What may be said of every check inside its mapping. */
const INSIDE = {
  level: z.optional(
    documented(
      z.enum(LEVELS),
      '`fail` blocks the deployment, `warn` only tells. The default depends on the kind.',
    ),
  ),
  when: z.optional(
    documented(
      z.enum(OCCASIONS),
      '`fresh`: looked at only while no step is complete. The default depends on the kind.',
    ),
  ),
  timeout: z.optional(documented(TIMER, 'How long the check may take.')),
};

/** What may be said of every check beside its kind. */
export const BESIDE = {
  name: z.optional(
    documented(TEXT, 'What people read.', { examples: ['the Docker engine answers'] }),
  ),
  ...INSIDE,
};

/** One kind of check: what a plan may write, and what the check gets of it. */
interface Kind<S extends z.ZodMiniType, T> {
  readonly description: string;
  readonly schema: S;
  readonly toOptions: (value: z.output<S>) => T;
}

function kind<S extends z.ZodMiniType, T>(
  description: string,
  examples: unknown[],
  schema: S,
  toOptions: (value: z.output<S>) => T,
): Kind<S, T> {
  return { description, schema: documented(schema, description, { examples }), toOptions };
}

type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** Drops the keys whose value is undefined: an option is there with a value, or not there. */
function present<T extends object>(value: T): Present<T> {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}

/** The fields of a value that may be a shorthand: each of them may be missing. */
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };

export const INSIDE_KEYS = Object.keys(INSIDE);

const SYSTEMS = z.catchall(z.object(INSIDE), VERSION_RANGE).check(
  z.refine((value) => Object.keys(value).some((key) => !INSIDE_KEYS.includes(key)), {
    error: "needs a system, such as `ubuntu: '>=20.04'`",
  }),
);
DOCUMENTATION.add(SYSTEMS, { not: { propertyNames: { enum: INSIDE_KEYS } } });

const TARGET_DETAILS = {
  status: z.optional(
    documented(oneOrMany(HTTP_STATUS), 'HTTP status codes that are wanted. Default: any answer.', {
      examples: [200, [200, 401]],
    }),
  ),
  certificate: z.optional(documented(DURATION, 'Warn when the certificate ends sooner.')),
};
const TARGET_EXAMPLES = ['https://registry-1.docker.io/v2/', 'tcp://db.example.com:5432'];
const TARGET = z.union([
  shorthand('url', TARGET_URL),
  z.strictObject({
    url: documented(TARGET_URL, 'What to reach.', { examples: TARGET_EXAMPLES }),
    ...TARGET_DETAILS,
  }),
]);

const COMMAND_DETAILS = {
  version: z.optional(documented(VERSION_RANGE, 'Which versions will do.')),
  'version-command': z.optional(
    documented(SCRIPT, 'Command that prints the version.', { examples: ['psql --version'] }),
  ),
};
const COMMAND = z.union([
  shorthand('name', TEXT),
  z.strictObject({
    name: documented(TEXT, 'A command on the PATH.', { examples: ['curl'] }),
    ...COMMAND_DETAILS,
  }),
]);

interface Target {
  readonly url: string | readonly string[];
  readonly status?: number | readonly number[] | undefined;
  readonly certificate?: number | undefined;
}

function toTargets(target: Target): CheckOptions['network']['targets'] {
  const status = target.status === undefined ? undefined : toList(target.status);
  return toList(target.url).map((url) =>
    present({ url, status, certificateMs: target.certificate }),
  );
}

interface CommandSource {
  readonly name: string | readonly string[];
  readonly version?: string | undefined;
  readonly 'version-command'?: string | undefined;
}

function toCommands(source: CommandSource): CheckOptions['command']['commands'] {
  return toList(source.name).map((name) =>
    present({ name, version: source.version, versionCommand: source['version-command'] }),
  );
}

/** A check of one or many things of the same sort: `a`, `[a, b]`, or `{ key: [a, b], level: warn }`. */
function things<K extends string, S extends z.ZodMiniType>(
  key: K,
  item: S,
  description: string,
  examples: unknown[],
) {
  const value = documented(oneOrMany(item), description, { examples });
  const mapping = z.strictObject({ [key]: value, ...INSIDE });
  return z.union([
    shorthand(key, item),
    shorthand(key, z.array(item).check(z.minLength(1))),
    mapping as unknown as z.ZodMiniType<
      Readonly<Record<K, z.output<S> | z.output<S>[]>>,
      Readonly<Record<K, z.input<S> | z.input<S>[]>>
    >,
  ]);
}

/** Every kind of check. The order is that of the documentation. */
export const CHECK_KINDS = {
  ram: kind(
    'Memory that programs can still get: available, not free; limits of a container count.',
    ['2GB', { available: '512MiB', level: 'warn' }],
    z.union([
      shorthand('available', SIZE),
      z.strictObject({ available: documented(SIZE, 'How much must be available.'), ...INSIDE }),
    ]),
    ({ available }): CheckOptions['ram'] => ({ availableBytes: available }),
  ),
  disk: kind(
    'Free space, and free inodes, on the file system that holds a path.',
    [
      { path: '/', free: '10GB' },
      { path: '/srv', inodes: 100_000 },
    ],
    z.union([
      shorthand('free', SIZE),
      atLeastOne(
        ['free', 'inodes'],
        z.strictObject({
          path: z.optional(
            documented(TEXT, 'A path on the file system; need not exist yet.', { default: '/' }),
          ),
          free: z.optional(documented(SIZE, 'How much space must be free.')),
          inodes: z.optional(
            documented(COUNT, 'How many inodes must be free.', { examples: [100_000] }),
          ),
          ...INSIDE,
        }),
      ),
    ]),
    (value: Loose<{ path: string; free: number; inodes: number }>): CheckOptions['disk'] =>
      present({ path: value.path ?? '/', freeBytes: value.free, freeInodes: value.inodes }),
  ),
  cpu: kind(
    'Processor cores that may be used, by quota; only warns unless `level: fail`.',
    [2, { cores: 2, level: 'fail' }],
    z.union([
      shorthand('cores', z.number().check(z.gt(0))),
      z.strictObject({
        cores: documented(z.number().check(z.gt(0)), 'How many; may be a fraction.', {
          examples: [2, 0.5],
        }),
        ...INSIDE,
      }),
    ]),
    ({ cores }): CheckOptions['cpu'] => ({ cores }),
  ),
  os: kind(
    'The system is one of these, by os-release; derivatives count as what they derive from.',
    ['debian', { ubuntu: '>=20.04', debian: '>=11' }],
    z.union([TEXT, z.array(TEXT).check(z.minLength(1)), SYSTEMS]),
    (value): CheckOptions['os'] => {
      if (typeof value === 'string' || Array.isArray(value)) {
        return { systems: toList(value).map((id) => ({ id: id.toLowerCase(), version: '*' })) };
      }
      const systems = Object.entries(value).filter(([key]) => !INSIDE_KEYS.includes(key));
      return {
        systems: systems.map(([id, version]) => ({
          id: id.toLowerCase(),
          version: version as string,
        })),
      };
    },
  ),
  network: kind(
    'These URLs can be reached; any HTTP answer is enough unless `status` says otherwise.',
    [
      ['https://registry-1.docker.io/v2/', { url: 'https://example.com/health', status: 200 }],
      { url: 'tcp://db.example.com:5432', level: 'warn' },
    ],
    z.union([
      shorthand('url', TARGET_URL),
      z.array(TARGET).check(z.minLength(1)),
      z.strictObject({
        url: documented(oneOrMany(TARGET_URL), 'What to reach.', { examples: TARGET_EXAMPLES }),
        ...TARGET_DETAILS,
        ...INSIDE,
      }),
    ]),
    (value: Target | readonly Target[]): CheckOptions['network'] => ({
      targets: toList(value).flatMap(toTargets),
    }),
  ),
  dns: kind(
    'A name resolves, to the expected address if one is given; `self` is this host.',
    ['app.example.com', { name: 'app.example.com', address: 'self' }],
    z.union([
      shorthand('name', HOST),
      shorthand('name', z.array(HOST).check(z.minLength(1))),
      z.strictObject({
        name: documented(oneOrMany(HOST), 'What to look up.', {
          examples: ['app.example.com', ['app.example.com', 'db.internal']],
        }),
        address: z.optional(
          documented(oneOrMany(IP_OR_SELF), 'IP address, or `self`.', {
            examples: ['self', '203.0.113.7', ['203.0.113.7', '2001:db8::7']],
          }),
        ),
        resolver: z.optional(
          documented(TEXT, 'DNS server to ask: address, or address:port.', {
            examples: ['10.0.0.2', '10.0.0.2:53'],
          }),
        ),
        'public-ip-url': z.optional(
          documented(HTTP_URL, "Answers with this host's public address, for `self`.", {
            examples: ['https://ip.example.com/'],
          }),
        ),
        ...INSIDE,
      }),
    ]),
    (
      value: {
        readonly name: string | readonly string[];
      } & Loose<{
        address: string | readonly string[];
        resolver: string;
        'public-ip-url': string;
      }>,
    ): CheckOptions['dns'] =>
      present({
        names: toList(value.name),
        addresses: toList(value.address ?? []),
        resolver: value.resolver,
        publicIpUrl: value['public-ip-url'],
      }),
  ),
  port: kind(
    'A TCP port is free, or something listens on it. `free` is looked at only on a fresh start.',
    [443, { number: 5432, state: 'listening' }],
    z.union([
      shorthand('number', PORT_NUMBER),
      shorthand('number', z.array(PORT_NUMBER).check(z.minLength(1))),
      z.strictObject({
        number: documented(oneOrMany(PORT_NUMBER), 'Which port.', { examples: [443, [80, 443]] }),
        state: z.optional(
          documented(z.enum(['free', 'listening']), 'What it must be.', { default: 'free' }),
        ),
        address: z.optional(
          documented(TEXT, 'Local address. Default: any.', { examples: ['127.0.0.1'] }),
        ),
        ...INSIDE,
      }),
    ]),
    (
      value: { readonly number: number | readonly number[] } & Loose<{
        state: 'free' | 'listening';
        address: string;
      }>,
    ): CheckOptions['port'] =>
      present({
        numbers: toList(value.number),
        state: value.state ?? 'free',
        address: value.address,
      }),
  ),
  command: kind(
    'A command is on the PATH, in a version that will do.',
    ['docker', ['docker', { name: 'curl', version: '>=7.70' }]],
    z.union([
      shorthand('name', TEXT),
      z.array(COMMAND).check(z.minLength(1)),
      z.strictObject({
        name: documented(oneOrMany(TEXT), 'A command on the PATH.', {
          examples: ['curl', ['curl', 'jq']],
        }),
        ...COMMAND_DETAILS,
        ...INSIDE,
      }),
    ]),
    (value: CommandSource | readonly CommandSource[]): CheckOptions['command'] => ({
      commands: toList(value).flatMap(toCommands),
    }),
  ),
  env: kind(
    'An environment variable is set and not empty; its value is never shown.',
    ['DATABASE_URL', ['DATABASE_URL', 'REGISTRY_TOKEN']],
    things('name', ENV_NAME, 'Name of an environment variable.', [
      'DATABASE_URL',
      ['DATABASE_URL', 'REGISTRY_TOKEN'],
    ]),
    ({ name }): CheckOptions['env'] => ({ names: toList(name) }),
  ),
  file: kind(
    'A file or directory is there; relative paths start at the workspace.',
    ['compose.yaml', { path: '/etc/app', type: 'directory' }],
    z.union([
      shorthand('path', TEXT),
      shorthand('path', z.array(TEXT).check(z.minLength(1))),
      z.strictObject({
        path: documented(oneOrMany(TEXT), 'What must be there.', {
          examples: ['compose.yaml', ['compose.yaml', '/etc/app']],
        }),
        type: z.optional(
          documented(z.enum(['any', 'file', 'directory']), 'What it must be.', { default: 'any' }),
        ),
        ...INSIDE,
      }),
    ]),
    (
      value: { readonly path: string | readonly string[] } & Loose<{
        type: 'any' | 'file' | 'directory';
      }>,
    ): CheckOptions['file'] => ({ paths: toList(value.path), type: value.type ?? 'any' }),
  ),
  writable: kind(
    'A directory or file can be written by the user that the runner runs as.',
    ['/opt/app', ['/opt/app', '/var/www']],
    things('path', TEXT, 'What must be writable.', ['/opt/app', ['/opt/app', '/var/www']]),
    ({ path }): CheckOptions['writable'] => ({ paths: toList(path) }),
  ),
  user: kind(
    'The runner runs as this user, or the user is in these groups.',
    ['deploy', { group: 'docker' }],
    z.union([
      shorthand('name', TEXT),
      atLeastOne(
        ['name', 'group'],
        z.strictObject({
          name: z.optional(documented(TEXT, 'Name of the user.', { examples: ['deploy'] })),
          group: z.optional(
            documented(oneOrMany(TEXT), 'Groups, all of them.', {
              examples: ['docker', ['docker', 'www-data']],
            }),
          ),
          ...INSIDE,
        }),
      ),
    ]),
    (value: Loose<{ name: string; group: string | readonly string[] }>): CheckOptions['user'] =>
      present({ name: value.name, groups: toList(value.group ?? []) }),
  ),
  service: kind(
    'A systemd unit is active, where there is systemd.',
    ['nginx', ['nginx', 'postgresql.service']],
    things('unit', TEXT, 'Name of a systemd unit.', ['nginx', ['nginx', 'postgresql.service']]),
    ({ unit }): CheckOptions['service'] => ({ units: toList(unit) }),
  ),
  docker: kind(
    'The Docker engine answers; its version, compose plugin and free space will do.',
    ['>=24', { version: '>=24', compose: true, free: '10GB' }],
    z.union([
      shorthand('version', VERSION_RANGE),
      z.strictObject({
        version: z.optional(documented(VERSION_RANGE, 'Which versions of the engine will do.')),
        compose: z.optional(
          documented(z.union([FLAG, VERSION_RANGE]), 'The compose plugin is there; its versions.', {
            examples: [true, '>=2.20'],
          }),
        ),
        free: z.optional(documented(SIZE, "Space that must be free at the engine's root.")),
        ...INSIDE,
      }),
      z.null(),
    ]),
    (
      value: Loose<{ version: string; compose: boolean | string; free: number }> | null,
    ): CheckOptions['docker'] => {
      const compose = value?.compose === true ? '*' : value?.compose;
      return present({
        version: value?.version,
        compose: compose === false ? undefined : compose,
        freeBytes: value?.free,
      });
    },
  ),
  time: kind(
    "The clock is right, compared with the Date header of a server's answer.",
    ['30s', { url: 'https://github.com', 'max-skew': '1m' }],
    z.union([
      shorthand('max-skew', TIMER),
      z.strictObject({
        url: z.optional(documented(HTTP_URL, 'Whom to ask.', { examples: ['https://github.com'] })),
        'max-skew': z.optional(
          documented(TIMER, 'How far the clock may be off.', { default: '30s' }),
        ),
        ...INSIDE,
      }),
    ]),
    (value: Loose<{ url: string; 'max-skew': number }>): CheckOptions['time'] =>
      present({ url: value.url, maxSkewMs: value['max-skew'] ?? 30_000 }),
  ),
  run: kind(
    'Any command: passes when it exits 0. It must change nothing.',
    ['docker info'],
    SCRIPT,
    (command): CheckOptions['run'] => ({ command }),
  ),
} satisfies { readonly [K in CheckKind]: Kind<z.ZodMiniType, CheckOptions[K]> };
