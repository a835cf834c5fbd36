import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CacheKey } from '../../src/state/cache-key.ts';
import type { CachePayload } from '../../src/state/cache-payload.ts';
import {
  compareStamps,
  encodePayload,
  parsePayload,
  toCachedFiles,
  toDigest,
  toSize,
} from '../../src/state/cache-payload.ts';
import type { KnownDeployment } from '../../src/ports.ts';
import {
  attemptRecord,
  deploymentRecord,
  lastError,
  namesOf,
  stepRecord,
} from '../support/records.ts';

const record = deploymentRecord();
const names = namesOf(record);
const key: CacheKey = { ...names, run: '4711', attempt: 2, sequence: 9 };
const stamp = { run_id: '4711', run_attempt: 2, generation: 2, sequence: 9 };
const rollback = { run: 'rm -rf /', shell: 'bash', working_directory: '' };

function known(overrides: Partial<KnownDeployment> = {}): KnownDeployment {
  return {
    record,
    steps: new Map([['migrate', stepRecord({ state: 'succeeded', rollback })]]),
    markers: new Map([['migrate', { step: 'migrate', completedAt: '2026-11-22T10:46:00+00:00' }]]),
    lastError: lastError(),
    current: undefined,
    name: names.deployment,
    ...overrides,
  };
}

function toText(overrides: Partial<CachePayload> = {}, from = known()): string {
  const files = overrides.files ?? toCachedFiles(from);
  const size = toSize(files);
  return encodePayload({ ...names, stamp, host: 'web-1', saved_at: 1, size, files, ...overrides });
}

describe('what is saved', () => {
  test('comes back whole, but for commands and for the boot it was made in', () => {
    const parsed = parsePayload(toText(), key);
    if (!parsed.ok) throw new Error(parsed.error);
    const { steps, markers, lastError: error, record: read, host } = parsed.value;
    expect(read).toEqual(record);
    expect(error).toEqual(lastError());
    expect(host).toBe('web-1');
    expect(markers).toEqual([{ step: 'migrate', completedAt: '2026-11-22T10:46:00+00:00' }]);
    const run = { ...attemptRecord().run, boot_id: 'elsewhere boot-1' };
    expect(steps).toEqual([
      stepRecord({
        state: 'succeeded',
        rollback_withheld: true,
        attempts: [attemptRecord({ run })],
      }),
    ]);
  });

  test('says that an undo command is not stored, and keeps nothing of it', () => {
    const parsed = parsePayload(toText(), key);
    expect(JSON.stringify(parsed)).not.toContain('rm -rf');
    expect(parsed.ok && parsed.value.steps[0]?.rollback_withheld).toBe(true);
  });

  test('has the same digest as long as nothing changes, in whatever order it is known', () => {
    const more = [stepRecord({ step: 'a' }), stepRecord({ step: 'b' })];
    const one = new Map(more.map((step) => [step.step, step]));
    const other = new Map(more.toReversed().map((step) => [step.step, step]));
    const digest = toDigest(toCachedFiles(known({ steps: one })));
    expect(toDigest(toCachedFiles(known({ steps: other })))).toBe(digest);
    expect(toDigest(toCachedFiles(known()))).not.toBe(digest);
  });
});

describe('what comes back is not used', () => {
  const files = toCachedFiles(known());
  const [first, ...rest] = files;
  if (first === undefined) throw new Error('no files');
  const other = namesOf(deploymentRecord({ deployment_id: '4712' }));
  const foreign = toCachedFiles(known({ record: deploymentRecord({ deployment_id: '4712' }) }));
  const extra = (name: string): CachePayload['files'] => [...files, { ...first, name }];

  test.each<[string, string]>([
    ['when it is of another deployment', toText({ deployment: other.deployment })],
    ['when its record is of another deployment', toText({ files: foreign })],
    ['when its key is of another save', toText({ stamp: { ...stamp, sequence: 8 } })],
    ['when its key is of another attempt', toText({ stamp: { ...stamp, run_attempt: 3 } })],
    ['when its key is of another run', toText({ stamp: { ...stamp, run_id: '4712' } })],
    [
      'when content was changed',
      toText({ files: [{ ...first, content: `${first.content} ` }, ...rest] }),
    ],
    ['when a file is missing', toText({ files: rest, size: toSize(files) })],
    [
      'when the record is missing',
      toText({ files: files.filter(({ name }) => name !== 'deployment.json') }),
    ],
    ['when a name leads elsewhere', toText({ files: extra('../../.bashrc') })],
    ['when a marker leads elsewhere', toText({ files: extra('.checkpoint-../x') })],
    ['when a step leads elsewhere', toText({ files: extra('steps/../../x.json') })],
    ['when a file is none of ours', toText({ files: extra('run/migrate/script.sh') })],
    ['when a file is there twice', toText({ files: extra(first.name) })],
    [
      'when it is from a newer version',
      toText().replace('"schema_version":1', '"schema_version":2'),
    ],
    ['when it is cut', toText().slice(0, -100)],
    ['when it is no document at all', '<html>'],
    ['when it is empty', ''],
  ])('%s', (_, text) => {
    expect(parsePayload(text, key).ok).toBe(false);
  });

  test('and never throws, whatever it is', () => {
    const text = toText();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, put) => {
        const damaged = text.slice(0, at) + put + text.slice(at + put.length);
        const parsed = parsePayload(damaged, key);
        // What is accepted all the same says the same about the deployment.
        expect(parsed.ok ? parsed.value.record : record).toEqual(record);
      }),
      { numRuns: 500 },
    );
  });

  test('and a completion time that is more than one is not shown', () => {
    const markers = new Map([['migrate', { step: 'migrate', completedAt: '\u001b[31m::error::' }]]);
    const parsed = parsePayload(toText({}, known({ markers })), key);
    expect(parsed.ok && parsed.value.markers[0]?.completedAt).toBe('');
  });
});

describe('of two saves', () => {
  const at = (run_id: string, run_attempt: number, generation: number, sequence: number) => ({
    run_id,
    run_attempt,
    generation,
    sequence,
  });

  test('of one run, the later attempt counts, however late the older one came in', () => {
    expect(compareStamps(at('1', 2, 2, 6), at('1', 1, 1, 99))).toBeGreaterThan(0);
    expect(compareStamps(at('1', 2, 1, 6), at('1', 1, 4, 99))).toBeGreaterThan(0);
  });

  test('of one attempt, the later save counts', () => {
    expect(compareStamps(at('1', 1, 1, 10), at('1', 1, 1, 9))).toBeGreaterThan(0);
  });

  test('of two runs, the one counts that built on the other', () => {
    expect(compareStamps(at('2', 1, 4, 12), at('1', 3, 3, 11))).toBeGreaterThan(0);
  });
});
