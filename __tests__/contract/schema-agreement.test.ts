import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { ACTION_ONLY, BAD, GOOD } from '../fixtures/plans/table.ts';
import { problemsOf } from '../plan/plan-builder.ts';

interface Node {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

const schema = JSON.parse(readFileSync('preflight.schema.json', 'utf8')) as Node;

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Strict: a keyword or format that the validator does not know is an error, not a shrug. */
const ajv = new Ajv({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  formats: { regex: isRegularExpression },
});
const isValid = ajv.compile(schema);

/** What the JSON Schema has against a plan; duplicate keys are a matter of YAML and not seen by it. */
function complaintsOf(text: string): readonly string[] {
  if (isValid(parse(text, { uniqueKeys: false }))) return [];
  return (isValid.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath} ${message}`,
  );
}

const indent = (text: string): string => text.replaceAll('\n', '\n    ');

/** The whole plan for a row of the table. */
function toPlan(part: string, text: string): string {
  const usual = [
    /^(?:id|name):/mu.test(text) ? '' : 'id: a\n    ',
    /^run:/mu.test(text) ? '' : 'run: make\n    ',
  ].join('');
  if (part === 'step') return `steps:\n  - ${usual}${indent(text)}\n`;
  const steps = 'steps: [{ id: first, run: make }]\n';
  if (part === 'finally') return `${steps}finally:\n  - ${usual}${indent(text)}\n`;
  if (part === 'defaults') return `${steps}defaults: ${text}\n`;
  if (part === 'check') return `${steps}checks:\n  - ${indent(text)}\n`;
  return text;
}

const toRows = (table: typeof GOOD): readonly (readonly [string, string, string])[] =>
  table.flatMap(([part, texts]) => texts.map((text) => [part, text, toPlan(part, text)] as const));

const GOOD_ROWS = toRows(GOOD);
const BAD_ROWS = toRows(BAD);

describe('the JSON Schema and the action agree', () => {
  test.each(GOOD_ROWS)('on a good %s: %j', (_part, _text, plan) => {
    expect([problemsOf(plan), complaintsOf(plan)]).toEqual([[], []]);
  });

  test.each(BAD_ROWS)('on a bad %s: %j', (_part, _text, plan) => {
    expect([problemsOf(plan).length > 0, complaintsOf(plan).length > 0]).toEqual([true, true]);
  });

  test.each(ACTION_ONLY)('but for this: %s', (_rule, plan, says) => {
    expect(complaintsOf(plan)).toEqual([]);
    expect(problemsOf(plan)).toEqual([expect.stringMatching(says)]);
  });

  test('on more than 200 plans, good and bad, with few exceptions', () => {
    expect(GOOD_ROWS.length).toBeGreaterThanOrEqual(90);
    expect(BAD_ROWS.length).toBeGreaterThanOrEqual(90);
    expect(ACTION_ONLY.length).toBeLessThan((GOOD_ROWS.length + BAD_ROWS.length) / 10);
    const plans = [...GOOD_ROWS, ...BAD_ROWS].map(([, , plan]) => plan);
    expect(new Set(plans).size).toBe(plans.length);
  });

  const valid = GOOD_ROWS.map(([, , plan]) => parse(plan) as unknown);
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      1,
      -1,
      1.5,
      443,
      1e6,
      '',
      ' ',
      'x',
      [],
      {},
      ['x'],
      [[]],
    ),
    fc.constantFrom<unknown>(
      '5s',
      '0s',
      '2GB',
      '>=1',
      'self',
      'warn',
      'fresh',
      'https://a.org',
      '*',
    ),
    fc.constantFrom<unknown>('transient', 'TERM', '/x', '..', '${{ x }}', '{0}', 'bash', {
      level: 'warn',
    }),
  );
  const keys = fc.constantFrom(
    ...[
      'id',
      'name',
      'run',
      'env',
      'timeout',
      'retry',
      'level',
      'when',
      'on',
      'as',
      'url',
      'steps',
    ],
    ...['checks', 'ram', 'os', 'files', 'shell', 'checkpoint', 'idempotent', 'match', 'x', 'run '],
  );
  /** Every place of a value, as the path to it. */
  const placesOf = (
    value: unknown,
    path: readonly (string | number)[] = [],
  ): readonly (readonly (string | number)[])[] => {
    if (typeof value !== 'object' || value === null) return [path];
    const inner = Object.entries(value).flatMap(([key, item]) =>
      placesOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
    );
    return [path, ...inner];
  };
  const change = (
    plan: unknown,
    path: readonly (string | number)[],
    how: string,
    key: string,
    value: unknown,
  ): unknown => {
    const [first, ...rest] = path;
    if (first === undefined) {
      if (how === 'replace' || typeof plan !== 'object' || plan === null) return value;
      if (Array.isArray(plan))
        return how === 'add' ? [...(plan as unknown[]), value] : (plan.slice(1) as unknown[]);
      if (how === 'add') return { ...plan, [key]: value };
      return Object.fromEntries(Object.entries(plan).slice(1));
    }
    if (Array.isArray(plan))
      return plan.map((item: unknown, at) =>
        at === first ? change(item, rest, how, key, value) : item,
      );
    const mapping = plan as Readonly<Record<string, unknown>>;
    return { ...mapping, [first]: change(mapping[first], rest, how, key, value) };
  };
  const ALLOWED = ACTION_ONLY.map(([, , says]) => says);

  test('on good plans with something in them changed', () => {
    const changed = fc
      .record({
        plan: fc.constantFrom(...valid),
        place: fc.nat(),
        how: fc.constantFrom('replace', 'add', 'remove'),
        key: keys,
        value: junk,
      })
      .map(({ plan, place, how, key, value }) => {
        const places = placesOf(plan);
        return change(plan, places[place % places.length] ?? [], how, key, value);
      });
    let bad = 0;
    fc.assert(
      fc.property(changed, (plan) => {
        const text = stringify(plan);
        const problems = problemsOf(text);
        const complaints = complaintsOf(text);
        if (problems.length > 0) bad++;
        // What only the action can see does not count.
        const common = problems.filter((problem) => !ALLOWED.some((says) => says.test(problem)));
        expect([text, problems, complaints.length > 0]).toEqual([
          text,
          problems,
          common.length > 0,
        ]);
      }),
      { numRuns: 1000 },
    );
    expect(bad).toBeGreaterThan(200);
  }, 60_000);
});

describe('the examples', () => {
  const files = readdirSync('examples', { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|\/)preflight[^/]*\.ya?ml$/u.test(path))
    .map((path) => join('examples', path));

  test('are found', () => {
    expect(files).toContain('examples/quickstart/preflight.yml');
  });

  test.each(files)('%s is valid for both', (path) => {
    const text = readFileSync(path, 'utf8');
    expect([problemsOf(text), complaintsOf(text)]).toEqual([[], []]);
  });
});

describe('the pages', () => {
  const pages = [
    'README.md',
    ...readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ];
  const plans = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/^( *)```ya?ml\n([\s\S]*?)^\1```$/gmu)]
      .map(
        ({ 1: margin = '', 2: text = '', index }) =>
          [`${page}@${index}`, text.replaceAll(new RegExp(`^${margin}`, 'gmu'), '')] as const,
      )
      .flatMap(([place, text]) => {
        const keys = Object.keys((parse(text) as object | null) ?? {});
        if (keys.includes('jobs') || !keys.some((key) => ['steps', 'checks'].includes(key)))
          return [];
        return [
          [
            place,
            keys.includes('steps') ? text : `${text}\nsteps: [{ id: a, run: make }]\n`,
          ] as const,
        ];
      }),
  );

  test('show plans', () => {
    expect(plans.length).toBeGreaterThanOrEqual(10);
  });

  test.each(plans)('%s is valid for both', (_place, text) => {
    expect([problemsOf(text), complaintsOf(text)]).toEqual([[], []]);
  });

  test('give the line that makes editors use the JSON Schema, with its address', () => {
    const line = `# yaml-language-server: $schema=${String(schema['$id'])}`;
    expect(readFileSync('README.md', 'utf8')).toContain(line);
    expect(existsSync(String(schema['$id']).split('/').at(-1) ?? '')).toBe(true);
  });
});

describe('every key that a plan can have', () => {
  /** Every key below a node, with what is said of it; conditions are no keys. */
  function keysOf(
    node: unknown,
    path: readonly string[] = [],
  ): readonly (readonly [string, Node])[] {
    if (typeof node !== 'object' || node === null) return [];
    const { properties = {}, ...rest } = node as Node;
    const own = Object.entries(properties).flatMap(([key, value]) => [
      [[...path, key].join('.'), value] as const,
      ...keysOf(value, [...path, key]),
    ]);
    const below = Object.entries(rest)
      .filter(
        ([keyword]) => !['examples', 'default', 'not', 'if', 'then', 'allOf'].includes(keyword),
      )
      .flatMap(([keyword, value]) =>
        keysOf(value, keyword === 'definitions' ? path : [...path, keyword]),
      );
    return [...own, ...below];
  }
  const known = keysOf(schema);

  test('is looked at', () => {
    expect(known.length).toBeGreaterThan(150);
  });

  test('has a sentence about itself', () => {
    expect(
      known
        .filter(([, { description }]) => !/^.{8,}\.$/u.test(String(description)))
        .map(([key]) => key),
    ).toEqual([]);
  });

  test('has an example, a default, or nothing but the words that it allows', () => {
    const bare = known.filter(
      ([, node]) => !['examples', 'default', 'enum'].some((keyword) => keyword in node),
    );
    expect(bare.map(([key]) => key)).toEqual([]);
  });

  test('has examples and a default that are valid where they stand', () => {
    const definitions = schema['definitions'];
    const wrong = known.flatMap(([key, node]) => {
      const isFine = ajv.compile({ ...node, definitions });
      const shown = [
        ...((node['examples'] as unknown[] | undefined) ?? []),
        ...('default' in node ? [node['default']] : []),
      ];
      return shown.filter((value) => !isFine(value)).map((value) => [key, value]);
    });
    expect(wrong).toEqual([]);
  });
});
