/** When in a job something was printed. */
export type Stage = 'Pre' | 'Main' | 'Post';

/** Where in a run of act something was printed. */
export interface Where {
  /** With a number behind it for the legs of a matrix: `deploy-2`. */
  readonly job?: string;
  readonly step?: string;
  readonly stage?: Stage;
}

/** One of act's own lines; it writes JSON. */
interface Line {
  readonly msg: string;
  readonly job?: string;
  readonly stage?: Stage;
  readonly stepID?: readonly string[];
  readonly stepResult?: string;
  readonly jobResult?: string;
  readonly raw_output?: boolean;
  readonly command?: string;
  readonly raw?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly content?: string;
}

/** What one run of act printed, by job, step and stage. */
export class ActLog {
  code: number | null = null;
  /** What act has to say itself. */
  complaints = '';
  onPrinted: (text: string) => void = () => undefined;
  private readonly lines: Line[] = [];
  private rest = '';

  add(text: string): void {
    const parts = (this.rest + text).split('\n');
    this.rest = parts.pop() ?? '';
    for (const part of parts) {
      if (part === '') continue;
      const line = JSON.parse(part) as Line;
      this.lines.push(line);
      if (line.raw_output === true) this.onPrinted(line.msg);
    }
  }

  /** What was printed there, for a person who reads it. */
  printed(where: Where = {}): string {
    return this.at(where)
      .filter((line) => line.raw_output === true)
      .map(({ msg }) => msg)
      .join('');
  }

  /** Everything, for a test that failed. */
  get all(): string {
    return [...this.lines.map(({ msg }) => msg.trimEnd()), this.complaints].join('\n');
  }

  /** The outputs of a step that act has taken. */
  outputs(where: Where = {}): ReadonlyMap<string, string> {
    const set = this.at(where).filter(({ command }) => command === 'set-output');
    return new Map(set.map(({ name = '', arg = '' }) => [name, arg]));
  }

  /** All that was ever given for an output, in order: jobs of called workflows share their names. */
  given(name: string): readonly string[] {
    return this.lines
      .filter((line) => line.command === 'set-output' && line.name === name)
      .map(({ arg = '' }) => arg);
  }

  /** The commands for annotations, as they were written. */
  annotations(where: Where = {}): readonly string[] {
    return this.at(where)
      .filter(({ command }) => ['error', 'warning', 'notice'].includes(command ?? ''))
      .map(({ raw = '' }) => raw.trimEnd());
  }

  summary(where: Where = {}): string {
    return this.at(where)
      .filter(({ command }) => command === 'summary')
      .map(({ content = '' }) => content)
      .join('');
  }

  /** `success`, `failure`, or undefined for what did not run. */
  result(where: Where): string | undefined {
    return this.at(where).find(({ stepResult }) => stepResult !== undefined)?.stepResult;
  }

  jobResult(job: string): string | undefined {
    return this.at({ job }).find(({ jobResult }) => jobResult !== undefined)?.jobResult;
  }

  /** The legs of a matrix, or the jobs. */
  get jobs(): readonly string[] {
    return [...new Set(this.lines.flatMap(({ job }) => (job === undefined ? [] : [toName(job)])))];
  }

  private at({ job, step, stage }: Where): readonly Line[] {
    return this.lines.filter(
      (line) =>
        (job === undefined || toName(line.job ?? '') === job) &&
        (step === undefined || line.stepID?.[0] === step) &&
        (stage === undefined || line.stage === stage),
    );
  }
}

/** Act puts the workflow's name in front, and pads the shorter ones. */
function toName(job: string): string {
  return job.slice(job.indexOf('/') + 1).trimEnd();
}
