import type { Clock, DeploymentStore, KnownDeployment, StateFault } from '../ports.ts';
import type { PlannedStep } from '../plan/resume.ts';
import type { Step } from '../plan/plan.ts';
import type { Result } from '../result.ts';
import { success } from '../result.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  DeploymentStatus,
  EndedBy,
  Exit,
  HistoryEntry,
  ProcessRef,
  StepRecord,
  StepResults,
} from '../state/record.ts';
import { NO_RESULTS } from '../state/record.ts';
import type { Category } from '../failure/category.ts';
import { toIsoSeconds } from '../state/completion-time.ts';
import type { Assignment } from './world.ts';

type Written = Promise<Result<void, StateFault>>;

const KEPT_ATTEMPTS = 20;
const KEPT_HISTORY = 50;
const WRITTEN: Result<void, StateFault> = success(undefined);

/** What the end of an attempt puts on record. */
export interface AttemptEnd {
  readonly at: number;
  readonly exit: Exit;
  readonly endedBy: EndedBy;
  readonly category: Category | undefined;
  readonly survivors: readonly ProcessRef[];
}

/**
 * The deployment's records as this run knows them. Each method is one transition; it resolves when
 * the change is durable, and the order of writes within is what makes a crash at any point harmless.
 */
export class Ledger {
  private readonly store: DeploymentStore;
  private readonly clock: Clock;
  private readonly assignment: Assignment;
  private readonly steps: Map<string, StepRecord>;
  private readonly markers: Map<string, string>;
  private record: DeploymentRecord | undefined;
  private current: boolean;
  private sequence: number;
  private opened = false;
  private readonly name: string;
  /** Names of the steps as they may be stored (E7). */
  private readonly labels: ReadonlyMap<string, string>;
  /** By step: the record that its last start in this run took the place of. */
  private readonly replaced = new Map<string, StepRecord | undefined>();

  constructor(
    store: DeploymentStore,
    clock: Clock,
    assignment: Assignment,
    known: KnownDeployment,
  ) {
    this.name = known.name;
    this.store = store;
    this.clock = clock;
    this.assignment = assignment;
    this.labels = new Map(assignment.steps.map(({ id, name }) => [id, name]));
    this.steps = new Map(known.steps);
    this.markers = new Map([...known.markers].map(([step, marker]) => [step, marker.completedAt]));
    this.record = known.record;
    this.current = known.current === known.name;
    this.sequence = Math.max(0, ...[...known.steps.values()].map((step) => step.sequence));
  }

  get deployment(): DeploymentRecord | undefined {
    return this.record;
  }

  stepRecord(id: string): StepRecord | undefined {
    return this.steps.get(id);
  }

  stepRecords(): readonly StepRecord[] {
    return [...this.steps.values()];
  }

  hasMarker(id: string): boolean {
    return this.markers.has(id);
  }

  /** What the step's marker says; empty without one. */
  completedAt(id: string): string {
    return this.markers.get(id) ?? '';
  }

  markedSteps(): readonly string[] {
    return [...this.markers.keys()];
  }

  /**
   * Forgets what an older life of the deployment recorded: a fresh start. `resetting` is durable
   * first, so that a reset cut off half-way is finished and never taken for a half-done deployment.
   * Markers that are neither the plan's nor ours are left alone.
   */
  async reset(planned: readonly Step[]): Written {
    const ids = [...new Set([...planned.map((step) => step.id), ...this.steps.keys()])];
    const marked = ids.filter((id) => this.markers.has(id));
    if (this.steps.size === 0 && marked.length === 0 && this.record === undefined) return WRITTEN;
    const begun = await this.saveDeployment('resetting');
    if (!begun.ok) return begun;
    const unmarked = await this.store.removeMarkers(marked);
    if (!unmarked.ok) return unmarked;
    const removed = await this.store.removeSteps([...this.steps.keys()]);
    if (!removed.ok) return removed;
    const cleared = await this.store.clearLastError();
    if (!cleared.ok) return cleared;
    for (const id of marked) this.markers.delete(id);
    this.steps.clear();
    this.sequence = 0;
    this.record = undefined;
    this.opened = false;
    return WRITTEN;
  }

  /** What is known now, in the form in which it is loaded. */
  toKnown(): KnownDeployment {
    const markers = [...this.markers].map(
      ([step, completedAt]) => [step, { step, completedAt }] as const,
    );
    return {
      record: this.record,
      steps: new Map(this.steps),
      markers: new Map(markers),
      lastError: undefined,
      current: this.current ? this.name : undefined,
      name: this.name,
    };
  }

  /**
   * Before the first command of this run: says who is at work, and points `current` here. Once more
   * before the first step that follows a finished rollback.
   */
  async open(): Written {
    const status = this.openStatus();
    if (this.opened && this.record?.status === status) return WRITTEN;
    const saved = await this.saveDeployment(status, {
      plan: { source: this.assignment.planSource, steps: this.assignment.steps },
      ...(this.opened ? {} : { history: this.withEntry({}) }),
    });
    if (!saved.ok) return saved;
    if (!this.current) {
      const pointed = await this.store.makeCurrent();
      if (!pointed.ok) return pointed;
      this.current = true;
    }
    this.opened = true;
    return WRITTEN;
  }

  private openStatus(): DeploymentStatus {
    return this.record?.status === 'rolling-back' ? 'rolling-back' : 'open';
  }

  /** The outcome of this run, once it is known; nothing to write for a run that started nothing. */
  async settle(outcome: string): Written {
    if (!this.opened || this.record === undefined) return WRITTEN;
    const history = [...this.record.history];
    const last = history.pop();
    if (last !== undefined) history.push({ ...last, outcome });
    return await this.saveDeployment(this.record.status, { history });
  }

  /** Adds the entry of a repair mode. */
  async note(entry: Pick<HistoryEntry, 'step' | 'outcome'>): Written {
    if (this.record === undefined) return WRITTEN;
    return await this.saveDeployment(this.record.status, { history: this.withEntry(entry) });
  }

  private withEntry(entry: Pick<HistoryEntry, 'step' | 'outcome'>): HistoryEntry[] {
    const { mode, actor, run } = this.assignment;
    const added: HistoryEntry = { mode, at: this.clock.now(), run, actor, ...entry };
    return [...(this.record?.history ?? []), added].slice(-KEPT_HISTORY);
  }

  async saveDeployment(status: DeploymentStatus, changes: Partial<DeploymentRecord> = {}): Written {
    const now = this.clock.now();
    const base: DeploymentRecord = (status === 'open' ? forward(this.record) : this.record) ?? {
      target: this.assignment.target,
      deployment_id: this.assignment.deploymentId,
      status,
      lock: this.assignment.lock,
      created_at: now,
      updated_at: now,
      plan: { source: this.assignment.planSource, steps: [] },
      rollback_command_started: false,
      history: [],
    };
    const record = { ...base, lock: this.assignment.lock, ...changes, status, updated_at: now };
    const saved = await this.store.saveDeployment(record);
    if (saved.ok) this.record = record;
    return saved;
  }

  /** E1: durable before the command starts. An old marker goes first: it must not speak for this start. */
  async begin(planned: PlannedStep, attempt: number): Written {
    const { step } = planned;
    const opened = await this.open();
    if (!opened.ok) return opened;
    const unmarked = await this.removeMarkers([step.id]);
    if (!unmarked.ok) return unmarked;
    const before = this.steps.get(step.id);
    const saved = await this.saveStep({
      step: step.id,
      name: this.labels.get(step.id) ?? step.id,
      sequence: ++this.sequence,
      state: 'started',
      fingerprint: planned.fingerprint,
      idempotent: step.idempotent,
      irreversible: step.irreversible,
      attempts: [...(before?.attempts ?? []), this.newAttempt(attempt)].slice(-KEPT_ATTEMPTS),
      undo_attempts: [],
      marked: false,
      results: NO_RESULTS,
      withheld: [],
      ...this.toStoredRollback(step),
    });
    if (!saved.ok) return saved;
    this.replaced.set(step.id, before);
    // Another machine must never start it again without knowing of this start.
    const confirmed = step.idempotent ? saved : await this.store.confirm();
    // It is not going to be started: better said than left in doubt; the refusal is what counts.
    if (!confirmed.ok) await this.withdraw(step.id);
    return confirmed;
  }

  /** The start that is on record did not come about: what was known before is known again. */
  async withdraw(id: string): Written {
    const before = this.replaced.get(id);
    if (before !== undefined) return await this.saveStep(before);
    const removed = await this.store.removeSteps([id]);
    if (removed.ok) this.steps.delete(id);
    return removed;
  }

  /** A command that redaction would change may hold a secret: it is not stored (E6 lists it for a person). */
  private toStoredRollback(step: Step): Partial<StepRecord> {
    if (step.rollback === undefined) return {};
    if (this.assignment.holdsSecret(step.rollback.text)) return { rollback_withheld: true };
    const { shell, workingDirectory } = step;
    const rollback = { run: step.rollback.text, shell, working_directory: workingDirectory ?? '' };
    return { rollback };
  }

  private newAttempt(attempt: number): AttemptRecord {
    return { attempt, run: this.assignment.run, started_at: this.clock.now() };
  }

  /** The attempt ended without success. */
  async fail(id: string, end: AttemptEnd): Written {
    const record = this.expect(id);
    return await this.saveStep({
      ...record,
      state: 'failed',
      attempts: endLast(record.attempts, end),
      ...(end.survivors.length > 0 ? { survivors: end.survivors } : {}),
    });
  }

  /**
   * The attempt ended well. The record with the results comes before the marker, which vouches for
   * them; the note that the marker was made comes last, and may be lost.
   */
  async complete(
    step: Step,
    end: AttemptEnd,
    stored: { readonly results: StepResults; readonly withheld: readonly string[] },
  ): Written {
    const record = this.expect(step.id);
    const saved = await this.saveStep({
      ...record,
      state: 'succeeded',
      attempts: endLast(record.attempts, end),
      results: stored.results,
      withheld: stored.withheld,
    });
    if (!saved.ok || !step.checkpoint) return saved;
    return await this.mark(step.id, end.at);
  }

  /** A probe or a hand says that the step's effect is in place. */
  async declare(planned: Pick<PlannedStep, 'step' | 'fingerprint'>, by: string): Written {
    const { step, fingerprint } = planned;
    const opened = await this.open();
    if (!opened.ok) return opened;
    const before = this.steps.get(step.id);
    const saved = await this.saveStep({
      step: step.id,
      name: this.labels.get(step.id) ?? step.id,
      sequence: ++this.sequence,
      state: 'declared',
      fingerprint,
      idempotent: step.idempotent,
      irreversible: step.irreversible,
      attempts: before?.attempts ?? [],
      undo_attempts: before?.undo_attempts ?? [],
      marked: false,
      results: before?.results ?? NO_RESULTS,
      withheld: before?.withheld ?? [],
      declared_by: by,
      ...this.toStoredRollback(step),
    });
    if (!saved.ok || !step.checkpoint) return saved;
    return await this.mark(step.id, this.clock.now());
  }

  /** Makes the marker of a step whose record already says success. */
  async mark(id: string, completedAt: number): Written {
    const text = toIsoSeconds(completedAt, this.clock.utcOffsetMinutes(completedAt));
    const put = await this.store.putMarker(id, text);
    if (!put.ok) return put;
    this.markers.set(id, text);
    return await this.noteMark(id);
  }

  /** Once noted, a marker that is missing was removed by hand, and not cut off before it was made. */
  async noteMark(id: string): Written {
    const noted = { ...this.expect(id), marked: true };
    this.steps.set(id, noted);
    return await this.store.noteMarked(noted);
  }

  /**
   * Drops checkpoints that a changed step made stale; durable before that step starts (E2). Success
   * without a marker and without a note would count as cut off before the marker was made, and the note
   * need not have been durable so far: now it must be.
   */
  async dropMarkers(ids: readonly string[]): Written {
    for (const id of ids) {
      const record = this.steps.get(id);
      if (record?.state !== 'succeeded' && record?.state !== 'declared') continue;
      const noted = await this.saveStep({ ...record, marked: true });
      if (!noted.ok) return noted;
    }
    return await this.removeMarkers(ids);
  }

  async removeMarkers(ids: readonly string[]): Written {
    const present = ids.filter((id) => this.markers.has(id));
    if (present.length === 0) return WRITTEN;
    const removed = await this.store.removeMarkers(present);
    if (removed.ok) for (const id of present) this.markers.delete(id);
    return removed;
  }

  /** E6: durable before the marker goes and the undo starts. */
  async beginUndo(id: string, attempt: number): Written {
    const record = this.expect(id);
    this.replaced.set(id, record);
    const saved = await this.saveStep({
      ...record,
      state: 'undoing',
      undo_attempts: [...record.undo_attempts, this.newAttempt(attempt)].slice(-KEPT_ATTEMPTS),
    });
    if (!saved.ok) return saved;
    // Also one that came up by another hand while we ran: what is undone must not be skipped.
    const removed = await this.store.removeMarkers([id]);
    if (removed.ok) this.markers.delete(id);
    return removed;
  }

  /** The undo that is on record did not start; but it is due, and the marker is gone. */
  async withdrawUndo(id: string): Written {
    const undo_attempts = this.replaced.get(id)?.undo_attempts ?? [];
    return await this.saveStep({ ...this.expect(id), undo_attempts });
  }

  async endUndo(id: string, end: AttemptEnd, undone: boolean): Written {
    const record = this.expect(id);
    return await this.saveStep({
      ...record,
      state: undone ? 'undone' : 'undoing',
      undo_attempts: endLast(record.undo_attempts, end),
      ...(end.survivors.length > 0 ? { survivors: end.survivors } : {}),
    });
  }

  /** A person says that the step's effect is in place (`mode: mark-done`). */
  async declareByHand(id: string, by: string): Written {
    const before = this.steps.get(id);
    if (before === undefined) {
      // Never recorded: the marker alone, as somebody on the host would make it.
      const now = this.clock.now();
      const text = toIsoSeconds(now, this.clock.utcOffsetMinutes(now));
      const put = await this.store.putMarker(id, text);
      if (!put.ok) return put;
      this.markers.set(id, text);
    } else {
      const saved = await this.saveStep({
        ...before,
        state: 'declared',
        declared_by: by,
        marked: false,
      });
      if (!saved.ok) return saved;
      const marked = await this.mark(id, this.clock.now());
      if (!marked.ok) return marked;
    }
    return await this.note({ step: id, outcome: 'marked done' });
  }

  /** The whole deployment starts over (`mode: forget` without a step). */
  async forgetAll(): Written {
    const forgotten = await this.forget([
      ...new Set([...this.steps.keys(), ...this.markers.keys()]),
    ]);
    if (!forgotten.ok) return forgotten;
    return await this.saveDeployment('open', { rollback_command_started: false });
  }

  async forget(ids: readonly string[]): Written {
    const unmarked = await this.removeMarkers(ids);
    if (!unmarked.ok) return unmarked;
    const removed = await this.store.removeSteps(ids);
    if (!removed.ok) return removed;
    for (const id of ids) this.steps.delete(id);
    return await this.note({ ...(ids.length === 1 ? { step: ids[0] } : {}), outcome: 'forgotten' });
  }

  private async saveStep(record: StepRecord): Written {
    const saved = await this.store.saveStep(record);
    if (saved.ok) this.steps.set(record.step, record);
    return saved;
  }

  private expect(id: string): StepRecord {
    const record = this.steps.get(id);
    if (record === undefined) throw new Error(`step ${id} has no record`);
    return record;
  }
}

/** What led to an earlier rollback is history once the deployment goes forward again. */
function forward(record: DeploymentRecord | undefined): DeploymentRecord | undefined {
  if (record?.failure === undefined) return record;
  const { failure, ...rest } = record;
  return rest;
}

function endLast(attempts: readonly AttemptRecord[], end: AttemptEnd): readonly AttemptRecord[] {
  const last = attempts.at(-1);
  if (last === undefined) throw new Error('an attempt ended that was not begun');
  const ended: AttemptRecord = {
    ...last,
    ended_at: end.at,
    exit: end.exit,
    ended_by: end.endedBy,
    ...(end.category === undefined ? {} : { category: end.category }),
  };
  return [...attempts.slice(0, -1), ended];
}
