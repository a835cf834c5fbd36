import * as z from 'zod/mini';
import { CATEGORIES, FAMILIES } from '../failure/category.ts';
import { LARGEST_MULTIPLIER, MOST_ATTEMPTS } from '../inputs/bounds.ts';
import { suggest } from '../inputs/suggest.ts';
import { failure, success } from '../result.ts';
import type { Result } from '../result.ts';
import { BESIDE, CHECK_KINDS, INSIDE_KEYS } from './check-kinds.ts';
import { compileMatch, LONGEST_PATTERN } from './match-pattern.ts';
import { parseShell, SHELLS } from './shell.ts';
import { LONGEST_STEP_ID, STEP_ID, STEP_ID_RULE } from './step-id.ts';
import {
  atLeastOne,
  DELAY,
  documented,
  DOCUMENTATION,
  FLAG,
  parsed,
  SCRIPT,
  TEXT,
  TIMER,
} from './vocabulary.ts';

const SIGNALS = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP ' +
  'TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ');

function parseSignal(text: string): Result<string, string> {
  const name = text.trim().toUpperCase().replace(/^SIG/u, '');
  if (SIGNALS.includes(name)) return success(`SIG${name}`);
  const meant = suggest(name, SIGNALS);
  const hint =
    meant === undefined ? 'write for example "TERM" or "SIGKILL"' : `did you mean "SIG${meant}"?`;
  return failure(`"${text}" is not the name of a signal: ${hint}`);
}

function parseMatch(text: string): Result<string, string> {
  const compiled = compileMatch(text);
  return compiled.ok ? success(text) : compiled;
}

function parseGlob(text: string): Result<string, string> {
  const glob = text.trim();
  if (glob === '') return failure('must not be empty');
  if (glob.startsWith('/') || glob.split('/').includes('..')) {
    return failure(`"${text}" must lie in the workspace: no "/" in front, and no ".."`);
  }
  return success(glob);
}

const SHELL = parsed('the name of a shell', parseShell);
DOCUMENTATION.add(SHELL, {
  pattern: String.raw`^\s*(?:${SHELLS.join('|')})\s*$|\{0\}`,
  examples: [...SHELLS, 'perl {0}'],
});
const SIGNAL = parsed('the name of a signal', parseSignal);
const SIGNAL_WORDS = [...SIGNALS, ...SIGNALS.map((name) => name.toLowerCase())].join('|');
DOCUMENTATION.add(SIGNAL, {
  pattern: String.raw`^\s*(?:SIG|sig)?(?:${SIGNAL_WORDS})\s*$`,
  examples: ['SIGTERM', 'KILL'],
});
const MATCH = parsed('a regular expression', parseMatch);
DOCUMENTATION.add(MATCH, { minLength: 1, maxLength: LONGEST_PATTERN, format: 'regex' });
const GLOB = parsed('a glob', parseGlob);
DOCUMENTATION.add(GLOB, {
  pattern: String.raw`^(?!\s*/)(?!(?:.*/)?\s*\.\.\s*(?:/|$)).*\S`,
  examples: ['db/migrations/**'],
});

const ENV = documented(
  z.record(
    z
      .string()
      .check(z.regex(/^[^=\0]+$/u, { error: 'is not the name of an environment variable' })),
    z.union([z.string(), z.number(), z.boolean(), z.null()]),
  ),
  'Environment variables. Numbers are taken as written.',
  { examples: [{ COMPOSE_FILE: 'compose.production.yaml' }] },
);

const RETRY_SHAPE = {
  'max-attempts': z.optional(
    documented(
      z.int().check(z.gte(1), z.lte(MOST_ATTEMPTS)),
      'Attempts in all, the first included.',
      { examples: [5] },
    ),
  ),
  'initial-delay': z.optional(documented(DELAY, 'Longest wait before the second attempt.')),
  multiplier: z.optional(
    documented(
      z.number().check(z.gte(1), z.lte(LARGEST_MULTIPLIER)),
      'By how much the wait grows from attempt to attempt.',
      { examples: [2] },
    ),
  ),
  'max-delay': z.optional(documented(DELAY, 'Bound of a single wait.')),
  budget: z.optional(documented(TIMER, 'Bound of all attempts and waits together.')),
  on: z.optional(
    documented(
      z.array(z.enum([...FAMILIES, ...CATEGORIES])).check(z.minLength(1)),
      'Families or categories that are retried; overrides the inputs.',
      { examples: [['transient', 'recoverable:resource']] },
    ),
  ),
};
const RETRY = documented(
  atLeastOne(Object.keys(RETRY_SHAPE), z.strictObject(RETRY_SHAPE)),
  'How often and how patiently the step is tried. Default: the inputs.',
  { examples: [{ 'max-attempts': 5, 'initial-delay': '5s', on: ['transient'] }] },
);

const CLASSIFY_RULE = atLeastOne(
  ['exit-code', 'signal', 'match'],
  z.strictObject({
    'exit-code': z.optional(
      documented(z.int().check(z.gte(1), z.lte(255)), 'The exit code that the rule is for.', {
        examples: [75],
      }),
    ),
    signal: z.optional(documented(SIGNAL, 'The signal that ended the step.')),
    match: z.optional(
      documented(MATCH, 'Regular expression (JavaScript), tried on each line of the output.', {
        examples: ['schema is locked'],
      }),
    ),
    as: documented(z.enum(CATEGORIES), 'What kind of failure it is.'),
  }),
);

/** What a step and a step of `finally` can both say, and `defaults` for them. */
const ORDINARY = {
  shell: z.optional(
    documented(SHELL, 'bash, sh, python, pwsh, or a template with {0}.', { default: 'bash' }),
  ),
  'working-directory': z.optional(
    documented(TEXT, 'Where the commands run, relative to the workspace.', {
      examples: ['deploy'],
    }),
  ),
  env: z.optional(ENV),
  timeout: z.optional(
    documented(TIMER, 'How long one attempt may take before it is ended.', { default: '1h' }),
  ),
  'continue-on-error': z.optional(
    documented(FLAG, 'A failure is a warning and the run goes on; no checkpoint is made.', {
      default: false,
    }),
  ),
  retry: z.optional(RETRY),
  classify: z.optional(
    documented(
      z.array(CLASSIFY_RULE),
      'Own rules for what kind of failure it is; tried before the shipped ones, first match wins.',
      { examples: [[{ 'exit-code': 75, as: 'transient:service' }]] },
    ),
  ),
  'keep-alive': z.optional(
    documented(FLAG, 'Processes that the step leaves behind survive the end of the job.', {
      default: false,
    }),
  ),
};

/** What only a step that is remembered can say. */
const DURABLE = {
  checkpoint: z.optional(
    documented(FLAG, '`false`: no checkpoint, runs on every attempt.', { default: true }),
  ),
  idempotent: z.optional(
    documented(FLAG, '`false`: never started again while the first start may have taken effect.', {
      default: true,
    }),
  ),
  irreversible: z.optional(
    documented(FLAG, 'A point of no return: rollback stops in front of it.', { default: false }),
  ),
  'done-when': z.optional(
    documented(SCRIPT, 'Probe: exits 0 if the effect is in place, 1 if not; else it cannot tell.', {
      examples: ['./scripts/migrated.sh'],
    }),
  ),
  rollback: z.optional(
    documented(SCRIPT, 'Command that undoes the step.', {
      examples: ['./scripts/migrate-down.sh'],
    }),
  ),
  files: z.optional(
    documented(
      z.array(GLOB),
      'Files whose content belongs to the step: when it changes, the step has changed.',
      { examples: [['db/migrations/**']] },
    ),
  ),
  'on-change': z.optional(
    documented(
      z.enum(['rerun', 'keep', 'fail']),
      'What to do when the step differs from the one its checkpoint was made for. ' +
        'Default: `rerun`; `fail` with `idempotent: false`.',
    ),
  ),
};

/** The keys that mean something only for a step that is remembered. */
export const DURABLE_KEYS: readonly string[] = Object.keys(DURABLE);

const IDENTITY = {
  id: z.optional(
    documented(
      z.string().check(
        z.maxLength(LONGEST_STEP_ID),
        z.regex(STEP_ID, {
          error: STEP_ID_RULE,
        }),
      ),
      "The checkpoint's name. Default: made from the name.",
      { examples: ['migrate'] },
    ),
  ),
  name: z.optional(documented(TEXT, 'What people read.', { examples: ['Migrate the database'] })),
  run: documented(SCRIPT, 'The script.', { examples: ['./scripts/migrate.sh'] }),
};

const NEEDS_IDENTITY = { anyOf: [{ required: ['id'] }, { required: ['name'] }] };

const STEP = z.strictObject({ ...IDENTITY, ...ORDINARY, ...DURABLE });
const FINALLY_STEP = z.strictObject({ ...IDENTITY, ...ORDINARY });
const DEFAULTS = z.strictObject({ ...ORDINARY, ...DURABLE });
/** What cross-rules.ts says in words. */
const CONTRADICTION = {
  required: ['checkpoint', 'idempotent'],
  properties: { checkpoint: { const: false }, idempotent: { const: false } },
};
DOCUMENTATION.add(STEP, { id: 'step', title: 'step', ...NEEDS_IDENTITY, not: CONTRADICTION });
DOCUMENTATION.add(FINALLY_STEP, {
  id: 'finally-step',
  title: 'step of finally',
  ...NEEDS_IDENTITY,
});
DOCUMENTATION.add(DEFAULTS, { title: 'defaults' });

type Kinds = typeof CHECK_KINDS;
type KindShape = {
  readonly [K in keyof Kinds]: z.ZodMiniOptional<Kinds[K]['schema']>;
};
const KIND_SHAPE = Object.fromEntries(
  Object.entries(CHECK_KINDS).map(([kind, { schema }]) => [kind, z.optional(schema)]),
) as unknown as KindShape;

/** One check: exactly one kind, and what may be said beside it. */
const CHECK = z.strictObject({ ...KIND_SHAPE, ...BESIDE });
/** What cross-rules.ts says in words: what is said inside a kind's mapping is not said beside it. */
const SAID_ONCE = INSIDE_KEYS.map((key) => ({
  if: { required: [key] },
  then: {
    properties: Object.fromEntries(
      Object.keys(CHECK_KINDS).map((kind) => [kind, { not: { type: 'object', required: [key] } }]),
    ),
  },
}));
DOCUMENTATION.add(CHECK, {
  id: 'check',
  title: 'check',
  oneOf: Object.keys(CHECK_KINDS).map((kind) => ({ required: [kind] })),
  allOf: SAID_ONCE,
});

/** Longer lists are a mistake, and would only be slow to refuse. */
export const MOST_STEPS = 5000;
export const MOST_CHECKS = 200;

export const STEPS = documented(
  z.array(STEP).check(z.minLength(1), z.maxLength(MOST_STEPS)),
  'The steps of the deployment, in order.',
  { examples: [[{ id: 'migrate', run: './scripts/migrate.sh' }]] },
);
export const CHECKS = documented(
  z.array(CHECK).check(z.maxLength(MOST_CHECKS)),
  'Pre-flight checks: all run, all are reported, and none changes the host.',
  { examples: [[{ disk: '10GB' }, { command: 'docker' }, { env: 'DATABASE_URL' }]] },
);

/** The plan file: what validates it, what types it, and what its JSON Schema is made of. */
export const PLAN = z.strictObject({
  name: z.optional(documented(TEXT, 'What is deployed.', { examples: ['shop-production'] })),
  env: z.optional(ENV),
  defaults: z.optional(
    documented(DEFAULTS, 'Any key of a step but id, name and run.', {
      examples: [{ timeout: '10m' }],
    }),
  ),
  checks: z.optional(CHECKS),
  steps: STEPS,
  finally: z.optional(
    documented(
      z.array(FINALLY_STEP).check(z.maxLength(MOST_STEPS)),
      'Steps that run after success, failure or rollback, on every attempt.',
      { examples: [[{ name: 'Leave maintenance mode', run: './scripts/maintenance.sh off' }]] },
    ),
  ),
});
DOCUMENTATION.add(PLAN, { title: 'plan' });

export type RawPlan = z.output<typeof PLAN>;
export type RawStep = z.output<typeof STEP>;
export type RawFinallyStep = z.output<typeof FINALLY_STEP>;
export type RawDefaults = z.output<typeof DEFAULTS>;
export type RawCheck = z.output<typeof CHECK>;
export type RawRetry = z.output<typeof RETRY>;
export type RawClassifyRule = z.output<typeof CLASSIFY_RULE>;
export type RawEnv = z.output<typeof ENV>;
