/**
 * The shape of the JSON report, for other tools: what they may rely on. It is only ever imported as a
 * type by what ships; the published JSON Schema and the tests are made from it.
 */
import { z } from 'zod';
import { OUTCOMES } from '../engine/outcome.ts';
import { CATEGORIES } from '../failure/category.ts';
import { MODES } from '../inputs/inputs.ts';

/** Version of the shape. New fields may come without a new version; none goes or changes. */
export const REPORT_SCHEMA_VERSION = 1;

const time = z.string().describe('ISO 8601, in UTC.');
const milliseconds = z.number().nonnegative().describe('Milliseconds.');
const bytes = z.number().nonnegative().describe('Bytes.');
const category = z.enum(CATEGORIES).describe('family:kind.');

const place = z
  .strictObject({
    file: z.string().describe("Relative to the repository's root when inside, else absolute."),
    line: z.int().describe('Counts from 1.'),
    in_repository: z.boolean(),
    command: z.string().describe('The command on that line; empty when it is not known.'),
  })
  .describe('A line of a file.');

const failure = z
  .strictObject({
    step: z.string(),
    category,
    rule: z.string().describe('Id of the rule that decided.'),
    message: z.string().describe('What happened, in one sentence.'),
    evidence: z.string().describe('The line of output that decided; empty when none did.'),
    exit_code: z.int().describe('128+n after signal n.'),
    signal: z.string().nullable(),
    place: place.nullable().describe('The line that failed; null when nothing says which.'),
    called_from: place.nullable().describe("The line of the step's own script that led there."),
    step_at: z.strictObject({ file: z.string(), line: z.int() }).describe('The step in its plan.'),
    excerpt: z
      .strictObject({
        first: z.int().describe('Number of the first line.'),
        failing: z.int().describe('Number of the line that failed.'),
        lines: z.array(z.string()),
      })
      .nullable()
      .describe('Source around the line that failed.'),
    meaning: z.string(),
    look_at: z.array(z.string()),
    commands: z.array(z.string()).describe('Commands that show more.'),
    tail: z.string().describe('Last lines of the output, redacted.'),
  })
  .describe('A failure, and what is known about it.');

const finding = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    name: z.string(),
    status: z.enum(['pass', 'warn', 'fail']),
    found: z.string(),
    wanted: z.string(),
    remedy: z.string().nullable(),
    reason: z.string().nullable(),
    duration_ms: milliseconds,
  })
  .describe('What a check found.');

const snapshot = z
  .strictObject({
    at: time,
    memory: z.strictObject({ available_bytes: bytes, total_bytes: bytes }).nullable(),
    load: z.strictObject({ one_minute: z.number(), cores: z.number() }).nullable(),
    disks: z.array(z.strictObject({ path: z.string(), free_bytes: bytes, total_bytes: bytes })),
  })
  .describe('The host at one moment.');

export const REPORT_SHAPE = z
  .strictObject({
    schema_version: z.literal(REPORT_SCHEMA_VERSION),
    outcome: z.enum(OUTCOMES),
    mode: z.enum(MODES),
    next_action: z.string().describe('What a person does next; empty when there is nothing to do.'),
    plan: z.string().describe("The plan's name; may be empty."),
    target: z.string(),
    deployment_id: z.string(),
    state_dir: z.string(),
    run: z.strictObject({ attempt: z.int(), url: z.string() }).describe('The run of the workflow.'),
    resumed: z.boolean().describe('An earlier run was resumed.'),
    started_at: time,
    ended_at: time,
    category: z.union([category, z.literal('')]).describe('Empty when nothing went wrong.'),
    steps: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          result: z.enum([
            'succeeded',
            'skipped',
            'declared',
            'failed',
            'tolerated',
            'cancelled',
            'in-doubt',
            'not-reached',
          ]),
          reason: z.string(),
          attempts: z.int().nonnegative().describe('In this run.'),
          started_at: time.nullable(),
          duration_ms: milliseconds.nullable(),
          completed_at: z
            .string()
            .nullable()
            .describe('Of a skipped step, as its checkpoint says.'),
          finally: z.boolean(),
          category: category.nullable().describe('Of its failure.'),
        }),
      )
      .describe('In the order of the plan.'),
    failure: failure.nullable(),
    rollback: z
      .strictObject({
        complete: z.boolean(),
        steps: z.array(
          z.strictObject({
            id: z.string(),
            outcome: z.enum([
              'undone',
              'already-undone',
              'nothing-to-undo',
              'declared',
              'failed',
              'in-doubt',
              'not-stored',
              'irreversible',
              'behind-irreversible',
            ]),
            detail: z.string(),
          }),
        ),
        command: z.enum(['done', 'failed']).nullable().describe('The rollback command.'),
        left_to_do: z.array(z.string()).describe('What is left for a person.'),
      })
      .nullable()
      .describe('Newest step first.'),
    rerun: z
      .strictObject({
        skips: z.array(z.string()),
        goes_on_from: z.string().nullable(),
        doubt: z
          .string()
          .describe(
            'Why it would stop at that step and ask whether it took effect; empty: it goes on.',
          ),
      })
      .nullable()
      .describe('What a re-run of the job would do.'),
    blockage: z
      .strictObject({
        kind: z.enum(['input', 'state', 'lock', 'resume', 'checks']),
        category,
        reasons: z.array(
          z.strictObject({
            message: z.string(),
            fix: z.string(),
            where: z.string().describe('file:line:column, or the name of an input; may be empty.'),
          }),
        ),
      })
      .nullable()
      .describe('Why nothing was started.'),
    fault: z.string().describe('State that could not be written; empty when all could.'),
    checks: z.array(finding),
    checks_after: z
      .strictObject({ findings: z.array(finding), changes: z.array(z.string()) })
      .nullable()
      .describe('Checks that fit the failure, carried out once more.'),
    host: z
      .strictObject({ name: z.string(), before: snapshot, after: snapshot })
      .nullable()
      .describe('The host when the run began, and when it had failed.'),
    timeline: z.array(
      z.strictObject({
        step: z.string(),
        name: z.string(),
        kind: z.enum([
          'attempt',
          'wait',
          'remedy',
          'probe',
          'undo',
          'rollback',
          'finally',
          'diagnostic',
        ]),
        attempt: z.int(),
        started_at: time,
        ended_at: time,
        ok: z.boolean(),
      }),
    ),
    remedies: z.array(z.strictObject({ step: z.string(), remedy: z.string(), ok: z.boolean() })),
    withheld: z
      .array(z.strictObject({ step: z.string(), values: z.array(z.string()) }))
      .describe('Values that were not stored because they contain a secret.'),
    diagnostics: z.array(
      z.strictObject({ command: z.string(), exit_code: z.int(), output: z.string() }),
    ),
    notes: z.array(
      z.strictObject({
        level: z.enum(['notice', 'warning']),
        title: z.string(),
        message: z.string(),
      }),
    ),
    preview: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          action: z.enum(['skip', 'run', 'adopt', 'in-doubt']),
          reason: z.string(),
        }),
      )
      .describe('What each step would do; for mode: plan.'),
    deployments: z
      .array(
        z.strictObject({
          target: z.string(),
          deployment_id: z.string().describe('The name of its directory where no record says it.'),
          directory: z.string(),
          status: z
            .enum([
              'open',
              'resetting',
              'closed',
              'rolling-back',
              'rolled-back',
              'rollback-incomplete',
            ])
            .nullable()
            .describe('Null without a record, or when it cannot be read.'),
          current: z.boolean().describe('The deployment of its target that last started a step.'),
          touched_at: time,
          locked_by: z.string().nullable().describe('Who holds its lock, in words.'),
          failure: z.strictObject({ step: z.string(), category }).nullable(),
          steps: z.array(
            z.strictObject({
              id: z.string(),
              status: z.enum([
                'running',
                'complete',
                'not-done',
                'in-doubt',
                'failed',
                'undoing',
                'undone',
                'no-checkpoint',
              ]),
              completed_at: z.string().nullable(),
              declared_by: z.string().nullable(),
              exit_code: z.int().nullable().describe('Of the last attempt.'),
              pid: z.int().nullable().describe('Of what is running.'),
            }),
          ),
          problem: z.string().describe('Why its records cannot be read; empty when they can.'),
        }),
      )
      .describe('What the state dir holds, the latest first; for mode: status.'),
    truncated: z
      .array(z.string())
      .optional()
      .describe(
        'Only in the `result` output: fields that were emptied or shortened to make it fit.',
      ),
  })
  .describe('How a run of the action ended.');

/** The report as a value. */
export type JsonReport = z.infer<typeof REPORT_SHAPE>;

/** Where the schema is published; its identity, not an address that anything here reads. */
const SCHEMA_ID =
  'https://raw.githubusercontent.com/freshtrack/preflight-action/v1/report.schema.json';

/** Text of the published `report.schema.json`: open to fields that come later. */
export function renderReportSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(REPORT_SHAPE, {
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  const schema = { $schema, $id: SCHEMA_ID, title: 'Report of preflight-action', ...rest };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
