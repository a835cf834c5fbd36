import type { EngineEvent } from '../engine/events.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Plan } from '../plan/plan.ts';
import type { Redaction } from '../ports.ts';
import type { Redactor } from '../redact/redactor.ts';
import { createRedactor } from '../redact/redactor.ts';
import { looksSecretName } from '../redact/secret-name.ts';
import type { Collector } from '../report/collect.ts';
import { createCollector } from '../report/collect.ts';
import type { Printer } from '../report/printer.ts';
import type { Note, RunReport } from '../report/run-report.ts';
import type { Edges } from './edges.ts';

/** What all parts of one run of the action share. */
export interface Session {
  readonly edges: Edges;
  readonly inputs: Inputs;
  readonly redactor: Redactor;
  /** The redactor as the engine sees it. */
  readonly redaction: Redaction;
  readonly printer: Printer;
  readonly collector: Collector;
  readonly startedAt: number;
  /** What a person should know; grows while the run goes on. */
  readonly notes: Note[];
}

export function openSession(edges: Edges, inputs: Inputs): Session {
  const known = findSecrets(edges.env, inputs.secrets);
  const mask = (value: string): void => {
    printer.mask(value);
  };
  const own = createRedactor({ known, onFound: mask });
  // What is learnt on the way, from an `add-mask` of a step say, the runner is to mask as well.
  const redactor: Redactor = {
    ...own,
    register: (value) => {
      own.register(value);
      mask(value.value);
    },
  };
  const printer = edges.openPrinter(redactor);
  // The runner masks what comes from its own secrets; these may come from anywhere.
  for (const value of redactor.maskable()) printer.mask(value);
  const learn = (name: string, value: string): void => {
    if (value !== '' && looksSecretName(name)) redactor.register({ name, value });
  };
  return {
    edges,
    inputs,
    redactor,
    redaction: {
      redact: (text) => redactor.redact(text),
      contains: (text) => redactor.contains(text),
      learn,
    },
    printer,
    collector: createCollector(edges.clock),
    startedAt: edges.clock.now(),
    notes: [],
  };
}

/** The variables that are secret because the user says so, or because of their name. */
export function findSecrets(
  env: Edges['env'],
  named: readonly string[],
): readonly { readonly name: string; readonly value: string; readonly explicit: boolean }[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const explicit = named.includes(name);
    return explicit || looksSecretName(name) ? [{ name, value, explicit }] : [];
  });
}

/** Values in the plan's own `env` that are secret by their name: inline steps may hold expanded ones. */
export function learnSecretsOf(session: Session, plan: Plan): void {
  for (const { env } of [...plan.steps, ...plan.finally]) {
    for (const [name, value] of Object.entries(env)) session.redaction.learn(name, value);
  }
}

/** Tells an event to everybody who listens: the log as it happens, the report at the end. */
export function tell(session: Session, event: EngineEvent): void {
  session.collector.on(event);
  session.printer.tell(event);
}

export function say(session: Session, ...lines: readonly string[]): void {
  session.printer.print(lines.map((text) => ({ kind: 'line', text })));
}

/** Notes something for the summary and says it in the log. */
export function note(session: Session, level: Note['level'], title: string, message: string): void {
  session.notes.push({ level, title, message: session.redactor.redact(message) });
  say(session, `[${level === 'warning' ? 'WARN' : 'NOTICE'}] ${message}`);
}

/** A report of which only `known` is known yet. */
export function toReport(
  session: Session,
  known: Partial<RunReport> & Pick<RunReport, 'outcome'>,
): RunReport {
  const { edges, inputs, collector } = session;
  return {
    venue: edges.venue,
    mode: inputs.mode,
    planName: '',
    target: '',
    deploymentId: inputs.deploymentId ?? edges.context.runId,
    stateDir: '',
    runAttempt: edges.context.runAttempt,
    runUrl: edges.context.runUrl,
    startedAt: session.startedAt,
    endedAt: edges.clock.now(),
    resumed: false,
    steps: [],
    failure: undefined,
    failedStep: '',
    rollback: undefined,
    blockage: undefined,
    checks: [],
    timeline: collector.collected.timeline,
    summaries: collector.collected.summaries,
    diagnostics: collector.collected.diagnostics,
    remedies: collector.collected.remedies,
    withheld: collector.collected.withheld,
    fault: collector.collected.fault,
    host: undefined,
    recheck: undefined,
    rerun: undefined,
    preview: [],
    deployments: [],
    notes: session.notes,
    ...known,
  };
}
