/* eslint-disable jest/no-standalone-expect -- what must hold stands in a table, and is checked by the tests below it */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { systemClock } from '../../src/edges/clock.ts';
import { parseEnvFile, renderEnvEntry } from '../../src/engine/env-file.ts';
import { classify } from '../../src/failure/classify.ts';
import { parsePlan } from '../../src/plan/load.ts';
import { createOutputFilter } from '../../src/redact/output-filter.ts';
import { createRedactor } from '../../src/redact/redactor.ts';
import { renderAnnotation, toAnnotations } from '../../src/report/annotations.ts';
import { renderFailureBlock } from '../../src/report/failure-block.ts';
import { mapTexts } from '../../src/report/map-texts.ts';
import { createPrinter, RUNNER_GROUPS } from '../../src/report/printer.ts';
import { renderSummary } from '../../src/report/summary/summary.ts';
import { readOnlyFile } from '../../src/state/cache-archive.ts';
import { toRunName } from '../../src/state/cache-key.ts';
import {
  encodePayload,
  parsePayload,
  toCachedFiles,
  toSize,
} from '../../src/state/cache-payload.ts';
import type { LockContent } from '../../src/state/codec.ts';
import {
  encodeDeploymentRecord,
  encodeLock,
  encodeStepRecord,
  isStepName,
  parseDeploymentRecord,
  parseLock,
  parseStepRecord,
} from '../../src/state/codec.ts';
import { parseLastError, renderLastError } from '../../src/state/last-error.ts';
import { parseProcessFile } from '../../src/state/process-file.ts';
import { evidenceOf } from '../failure/evidence-builder.ts';
import { GOOD } from '../fixtures/plans/table.ts';
import { DEFAULTS } from '../plan/plan-builder.ts';
import { CREDENTIALS } from '../redact/credentials.ts';
import { beginsLikeCommand, parsesAsCommand, toRunnerLines } from '../redact/runner-oracle.ts';
import { createMaker } from '../redact/samples.ts';
import { findForeignTags, findTables, toHtml, toProse } from '../report/github-page.ts';
import { HOSTILE, SCENARIOS } from '../report/scenarios.ts';
import { packSingle } from '../support/archives.ts';
import { deploymentRecord, lastError, namesOf, stepRecord } from '../support/records.ts';
import { countRepeats } from '../support/soak.ts';

/** Per target; together about ten seconds in CI. */
const MS = countRepeats(1_000, 60_000, 'PREFLIGHT_FUZZ_MS');
/** What a single input of a few KiB may take on a busy machine. */
const LONGEST_MS = 3_000;
const given = process.env['PREFLIGHT_SEED'] ?? '4711';
const SEED = given === 'random' ? Math.trunc(Math.random() * 2 ** 31) : Number(given);

const SECRET = createMaker(SEED).alnum(20);
const encoder = new TextEncoder();

/** A target: what it is fed with, and what must hold for whatever becomes of that. */
interface Target {
  readonly seeds: readonly string[];
  readonly check: (text: string) => void;
  /** Takes milliseconds for each input, and gets more of the time. */
  readonly heavy?: boolean;
  /** It is put into a page at many places, each of which cuts it: how long it may be is no question. */
  readonly isShort?: boolean;
}

/** Pieces that parsers stumble over. */
const TOKENS = [
  ...[
    '\n',
    '\r',
    '\r\n',
    '\0',
    '\t',
    ' ',
    '  ',
    ':',
    ': ',
    '- ',
    '"',
    "'",
    '`',
    '\\',
    '{',
    '}',
    '[',
  ],
  ...[
    ']',
    '<<',
    '=',
    '<<EOF',
    '&a ',
    '*a',
    '!t ',
    '|',
    '>',
    '#',
    '%',
    '---',
    '...',
    '? ',
    '~',
    'null',
  ],
  ...[
    'true',
    '0',
    '-1',
    '1e999',
    '9'.repeat(400),
    '{}',
    '[]',
    '__proto__',
    '${{ x }}',
    '$(x)',
    '`x`',
  ],
  ...[
    '::error::',
    '##[error]',
    '::add-mask::',
    '%0A',
    '\u001b[2K',
    '\u001b]0;',
    '\u009b',
    '\u2028',
  ],
  ...[
    '\ufeff',
    '\ud800',
    '😀',
    'é',
    SECRET,
    SECRET.slice(0, 9),
    'password=',
    '-----BEGIN RSA PRIVATE KEY-----',
  ],
  ...['https://u:p@h/', 'Authorization: Bearer ', 'x'.repeat(3000)],
];

const mutation = fc.record({
  how: fc.constantFrom('insert', 'replace', 'remove', 'repeat', 'cut', 'swap', 'flip', 'splice'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 60 }),
  token: fc.constantFrom(...TOKENS),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(text: string, other: string, { how, at, length, token }: Mutation): string {
  const start = text.length === 0 ? 0 : at % text.length;
  const [before, part, after] = [
    text.slice(0, start),
    text.slice(start, start + length),
    text.slice(start + length),
  ];
  switch (how) {
    case 'insert':
      return before + token + part + after;
    case 'replace':
      return before + token + after;
    case 'remove':
      return before + after;
    case 'repeat':
      return before + part.repeat(1 + (at % 40)) + after;
    case 'cut':
      return before;
    case 'swap':
      return after + part + before;
    case 'flip':
      return (
        before +
        String.fromCharCode((part.charCodeAt(0) ^ (1 << (at % 8))) & 0xffff) +
        part.slice(1) +
        after
      );
    case 'splice':
      return before + other.slice(at % (other.length + 1));
  }
}

function hasOwnPrototype(): boolean {
  return Object.keys(Object.prototype).length === 0;
}

const PLANS = GOOD.filter(([part]) => part === 'plan').flatMap(([, texts]) => texts);
const STEPS = GOOD.filter(([part]) => part === 'step').flatMap(([, texts]) => texts);
const CHECKS = GOOD.filter(([part]) => part === 'check').flatMap(([, texts]) => texts);

const CACHE_KEY = {
  ...namesOf(deploymentRecord()),
  run: toRunName('4711'),
  attempt: 1,
  sequence: 3,
} as const;
const FILES = toCachedFiles({
  record: deploymentRecord(),
  steps: new Map([['migrate', stepRecord({ step: 'migrate' })]]),
  markers: new Map([['migrate', { step: 'migrate', completedAt: '2026-11-22T10:46:00+00:00' }]]),
  lastError: lastError(),
  current: undefined,
  name: '',
});
const PAYLOAD = encodePayload({
  target: CACHE_KEY.target,
  deployment: CACHE_KEY.deployment,
  stamp: { run_id: '4711', run_attempt: 1, generation: 0, sequence: 3 },
  host: 'runner-1',
  saved_at: 1_795_000_000_000,
  size: toSize(FILES),
  files: FILES,
});
const LOCK: LockContent = {
  token: '0123456789abcdef0123456789abcdef',
  holder: {
    host: 'runner-1',
    boot_id: 'b',
    pid_namespace: '4026531836',
    process: { pid: 4711, start_time: '99', boot_id: 'b' },
    run_id: '4711',
    run_attempt: 1,
    run_url: 'https://github.com/octo/shop/actions/runs/4711',
    deployment: '4711-0123456789',
    directory: '/var/lib/x',
    acquired_at: 1_795_000_000_000,
  },
};

const REPORTS = ['hostile', 'rollback-incomplete', 'recoverable'].flatMap((name) => {
  const given = SCENARIOS[name];
  return given === undefined ? [] : [given];
});
/** Words of ours, on which the renderers decide. */
const OUR_WORDS = new Set(
  'outcome mode kind category result status level action signal markdown file'.split(' '),
);
/** What GitHub would make something of when the page is made; links have become elements by then. */
const ACTING = /@[A-Za-z0-9]|#\d|\bGH-\d|(?<![:\w]):[a-z+-][\w+-]*:/iu;

function cutInTwo(text: string): { before: string; after: string } {
  const at = Math.floor(text.length / 2);
  return { before: text.slice(0, at), after: text.slice(at) };
}

const TARGETS: Readonly<Record<string, Target>> = {
  'the plan': {
    heavy: true,
    seeds: [
      ...PLANS,
      `steps:\n${STEPS.filter((text) => !/^(?:id|name|run):/mu.test(text))
        .map((text, n) => `  - id: s${n}\n    run: make\n    ${text.replaceAll('\n', '\n    ')}\n`)
        .join('')}`,
      `checks:\n${CHECKS.map((text) => `  - ${text}\n`).join('')}steps: [{ id: a, run: b }]\n`,
    ],
    check: (text) => {
      const plan = parsePlan({ file: { label: 'p.yml', text } }, DEFAULTS);
      if (plan.ok) {
        expect(plan.value.steps.length).toBeGreaterThan(0);
        const ids = [...plan.value.steps, ...plan.value.finally].map(({ id }) => id.toLowerCase());
        expect(new Set(ids).size).toBe(ids.length);
        return;
      }
      expect(plan.error.length).toBeGreaterThan(0);
      const lines = text.split('\n');
      for (const { at, message } of plan.error) {
        expect(message).not.toBe('');
        if (!('line' in at)) throw new Error('a problem of a file has a line');
        expect(at.line).toBeGreaterThanOrEqual(1);
        expect(at.line).toBeLessThanOrEqual(lines.length);
        expect(at.column).toBeGreaterThanOrEqual(1);
        expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 1);
      }
    },
  },
  'records of steps': {
    seeds: [
      encodeStepRecord(stepRecord()),
      encodeStepRecord(stepRecord({ state: 'succeeded', marked: true })),
    ],
    check: (text) => {
      const read = parseStepRecord(text);
      if (!read.ok) return;
      const again = parseStepRecord(encodeStepRecord(read.value));
      expect(again).toEqual(read);
    },
  },
  'records of deployments': {
    seeds: [encodeDeploymentRecord(deploymentRecord())],
    check: (text) => {
      const read = parseDeploymentRecord(text);
      if (!read.ok) return;
      expect(parseDeploymentRecord(encodeDeploymentRecord(read.value))).toEqual(read);
    },
  },
  '.last-error': {
    seeds: [renderLastError(lastError()), renderLastError(lastError({ script: "$(x) 'a' \n \\" }))],
    check: (text) => {
      const read = parseLastError(text);
      if (!read.ok) return;
      const clean = Object.values<string>({ ...read.value }).every(
        (value) => !value.includes('\0'),
      );
      if (clean) expect(parseLastError(renderLastError(read.value))).toEqual(read);
    },
  },
  'process files': {
    seeds: ['pid=12\nstart_time=99\nboot_id=x\n', 'pid=1\nstart_time=2\nboot_id=x\nexit_code=0\n'],
    check: (text) => {
      const { process: found, exitCode } = parseProcessFile(text);
      if (found !== undefined) expect(Number.isSafeInteger(found.pid) && found.pid > 0).toBe(true);
      if (exitCode !== undefined) expect(exitCode >= 0 && exitCode <= 255).toBe(true);
    },
  },
  'payloads of the cache': {
    seeds: [PAYLOAD],
    check: (text) => {
      const read = parsePayload(text, CACHE_KEY);
      if (!read.ok) {
        expect(read.error).not.toBe('');
        return;
      }
      expect(read.value.record.deployment_id).toBe(deploymentRecord().deployment_id);
      for (const { step, completedAt } of read.value.markers) {
        expect(isStepName(step)).toBe(true);
        expect(completedAt).toMatch(/^[ -~]*$/u);
      }
      // No command comes out of a cache, whatever it says.
      for (const step of read.value.steps) expect(step.rollback).toBeUndefined();
    },
  },
  locks: {
    seeds: [encodeLock(LOCK)],
    check: (text) => {
      const read = parseLock(text);
      if (!read.ok) return;
      expect(parseLock(encodeLock(read.value))).toEqual(read);
      expect(read.value.holder.process.pid).toBeGreaterThan(0);
    },
  },
  'texts in a summary': {
    isShort: true,
    heavy: true,
    seeds: [HOSTILE, '| a | b |\n| - | - |\n', '```sh\nx\n```\n', '[a]: http://b\n[a] @c #1 :d:\n'],
    check: (text) => {
      const { before, after } = cutInTwo(text);
      for (const given of REPORTS.slice(text.length % REPORTS.length).slice(0, 1)) {
        let turn = 0;
        const texts = [text, before, after];
        const filled = mapTexts(given, () => texts[turn++ % texts.length] ?? '', OUR_WORDS);
        const html = toHtml(renderSummary({ ...filled, summaries: [] }));
        expect(findForeignTags(html)).toEqual([]);
        for (const rows of findTables(html)) expect(new Set(rows).size).toBe(1);
        expect(ACTING.exec(toProse(html))?.[0]).toBeUndefined();
      }
    },
  },
  'texts in annotations and log lines': {
    isShort: true,
    seeds: [HOSTILE, 'a\r::error::b', '::group::x%0A::add-mask::y', '##[command]x'],
    check: (text) => {
      const [given] = REPORTS;
      if (given === undefined) throw new Error('there are reports');
      const filled = mapTexts(given, () => text, OUR_WORDS);
      const ours: string[] = [];
      for (const annotation of toAnnotations(filled)) {
        const line = renderAnnotation(annotation);
        // One line, one command, and that is an annotation.
        expect(line).toMatch(/^::(?:error|warning|notice)(?: [^\r\n]*?)?::[^\r\n]*\n$/u);
        ours.push(line);
      }
      expect(ours.length).toBeGreaterThan(0);
      let shown = '';
      const printer = createPrinter({
        write: (piece) => {
          shown += piece;
        },
        redactor: createRedactor({ known: [] }),
        clock: systemClock,
        groups: RUNNER_GROUPS,
      });
      printer.print([
        { kind: 'line', text },
        { kind: 'group', title: text, lines: [text, text] },
        ...renderFailureBlock(filled).map((each) => ({ kind: 'line', text: each }) as const),
      ]);
      printer.end();
      for (const line of toRunnerLines(shown)) {
        const isOurs = /^::(?:group::|endgroup::|add-mask::)/u.test(line);
        expect([line, !isOurs && (parsesAsCommand(line) || beginsLikeCommand(line))]).toEqual([
          line,
          false,
        ]);
      }
      expect(shown.match(/^::group::/gmu)).toHaveLength(1);
    },
  },
  'archives of the cache': {
    seeds: [packSingle('checkpoint', 'content').toString('latin1')],
    check: (text) => {
      const bytes = Buffer.from(text, 'latin1');
      const file = readOnlyFile(bytes, 'checkpoint');
      if (file.ok) expect(file.value.length).toBeLessThanOrEqual(bytes.length);
    },
  },
  'environment files': {
    seeds: [
      'a=b\nc<<EOF\nd\ne\nEOF\n',
      'x<<A\r\n1\r\nA\r\ny=2\r\n',
      renderEnvEntry({ name: 'v', value: 'a\nb' }, 's'),
    ],
    check: (text) => {
      const read = parseEnvFile(text);
      if (!read.ok) {
        expect(read.error.line).toBeLessThanOrEqual(text.split('\n').length);
        return;
      }
      const again = parseEnvFile(read.value.map((entry) => renderEnvEntry(entry, 'seed')).join(''));
      expect(again).toEqual(read);
    },
  },
  'output of a step': {
    heavy: true,
    seeds: [
      `ok ${SECRET}\n::add-mask::hidden-value-1\nhidden-value-1\n`,
      ...CREDENTIALS.slice(0, 60).map(({ text }) => `${text}\n`),
    ],
    check: (text) => {
      const make = () =>
        createOutputFilter(
          createRedactor({ known: [{ name: 'X', value: SECRET, explicit: true }] }),
        );
      const bytes = encoder.encode(text);
      const [whole, pieces] = [make(), make()];
      const shown = whole.push(bytes) + whole.flush();
      let cut = '';
      for (let at = 0, n = 1; at < bytes.length; at += n, n = (n * 7) % 61 || 1) {
        cut += pieces.push(bytes.subarray(at, at + n));
      }
      expect(cut + pieces.flush()).toBe(shown);
      expect(shown).not.toContain(SECRET);
      for (const line of toRunnerLines(shown)) {
        expect([line, parsesAsCommand(line) || beginsLikeCommand(line)]).toEqual([line, false]);
      }
    },
  },
  'errors that are classified': {
    heavy: true,
    seeds: [
      'curl: (6) Could not resolve host: x\n',
      'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at f (a.js:1:2)\n',
      'npm ERR! code E429\nnpm ERR! try again in 30s\n',
    ],
    check: (text) => {
      const verdict = classify(evidenceOf({ tail: text, command: text.slice(0, 200) }), []);
      expect(verdict.category).toMatch(/^[a-z]+:[a-z-]+$/u);
    },
  },
};

function timeOf(run: () => void): number {
  const before = process.cpuUsage().user;
  run();
  return (process.cpuUsage().user - before) / 1000;
}

test.each(Object.entries(TARGETS))(
  '%s: no mutation breaks what must hold, or takes long',
  (name, { seeds, check, heavy = false, isShort = false }) => {
    let tried = 0;
    let slowest = 0;
    const inputs = fc.record({
      seed: fc.constantFrom(...seeds),
      other: fc.constantFrom(...seeds),
      mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }),
    });
    for (const seed of seeds) check(seed);
    const result = fc.check(
      fc.property(inputs, ({ seed, other, mutations }) => {
        const text = mutations
          .reduce((each, change) => mutate(each, other, change), seed)
          .slice(0, isShort ? 1_000 : 20_000);
        tried++;
        const took = timeOf(() => {
          check(text);
        });
        slowest = Math.max(slowest, took);
        expect(took).toBeLessThan(LONGEST_MS);
      }),
      {
        seed: SEED,
        numRuns: 1_000_000,
        interruptAfterTimeLimit: heavy ? 2 * MS : MS / 2,
        markInterruptAsFailure: false,
      },
    );
    process.stderr.write(
      `${name}: ${tried} inputs, slowest ${Math.round(slowest)} ms, seed ${SEED}\n`,
    );
    expect(result.failed ? [result.errorInstance, result.counterexample] : []).toEqual([]);
    expect(hasOwnPrototype()).toBe(true);
    expect(tried).toBeGreaterThan(5);
  },
  MS * 4 + 60_000,
);

const SMALL = countRepeats(1_500, 10_000);
/** Every so many of the pieces. */
const STRIDE = countRepeats(6, 1);

/** Where a piece is repeated, twice of it may take little more than twice as long: quadratic is four times. */
test.each(Object.entries(TARGETS).filter(([, { isShort }]) => isShort !== true))(
  '%s: time grows with the size, not with its square',
  (_name, { seeds, check }) => {
    const pieces = [
      ...TOKENS.filter((token) => token.length < 100),
      ...seeds.map((seed) => seed.slice(0, 200)),
    ].filter((_piece, index) => index % STRIDE === 0);
    const slow = pieces.filter((piece) => {
      const textOf = (size: number): string =>
        (seeds[0] ?? '') + piece.repeat(Math.ceil(size / piece.length));
      const small = timeOf(() => {
        check(textOf(SMALL));
      });
      if (small < 20) return false;
      return (
        timeOf(() => {
          check(textOf(4 * SMALL));
        }) >
        10 * small + 200
      );
    });
    expect(slow).toEqual([]);
  },
  120_000,
);
