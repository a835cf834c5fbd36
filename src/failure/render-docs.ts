import { CATEGORIES, FAMILIES, familyOf } from './category.ts';
import type { Category, Family } from './category.ts';
import { CATEGORY_ADVICE } from './category-advice.ts';
import { EXIT_RULES } from './exit-codes.ts';
import { TABLES } from './rules/tables.ts';

/** What the page tells about a recorded sample. */
export interface DocumentedSample {
  readonly id: string;
  readonly rule: string;
  readonly origin: 'run' | 'documented';
}

const POLICY: Readonly<Record<Family, string>> = {
  transient:
    'The same command may succeed soon. It is retried with growing waits and jitter, within `max-attempts` and `retry-budget` (`on-transient`).',
  recoverable:
    'It succeeds once something is changed. The step fails with the fix to make; a command in `remedies` for the kind runs first and is followed by one more attempt (`on-recoverable`).',
  critical: 'The target may be broken. The deployment is rolled back (`on-critical`).',
  fatal:
    'It was ended from outside, or going on would be unsafe. Everything stops and nothing is touched.',
  unknown: 'No rule knows the failure. The step fails, and nothing is rolled back (`on-unknown`).',
};

const HEAD = `# Failures

<!-- Made by .github/generate-failure-docs.js from the tables in src/failure. -->

When an attempt of a step fails, its category decides what happens next. The first of these that knows decides:

1. our own \`timeout\` or a cancel;
2. the step itself: a line \`category=transient:service\` in the file \`$PREFLIGHT_RESULT\`, and if it likes \`retry-after=30s\`;
3. the plan: \`classify\` rules, the first whose conditions all hold;
4. death by a signal (with the kernel's counter of out-of-memory kills as proof of a lack of memory);
5. the rules below; 6. \`unknown:exit\`.

The rules read the last 64 KiB of output, line by line, from the end. Retries that a tool announces, warnings,
passing tests, quoted source and stack frames are passed over. A *decisive* line outweighs a *cause* anywhere, a
cause a *symptom*, a symptom a mere *word*; within one strength the last line wins, so that an early trouble that
was overcome does not hide the later cause. Something is called transient only when no success and no unexplained
error follows it: a wrong retry costs more than a missed one. What is refused or silent on this host, or in a
health check of the service just rolled out, is \`critical:health\`, not \`transient\`.
`;

const TAIL = `## Adding a rule

1. For one deployment, write it in the plan: \`classify: [{ match: 'schema is locked', as: 'transient:lock' }]\`.
2. For everybody, record the output of the real tool as a line of \`__tests__/fixtures/failures/samples.jsonl\`.
3. Add the rule to the tool's table in \`src/failure/rules/\`: id, category, pattern with bounded repeats, one sentence of fix.
4. Run \`npm test -- __tests__/failure\`: the sample must be decided by this rule, and others that also match must be listed.
5. Run \`node .github/generate-failure-docs.js\`.
`;

/** The page about failures, complete. */
export function renderFailureDocs(samples: readonly DocumentedSample[]): string {
  const chapters = [renderCategories(), renderRules(samples), renderExitCodes(samples)];
  return [HEAD, ...chapters, TAIL].join('\n');
}

function renderCategories(): string {
  const families = FAMILIES.map((family) => {
    const rows = CATEGORIES.filter((category) => familyOf(category) === family).map(renderCategory);
    const table = [
      '| category | what it means | what to look at |',
      '| --- | --- | --- |',
      ...rows,
    ];
    return [`### ${family}`, '', POLICY[family], '', ...table, ''].join('\n');
  });
  return ['## Categories', '', ...families].join('\n');
}

function renderCategory(category: Category): string {
  const { meaning, lookAt } = CATEGORY_ADVICE[category];
  return `| \`${category}\` | ${toCell(meaning)} | ${toCell(lookAt.join(' '))} |`;
}

function renderRules(samples: readonly DocumentedSample[]): string {
  const tables = TABLES.map((table) => {
    const rows = table.rules.map((rule) => {
      const others = [
        ...(rule.own === undefined ? [] : [`own service: \`${rule.own}\``]),
        ...(rule.migrating === undefined ? [] : [`while migrating: \`${rule.migrating}\``]),
      ];
      const category = [`\`${rule.category}\``, ...others].join('; ');
      const strength = rule.strength ?? 'cause';
      return `| \`${rule.id}\` | ${category} | ${strength} | ${toCell(rule.fix)} | ${renderSamples(rule.id, samples)} |`;
    });
    const head = [
      '| rule | category | strength | fix | samples |',
      '| --- | --- | --- | --- | --- |',
    ];
    return [`### ${table.tool}`, '', ...head, ...rows, ''].join('\n');
  });
  return ['## Rules', '', 'In the order in which they are tried on a line.', '', ...tables].join(
    '\n',
  );
}

function renderExitCodes(samples: readonly DocumentedSample[]): string {
  const rows = EXIT_RULES.map((rule) => {
    const codes = rule.codes.join(', ');
    return `| \`${rule.id}\` | ${codes} | \`${rule.category}\` | ${toCell(rule.fix)} | ${renderSamples(rule.id, samples)} |`;
  });
  return [
    '## Exit codes',
    '',
    'Where no line of output gives a reason. Some hold only for certain commands, or only when nothing in the output looks like trouble.',
    '',
    '| rule | codes | category | fix | samples |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function renderSamples(rule: string, samples: readonly DocumentedSample[]): string {
  const own = samples.filter((sample) => sample.rule === rule);
  return own
    .map(({ id, origin }) =>
      origin === 'run' ? id : `${id.replace(/-documented$/u, '')} (documented)`,
    )
    .join(', ');
}

function toCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;');
}
