import type { EngineEvent } from '../../src/engine/events.ts';
import type { Plan, Step } from '../../src/plan/plan.ts';
import type { CommandSpec } from '../../src/ports.ts';
import type { Machine } from './engine-machine.ts';

/** What one life has been through, as far as it forbids things. */
export interface Conduct {
  readonly runAttempt: number;
  readonly cancelled: () => boolean;
  /** A cancel was requested, or nobody reads us any more. */
  readonly stopped: () => boolean;
  readonly faulted: () => boolean;
}

/**
 * Watches every command that is started and every effect, and writes down what breaks an invariant. It
 * believes only what is on the disk at that moment.
 */
export class Auditor {
  readonly #machine: Machine;
  readonly #plan: Plan;
  readonly #conduct: Conduct;
  /** Steps whose failure was let pass in this life. */
  readonly #tolerated = new Set<string>();

  constructor(machine: Machine, plan: Plan, conduct: Conduct) {
    this.#machine = machine;
    this.#plan = plan;
    this.#conduct = conduct;
  }

  onEvent(event: EngineEvent): void {
    if (event.type === 'step-failed' && event.tolerated) this.#tolerated.add(event.step.id);
    if (event.type !== 'step-completed' && event.type !== 'step-skipped') return;
    const step = this.#plan.steps.find(({ id }) => id === event.step.id);
    if (step?.checkpoint === true && !this.#machine.markers.has(step.id)) {
      this.#report('E1', `${step.id} is said to be complete without a durable checkpoint`);
    }
  }

  onStart({ unit }: CommandSpec): void {
    const { cancelled, stopped, faulted } = this.#conduct;
    // When only the worker is gone, what runs is finished, and the probe's word is part of that.
    const forbidden = unit.endsWith('.probe') ? cancelled() : stopped();
    if (forbidden) this.#report('E5', `${unit} was started after a stop`);
    if (faulted()) this.#report('E4', `${unit} was started after a state fault`);
    for (const file of this.#machine.files.values()) {
      if (file.state === 'running') this.#report('E3', `${unit} was started over ${file.unit}`);
    }
    const step = this.#plan.steps.find(({ id }) => id === unit);
    if (step !== undefined) this.#onStepStart(step);
    this.#machine.undone.delete(unit);
    if (unit.endsWith('.undo')) this.#onUndoStart(unit.slice(0, -'.undo'.length));
    if (unit === 'deployment.rollback') this.#onRollbackStart();
  }

  #onStepStart(step: Step): void {
    const record = this.#machine.stepRecord(step.id);
    const last = record?.attempts.at(-1);
    const isRecorded = record?.state === 'started' && last !== undefined;
    if (!isRecorded || last.ended_at !== undefined) {
      this.#report('E1', `${step.id} was started without a durable record of it`);
    } else if (last.run.run_attempt !== this.#conduct.runAttempt) {
      this.#report('E1', `${step.id} was started on the record of an older run`);
    }
    if (this.#machine.markers.has(step.id)) {
      this.#report('E1', `${step.id} was started while its checkpoint stood`);
    }
    if (this.#machine.record()?.status !== 'open') {
      this.#report('E1', `${step.id} was started in a deployment that is not open`);
    }
    for (const earlier of this.#plan.steps.slice(0, this.#plan.steps.indexOf(step))) {
      if (!earlier.checkpoint || this.#tolerated.has(earlier.id)) continue;
      if (!this.#machine.markers.has(earlier.id)) {
        this.#report('E1', `${step.id} was started before the checkpoint of ${earlier.id}`);
      }
    }
  }

  #onUndoStart(id: string): void {
    const record = this.#machine.stepRecord(id);
    if (record?.state !== 'undoing') this.#report('E6', `${id} is undone without a record of it`);
    if (this.#machine.markers.has(id)) this.#report('E6', `${id} is undone under its checkpoint`);
    if (this.#machine.record()?.status !== 'rolling-back') {
      this.#report('E6', `${id} is undone in a deployment that is not rolling back`);
    }
    for (const newer of this.#newerThan(record?.sequence ?? 0)) {
      if (newer.state === 'undone' || newer.state === 'declared') continue;
      const newerStep = this.#plan.steps.find((step) => step.id === newer.step);
      if (newerStep?.irreversible ?? newer.irreversible) {
        this.#report('E6', `${id} is undone behind ${newer.step}, a point of no return`);
      }
      const hasUndo = newerStep === undefined ? newer.rollback !== undefined : newerStep.rollback;
      if (hasUndo !== undefined && hasUndo !== false && newer.undo_attempts.length === 0) {
        this.#report('E6', `${id} is undone before ${newer.step}, which is newer`);
      }
    }
  }

  #newerThan(sequence: number) {
    return this.#machine.stepRecords().filter((record) => record.sequence > sequence);
  }

  #onRollbackStart(): void {
    if (this.#machine.record()?.rollback_command_started !== true) {
      this.#report('E6', 'the rollback command was started without a record of it');
    }
  }

  /** Called before the command `script` takes effect, or turns out to have none. */
  onEffect(script: string, happens: boolean): void {
    const [verb, name = '', version = ''] = script.split(' ');
    const step = this.#plan.steps.find(({ id }) => id === name);
    const before = this.#machine.inPlace.get(name);
    if (verb === 'do' && step?.idempotent === false && before === version) {
      this.#report('E3', `${name} is not idempotent and took effect twice`);
    }
    if (verb !== 'undo' || !happens) return;
    if (step?.idempotent === false && this.#machine.undone.has(name)) {
      this.#report('E6', `${name} is not idempotent and was undone twice`);
    }
    this.#machine.undone.add(name);
  }

  /** At the end of a life that says that it succeeded. */
  onSuccess(): void {
    for (const step of this.#plan.steps) {
      if (this.#tolerated.has(step.id)) continue;
      const [verb, name = '', version = ''] = step.script.text.split(' ');
      if (verb === 'do' && this.#machine.inPlace.get(name) !== version) {
        this.#report('E9', `success is claimed, and ${name} is not in place`);
      }
      if (step.checkpoint && !this.#machine.markers.has(step.id)) {
        this.#report('E9', `success is claimed, and ${step.id} has no checkpoint`);
      }
    }
  }

  #report(invariant: string, what: string): void {
    this.#machine.violations.push(
      `${invariant}: ${what} (run attempt ${this.#conduct.runAttempt})`,
    );
  }
}
