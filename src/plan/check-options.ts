/** `fail` blocks the deployment, `warn` only tells. */
export const LEVELS = ['fail', 'warn'] as const;
export type Level = (typeof LEVELS)[number];

/** `fresh`: looked at only while no step is complete. */
export const OCCASIONS = ['always', 'fresh'] as const;
export type Occasion = (typeof OCCASIONS)[number];

export interface RamOptions {
  readonly availableBytes: number;
}
/** At least one of the two amounts is given. */
export interface DiskOptions {
  readonly path: string;
  readonly freeBytes?: number;
  readonly freeInodes?: number;
}
export interface CpuOptions {
  /** May be a fraction: a quota of 1.5 cores. */
  readonly cores: number;
}
/** Any one of the systems is enough. */
export interface OsOptions {
  readonly systems: readonly {
    /** `ID` of os-release, lower case. */
    readonly id: string;
    /** Version range; `*`: any. */
    readonly version: string;
  }[];
}
export interface NetworkOptions {
  readonly targets: readonly {
    /** `http:`, `https:` or `tcp:`. */
    readonly url: string;
    /** HTTP status codes that are wanted; undefined: any answer means reachable. */
    readonly status?: readonly number[];
    /** Warn when the certificate ends sooner. Undefined: the check's default. */
    readonly certificateMs?: number;
  }[];
}
export interface DnsOptions {
  /** Host names that must resolve. */
  readonly names: readonly string[];
  /** Expected: IP addresses, or `self`. Empty: any address will do. */
  readonly addresses: readonly string[];
  /** DNS server to ask, `address` or `address:port`. Undefined: the system's. */
  readonly resolver?: string;
  /** Answers with this host's public address in plain text; for `self`. */
  readonly publicIpUrl?: string;
}
export interface PortOptions {
  readonly numbers: readonly number[];
  readonly state: 'free' | 'listening';
  /** Local address. Undefined: any. */
  readonly address?: string;
}
export interface CommandOptions {
  readonly commands: readonly {
    readonly name: string;
    /** Version range; undefined: presence is enough. */
    readonly version?: string;
    /** Command that prints the version. Undefined: the check's own way to find out. */
    readonly versionCommand?: string;
  }[];
}
export interface EnvOptions {
  readonly names: readonly string[];
}
export interface FileOptions {
  readonly paths: readonly string[];
  readonly type: 'any' | 'file' | 'directory';
}
export interface WritableOptions {
  readonly paths: readonly string[];
}
/** At least one of the two is given. */
export interface UserOptions {
  /** The user that the runner must run as. */
  readonly name?: string;
  /** Groups that this user must be in, all of them. */
  readonly groups: readonly string[];
}
export interface ServiceOptions {
  /** systemd units that must be active. */
  readonly units: readonly string[];
}
export interface DockerOptions {
  /** Version range of the engine. */
  readonly version?: string;
  /** Version range of the compose plugin, `*`: any. Undefined: not needed. */
  readonly compose?: string;
  /** Free space on the file system of the engine's root. */
  readonly freeBytes?: number;
}
export interface TimeOptions {
  /** Whose `Date` header to compare with. Undefined: the check's default. */
  readonly url?: string;
  readonly maxSkewMs: number;
}
/** A command of the user's; the plan's loader adds shell, directory and source. */
export interface RunOptions {
  readonly command: string;
}

/** The options of each kind of check, as the checks get them: shorthands spelt out, units converted. */
export interface CheckOptions {
  readonly ram: RamOptions;
  readonly disk: DiskOptions;
  readonly cpu: CpuOptions;
  readonly os: OsOptions;
  readonly network: NetworkOptions;
  readonly dns: DnsOptions;
  readonly port: PortOptions;
  readonly command: CommandOptions;
  readonly env: EnvOptions;
  readonly file: FileOptions;
  readonly writable: WritableOptions;
  readonly user: UserOptions;
  readonly service: ServiceOptions;
  readonly docker: DockerOptions;
  readonly time: TimeOptions;
  readonly run: RunOptions;
}
export type CheckKind = keyof CheckOptions;
