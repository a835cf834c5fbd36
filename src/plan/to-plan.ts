import { isScalar } from 'yaml';
import { CHECK_KINDS } from './check-kinds.ts';
import type { CheckKind, Level, Occasion } from './check-options.ts';
import type { CheckSpec, ClassifyRule, Command, RetryPolicy, Script, Step } from './plan.ts';
import { positionOf } from './plan-text.ts';
import type { PlanText } from './plan-text.ts';
import { DURABLE_KEYS } from './schema.ts';
import type {
  RawCheck,
  RawClassifyRule,
  RawDefaults,
  RawEnv,
  RawFinallyStep,
  RawRetry,
  RawStep,
} from './schema.ts';
import { toScriptSource } from './script-source.ts';
import { toStepId } from './step-id.ts';
import type { Path } from './yaml-document.ts';

/** What the inputs say for steps that say nothing themselves. */
export interface PlanDefaults {
  readonly shell: string;
  readonly workingDirectory?: string;
  readonly timeoutMs: number;
  readonly retry: Omit<RetryPolicy, 'on'>;
}

/** What every step of a part inherits: the plan's `env`, its `defaults`, and the inputs. */
export interface Inherited {
  readonly part: PlanText;
  readonly env: Readonly<Record<string, string>>;
  readonly defaults: RawDefaults;
  readonly inputs: PlanDefaults;
}

/** A valid step with everything merged in: its own words first, then the plan's, then the inputs'. */
export function toStep(raw: RawStep, path: Path, inherited: Inherited): Step {
  const { part, defaults } = inherited;
  const pick = <K extends keyof RawDefaults>(key: K): RawDefaults[K] => raw[key] ?? defaults[key];
  const name = raw.name === undefined ? undefined : toLabel(raw.name);
  const id = raw.id ?? toStepId(name ?? '') ?? '';
  const idempotent = pick('idempotent') ?? true;
  const doneWhen = toOptionalScript('done-when', raw, path, inherited);
  const rollback = toOptionalScript('rollback', raw, path, inherited);
  return {
    id,
    name: name ?? id,
    position: positionOf(part, path),
    ...toCommand(toScript(part, [...path, 'run'], raw.run), raw, path, inherited),
    timeoutMs: pick('timeout') ?? inherited.inputs.timeoutMs,
    continueOnError: pick('continue-on-error') ?? false,
    checkpoint: pick('checkpoint') ?? true,
    idempotent,
    irreversible: pick('irreversible') ?? false,
    ...(doneWhen && { doneWhen }),
    ...(rollback && { rollback }),
    retry: toRetry(raw.retry, defaults.retry, inherited.inputs.retry),
    hasOwnRetry: raw.retry !== undefined,
    classify: (pick('classify') ?? []).map(toRule),
    files: pick('files') ?? [],
    onChange: pick('on-change') ?? (idempotent ? 'rerun' : 'fail'),
    keepAlive: pick('keep-alive') ?? false,
  };
}

/** A step of `finally`: not remembered, so the defaults for that are not for it. */
export function toFinallyStep(raw: RawFinallyStep, path: Path, inherited: Inherited): Step {
  const ordinary = Object.entries(inherited.defaults).filter(
    ([key]) => !DURABLE_KEYS.includes(key),
  );
  const defaults = Object.fromEntries(ordinary) as RawDefaults;
  return { ...toStep(raw, path, { ...inherited, defaults }), checkpoint: false };
}

function toCommand(
  script: Script,
  raw: Partial<RawStep>,
  path: Path,
  { part, env, defaults, inputs }: Inherited,
): Omit<Command, 'timeoutMs'> {
  const workingDirectory =
    raw['working-directory'] ?? defaults['working-directory'] ?? inputs.workingDirectory;
  return {
    script,
    shell: raw.shell ?? defaults.shell ?? inputs.shell,
    ...(workingDirectory !== undefined && { workingDirectory }),
    env: raw.env === undefined ? env : { ...env, ...toEnv(part, [...path, 'env'], raw.env) },
  };
}

function toScript(part: PlanText, path: Path, text: string): Script {
  const { origin, document, placeOf, root } = part;
  if (origin.kind === 'input') return { text };
  const node = document.nodeAt(path.slice(root.length));
  const source = toScriptSource(text, node, part.text, origin.file, placeOf);
  return source === undefined ? { text } : { text, source };
}

function toOptionalScript(
  key: 'done-when' | 'rollback',
  raw: RawStep,
  path: Path,
  { part, defaults }: Inherited,
): Script | undefined {
  const own = raw[key];
  if (own !== undefined) return toScript(part, [...path, key], own);
  const inherited = defaults[key];
  return inherited === undefined ? undefined : toScript(part, ['defaults', key], inherited);
}

/** Numbers as they are written: `1.10` stays `1.10`, and a long id keeps its digits. */
export function toEnv(part: PlanText, path: Path, raw: RawEnv): Readonly<Record<string, string>> {
  const entries = Object.entries(raw).map(([name, value]): [string, string] => {
    if (typeof value !== 'number') return [name, value === null ? '' : String(value)];
    const node = part.document.nodeAt([...path.slice(part.root.length), name]);
    return [name, isScalar(node) && node.source !== undefined ? node.source : String(value)];
  });
  return Object.fromEntries(entries);
}

function toRetry(
  own: RawRetry | undefined,
  defaults: RawRetry | undefined,
  inputs: PlanDefaults['retry'],
): RetryPolicy {
  const on = own?.on ?? defaults?.on;
  return {
    maxAttempts: own?.['max-attempts'] ?? defaults?.['max-attempts'] ?? inputs.maxAttempts,
    initialDelayMs: own?.['initial-delay'] ?? defaults?.['initial-delay'] ?? inputs.initialDelayMs,
    multiplier: own?.multiplier ?? defaults?.multiplier ?? inputs.multiplier,
    maxDelayMs: own?.['max-delay'] ?? defaults?.['max-delay'] ?? inputs.maxDelayMs,
    budgetMs: own?.budget ?? defaults?.budget ?? inputs.budgetMs,
    ...(on && { on }),
  };
}

function toRule(raw: RawClassifyRule): ClassifyRule {
  return {
    ...(raw['exit-code'] !== undefined && { exitCode: raw['exit-code'] }),
    ...(raw.signal !== undefined && { signal: raw.signal }),
    ...(raw.match !== undefined && { match: raw.match }),
    as: raw.as,
  };
}

/** A label is one line, however it was written. */
export function toLabel(text: string): string {
  return text.trim().replace(/\s+/gu, ' ');
}

/** What a check says besides its kind's options, inside its mapping or beside it. */
interface Remarks {
  readonly level?: Level | undefined;
  readonly when?: Occasion | undefined;
  readonly timeout?: number | undefined;
}

/** A valid check; `taken` counts the ids given out so far, so that each is different. */
export function toCheck(
  raw: RawCheck,
  path: Path,
  inherited: Inherited,
  taken: Map<string, number>,
): CheckSpec {
  const kind = Object.keys(raw).find((key): key is CheckKind => Object.hasOwn(CHECK_KINDS, key));
  if (kind === undefined) throw new Error('a valid check has a kind');
  const value: unknown = raw[kind];
  const inside: Remarks = typeof value === 'object' && value !== null ? value : {};
  const level = raw.level ?? inside.level;
  const when = raw.when ?? inside.when;
  const timeoutMs = raw.timeout ?? inside.timeout;
  const name = raw.name === undefined ? undefined : toLabel(raw.name);
  const { toOptions } = CHECK_KINDS[kind] as { toOptions: (value: unknown) => unknown };
  const script =
    raw.run === undefined ? undefined : toScript(inherited.part, [...path, 'run'], raw.run);
  return {
    kind,
    id: toUniqueId((name === undefined ? undefined : toStepId(name)) ?? kind, taken),
    position: positionOf(inherited.part, path),
    options: toOptions(value),
    env: inherited.env,
    ...(name !== undefined && { name }),
    ...(level && { level }),
    ...(when && { when }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(script && { command: toCommand(script, {}, path, inherited) }),
  };
}

function toUniqueId(wanted: string, taken: Map<string, number>): string {
  const count = (taken.get(wanted) ?? 0) + 1;
  taken.set(wanted, count);
  return count === 1 ? wanted : toUniqueId(`${wanted}-${count}`, taken);
}
