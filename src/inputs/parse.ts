import { parseShell } from '../plan/shell.ts';
import { LONGEST_STEP_ID, STEP_ID, STEP_ID_RULE } from '../plan/step-id.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { LARGEST_MULTIPLIER, MOST_ATTEMPTS } from './bounds.ts';
import { INPUT_NAMES, INPUTS } from './contract.ts';
import type { InputContract, InputName } from './contract.ts';
import { parseDelay, parseDuration, parseTimer } from './duration.ts';
import { MODES } from './inputs.ts';
import type { Inputs, Mode, Policy } from './inputs.ts';
import type { Problem } from './problem.ts';
import { parseRemedies } from './remedies.ts';
import { renderSuggestion } from './suggest.ts';
import {
  oneOf,
  parseAbsolutePath,
  parseLine,
  parseMatrix,
  parseNumber,
  parseVariables,
  renderText,
  toCommands,
} from './values.ts';
import type { Parse } from './values.ts';

/** The plan file when neither `plan` nor `steps` is given. */
const DEFAULT_PLAN = 'preflight.yml';

/** Modes that look at or repair a deployment, usually from another workflow. */
const TARGET_MODES: readonly Mode[] = ['status', 'rollback', 'mark-done', 'forget', 'unlock'];
const STEP_MODES: readonly Mode[] = ['mark-done', 'forget'];

/**
 * The inputs from the texts that the runner hands over, by name; empty is not given. Every problem is
 * told at once.
 */
export function parseInputs(
  raw: Readonly<Record<string, string>>,
): Result<Inputs, readonly Problem[]> {
  const given = new GivenInputs(raw);
  given.refuseUnknown();
  const inputs = readInputs(given);
  checkTogether(given, inputs.mode);
  return given.problems.length > 0 ? failure(given.problems) : success(inputs);
}

/** The texts that were given, and what is wrong with them. */
class GivenInputs {
  readonly problems: Problem[] = [];
  readonly #texts = new Map<string, string>();

  constructor(raw: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(raw)) {
      if (text.trim() !== '') this.#texts.set(name.toLowerCase(), text);
    }
  }

  has(name: InputName): boolean {
    return this.#texts.has(name);
  }

  hasProblem(name: InputName): boolean {
    return this.problems.some(({ at }) => 'input' in at && at.input === name);
  }

  complain(input: string, message: string): void {
    this.problems.push({ at: { input }, message });
  }

  refuseUnknown(): void {
    for (const name of this.#texts.keys()) {
      if (Object.hasOwn(INPUTS, name)) continue;
      const list = `Allowed: ${INPUT_NAMES.join(', ')}`;
      this.complain(name, `there is no such input.${renderSuggestion(name, INPUT_NAMES)} ${list}`);
    }
  }

  /** The text as it is, for scripts and lists. */
  block(name: InputName): string | undefined {
    return this.#texts.get(name);
  }

  optional<T>(name: InputName, parse: Parse<T>): T | undefined {
    const text = this.#texts.get(name)?.trim();
    if (text === undefined) return undefined;
    const result = parse(text);
    if (result.ok) return result.value;
    this.complain(name, result.error);
    return undefined;
  }

  /** The value given, or the default; also in place of a wrong one, so that the rest can be checked. */
  withDefault<T>(name: InputName, parse: Parse<T>): T {
    const value = this.optional(name, parse);
    if (value !== undefined) return value;
    const { default: text = '' }: InputContract = INPUTS[name];
    const result = parse(text);
    if (!result.ok) throw new Error(`the default of ${name} is wrong: ${result.error}`);
    return result.value;
  }
}

function readInputs(given: GivenInputs): Inputs {
  const mode = given.withDefault('mode', oneOf(MODES));
  const steps = given.block('steps');
  const plan =
    given.optional('plan', parseLine) ?? (steps === undefined ? DEFAULT_PLAN : undefined);
  return {
    mode,
    ...present({
      plan,
      steps,
      checks: given.block('checks'),
      workingDirectory: given.optional('working-directory', parseLine),
      stateDir: given.optional('state-dir', parseAbsolutePath),
      deploymentId: given.optional('deployment-id', parseLine),
      lock: given.optional('lock', parseLine),
      target: given.optional('target', parseLine),
      step: given.optional('step', parseStepId),
    }),
    shell: given.withDefault('shell', parseShell),
    state: given.withDefault('state', oneOf(['auto', 'host', 'cache'])),
    deploymentKey: given.optional('deployment-key', parseLine) ?? '',
    resume: given.withDefault('resume', oneOf(['auto', 'never', 'require'])),
    retry: readRetry(given),
    timeoutMs: given.withDefault('timeout', parseTimer),
    gracePeriodMs: given.withDefault('grace-period', parseDelay),
    policy: readPolicy(given),
    lockTimeoutMs: given.withDefault('lock-timeout', parseDelay),
    secrets: given.optional('secrets', parseVariables) ?? [],
    diagnostics: toCommands(given.block('diagnostics') ?? ''),
    summary: given.withDefault('summary', oneOf(['always', 'on-failure', 'never'])),
    retentionMs: given.withDefault('retention', parseRetention),
    matrix: given.optional('matrix', parseMatrix) ?? '',
    jobStatus: given.optional('job-status', parseLine) ?? '',
  };
}

function readRetry(given: GivenInputs): Inputs['retry'] {
  return {
    maxAttempts: given.withDefault('max-attempts', parseNumber('whole', 1, MOST_ATTEMPTS)),
    initialDelayMs: given.withDefault('initial-delay', parseDelay),
    multiplier: given.withDefault('multiplier', parseNumber('any', 1, LARGEST_MULTIPLIER)),
    maxDelayMs: given.withDefault('max-delay', parseDelay),
    budgetMs: given.withDefault('retry-budget', parseTimer),
  };
}

function readPolicy(given: GivenInputs): Policy {
  const block = given.block('remedies');
  const remedies = block === undefined ? success(new Map()) : parseRemedies(block);
  if (!remedies.ok) for (const message of remedies.error) given.complain('remedies', message);
  return {
    onTransient: given.withDefault('on-transient', oneOf(['retry', 'fail'])),
    onRecoverable: given.withDefault('on-recoverable', oneOf(['fail', 'retry'])),
    onCritical: given.withDefault('on-critical', oneOf(['rollback', 'fail'])),
    onUnknown: given.withDefault('on-unknown', oneOf(['fail', 'retry', 'rollback'])),
    remedies: remedies.ok ? remedies.value : new Map(),
    ...present({ rollback: given.block('rollback') }),
  };
}

/** What is wrong only because of another input. */
function checkTogether(given: GivenInputs, mode: Mode): void {
  if (given.has('plan') && given.has('steps')) {
    given.complain('steps', 'give either "plan" or "steps": both name the steps to run');
  }
  // Nothing follows from a mode that is not known.
  if (given.hasProblem('mode')) return;
  const needsTarget = TARGET_MODES.includes(mode) && mode !== 'status';
  if (needsTarget && !given.has('target')) {
    given.complain('target', `is missing: "mode: ${mode}" needs it, as "mode: status" prints it`);
  }
  if (mode === 'mark-done' && !given.has('step')) {
    given.complain('step', 'is missing: "mode: mark-done" needs the step to mark');
  }
  if (given.has('target') && !TARGET_MODES.includes(mode)) {
    given.complain(
      'target',
      `means nothing with "mode: ${mode}": it is for ${TARGET_MODES.join(', ')}`,
    );
  }
  if (given.has('step') && !STEP_MODES.includes(mode)) {
    given.complain(
      'step',
      `means nothing with "mode: ${mode}": it is for ${STEP_MODES.join(' and ')}`,
    );
  }
}

function parseStepId(text: string): Result<string, string> {
  const isId = STEP_ID.test(text) && text.length <= LONGEST_STEP_ID;
  return isId ? success(text) : failure(`${renderText(text)} ${STEP_ID_RULE}`);
}

function parseRetention(text: string): Result<number, string> {
  const result = parseDuration(text);
  if (!result.ok || result.value > 0) return result;
  return failure(`"${text}" must be more than zero: what is needed to resume would be removed`);
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(values: T): Present<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Present<T>;
}
