import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { parse } from 'yaml';

import type { Phase, Ran } from './action.ts';
import { Job } from './action.ts';

const EXAMPLES = 'examples';
/** What lies beside an example's files and does not go to where they go. */
const NOT_OF_THE_CHECKOUT = ['README.md'];
/** The files that go to .github/workflows/, and under which name. */
const WORKFLOWS: Readonly<Record<string, string>> = {
  'workflow.yml': 'deploy.yml',
  'deploy-one.yml': 'deploy-one.yml',
};

export interface ExampleStep {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

export interface ExampleJob {
  readonly 'runs-on'?: unknown;
  readonly needs?: string | readonly string[];
  readonly environment?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: {
    readonly 'max-parallel'?: number;
    readonly 'fail-fast'?: boolean;
    readonly matrix: Readonly<Record<string, readonly string[]>>;
  };
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly ExampleStep[];
}

export interface ExampleWorkflow {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress'?: unknown };
  readonly jobs: Readonly<Record<string, ExampleJob>>;
}

/** The examples that have a workflow, by name. */
export function listExamples(): readonly string[] {
  return readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'workflow.yml')));
}

export function readWorkflow(example: string, file = 'workflow.yml'): ExampleWorkflow {
  return parse(readFileSync(join(EXAMPLES, example, file), 'utf8')) as ExampleWorkflow;
}

/** Lays an example's files out as a user does: workflows in their folder, the rest as it is. */
export function layOut(example: string, folder: string): void {
  for (const name of readdirSync(join(EXAMPLES, example))) {
    if (NOT_OF_THE_CHECKOUT.includes(name)) continue;
    const workflow = WORKFLOWS[name];
    const to = workflow === undefined ? name : join('.github', 'workflows', workflow);
    cpSync(join(EXAMPLES, example, name), join(folder, to), { recursive: true });
  }
}

/** What GitHub puts in for `${{ }}`: each expression of the workflow that is used must be here. */
export type Expressions = Readonly<Record<string, string>>;

/** One job of an example's workflow, on a runner that the test stands in for. */
export interface JobOfExample {
  readonly example: string;
  readonly file?: string;
  readonly job: string;
  readonly expressions?: Expressions;
}

function expand(value: unknown, expressions: Expressions): string {
  return String(value).replaceAll(/\$\{\{ *(.*?) *\}\}/gu, (_, expression: string) => {
    const known = expressions[expression];
    if (known === undefined) throw new Error(`the test does not say what ${expression} is`);
    return known;
  });
}

/** Inputs and environment of the action's step, as the workflow gives them; and what the runner adds. */
export function toPhase(of: JobOfExample, over: Phase = {}): Phase {
  const { jobs } = readWorkflow(of.example, of.file);
  const step = jobs[of.job]?.steps?.find(({ uses = '' }) =>
    uses.startsWith('freshtrack/preflight-action@'),
  );
  if (step === undefined) throw new Error(`${of.example}: job ${of.job} does not use the action`);
  const fill = (values: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, expand(value, of.expressions ?? {})]),
    );
  return {
    ...over,
    inputs: { ...fill(step.with), ...over.inputs },
    env: {
      GITHUB_ACTION: step.id ?? '__freshtrack_preflight-action',
      GITHUB_JOB: of.job,
      ...fill(step.env),
      ...over.env,
    },
  };
}

/** A machine with the example's files checked out. */
export class ExampleMachine extends Job {
  readonly example: string;

  constructor(example: string) {
    super();
    this.example = example;
    layOut(example, this.workspace);
  }

  /** A file or folder of the example as it is in this repository. */
  restore(path: string): void {
    rmSync(join(this.workspace, path), { recursive: true, force: true });
    cpSync(join(EXAMPLES, this.example, path), join(this.workspace, path), { recursive: true });
  }

  delete(path: string): void {
    rmSync(join(this.workspace, path), { recursive: true });
  }

  /** The action's step of a job, and then its post step, as in a job that has no other steps. */
  async deploy(of: Omit<JobOfExample, 'example'>, over: Phase = {}): Promise<Ran> {
    const phase = toPhase({ ...of, example: this.example }, over);
    const ran = await this.main(phase);
    const env = { ...phase.env, ...Job.handOver(ran) };
    const status = ran.code === 0 ? 'success' : 'failure';
    const post = await this.post({
      ...phase,
      inputs: { ...phase.inputs, 'job-status': status },
      env,
    });
    if (process.env['PREFLIGHT_SHOW'] === '1') process.stderr.write(`${ran.log}${post.log}\n`);
    if (post.code !== 0) throw new Error(`the post step failed: ${post.log}`);
    return ran;
  }
}

/** What became of each step: `skipped`, `succeeded`, ... as the result says it. */
export function resultsOf(ran: Ran): Readonly<Record<string, string>> {
  const result = JSON.parse(ran.outputs.get('result') ?? '{"steps":[]}') as {
    readonly steps: readonly { readonly id: string; readonly result: string }[];
  };
  return Object.fromEntries(result.steps.map(({ id, result: became }) => [id, became]));
}

/** Ports of the loopback address that nothing listens on at this moment. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
