import type { Category } from '../../src/failure/category.ts';
import type { Clock, DeploymentStore, Processes, Trace } from '../../src/ports.ts';
import { failure, success } from '../../src/result.ts';
import { parseDeploymentRecord, parseStepRecord } from '../../src/state/codec.ts';
import type {
  DeploymentRecord,
  Exit,
  ProcessRef,
  StepRecord,
  StepResults,
} from '../../src/state/record.ts';
import { NO_RESULTS } from '../../src/state/record.ts';
import type { CommandSpec, Ended, Released, Watch } from '../../src/ports.ts';
import { MemoryDisk } from './memory-store.ts';

/** What a command does when it is started; all of it optional: it takes effect and exits with 0. */
export interface Behaviour {
  readonly exit?: number | string;
  readonly category?: Category;
  readonly durationMs?: number;
  /** Whether the command's effect (`do x`, `undo x`) comes about. Default: when it exits with 0. */
  readonly takesEffect?: boolean;
  readonly results?: Partial<StepResults>;
  /** GITHUB_OUTPUT cannot be read. */
  readonly badResults?: boolean;
  readonly survivors?: readonly ProcessRef[];
  /** It cannot be started at all. */
  readonly cannotStart?: boolean;
}

/** `starts`: how often this script has been started, this start included. */
export type Program = (now: { readonly starts: number; readonly inPlace: boolean }) => Behaviour;

/** What becomes of a running command, and of the machine, when node dies. */
export const FATES = ['completes', 'lingers', 'dies', 'dies-late', 'reboots', 'forgets'] as const;
export type Fate = (typeof FATES)[number];

interface RunFile {
  readonly unit: string;
  readonly script: string;
  readonly pid: number;
  readonly bootId: string;
  readonly startedAt: number;
  readonly behaviour: Behaviour;
  state: 'running' | 'exited' | 'vanished';
  effectDone: boolean;
  exit: Exit;
  endedAt: number;
}

/** One thing that happened to the target of the deployment. */
export interface Effect {
  readonly verb: 'do' | 'undo' | 'run';
  readonly name: string;
  readonly version: string;
}

export const TARGET_NAME = 'target';
export const DEPLOYMENT_NAME = 'deployment';

/**
 * A machine that outlives every run: its disk, its processes and what they have done. Time passes only
 * when a command runs or somebody sleeps.
 */
export class Machine {
  readonly disk = new MemoryDisk();
  readonly files = new Map<string, RunFile>();
  readonly programs = new Map<string, Program>();
  readonly starts = new Map<string, number>();
  /** What the commands have done, in order. */
  readonly journal: Effect[] = [];
  /** Effects that are in place, with their version. */
  readonly inPlace = new Map<string, string>();
  readonly alive = new Set<number>();
  /** By script: the environment that it was last started with. */
  readonly envs = new Map<string, Readonly<Record<string, string>>>();
  /** Steps whose undo has taken effect since they were last started. */
  readonly undone = new Set<string>();
  /** Broken invariants, as sentences. */
  readonly violations: string[] = [];
  bootId = 'boot-1';
  now = 1_795_000_000_000;
  #pids = 100;

  /** Another machine in the same state, with the same programs. */
  copy(): Machine {
    const twin = new Machine();
    const ours = this.disk.filesOf(TARGET_NAME, DEPLOYMENT_NAME);
    const theirs = twin.disk.filesOf(TARGET_NAME, DEPLOYMENT_NAME);
    theirs.record = ours.record;
    theirs.lastError = ours.lastError;
    for (const [step, text] of ours.steps) theirs.steps.set(step, text);
    for (const [step, text] of ours.markers) theirs.markers.set(step, text);
    if (this.disk.currentOf(TARGET_NAME) !== undefined) {
      twin.disk.pointCurrent(TARGET_NAME, DEPLOYMENT_NAME);
    }
    for (const [unit, file] of this.files) twin.files.set(unit, { ...file });
    for (const [script, program] of this.programs) twin.programs.set(script, program);
    for (const [script, count] of this.starts) twin.starts.set(script, count);
    for (const [name, version] of this.inPlace) twin.inPlace.set(name, version);
    for (const pid of this.alive) twin.alive.add(pid);
    for (const name of this.undone) twin.undone.add(name);
    twin.bootId = this.bootId;
    twin.now = this.now;
    return twin;
  }

  record(): DeploymentRecord | undefined {
    const text = this.disk.filesOf(TARGET_NAME, DEPLOYMENT_NAME).record;
    return text === undefined ? undefined : must(parseDeploymentRecord(text));
  }

  stepRecord(id: string): StepRecord | undefined {
    const text = this.disk.filesOf(TARGET_NAME, DEPLOYMENT_NAME).steps.get(id);
    return text === undefined ? undefined : must(parseStepRecord(text));
  }

  stepRecords(): readonly StepRecord[] {
    const { steps } = this.disk.filesOf(TARGET_NAME, DEPLOYMENT_NAME);
    return [...steps.values()].map((text) => must(parseStepRecord(text)));
  }

  get markers(): Map<string, string> {
    return this.disk.markersOf(TARGET_NAME, DEPLOYMENT_NAME);
  }

  program(script: string, program: Program): this {
    this.programs.set(script, program);
    return this;
  }

  start(unit: string, script: string): RunFile {
    const starts = (this.starts.get(script) ?? 0) + 1;
    this.starts.set(script, starts);
    const behaviour = this.#behaviourOf(script, starts);
    const file: RunFile = {
      unit,
      script,
      pid: ++this.#pids,
      bootId: this.bootId,
      startedAt: this.now,
      behaviour,
      state: 'running',
      effectDone: false,
      exit: toExit(behaviour.exit ?? 0),
      endedAt: 0,
    };
    if (behaviour.cannotStart !== true) this.files.set(unit, file);
    return file;
  }

  #behaviourOf(script: string, starts: number): Behaviour {
    const [verb, name = ''] = script.split(' ');
    const inPlace = this.inPlace.has(name);
    const program = this.programs.get(script);
    if (program !== undefined) return program({ starts, inPlace });
    return verb === 'probe' ? { exit: inPlace ? 0 : 1 } : {};
  }

  /** The effect comes about, if it is to. */
  takeEffect(file: RunFile): void {
    this.now += (file.behaviour.durationMs ?? 1_000) / 2;
    if (file.effectDone) return;
    file.effectDone = true;
    const [verb = '', name = '', version = ''] = file.script.split(' ');
    if (!hasEffect(file.behaviour) || verb === 'probe') return;
    this.journal.push({ verb: verb === 'do' || verb === 'undo' ? verb : 'run', name, version });
    if (verb === 'do') this.inPlace.set(name, version);
    if (verb === 'undo') this.inPlace.delete(name);
    if (verb === 'restore') this.inPlace.clear();
  }

  exit(file: RunFile, exit: Exit = file.exit): void {
    this.now += (file.behaviour.durationMs ?? 1_000) / 2;
    file.state = 'exited';
    file.exit = exit;
    file.endedAt = this.now;
  }

  /** Node has died; this is what becomes of everything else. */
  suffer(fate: Fate): void {
    if (fate === 'reboots' || fate === 'forgets') {
      this.bootId = `${this.bootId}'`;
      this.disk.losePower();
      // Nothing in a run directory is synced: it may all be gone, or the start may be all there is.
      if (fate === 'forgets') this.files.clear();
    }
    for (const file of this.files.values()) {
      if (file.state !== 'running' || fate === 'lingers') continue;
      if (fate === 'completes' || fate === 'dies-late') this.takeEffect(file);
      if (fate === 'completes') this.exit(file);
      else file.state = 'vanished';
    }
  }

  clock(pass: (label: string) => void): Clock {
    return {
      now: () => this.now,
      monotonic: () => this.now,
      utcOffsetMinutes: () => 0,
      sleep: (ms, until) => {
        return inPromise(() => {
          pass('sleep');
          if (until?.requested !== true) this.now += ms;
        });
      },
    };
  }
}

/** Where a life may be cut off, and who wants to know what is started. */
export interface Watcher {
  /** Throws a `Crash` where node is to die. */
  readonly pass: (label: string) => void;
  readonly onStart: (spec: CommandSpec) => void;
  readonly onEffect: (script: string, happens: boolean) => void;
}

/** The machine's processes as one life of node sees them. */
export function processesOf(machine: Machine, watcher: Watcher): Processes {
  const { pass } = watcher;
  const finish = (file: RunFile, watch: Watch): Ended | Released => {
    const stopped = (): Ended | Released | undefined => {
      if (watch.release?.requested === true) return { kind: 'released' };
      if (watch.cancel?.requested !== true) return undefined;
      return end(file, 'cancel', { kind: 'signalled', signal: 'SIGINT' });
    };
    const end = (of: RunFile, endedBy: Ended['endedBy'], exit?: Exit): Ended => {
      if (of.state === 'running') machine.exit(of, exit);
      pass(`${of.unit} has ended`);
      return toEnded(of, endedBy);
    };
    if (file.state === 'exited') return toEnded(file, 'itself');
    const early = stopped();
    if (early !== undefined) return early;
    if ((file.behaviour.durationMs ?? 1_000) > watch.timeoutMs) {
      machine.takeEffect(file);
      return end(file, 'timeout', { kind: 'signalled', signal: 'SIGTERM' });
    }
    if (!file.effectDone) watcher.onEffect(file.script, hasEffect(file.behaviour));
    machine.takeEffect(file);
    pass(`${file.unit} has taken effect`);
    watch.onOutput(new TextEncoder().encode(`${file.script}\n`));
    return stopped() ?? end(file, 'itself');
  };
  return {
    inspect: (unit) =>
      inPromise((): Trace => {
        pass(`inspect ${unit}`);
        return toTrace(machine.files.get(unit), machine);
      }),
    run: (spec, watch) =>
      inPromise(() => {
        watcher.onStart(spec);
        pass(`run ${spec.unit}`);
        if (machine.files.get(spec.unit)?.state === 'running') return failure(toFault('occupied'));
        machine.envs.set(spec.script, spec.env);
        const file = machine.start(spec.unit, spec.script);
        if (file.behaviour.cannotStart === true) return failure(toFault('no such shell'));
        pass(`${spec.unit} has started`);
        return success(finish(file, watch));
      }),
    adopt: (unit, watch) =>
      inPromise(() => {
        pass(`adopt ${unit}`);
        const file = machine.files.get(unit);
        if (file === undefined || file.state === 'vanished') {
          throw new Error(`nothing to adopt: ${unit}`);
        }
        return finish(file, watch);
      }),
    collect: (unit) =>
      inPromise(() => {
        pass(`collect ${unit}`);
        const behaviour = machine.files.get(unit)?.behaviour;
        if (behaviour?.badResults === true) {
          return failure({ file: 'GITHUB_OUTPUT', line: 1, message: 'no delimiter' });
        }
        return success({ ...NO_RESULTS, ...behaviour?.results });
      }),
    clear: (unit) =>
      inPromise(() => {
        pass(`clear ${unit}`);
        if (machine.files.get(unit)?.state !== 'running') machine.files.delete(unit);
        pass(`${unit} is cleared`);
      }),
    living: (processes) =>
      inPromise(() => {
        pass('living');
        return processes.filter(({ pid }) => machine.alive.has(pid));
      }),
  };
}

function toTrace(file: RunFile | undefined, machine: Machine): Trace {
  if (file === undefined) return { kind: 'none' };
  const { startedAt, endedAt, exit } = file;
  switch (file.state) {
    case 'exited':
      return { kind: 'exited', exit, startedAt, endedAt };
    case 'vanished':
      return { kind: 'vanished', reason: 'its supervisor is gone and has recorded no end' };
    case 'running': {
      const process = { pid: file.pid, start_time: '1', boot_id: machine.bootId };
      return { kind: 'running', process, startedAt };
    }
  }
}

function toEnded(file: RunFile, endedBy: Ended['endedBy']): Ended {
  return {
    kind: 'ended',
    exit: file.exit,
    endedBy,
    startedAt: file.startedAt,
    endedAt: file.endedAt,
    tail: '',
    traces: '',
    declared: file.behaviour.category ?? '',
    survivors: file.behaviour.survivors ?? [],
    measured: {},
  };
}

function toFault(message: string) {
  return { message, code: 'ENOENT', category: 'recoverable:dependency' } as const;
}

function hasEffect({ exit = 0, takesEffect = exit === 0 }: Behaviour): boolean {
  return takesEffect;
}

function toExit(exit: number | string): Exit {
  return typeof exit === 'number'
    ? { kind: 'exited', code: exit }
    : { kind: 'signalled', signal: exit };
}

/** The store as one life sees it; removals together are several on a disk, and can be cut in between. */
export function storeOf(machine: Machine): DeploymentStore {
  const store = machine.disk.open(TARGET_NAME, DEPLOYMENT_NAME);
  const oneByOne =
    (remove: (steps: readonly string[]) => ReturnType<DeploymentStore['confirm']>) =>
    async (steps: readonly string[]) => {
      for (const step of steps.slice(0, -1)) {
        const removed = await remove([step]);
        if (!removed.ok) return removed;
      }
      return await remove(steps.slice(-1));
    };
  return {
    ...store,
    removeMarkers: oneByOne((steps) => store.removeMarkers(steps)),
    removeSteps: oneByOne((steps) => store.removeSteps(steps)),
  };
}

function must<T>(parsed: { readonly ok: true; readonly value: T } | { readonly ok: false }): T {
  if (parsed.ok) return parsed.value;
  throw new Error('a stored document cannot be read back');
}

function inPromise<T>(action: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(action());
  });
}
