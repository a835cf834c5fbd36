import type { Clock, Stop } from '../ports.ts';
import type { Result } from '../result.ts';
import type { Exit } from '../state/record.ts';

/** A fact, or why it cannot be known here, as a clause that can follow `because`. */
export type Known<T> = Result<T, string>;

/** A bound on memory other than the host's own. */
export interface MemoryLimit {
  /** Such as `cgroup /system.slice/runner.service`. */
  readonly name: string;
  readonly limitBytes: number;
  /** What is charged to it, without the caches that the kernel gives back on demand. */
  readonly usedBytes: number;
}

export interface MemoryFacts {
  readonly totalBytes: number;
  /** What the kernel would hand out without swapping; more than what is free. */
  readonly availableBytes: number;
  readonly limits: readonly MemoryLimit[];
}

export interface CpuFacts {
  /** Processors that this process may run on. */
  readonly cores: number;
  readonly quotas: readonly { readonly name: string; readonly cores: number }[];
}

/** Who a listening socket belongs to. A socket of another user shows its uid and nothing else. */
export type Holder =
  | {
      readonly kind: 'process';
      readonly pid: number;
      readonly name: string;
      /** The systemd unit it runs in, such as `nginx.service`. */
      readonly unit?: string;
    }
  | { readonly kind: 'hidden'; readonly user: string };

export interface Listener {
  readonly address: string;
  readonly holder: Holder;
}

/** Whom the steps will run as. */
export interface Identity {
  readonly uid: number;
  readonly name: string;
  /** Ids of the groups this process has now: what counts when a file is opened. */
  readonly groups: readonly number[];
  /** Names of the same groups, as far as they have one. */
  readonly groupNames: readonly string[];
}

export interface GroupEntry {
  readonly gid: number;
  /** Users the group database lists: what counts at the next log-in. */
  readonly members: readonly string[];
}

export interface HostProbe {
  memory(): Promise<Known<MemoryFacts>>;
  cpu(): Promise<Known<CpuFacts>>;
  /** Text of os-release, unparsed. */
  osRelease(): Promise<Known<string>>;
  /** Sockets that listen on a TCP port. */
  listeners(port: number): Promise<Known<readonly Listener[]>>;
  identity(): Promise<Known<Identity>>;
  /** `undefined`: there is no such group. */
  group(name: string): Promise<Known<GroupEntry | undefined>>;
  /** Addresses of this host's interfaces, loopback and link-local ones left out. */
  addresses(): readonly string[];
  /** Whether systemd is the service manager here. */
  runsSystemd(): Promise<boolean>;
}

export type FileKind = 'file' | 'directory' | 'socket' | 'other';

export interface FileFacts {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  /** Permission bits. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/** What there is at a path. `absent` names the nearest directory above it that exists. */
export type PathFacts =
  | { readonly kind: 'present'; readonly file: FileFacts }
  | { readonly kind: 'absent'; readonly nearest: string }
  | { readonly kind: 'hidden'; readonly code: string };

/** Space on the file system that holds, or would hold, a path. */
export interface SpaceFacts {
  readonly mountPoint: string;
  /** Such as `/dev/sda1 (ext4)`; empty when the mount table does not say. */
  readonly device: string;
  /** What an ordinary user can still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** Absent where the file system does not count inodes (btrfs, vfat, some overlays). */
  readonly inodes?: { readonly free: number; readonly total: number };
}

/** Whether something could be written at a path, found out without writing. */
export interface WriteFacts {
  readonly exists: boolean;
  /** The path, or the nearest directory above it that exists: it decides. */
  readonly target: string;
  readonly file: FileFacts;
  /** Error code of the kernel's refusal, such as EACCES or EROFS. */
  readonly refusal: string | undefined;
}

export interface FileProbe {
  /** A path of the plan as an absolute one: relative paths start at the workspace. */
  absolute(path: string): string;
  look(path: string): Promise<PathFacts>;
  /** Asks the kernel for leave to read; the error code of a refusal, `undefined` when granted. */
  readRefusal(path: string): Promise<string | undefined>;
  space(path: string): Promise<Known<SpaceFacts>>;
  writability(path: string): Promise<Known<WriteFacts>>;
}

/** Where a command was found. */
export type CommandPlace =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'not-executable'; readonly path: string }
  | { readonly kind: 'absent'; readonly searched: readonly string[] };

/** Something short to run: a program with arguments, or a script for a shell as in a workflow. */
export interface ProbeCommand {
  readonly what:
    | { readonly kind: 'program'; readonly argv: readonly [string, ...string[]] }
    | { readonly kind: 'script'; readonly text: string; readonly shell: string };
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How a probe's command ended. All texts are raw: who shows them must redact and neutralise them. */
export interface ProbeEnd {
  /** Undefined when it was cut at its limit. */
  readonly exit: Exit | undefined;
  readonly stdout: string;
  /** The last of stdout and stderr as they came. */
  readonly output: string;
}

interface CommandProbe {
  find(name: string): Promise<CommandPlace>;
  /** The error is one sentence: the command could not be started at all. */
  run(command: ProbeCommand, cut: Stop): Promise<Result<ProbeEnd, string>>;
}

/** A server's certificate, as far as the checks speak of it. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Names it is valid for. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** How far a connection came, in the order of the stages. */
export type Stage = 'dns' | 'tcp' | 'proxy' | 'tls' | 'http';

export interface ReachRequest {
  /** http, https or tcp. */
  readonly url: URL;
  /** Go on over a certificate that cannot be trusted (the clock is in question, not the server). */
  readonly anyCertificate?: boolean;
  /** How much of the body to read; nothing by default. */
  readonly bodyBytes?: number;
}

/** The proxy the environment names for a URL. */
export interface Via {
  /** Host and port, never the user information. */
  readonly proxy: string;
  /** The variable that names it. */
  readonly variable: string;
}

interface ReachCommon {
  readonly via?: Via;
  readonly address?: string;
  readonly certificate?: CertificateFacts;
}

/** What came of trying to reach a URL. */
export type Reach =
  | (ReachCommon & { readonly kind: 'connected' })
  | (ReachCommon & {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Epoch milliseconds of this host's clock. */
      readonly sentAt: number;
      readonly receivedAt: number;
    })
  | (ReachCommon & {
      readonly kind: 'failed';
      readonly stage: Stage;
      /** Such as ENOTFOUND, ECONNREFUSED, CERT_HAS_EXPIRED, TIMEOUT, or PROXY_407. */
      readonly code: string;
      readonly message: string;
    })
  | { readonly kind: 'unsupported'; readonly reason: string };

/** Answer of a name server: addresses, or the code of the failure (ENOTFOUND, ENODATA, TIMEOUT). */
export type NameAnswer = Result<readonly string[], string>;

interface NetworkProbe {
  /** Asks the name servers themselves, not /etc/hosts; `server` such as `1.1.1.1` or `[::1]:5353`. */
  resolve(name: string, family: 4 | 6, server: string | undefined, cut: Stop): Promise<NameAnswer>;
  reach(request: ReachRequest, cut: Stop): Promise<Reach>;
}

/** What the checks ask of the world. Nothing in it changes the host. */
export interface CheckWorld {
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'sleep'>;
  /** The environment that a step will have. */
  readonly env: Readonly<Record<string, string>>;
  /** Relative paths count from here. */
  readonly workspace: string;
  readonly host: HostProbe;
  readonly files: FileProbe;
  readonly commands: CommandProbe;
  readonly network: NetworkProbe;
}
