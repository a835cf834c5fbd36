import { resolve } from 'node:path';
import { runAction } from './app.ts';
import { closeJob } from './app/close.ts';
import { findSecrets } from './app/session.ts';
import { EXIT_CODES, toExitCode } from './cli/exit-codes.ts';
import { renderHelp } from './cli/help.ts';
import type { Invocation, UsageFault } from './cli/parse-arguments.ts';
import { parseArguments, renderUsage } from './cli/parse-arguments.ts';
import type { Outcome } from './engine/outcome.ts';
import { findPlace, readVersion } from './edges/terminal/place.ts';
import type { Screen } from './edges/terminal/screen.ts';
import { createScreen } from './edges/terminal/screen.ts';
import type { TerminalWatch } from './edges/terminal/signals.ts';
import { watchTerminal } from './edges/terminal/signals.ts';
import type { TerminalEdges } from './edges/terminal/terminal-edges.ts';
import { createTerminalEdges } from './edges/terminal/terminal-edges.ts';
import { parseInputs } from './inputs/parse.ts';
import { neutralise } from './redact/neutralise.ts';
import { createRedactor } from './redact/redactor.ts';
import type { Venue } from './report/venue.ts';
import { toTargetName } from './state/identity.ts';
import { renderShellWord } from './shell-word.ts';

/** The command line, start to end; returns the exit code. `home` is the directory of the file that was started. */
export async function runCommandLine(home: string, args: readonly string[]): Promise<number> {
  const watch = watchTerminal();
  const out = createScreen(process.stdout, process.env, watch.loseReader);
  const err = createScreen(process.stderr, process.env, watch.loseReader);
  try {
    const invocation = parseArguments(args);
    if (!invocation.ok) return refuse(err, invocation.error);
    return await carryOut(invocation.value, { home, args, watch, out, err });
  } catch (error) {
    // Only bugs come here: what is expected to go wrong is a value.
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    err.write(`preflight: internal error: ${toSafe(said)}\n`);
    return EXIT_CODES.internal.code;
  } finally {
    out.close();
    err.close();
    watch.dispose();
    // Node aborts when it sets back a terminal that is gone; to end by the signal is what is expected then.
    if (watch.hasHungUp()) process.kill(process.pid, 'SIGHUP');
  }
}

interface Console {
  readonly home: string;
  readonly args: readonly string[];
  readonly watch: TerminalWatch;
  readonly out: Screen;
  readonly err: Screen;
}

type Act = Invocation & { readonly kind: 'act' };

async function carryOut(invocation: Invocation, console: Console): Promise<number> {
  const { home, out, err } = console;
  switch (invocation.kind) {
    case 'help':
      out.write(`${renderHelp(invocation.command, out.columns()).join('\n')}\n`);
      return EXIT_CODES.succeeded.code;
    case 'version':
      out.write(`preflight ${readVersion(home)}\n`);
      return EXIT_CODES.succeeded.code;
    case 'schema': {
      const { renderJsonSchema } = await import('./plan/json-schema.ts');
      out.write(renderJsonSchema());
      return EXIT_CODES.succeeded.code;
    }
    case 'act': {
      const asked = { ...invocation, inputs: resolveStateDir(invocation.inputs) };
      const wrong = findWrongFlags(asked);
      return wrong === undefined ? await act(asked, console) : refuse(err, wrong);
    }
  }
}

/** Under a runner a relative path would lie in the checkout; at a terminal it is where one is. */
function resolveStateDir(inputs: Act['inputs']): Act['inputs'] {
  const dir = (inputs['state-dir'] ?? '').trim();
  return dir === '' ? inputs : { ...inputs, 'state-dir': resolve(dir) };
}

/** What the values of the flags themselves have against them; a target is filled in later. */
function findWrongFlags({ command, mode, inputs }: Act): UsageFault | undefined {
  const target = needsTarget(mode) && !isNamed(inputs) ? { target: 'of-this-directory' } : {};
  const parsed = parseInputs({ ...inputs, ...target });
  if (parsed.ok) return undefined;
  const problems = parsed.error.map(({ at, message }) =>
    'input' in at ? `--${at.input}: ${message}` : message,
  );
  return { problems, command };
}

async function act(invocation: Act, { home, args, watch, out, err }: Console): Promise<number> {
  const { inputs: given, json } = invocation;
  const { env } = process;
  const place = findPlace(env, process.cwd(), {
    plan: given['plan'],
    isInline: given['steps'] !== undefined,
  });
  const screen = json ? err : out;
  const base = { env, home, place, screen, venue: toVenue(args, given) };
  const world = createTerminalEdges({ ...base, stops: watch.stops, inputs: given });
  const inputs = { ...given, ...toPlan(given, place.plan), ...toTarget(invocation, world) };
  const edges = { ...world.edges, rawInputs: inputs };
  const outcome = await runAction(edges);
  await endJob({ ...world, edges }, outcome, watch);
  screen.close();
  if (json) out.write(`${JSON.stringify(world.report(), undefined, 2)}\n`);
  return toExitCode(outcome, watch.signal());
}

/** What a post step would do: after a cancel what is under way is ended, and a rollback is finished. */
async function endJob(
  { edges, handoff }: TerminalEdges,
  outcome: Outcome,
  watch: TerminalWatch,
): Promise<void> {
  const left = handoff();
  if (left === undefined) return;
  // Whoever has taken the lock meanwhile takes over what is left, too: nobody waits for that here.
  const rawInputs = { ...edges.rawInputs, 'lock-timeout': '2s' };
  await closeJob(
    { ...edges, stops: watch.renew(), rawInputs },
    { handoff: left, finished: outcome },
  );
}

function toPlan(given: Act['inputs'], plan: string): Readonly<Record<string, string>> {
  const isGiven = given['plan'] !== undefined;
  // Not given, and where the action looks for it: then the action's own default will do.
  if (given['steps'] !== undefined || (!isGiven && plan === 'preflight.yml')) return {};
  return { plan };
}

/** Repairs are of this directory's deployment, unless another one is named. */
function toTarget(
  { mode, inputs }: Act,
  { edges }: TerminalEdges,
): Readonly<Record<string, string>> {
  if (!needsTarget(mode) || isNamed(inputs)) return {};
  const { repository, workflow, job, action } = edges.context;
  const key = (inputs['deployment-key'] ?? '').trim();
  return { target: toTargetName({ repository, workflow, job, matrix: '', action, key }) };
}

function needsTarget(mode: Act['mode']): boolean {
  return mode === 'rollback' || mode === 'mark-done' || mode === 'forget' || mode === 'unlock';
}

function isNamed(inputs: Act['inputs']): boolean {
  return (inputs['target'] ?? '').trim() !== '';
}

/** A line that is longer is not typed again, but taken from the shell's history. */
const LONGEST_AGAIN = 200;

function toVenue(args: readonly string[], inputs: Act['inputs']): Venue {
  const again = ['preflight', ...args].map(renderShellWord).join(' ');
  const isHandy = again.length <= LONGEST_AGAIN && !again.includes('\n');
  return {
    kind: 'terminal',
    again: isHandy ? again : `preflight ${inputs['mode'] ?? ''} (with the same flags)`,
    flags: ['state', 'state-dir'].flatMap((name) =>
      inputs[name] === undefined ? [] : [`--${name}`, inputs[name]],
    ),
  };
}

function refuse(err: Screen, { problems, command }: UsageFault): number {
  for (const problem of problems) err.write(`preflight: ${toSafe(problem)}\n`);
  const help = command === undefined ? 'preflight help' : `preflight help ${command}`;
  const usage = command === undefined ? 'preflight COMMAND' : renderUsage(command);
  err.write(`Usage: ${usage} [FLAGS]; more by: ${help}\n`);
  return EXIT_CODES.usage.code;
}

/** What was typed, or a bug's text, may hold a secret of the environment. */
function toSafe(text: string): string {
  return neutralise(createRedactor({ known: findSecrets(process.env, []) }).redact(text));
}
