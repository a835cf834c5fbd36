import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CATEGORIES } from '../../src/failure/category.ts';
import type { LockContent } from '../../src/state/codec.ts';
import {
  encodeDeploymentRecord,
  encodeLock,
  encodeStepRecord,
  isStepName,
  MARKED,
  parseDeploymentRecord,
  parseLock,
  parseStepRecord,
} from '../../src/state/codec.ts';
import { MAX_DOCUMENT_BYTES } from '../../src/state/document.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  Exit,
  ProcessRef,
  RunRef,
  StepRecord,
} from '../../src/state/record.ts';
import { deploymentRecord, stepRecord } from '../support/records.ts';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const time = fc.integer({ min: 0, max: 8.64e15 });
const count = fc.nat();
const category = fc.constantFrom(...CATEGORIES);
const stepName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,30}$/);

/** Fields that may be absent, as absent as `exactOptionalPropertyTypes` has it. */
function withOptional<T extends object, O extends object>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<T & Partial<O>> {
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([one, other]) => ({ ...one, ...other }) as unknown as T & Partial<O>);
}

const run: fc.Arbitrary<RunRef> = fc.record({
  run_id: text,
  run_attempt: fc.integer({ min: 1, max: 1e6 }),
  host: text,
  boot_id: text,
});
const exit: fc.Arbitrary<Exit> = fc.oneof(
  fc.record({ kind: fc.constant('exited' as const), code: fc.integer({ min: 0, max: 255 }) }),
  fc.record({
    kind: fc.constant('signalled' as const),
    signal: fc.constantFrom('SIGKILL', 'SIGRTMIN+3'),
  }),
);
const processRef: fc.Arbitrary<ProcessRef> = withOptional(
  { pid: fc.integer({ min: 1, max: 2 ** 31 - 1 }), start_time: text, boot_id: text },
  { command: text },
);
const attempt: fc.Arbitrary<AttemptRecord> = withOptional(
  { attempt: fc.integer({ min: 1, max: 99 }), run, started_at: time },
  {
    ended_at: time,
    exit,
    ended_by: fc.constantFrom('itself', 'signal', 'timeout', 'cancel'),
    category,
  },
);
/** As a line of an environment file gives them. */
const valueName = text
  .map((name) => name.replaceAll(/[=\n\0\uFEFF]|<(?=<|$)/gu, '_'))
  .filter((name) => name !== '');
const values = fc.array(fc.record({ name: valueName, value: text }), { maxLength: 3 });
const steps: fc.Arbitrary<StepRecord> = withOptional(
  {
    step: stepName,
    name: text,
    sequence: count,
    state: fc.constantFrom('started', 'succeeded', 'failed', 'declared', 'undoing', 'undone'),
    fingerprint: fc.record({
      run: text,
      shell: text,
      working_directory: text,
      env: text,
      files: text,
    }),
    idempotent: fc.boolean(),
    irreversible: fc.boolean(),
    attempts: fc.array(attempt, { maxLength: 3 }),
    undo_attempts: fc.array(attempt, { maxLength: 2 }),
    marked: fc.boolean(),
    results: fc.record({
      outputs: values,
      env: values,
      path: fc.array(text, { maxLength: 3 }),
      summary: text,
    }),
    withheld: fc.array(text, { maxLength: 3 }),
  },
  {
    rollback: fc.record({ run: text, shell: text, working_directory: text }),
    declared_by: text,
    survivors: fc.array(processRef, { maxLength: 2 }),
  },
);
const deployments: fc.Arbitrary<DeploymentRecord> = withOptional(
  {
    target: fc.record({
      repository: text,
      workflow: text,
      job: text,
      matrix: text,
      action: text,
      key: text,
    }),
    deployment_id: text,
    status: fc.constantFrom('open', 'resetting', 'closed', 'rolling-back', 'rolled-back'),
    lock: text,
    created_at: time,
    updated_at: time,
    plan: fc.record({
      source: text,
      steps: fc.array(fc.record({ id: stepName, name: text }), { maxLength: 3 }),
    }),
    rollback_command_started: fc.boolean(),
    history: fc.array(
      withOptional({ mode: text, at: time, run, actor: text }, { outcome: text, step: text }),
      { maxLength: 2 },
    ),
  },
  {
    failure: fc.record({ step: stepName, category, exit_code: fc.integer({ min: 0, max: 255 }) }),
  },
);
const locks: fc.Arbitrary<LockContent> = fc.record({
  token: fc.stringMatching(/^[0-9a-f]{32}$/),
  holder: fc.record({
    host: text,
    boot_id: text,
    pid_namespace: text,
    process: processRef,
    run_id: text,
    run_attempt: fc.integer({ min: 1, max: 99 }),
    run_url: text,
    deployment: text,
    directory: text,
    acquired_at: time,
  }),
});

function refusal(content: string): string {
  const parsed = parseStepRecord(content);
  return parsed.ok ? 'accepted' : parsed.error.message;
}

/** The builder's record as JSON, with a few fields replaced. */
function altered(changes: Record<string, unknown>): string {
  return JSON.stringify({ schema_version: 1, ...stepRecord(), ...changes });
}

describe('records', () => {
  test('of steps come back as they were stored', () => {
    fc.assert(
      fc.property(steps, (record) => {
        expect(parseStepRecord(encodeStepRecord(record))).toEqual({ ok: true, value: record });
      }),
    );
  });

  test('of deployments come back as they were stored', () => {
    fc.assert(
      fc.property(deployments, (record) => {
        const parsed = parseDeploymentRecord(encodeDeploymentRecord(record));
        expect(parsed).toEqual({ ok: true, value: record });
      }),
    );
  });

  test('of locks come back as they were stored', () => {
    fc.assert(
      fc.property(locks, (content) => {
        expect(parseLock(encodeLock(content))).toEqual({ ok: true, value: content });
      }),
    );
  });

  test('say the schema version, and are one line each', () => {
    expect(JSON.parse(encodeStepRecord(stepRecord()))).toMatchObject({ schema_version: 1 });
    expect(JSON.parse(encodeDeploymentRecord(deploymentRecord()))).toMatchObject({
      schema_version: 1,
    });
    expect(encodeStepRecord(stepRecord({ name: 'a\nb' })).split('\n')).toHaveLength(2);
  });

  test('differ by the flag alone when a checkpoint is noted', () => {
    const before = encodeStepRecord(stepRecord({ marked: false }));
    const { offset, no, yes } = MARKED;
    expect(before.slice(offset, offset + no.length)).toBe(no);
    expect(before.slice(0, offset) + yes + before.slice(offset + no.length)).toBe(
      encodeStepRecord(stepRecord({ marked: true })),
    );
  });
});

describe('a document that is not understood', () => {
  test('is never an exception, whatever it is', () => {
    const parsers = [parseStepRecord, parseDeploymentRecord, parseLock];
    fc.assert(
      fc.property(fc.oneof(fc.json(), text), (content) => {
        for (const parse of parsers) expect(parse(content).ok).toBe(false);
      }),
    );
  });

  test('is refused or exactly what it says, wherever it was tampered with', () => {
    const keys = Object.keys(stepRecord());
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const parsed = parseStepRecord(altered({ [key]: value }));
        const asSaid = { ok: true, value: { ...stepRecord(), [key]: value } };
        expect(parsed.ok ? parsed : asSaid).toEqual(asSaid);
      }),
    );
  });

  test('is refused when it is cut off anywhere', () => {
    const whole = encodeStepRecord(stepRecord()).trimEnd();
    for (let length = 0; length < whole.length; length += 1) {
      expect(parseStepRecord(whole.slice(0, length)).ok).toBe(false);
    }
  });

  test.each([
    ['', 'is empty'],
    ['\0\0\0\0', 'is not JSON, or is cut off'],
    ['[]', 'does not say "schema_version": 1'],
    ['null', 'does not say "schema_version": 1'],
    ['{"schema_version":"1"}', 'does not say "schema_version": 1'],
    ['{"schema_version":2}', 'was written by a newer version (schema 2; this one reads 1)'],
    ['{"schema_version":0}', 'does not say "schema_version": 1'],
    ['{"schema_version":1}', 'is not understood: step is missing'],
  ])('%j says why', (content, why) => {
    expect(refusal(content)).toBe(why);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a wrong type', { sequence: '1' }, 'sequence should be a whole number'],
    ['a negative number', { sequence: -1 }, 'sequence should be a whole number'],
    ['a fraction', { sequence: 1.5 }, 'sequence should be a whole number'],
    ['an unknown state', { state: 'paused' }, 'state should be one of started, succeeded'],
    ['a step that leaves its directory', { step: '../../x' }, 'step should be the id of a step'],
    ['an absent field', { withheld: undefined }, 'withheld is missing'],
    ['null for absent', { declared_by: null }, 'declared_by should be a text'],
    ['a field of tomorrow', { tomorrow: 1 }, '"tomorrow" is not a field that this version knows'],
    [
      'an exit that is both',
      {
        attempts: [
          { ...stepRecord().attempts[0], exit: { kind: 'exited', code: 1, signal: 'SIGTERM' } },
        ],
      },
      'attempts[0].exit."signal" is not a field that this version knows',
    ],
    [
      'an impossible pid',
      { survivors: [{ pid: 0, start_time: '', boot_id: '' }] },
      'survivors[0].pid should be a whole number from 1',
    ],
    [
      'an unknown category',
      { attempts: [{ ...stepRecord().attempts[0], category: 'transient:moon' }] },
      'attempts[0].category should be one of',
    ],
  ])('%s is named with its place', (_, changes, why) => {
    expect(refusal(altered(changes))).toContain(why);
  });

  test('cannot reach the prototype of anything', () => {
    const content = altered({}).replace('{', '{"__proto__":{"polluted":true},');
    expect(refusal(content)).toContain('"__proto__"');
    const nested = altered({}).replace('"outputs":[]', '"outputs":[],"__proto__":{"polluted":1}');
    expect(refusal(nested)).toContain('results."__proto__"');
    expect(refusal('{"__proto__":{"schema_version":1}}')).toContain('schema_version');
    expect(refusal(altered({ state: 'constructor' }))).toContain('state');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('is not even parsed when it is too large', () => {
    expect(refusal(' '.repeat(MAX_DOCUMENT_BYTES + 1))).toBe('is larger than 8 MiB');
  });

  test('that is nested deeply is refused like any other', () => {
    expect(refusal('['.repeat(1_000_000))).toContain('not JSON');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(refusal(`{"schema_version":1,"step":${deep}}`)).toContain('step should be');
  });
});

test.each(['', 'a=b', 'a<<EOF', 'a<', 'a\nb', 'a\0', '\uFEFFa'])(
  'a record is refused in which an output or variable is called %j, as none can be',
  (name) => {
    for (const kind of ['outputs', 'env']) {
      const record = stepRecord();
      const results = { ...record.results, [kind]: [{ name, value: '1' }] };
      expect(parseStepRecord(encodeStepRecord({ ...record, results })).ok).toBe(false);
      const fine = { ...record.results, [kind]: [{ name: 'a < b.c-d e', value: '1' }] };
      expect(parseStepRecord(encodeStepRecord({ ...record, results: fine })).ok).toBe(true);
    }
  },
);

describe('step names', () => {
  test.each(['migrate', '_x', '1-pull', 'a.b', '__proto__'])('%s can be kept', (name) => {
    expect(isStepName(name)).toBe(true);
  });
  test.each(['', '.', '..', '../../x', 'a/b', '-rf', 'a b', 'a\n', 'a\0', 'ü', 'a'.repeat(201)])(
    '%j cannot',
    (name) => {
      expect(isStepName(name)).toBe(false);
    },
  );
});
